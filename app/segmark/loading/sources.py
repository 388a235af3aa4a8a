"""Files under the paths and patterns that a user names, and the bytes in them."""

import glob
import os
import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from segmark.core.card_facts import read_card_facts
from segmark.core.text.normalise import REPLACEMENT, normalise
from segmark.loading.rejection import LoadError, NotAPageError, PassedOver
from segmark.loading.unpacking import SIZE_LIMIT, is_packed, refuse_larger, unpacked

_WILD = re.compile(r"[*?\[]")
# Files of an export that hold no page.
_NO_PAGES = re.compile(
    r"^(?:README\.md|label_config\.json|labeling_config\.xml|config\.cfg)$|\.index\.jsonl$"
)
# What a project is called, and what SQLite keeps beside it.
_PROJECT = re.compile(r"\.segmark(?:-wal|-shm|-journal|-lock|-pair)?$")
_KEPT = 100_000  # files that are remembered, which takes some 30 MB


@dataclass(frozen=True, slots=True)
class Found:
    """A file that may be a page.

    Attributes:
        path: where to read it.
        name: short name to show and store, ``folder/file``; it never names a machine.
        named: whether the user named this very file, not a folder that holds it.
        size: in bytes, as it lies there.
    """

    path: Path
    name: str
    named: bool = True
    size: int = 0


#: What a path leads to.
SourceEntry = Found | LoadError | PassedOver


class Files:
    """What ``find`` gives for some paths, each time anew; searched once unless there are very many.

    Whoever reads them finds out which are gone meanwhile.
    """

    def __init__(self, paths: Iterable[Path]) -> None:
        self._paths = tuple(paths)
        self._kept: list[SourceEntry] | None = None

    def __iter__(self) -> Iterator[SourceEntry]:
        return self._searched() if self._kept is None else iter(self._kept)

    def _searched(self) -> Iterator[SourceEntry]:
        kept: list[SourceEntry] = []
        for found in find(self._paths):
            if len(kept) <= _KEPT:
                kept.append(found)
            yield found
        if len(kept) <= _KEPT:
            self._kept = kept


def find(paths: Iterable[Path]) -> Iterator[SourceEntry]:
    """The files that the paths name, folders searched recursively in sorted order.

    A path that is not there and has ``*``, ``?`` or ``[…]`` in it is a pattern; ``**`` stands for
    folders in folders. In folders, entries whose names begin with a dot are left out, and a folder
    reached a second time through a link is passed over. What can't be searched, and a folder
    without any file, comes as an error in its place.
    """
    for path in paths:
        matching = _matching(path)
        if matching:
            for each in matching:
                yield from _at(each)
        else:
            yield from _at(path)


def _matching(path: Path) -> list[Path]:
    """What a pattern stands for, sorted; nothing for a path that is there, or is no pattern."""
    try:
        if not _WILD.search(str(path)) or path.exists():
            return []
        return [Path(each) for each in sorted(glob.iglob(str(path), recursive=True))]
    except (OSError, ValueError, re.error):
        return []


def _at(path: Path) -> Iterator[SourceEntry]:
    try:
        status = path.stat()
        name = _short_name(path)
    except (OSError, ValueError) as error:
        yield LoadError(one_line("/".join(path.parts[-2:])), reason_of(error))
        return
    if stat.S_ISDIR(status.st_mode):
        yield from _in_folder(path)
    elif stat.S_ISREG(status.st_mode):
        yield Found(path, name, size=status.st_size)
    else:
        yield LoadError(name, "it is neither a file nor a folder")


def _in_folder(folder: Path) -> Iterator[SourceEntry]:
    top = one_line(folder.resolve().name)
    entered: set[tuple[int, int]] = set()
    waiting = [(folder, top)]
    empty = True
    while waiting:
        path, name = waiting.pop()
        try:
            status = path.stat()
            if stat.S_ISDIR(status.st_mode):
                if (status.st_dev, status.st_ino) in entered:
                    yield PassedOver(name, "a link to a folder that was searched already")
                    continue
                entered.add((status.st_dev, status.st_ino))
                entries, beside = _entries(path, name), _beside_pages(path)
                waiting += [entry for entry in entries if entry[0].name not in beside]
                for part in sorted(beside):
                    yield PassedOver(f"{name}/{part}", "part of an export, which holds no page")
                continue
        except OSError as error:
            yield LoadError(name, reason_of(error))
        else:
            if _PROJECT.search(path.name):
                yield PassedOver(name, "a project or a part of one, and no page")
            elif stat.S_ISREG(status.st_mode):
                yield Found(path, name, named=False, size=status.st_size)
            else:
                yield LoadError(name, "it is neither a file nor a folder")
        empty = False
    if empty:
        yield LoadError(top or "/", "the folder has no file in it")


def _beside_pages(folder: Path) -> frozenset[str]:
    """What is in a folder of an export of this program beside the pages; nothing in any other."""
    try:
        facts = read_card_facts(folder / "README.md")
    except (OSError, ValueError):
        return frozenset()
    names = facts.lists.get("files", ()) if facts else ()
    return frozenset(name for name in names if _NO_PAGES.search(name) and (folder / name).exists())


def _entries(folder: Path, name: str) -> list[tuple[Path, str]]:
    """The visible entries of a folder with their names, last first."""
    names = sorted((e for e in os.listdir(folder) if not e.startswith(".")), reverse=True)
    return [(folder / entry, f"{name}/{one_line(entry)}") for entry in names]


def _short_name(path: Path) -> str:
    parent = path.parent.resolve().name
    return one_line(f"{parent}/{path.name}" if parent else path.name)


def one_line(name: str) -> str:
    """The name as it can be shown and stored, on one line."""
    return normalise(name).replace("\n", REPLACEMENT).replace("\t", REPLACEMENT)


def reason_of(error: OSError | ValueError) -> str:
    """What keeps a file from being read, for a person."""
    if isinstance(error, FileNotFoundError):
        return "there is no such file or folder"
    if isinstance(error, PermissionError):
        return "reading it is not permitted; give yourself the right to read it"
    if isinstance(error, OSError) and error.strerror:
        return f"it can't be read: {error.strerror}"
    return f"it can't be read: {error}"


def read(path: Path) -> bytes:
    """The bytes of a file, decompressed where its content is compressed, whatever its name.

    Of compressed data no more is made than shows that it is too large.

    Raises:
        NotAPageError: it can't be read, is over the size limit, or its compressed data is damaged.
    """
    try:
        with path.open("rb") as file:
            refuse_larger(os.fstat(file.fileno()).st_size)
            data = file.read()
    except (OSError, ValueError) as error:
        raise NotAPageError(reason_of(error)) from None
    if is_packed(data):
        data = unpacked(BytesIO(data), data[:4]).read(SIZE_LIMIT + 1)
    refuse_larger(len(data))
    return data
