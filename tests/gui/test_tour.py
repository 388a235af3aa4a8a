"""The tour as a newcomer takes it: the command, its screenshots and its export."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from tests.places import ROOT


@pytest.fixture(scope="module")
def tour(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("tour") / "José"
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    done = subprocess.run(
        [sys.executable, "-m", "segmark", "tour", str(out)],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return out


def test_the_tour_needs_no_display_and_leaves_numbered_pictures(tour: Path) -> None:
    pictures = sorted(tour.glob("*.png"))
    assert len(pictures) >= 10
    assert [picture.name[:2] for picture in pictures] == [
        f"{number:02}" for number in range(1, len(pictures) + 1)
    ]
    for picture in pictures:
        image = QImage(str(picture))
        assert image.width() >= 400
        colours = {image.pixel(x, y) for x in range(0, 400, 7) for y in range(0, 200, 7)}
        assert len(colours) > 2, f"{picture.name} shows nothing"


def test_the_tour_exports_what_it_labelled(tour: Path) -> None:
    lines = (tour / "export" / "pages.jsonl").read_text(encoding="utf-8").splitlines()
    record = json.loads(lines[0])
    assert [span["label"] for span in record["spans"]] == [
        "ticker", "headline", "caption", "body", "comment",
    ]  # fmt: skip
    assert (tour / "tour.segmark").is_file()


def test_the_sample_export_is_what_the_tour_makes(tour: Path) -> None:
    sample = ROOT / "exports" / "sample"
    for name in ("pages.jsonl", "README.md"):
        assert (sample / name).read_bytes() == (tour / "export" / name).read_bytes(), (
            f"{name} differs: run make pictures"
        )


def test_a_second_tour_replaces_the_first_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("kept")
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-m", "segmark", "tour", str(tmp_path)],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "mine.txt").read_text() == "kept"
