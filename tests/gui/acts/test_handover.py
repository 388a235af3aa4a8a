"""Opening a project twice: the window that has it comes forward, in two real processes."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.factories import make_project, peek
from tests.places import ROOT

#: Runs the program as ``segmark`` does, and prints each title that its window has.
_WINDOW = """
from segmark import __main__
from segmark.gui import application

def watched(annotator=None, labels=None, make=application.make_program):
    program = make(annotator, labels=labels)
    program.window.windowTitleChanged.connect(lambda title: print(title, flush=True))
    return program

application.make_program = watched
__main__.main()
"""


def _started(code: list[str], *arguments: object) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, *code, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )


def _second_start(*arguments: object) -> tuple[int, str]:
    """Start the program as a person would; its exit status, and what it printed."""
    second = _started(["-m", "segmark"], *arguments)
    printed, errors = second.communicate(timeout=60)
    return second.returncode, printed + errors


def _shows(window: "subprocess.Popen[str]", page: str) -> bool:
    """Wait until the window shows this page; False when it has ended."""
    assert window.stdout
    return any(page in title for title in window.stdout)


@pytest.fixture(autouse=True)
def _runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with TemporaryDirectory(prefix="segmark-") as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        yield


@pytest.fixture
def window(project: Path) -> Iterator["subprocess.Popen[str]"]:
    make_project(project, "First page.").close()
    page = project.with_name("one.txt")
    page.write_text("One, from the first start.\n")
    child = _started(["-c", _WINDOW], project, page, "--annotator", "ada")
    try:
        assert _shows(child, "one.txt")
        yield child
    finally:
        child.kill()
        child.communicate()


def test_the_second_start_adds_its_pages_to_the_window_and_ends(
    project: Path, window: "subprocess.Popen[str]"
) -> None:
    page = project.with_name("two words.txt")
    page.write_text("Two.\n")
    # Named as in a terminal in that folder, and by a link as in a desktop's list of recent files.
    link = project.with_name("link.segmark")
    link.symlink_to(project)
    relative = os.path.relpath(page, ROOT)
    status, printed = _second_start(link, relative)
    assert (status, "brought to the front" in printed) == (0, True), printed
    assert _shows(window, "two words.txt")
    assert window.poll() is None
    assert peek(project, "SELECT count(*) FROM page") == [(3,)]


def test_a_second_start_without_pages_only_brings_the_window_forward(
    project: Path, window: "subprocess.Popen[str]"
) -> None:
    assert _second_start(project, "--annotator", "ada")[0] == 0
    assert _second_start(project)[0] == 0
    assert window.poll() is None
    assert peek(project, "SELECT count(*) FROM page") == [(2,)]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can be without a display")
def test_another_annotator_gets_a_window_of_their_own(
    project: Path, window: "subprocess.Popen[str]", monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    status, printed = _second_start(project, "--annotator", "wren")
    assert (status, "there is no display" in printed) == (2, True), printed
