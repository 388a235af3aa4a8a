"""Hostile files dropped on the window: it stays open, names them, and loads what is beside them."""

import gzip
import os
import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.factories import make_project
from tests.gui.robot import Robot
from tests.loading.containers.test_hostile import sparse_tar, tar_with


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such files")
def test_what_is_dropped_never_closes_the_window_and_good_pages_beside_it_are_loaded(
    qtbot: QtBot, project: Path, tmp_path: Path
) -> None:
    make_project(project, "One").close()
    robot = Robot(qtbot).open(project)
    folder = tmp_path / "dropped"
    folder.mkdir()
    os.mkfifo(folder / "pipe.txt")
    (folder / "loop").symlink_to(folder)
    (folder / "gone.txt").symlink_to(folder / "nowhere")
    (folder / "promises.tar").write_bytes(tar_with("two.txt", 2**62))
    (folder / "sparse.tar").write_bytes(sparse_tar(5 << 30))
    (folder / "bomb.txt.gz").write_bytes(gzip.compress(bytes(80 << 20)))
    (folder / "deep.jsonl").write_text("[" * 100_000)
    (folder / "cut.zip").write_bytes(b"PK\x03\x04" + bytes(40))
    (folder / "no.parquet").write_bytes(b"PAR1" + b"\xff" * 64 + b"PAR1")
    (Path(os.fsdecode(os.fsencode(folder) + b"/\xff\n.txt"))).write_text("An odd name")
    (folder / "z.txt").write_text("Good")
    robot.drop(folder, Path("/dev/zero"), folder / "nowhere", Path(f"/{'a' * 5_000}"))
    assert robot.window.isVisible()
    found = set()
    pages = robot.session.store.pages
    for number in range(1, pages.count() + 1):
        found.add(pages.get(number).text)
    assert {"One", "Good", "An odd name"} <= found
    robot.session.open(1)
    robot.settle()
    robot.press("H")
    assert robot.labelled == [("headline", "One")]
