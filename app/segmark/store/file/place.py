"""The place of a project: on a local disk, on a network share, or in a synced folder.

SQLite is only reliable on a local disk. On a network share, two computers don't see each other's
locks; a service that syncs a folder copies a file while it is being written.
"""

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

_SOME_SHARE = "fuse from another computer"

_NETWORK = frozenset(
    {_SOME_SHARE}
    | {"nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afpfs", "afs", "ncpfs", "webdav"}
    | {"9p", "vboxsf", "prl_fs", "virtiofs", "sshfs", "ceph", "glusterfs", "lustre", "gpfs"}
    | {"ocfs2", "fuse.davfs2", "fuse.sshfs", "fuse.ceph", "fuse.glusterfs", "fuse.rclone"}
    | {"fuse.s3fs", "fuse.gvfsd-fuse", "fuse.kio-fuse", "fuse.gcsfuse", "fuse.smbnetfs"}
    | {"fuse.juicefs", "beegfs", "orangefs", "coda", "davfs"}
)
# The source of a file system in user space, if it is on another computer: an address, as with
# davfs2, or ``host:folder``, as with sshfs and rclone.
_REMOTE = re.compile(r"\w+://|[\w.@-]+:(?!\\)")

# Names of the folders that the services create.
_SYNCED = (
    (r"dropbox( \(.*\))?", "Dropbox"),
    (r"onedrive( ?-.*)?", "OneDrive"),
    (r"google ?drive.*|my drive", "Google Drive"),
    (r"icloud ?drive|mobile documents|com~apple~clouddocs", "iCloud"),
    (r"nextcloud\d*", "Nextcloud"),
    (r"owncloud\d*", "ownCloud"),
    (r"box( sync)?|box-box", "Box"),
    (r"pcloud ?drive|pcloud sync", "pCloud"),
    (r"mega(sync)?", "MEGA"),
    (r"seafile", "Seafile"),
    (r"synologydrive|synology drive|cloudstation", "Synology Drive"),
    (r"yandex\.?disk", "Yandex Disk"),
    (r"proton ?drive", "Proton Drive"),
)

# Files that the services create in a synced folder.
_MARKS = (
    (".dropbox", "Dropbox"),
    (".stfolder", "Syncthing"),
    (".owncloudsync.log", "ownCloud or Nextcloud"),
    (".nextcloudsync.log", "Nextcloud"),
    (".SynologyWorkingDirectory", "Synology Drive"),
)


@dataclass(frozen=True, slots=True)
class RiskyPlace:
    """A place where a project is not safe, such as ``a network share (nfs4)``, and why."""

    name: str
    danger: str


_SHARED = "Two computers that label there at the same time can silently lose each other's labels."
_COPIED = (
    "The service may copy the file while it is being written, or put an older one in its place."
)
_NAMED = (
    "SQLite keeps a log for each name: two programs that write by different names damage the file."
)


def risky_place(path: Path) -> RiskyPlace | None:
    """Why the place of a project is not safe; None if no reason is known."""
    resolved = Path(os.path.realpath(path))
    if kind := _network_kind(resolved):
        return RiskyPlace(f"a network share ({kind})", _SHARED)
    if service := synced_by(resolved):
        return RiskyPlace(f"a folder that {service} syncs", _COPIED)
    if names := _names(resolved):
        return RiskyPlace(f"a disk as one file with {names} names (hard links)", _NAMED)
    return None


def _names(path: Path) -> int:
    """How many names the file has, if it has several."""
    try:
        return links if (links := path.stat().st_nlink) > 1 else 0
    except OSError:
        return 0


def synced_by(path: Path) -> str | None:
    """The service that syncs a folder above the path, recognised by names of folders and files."""
    for folder in path.parents:
        for pattern, service in _SYNCED:
            if re.fullmatch(pattern, folder.name, re.IGNORECASE):
                return service
        for mark, service in _MARKS:
            if os.path.exists(folder / mark):  # False, too, where the folder may not be read
                return service
    return None


def _network_kind(path: Path) -> str | None:
    if sys.platform == "win32":
        return _windows_kind(path)
    try:
        if sys.platform == "darwin":
            import subprocess

            done = subprocess.run(["/sbin/mount"], capture_output=True, text=True, check=False)
            kind = kind_in_mount_list(done.stdout, path)
        else:
            kind = kind_in_mountinfo(Path("/proc/self/mountinfo").read_text("utf-8"), path)
    except OSError:
        return None
    return kind if kind in _NETWORK else None


def kind_in_mountinfo(table: str, path: Path) -> str:
    """The type of the file system that holds a path, from Linux's ``/proc/self/mountinfo``.

    See proc_pid_mountinfo(5); white space in a name is written in octal.
    """
    mounts = {}
    for line in table.splitlines():
        left, _, right = line.partition(" - ")
        at = re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), left.split()[4])
        kind, source, *_ = right.split()
        if kind.startswith("fuse") and kind not in _NETWORK and _REMOTE.match(source):
            kind = _SOME_SHARE
        mounts[at] = kind
    return _kind_above(mounts, path)


def kind_in_mount_list(listed: str, path: Path) -> str:
    """The type of the file system that holds a path, from the output of macOS's ``mount``."""
    lines = re.findall(r"^.* on (/.*) \(([\w.]+)[,)]", listed, re.MULTILINE)
    return _kind_above(dict(lines), path)


def _kind_above(mounts: dict[str, str], path: Path) -> str:
    for folder in (path, *path.parents):
        if str(folder) in mounts:
            return mounts[str(folder)]
    return ""


def _windows_kind(path: Path) -> str | None:
    if path.drive.startswith("\\\\"):
        return "SMB"
    import ctypes

    drives = getattr(ctypes, "windll").kernel32  # noqa: B009 - there on Windows only
    remote = 4  # DRIVE_REMOTE of GetDriveTypeW
    return "SMB" if drives.GetDriveTypeW(f"{path.drive}\\") == remote else None
