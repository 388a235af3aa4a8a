"""FileIdentity: which file a path names, whatever the name."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class FileIdentity:
    """A file of this computer, as ``stat`` tells it from all others."""

    device: int
    inode: int


def identity_of(path: Path) -> FileIdentity | None:
    """The file that a path names now, through links; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return FileIdentity(found.st_dev, found.st_ino)
