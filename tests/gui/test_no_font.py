"""Without a font every letter would be a box: the program stops in one line instead."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.places import ROOT

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="only fontconfig can be told to find no font"
)


@pytest.fixture
def no_font(tmp_path: Path) -> dict[str, str]:
    """The environment of a machine without a font."""
    (tmp_path / "fonts").mkdir()
    configuration = tmp_path / "fonts.conf"
    configuration.write_text(
        f"<fontconfig><dir>{tmp_path}/fonts</dir><cachedir>{tmp_path}/cache</cachedir></fontconfig>"
    )
    return {**os.environ, "QT_QPA_PLATFORM": "offscreen", "FONTCONFIG_FILE": str(configuration)}


def _run(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("command", ["tour {}/tour", "{}/news.segmark", "doctor"])
def test_without_a_font_the_program_says_what_to_install(
    command: str, no_font: dict[str, str], tmp_path: Path
) -> None:
    done = _run(no_font, "segmark", *(part.format(tmp_path) for part in command.split()))
    assert done.returncode == 2
    [line] = done.stderr.splitlines()
    assert line.startswith("segmark: Qt finds no font with Latin letters; install ")


def test_without_a_font_the_tests_say_what_to_install(no_font: dict[str, str]) -> None:
    done = _run(no_font, "pytest", "tests/core/test_edit.py", "-p", "no:cacheprovider")
    assert done.returncode == 2
    assert "segmark: Qt finds no font with Latin letters; install " in done.stdout + done.stderr
    assert "Error" not in done.stdout + done.stderr
