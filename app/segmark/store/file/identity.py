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
