"""Where a project lies: network shares by the kind of mount, synced folders by name and mark."""

import shutil
import subprocess
from pathlib import Path

import pytest
from segmark.store.file.place import kind_in_mount_list, kind_in_mountinfo, risky_place, synced_by

from tests.factories import make_project

_LINUX_MOUNTS = r"""22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
31 22 0:27 / /mnt/news\040room rw - nfs4 server:/news rw,vers=4.2
32 22 0:28 / /mnt/share rw,nosuid shared:9 master:2 - cifs //server/share rw
33 32 8:2 / /mnt/share/local rw - ext4 /dev/sdb1 rw
34 22 0:29 / /mnt/dav rw - fuse https://cloud.example.org/dav rw,user_id=0
35 22 0:30 / /mnt/own rw - fuse.cloud ada@server:/news rw
36 22 0:31 / /mnt/vault rw - fuse.gocryptfs /home/ada/.vault rw
37 22 0:32 / /mnt/stick rw - fuseblk /dev/sdc1 rw
"""
_MAC_MOUNTS = """/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)
//ada@server/news on /Volumes/news room (smbfs, nodev, nosuid, mounted by ada)
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/ada/news.segmark", "ext4"),
        ("/mnt/news room/a/news.segmark", "nfs4"),
        ("/mnt/share/news.segmark", "cifs"),
        ("/mnt/share/local/news.segmark", "ext4"),
        ("/mnt/shared/news.segmark", "ext4"),
        ("/mnt/dav/news.segmark", "fuse from another computer"),
        ("/mnt/own/news.segmark", "fuse from another computer"),
        ("/mnt/vault/news.segmark", "fuse.gocryptfs"),
        ("/mnt/stick/news.segmark", "fuseblk"),
    ],
)
def test_the_kind_of_mount_is_that_of_the_nearest_folder_above(path: str, kind: str) -> None:
    assert kind_in_mountinfo(_LINUX_MOUNTS, Path(path)) == kind


def test_the_mounts_of_macos_are_read_as_well() -> None:
    shared = Path("/Volumes/news room/news.segmark")
    assert kind_in_mount_list(_MAC_MOUNTS, shared) == "smbfs"
    assert kind_in_mount_list(_MAC_MOUNTS, Path("/Users/ada/news.segmark")) == "apfs"


@pytest.mark.parametrize(
    ("folder", "service"),
    [
        ("Dropbox", "Dropbox"),
        ("Dropbox (The Harbour Post)", "Dropbox"),
        ("OneDrive - Harbour Post", "OneDrive"),
        ("Google Drive", "Google Drive"),
        ("GoogleDrive-ada@example.org", "Google Drive"),
        ("Library/Mobile Documents/com~apple~CloudDocs", "iCloud"),
        ("Nextcloud", "Nextcloud"),
        ("ownCloud", "ownCloud"),
        ("Box Sync", "Box"),
        ("MEGAsync", "MEGA"),
        ("pCloudDrive", "pCloud"),
        ("Seafile", "Seafile"),
        ("SynologyDrive", "Synology Drive"),
        ("Yandex.Disk", "Yandex Disk"),
    ],
)
def test_a_synced_folder_is_known_by_its_name(folder: str, service: str) -> None:
    assert synced_by(Path("/home/ada") / folder / "pages/news.segmark") == service


def test_a_synced_folder_is_known_by_the_mark_in_it(tmp_path: Path) -> None:
    (tmp_path / ".stfolder").mkdir()
    (tmp_path / "deep").mkdir()
    found = risky_place(tmp_path / "deep" / "news.segmark")
    assert found
    assert found.name == "a folder that Syncthing syncs"


@pytest.mark.parametrize("folder", ["boxes", "megaphone", "drive", "dropbox-old", "news"])
def test_an_ordinary_folder_is_no_synced_one(folder: str) -> None:
    assert synced_by(Path("/home/ada") / folder / "news.segmark") is None


def test_a_folder_of_this_computer_is_safe(tmp_path: Path) -> None:
    assert risky_place(tmp_path / "news.segmark") is None


@pytest.mark.skipif(shutil.which("bindfs") is None, reason="bindfs is not there")
@pytest.mark.skipif(not Path("/dev/fuse").exists(), reason="no file system can be made here")
def test_a_share_that_is_mounted_is_known_as_one(tmp_path: Path) -> None:
    shared, mount = tmp_path / "shared", tmp_path / "mount"
    for folder in (shared, mount):
        folder.mkdir()
    subprocess.run(["bindfs", "-o", "subtype=sshfs", shared, mount], check=True)
    try:
        make_project(mount / "news.segmark", "Ship sails").close()
        found = risky_place(mount / "news.segmark")
        assert found
        assert found.name == "a network share (fuse.sshfs)"
        assert risky_place(shared / "news.segmark") is None
    finally:
        subprocess.run(["umount", mount], check=True)


def test_a_second_name_of_the_file_is_risky(project: Path) -> None:
    make_project(project).close()
    assert risky_place(project) is None
    project.with_name("second.segmark").hardlink_to(project)
    found = risky_place(project)
    assert found
    assert "2 names" in found.name
