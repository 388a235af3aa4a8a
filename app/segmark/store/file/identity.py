"""FileIdentity: which file a path names, whatever the name."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class FileIdentity:
    """A file of this computer, as ``stat`` tells it from all others."""

    device: int
    inode: int

    def is_at(self, path: Path) -> bool:
        """Whether the path names this file, or nobody may look."""
        try:
            return FileIdentity.of(path) == self
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError:
            return True

    @classmethod
    def of(cls, path: Path) -> "FileIdentity":
        """The file that a path names now, through links.

        Raises:
            OSError: there is none, or nobody may look.
        """
        found = path.stat()
        return cls(found.st_dev, found.st_ino)


def identity_of(path: Path) -> FileIdentity | None:
    """The file that a path names now, through links; None where none can be seen."""
    try:
        return FileIdentity.of(path)
    except OSError:
        return None


def same_file(one: Path, other: Path) -> bool:
    """Whether both paths name one file, by links or by upper and lower case."""
    identity = identity_of(one)
    return identity is not None and identity == identity_of(other)


def other_names(path: Path) -> list[Path]:
    """The other names of a file in its own folder: hard links to it."""
    try:
        found = path.stat()
        if found.st_nlink < 2:
            return []
        itself = path.resolve()
        return [
            other
            for other in itself.parent.iterdir()
            if other.suffix == path.suffix and other != itself and same_file(other, path)
        ]
    except OSError:
        return []
