"""The inputs of a crawl: files with many pages, and single pages in bundles."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from segmark.loading.contents import may_hold_many
from segmark.loading.rejection import LoadError, PassedOver
from segmark.loading.sources import FoundFile, find

_BUNDLE = 1000  # single pages that make one input


@dataclass(frozen=True, slots=True)
class CrawlInput:
    """What one output is made from: a file with many pages, or a bundle of single pages.

    Attributes:
        name: of the file, ``folder/file``; of a bundle ``folder/pages-00001``. The output is
            called the same, with a suffix.
        files: in order.
        fingerprint: tells whether the files are the same as before: by names, sizes and times.
    """

    name: str
    files: tuple[FoundFile, ...]
    fingerprint: str

    @classmethod
    def of(cls, name: str, files: Iterable[FoundFile]) -> "CrawlInput":
        """Take the fingerprint of the files."""
        found, digest = tuple(files), hashlib.sha256()
        for file in found:
            digest.update(f"{file.name}\0{file.size}\0{_changed(file)}\n".encode())
        return cls(name, found, digest.hexdigest()[:32])

    @property
    def size(self) -> int:
        """In bytes, on the disk."""
        return sum(file.size for file in self.files)


def _changed(file: FoundFile) -> int:
    try:
        return file.path.stat().st_mtime_ns
    except OSError:
        return 0  # it is gone; reading it will say so


def inputs_in(paths: Iterable[Path]) -> Iterator[CrawlInput | LoadError | PassedOver]:
    """Yield the inputs that the paths name, as ``find`` does; bundles come after the files.

    An input whose name another one has already is an error: both would have the same output.
    """
    single = dict[str, list[FoundFile]]()
    seen = dict[str, FoundFile]()
    for found in find(paths):
        if not isinstance(found, FoundFile):
            yield found
        elif found.name in seen:
            if not _same(found, seen[found.name]):
                yield LoadError(
                    found.name,
                    "another input has the same name; label the two into different folders",
                )
        else:
            seen[found.name] = found
            if may_hold_many(found.name):
                yield CrawlInput.of(found.name, [found])
            else:
                single.setdefault(found.name.rpartition("/")[0], []).append(found)
    for folder, files in single.items():
        for at in range(0, len(files), _BUNDLE):
            name = f"pages-{at // _BUNDLE + 1:05}"
            inside = f"{folder}/{name}" if folder else name
            yield CrawlInput.of(inside, files[at : at + _BUNDLE])


def _same(one: FoundFile, other: FoundFile) -> bool:
    return one.path.resolve() == other.path.resolve()
