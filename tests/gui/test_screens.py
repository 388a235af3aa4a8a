"""Every window and dialog fits its screen, however small, also when a screen has gone."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from segmark.gui.startup import virtual_screens

from tests.places import ROOT

_SCREENS = [
    ((1366, 768), "1"), ((1366, 768), "1.5"), ((1280, 720), "2"), ((1024, 600), "1"),
    ((800, 600), "1.5"), ((640, 400), "1"), ((640, 400), "1.5"), ((640, 400), "2"),
]  # fmt: skip


def platform(folder: Path, *sizes: tuple[int, int]) -> str:
    """The platform with screens of these sizes beside one another."""
    left, screens = 0, []
    for number, (width, height) in enumerate(sizes):
        place = {"x": left, "y": 0, "width": width, "height": height}
        dpi = {"logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
        screens.append({"name": f"screen-{number}", **place, **dpi})
        left += width
    file = folder / "screens.json"
    file.write_text(json.dumps({"windowFrameMargins": True, "screens": screens}))
    return virtual_screens(file)


def measure(folder: Path, screens: str, scale: str, *arguments: str) -> list[dict[str, object]]:
    """What ``tests.gui.opened_windows`` prints: a line for each window."""
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": screens,
        "QT_SCALE_FACTOR": scale,
        "SEGMARK_CONFIG": str(folder / "settings"),
        "PYTHONPATH": os.pathsep.join((str(ROOT / "app"), str(ROOT))),
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.gui.opened_windows", str(folder), *arguments],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize(("screen", "scale"), _SCREENS)
def test_every_window_fits_its_screen(tmp_path: Path, screen: tuple[int, int], scale: str) -> None:
    windows = measure(tmp_path, platform(tmp_path, screen), scale)
    assert len(windows) > 15
    assert [window for window in windows if not window["fits"]] == []


def test_a_window_is_restored_within_the_screens_that_are_left(tmp_path: Path) -> None:
    both = platform(tmp_path, (1366, 768), (1920, 1080))
    assert measure(tmp_path, both, "1", "place", "1500", "100", "1700", "900")
    [window] = measure(tmp_path, platform(tmp_path, (1366, 768)), "1", "restored")
    assert window["fits"]


def test_an_open_window_moves_when_its_screen_goes(tmp_path: Path) -> None:
    [window] = measure(tmp_path, platform(tmp_path, (1024, 600)), "1", "gone")
    assert window["fits"]
