"""Find the files under the paths and patterns that a user names."""

import errno
import glob
import io
import logging
import os
import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from segmark.core.card_facts import read_card_facts
from segmark.core.text.normalise import REPLACEMENT, normalise
from segmark.loading.labelled import brat
from segmark.loading.rejection import LoadError, PassedOver
from segmark.loading.saved_pages import is_saved_with, name_saved

_WILD = re.compile(r"[*?\[]")
# Files of an export that hold no page.
_NO_PAGES = re.compile(
    r"^(?:README\.md|CITATION\.cff|croissant\.json|label_config\.json|labeling_config\.xml|config\.cfg)$|\.index\.jsonl$"
)
# Files that "segmark label" writes beside its rows, and how they begin.
_BESIDE_ROWS = (
    (re.compile(r"^manifest\.jsonl$"), b'{"program":"segmark '),
    (re.compile(r"\.left\.jsonl$"), b'{"source":"'),
)
# Projects, and the files that SQLite keeps next to them.
_PROJECT = re.compile(r"\.segmark(?:-wal|-shm|-journal|-lock|-pair)?$")
_LONGEST_REASON = 200
_PAGE_HEAD = 1 << 20  # bytes
_log = logging.getLogger(__name__)
_MOST_CACHED = 100_000  # files, which takes some 30 MB


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file that may be a page.

    Attributes:
        path: where to read it.
        name: short name to show and store, ``folder/file``, without the name of a machine.
        named: whether the user named this file itself, not a folder that holds it.
        size: in bytes, on the disk.
        beside: the files with the labels of this one, as brat has them.
    """

    path: Path
    name: str
    named: bool = True
    size: int = 0
    beside: tuple[Path, ...] = ()


#: What is found at a path.
SourceEntry = FoundFile | LoadError | PassedOver


class SourceFiles:
    """The results of ``find`` for some paths; can be iterated repeatedly.

    The folders are searched only once unless there are very many files. A file may be gone by the
    time it is read.
    """

    def __init__(self, paths: Iterable[Path]) -> None:
        self._paths = tuple(paths)
        self._cached: list[SourceEntry] | None = None

    def __iter__(self) -> Iterator[SourceEntry]:
        return self._search() if self._cached is None else iter(self._cached)

    def _search(self) -> Iterator[SourceEntry]:
        entries: list[SourceEntry] = []
        for found in find(self._paths):
            if len(entries) <= _MOST_CACHED:
                entries.append(found)
            yield found
        if len(entries) <= _MOST_CACHED:
            self._cached = entries


def open_source(path: Path) -> io.BufferedReader:
    """Open a file without waiting for anybody to write to it.

    Raises:
        OSError: it can't be read, or it is no longer a file.
    """
    file = open(path, "rb", opener=_without_waiting)  # noqa: SIM115 - the caller closes it
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(errno.EINVAL, "it is neither a file nor a folder")
    return file


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def find(paths: Iterable[Path]) -> Iterator[SourceEntry]:
    """Yield the files that the paths name; folders are searched recursively in sorted order.

    A path that does not exist and contains ``*``, ``?`` or ``[…]`` is a pattern; ``**`` matches
    nested folders. In folders, entries whose names begin with a dot are ignored, and a folder that
    is reached again through a link is passed over. Folders that can't be searched or have no file
    in them yield an error.
    """
    for path in paths:
        matching = _matching(path)
        if matching:
            for each in matching:
                yield from _at(each)
        else:
            yield from _at(path)


def _matching(path: Path) -> list[Path]:
    """Return the paths that match a pattern, sorted; none if the path exists or is no pattern."""
    try:
        if not _WILD.search(str(path)) or path.exists():
            return []
        return [Path(each) for each in sorted(glob.iglob(str(path), recursive=True))]
    except (OSError, ValueError, re.error):
        return []


def _at(path: Path) -> Iterator[SourceEntry]:
    try:
        status = path.stat()
        name = short_name(path)
    except (OSError, ValueError) as error:
        yield LoadError(one_line("/".join(path.parts[-2:])), reason_of(error))
        return
    if stat.S_ISDIR(status.st_mode):
        yield from _in_folder(path)
    elif stat.S_ISREG(status.st_mode):
        yield _named(path, name, status.st_size)
    else:
        yield LoadError(name, "it is neither a file nor a folder")


def _named(path: Path, name: str, size: int) -> FoundFile:
    """Return a file that the user named: the text and its annotations, whichever was named."""
    suffix = path.suffix.lower()
    if suffix in brat.SUFFIXES and (text := path.with_suffix(".txt")).is_file():
        path, name, size = text, short_name(text), text.stat().st_size
    if path.suffix == ".txt":
        beside = (path.with_suffix(each) for each in brat.SUFFIXES)
        return FoundFile(path, name, True, size, tuple(each for each in beside if each.is_file()))
    return FoundFile(path, name, size=size)


def _in_folder(folder: Path) -> Iterator[SourceEntry]:
    top = one_line(folder.resolve().name)
    entered: set[tuple[int, int]] = set()
    waiting, links = [(folder, top)], list[tuple[Path, str]]()
    beside = dict[Path, tuple[Path, ...]]()
    empty = True
    while waiting or links:
        if not waiting:
            # Links come last: what they lead to has its own name and folder.
            waiting, links = links[::-1], []
        path, name = waiting.pop()
        try:
            status = path.stat()
            if stat.S_ISDIR(status.st_mode):
                if (status.st_dev, status.st_ino) in entered:
                    yield PassedOver(name, "a link to a folder that was searched already")
                    continue
                entered.add((status.st_dev, status.st_ino))
                found = _entries(path, name)
                waiting += found.entries
                links += found.links
                beside |= found.beside
                yield from found.passed_over
                continue
        except OSError as error:
            yield LoadError(name, reason_of(error))
        else:
            if _PROJECT.search(path.name):
                yield PassedOver(name, "a project or a part of one, and no page")
            elif stat.S_ISREG(status.st_mode):
                yield FoundFile(path, name, False, status.st_size, beside.pop(path, ()))
            else:
                yield LoadError(name, "it is neither a file nor a folder")
        empty = False
    if empty:
        yield LoadError(top or "/", "the folder has no file in it")


def _without_pages(folder: Path) -> frozenset[str]:
    """Return the files without pages in the folder of an export; none in any other folder."""
    try:
        facts = read_card_facts(folder / "README.md")
    except (OSError, ValueError):
        return frozenset()
    names = facts.lists.get("files", ()) if facts else ()
    return frozenset(name for name in names if _NO_PAGES.search(name) and (folder / name).exists())


@dataclass(frozen=True, slots=True)
class _Entries:
    """The visible entries of a folder with their short names, in reverse order; links apart.

    ``beside`` has the annotations of texts.
    """

    entries: list[tuple[Path, str]]
    links: list[tuple[Path, str]]
    passed_over: list[PassedOver]
    beside: dict[Path, tuple[Path, ...]]


def _entries(folder: Path, name: str) -> _Entries:
    with os.scandir(folder) as listed:
        found = sorted((e for e in listed if not e.name.startswith(".")), key=lambda e: e.name)
    no_pages = _without_pages(folder)
    passed = [
        PassedOver(f"{name}/{part}", "part of an export, which holds no page")
        for part in sorted(no_pages)
    ]
    beside_rows = {entry.name for entry in found if _is_beside_rows(folder, entry.name)}
    passed += [
        PassedOver(f"{name}/{part}", "an account of labelled pages, and no page")
        for part in sorted(beside_rows)
    ]
    folders = [entry.name for entry in found if _is_folder(entry)]
    files = {entry.name for entry in found}.difference(folders)
    saved = [
        each for each in folders if is_saved_with(each, files, lambda page: _head(folder / page))
    ]
    if saved:
        passed.append(PassedOver(name, name_saved([one_line(each) for each in saved])))
    standoffs = brat.pairs(files)
    left_out = {*no_pages, *beside_rows, *saved, *chain.from_iterable(standoffs.values())}
    entries, links = list[tuple[Path, str]](), list[tuple[Path, str]]()
    for entry in found:
        if entry.name not in left_out:
            one = folder / entry.name, f"{name}/{one_line(entry.name)}"
            (links if entry.is_symlink() else entries).append(one)
    beside = {
        folder / text: tuple(folder / each for each in found) for text, found in standoffs.items()
    }
    return _Entries(entries[::-1], links, passed, beside)


def _is_beside_rows(folder: Path, name: str) -> bool:
    """Whether a file is the manifest of labelled pages, or the list of what was left."""
    starts = (start for pattern, start in _BESIDE_ROWS if pattern.search(name))
    return any(_head(folder / name).startswith(start) for start in starts)


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


def _head(page: Path) -> bytes:
    """Return the beginning of a page; nothing if it can't be read."""
    try:
        with open_source(page) as file:
            return file.read(_PAGE_HEAD)
    except OSError:
        return b""


def short_name(path: Path) -> str:
    """Return a file's name with that of its folder; see ``FoundFile``."""
    parent = path.parent.resolve().name
    return one_line(f"{parent}/{path.name}" if parent else path.name)


def one_line(name: str) -> str:
    """Return a name on one line, as it can be shown and stored."""
    return normalise(name).replace("\n", REPLACEMENT).replace("\t", REPLACEMENT)


def reason_of(error: Exception) -> str:
    """Return why a file can't be read, as a message for the user; the log gets unexpected errors.

    Whatever is wrong with one source, the others are loaded.
    """
    if isinstance(error, FileNotFoundError):
        return "there is no such file or folder"
    if isinstance(error, PermissionError):
        return "you are not permitted to read it; give yourself the right to read it"
    if isinstance(error, OSError) and error.strerror:
        return f"it can't be read: {error.strerror}"
    if isinstance(error, OSError | ValueError):
        return f"it can't be read: {one_line(str(error))}"
    if isinstance(error, MemoryError):
        return "it takes more memory than there is"
    if isinstance(error, RecursionError):
        return "it is nested too deeply to be read"
    _log.error("a source can't be read", exc_info=error)
    what = one_line(f"{type(error).__name__}: {error}")[:_LONGEST_REASON]
    return f"it can't be read: an unexpected error ({what}); the log has the details"
