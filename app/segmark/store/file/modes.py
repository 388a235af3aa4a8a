"""Who may read what belongs to a project: its owner alone, unless its folder is shared.

A project holds unpublished work. A file that is there keeps its mode. In a folder that belongs to a
group (with the setgid bit, or writable for its group), new files get the mode that the umask gives.
Windows has no modes: a file has the permissions of its folder.
"""

import os
import sys
from contextlib import suppress
from pathlib import Path
from stat import S_IMODE, S_ISGID, S_ISVTX, S_IWGRP, S_IXGRP, S_IXOTH, S_IXUSR

_PRIVATE = 0o600
_ALL = 0o666


def mode_for(path: Path) -> int:
    """The mode of a file that is made there: that of the file which it replaces, if any."""
    with suppress(OSError):
        return S_IMODE(path.stat().st_mode)
    with suppress(OSError):
        folder = path.absolute().parent.stat().st_mode
        # Everybody may write to a sticky folder such as /tmp, but nobody shares it.
        if folder & S_ISGID or (folder & S_IWGRP and not folder & S_ISVTX):
            return _ALL & ~_umask()
    return _PRIVATE


def folder_mode(file_mode: int) -> int:
    """The mode of a folder for files of this mode: whoever may read them may enter it."""
    enter = ((file_mode & 0o400) >> 2) | ((file_mode & 0o040) >> 2) | ((file_mode & 0o004) >> 2)
    return file_mode | enter & (S_IXUSR | S_IXGRP | S_IXOTH)


def make_file(path: Path, mode: int) -> None:
    """Make an empty file with this mode, whatever the umask.

    Raises:
        OSError: it exists already, or can't be made.
    """
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode)
    try:
        if sys.platform != "win32":
            os.fchmod(handle, mode)
    finally:
        os.close(handle)


def make_folder(folder: Path, mode: int) -> None:
    """Make a folder with this mode, unless it exists.

    Raises:
        OSError: it can't be made.
    """
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        if sys.platform != "win32":
            folder.chmod(mode | S_IMODE(folder.stat().st_mode) & S_ISGID)


def write_like(project: Path, path: Path, text: str) -> None:
    """Write a file that belongs to a project, for those who may read the project.

    Raises:
        OSError: it can't be written.
    """
    with suppress(FileExistsError):
        make_file(path, mode_for(project))
    path.write_text(text, "utf-8")


def _umask() -> int:
    """The umask of this process; reading it sets it for a moment."""
    umask = os.umask(0o077)
    os.umask(umask)
    return umask
