"""Where Qt can't start, the program says why in one line; old projects; in processes."""

import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from segmark.gui import startup
from segmark.store.file.backup import Reason, list_backups

from tests.factories import make_project, peek
from tests.places import ROOT

_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="displays are Linux's way")


def _one_line(problem: str | None) -> str:
    assert problem
    assert "\n" not in problem
    return problem


def _in_a_process(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    return subprocess.run(
        [sys.executable, "-c", code],
        env=kept | environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )


def test_a_missing_library_is_named_with_the_command_that_installs_it() -> None:
    error = ImportError("libEGL.so.1: cannot open shared object file: No such file or directory")
    said = _one_line(startup.import_problem(error))
    assert "the system library libEGL.so.1 is missing" in said
    assert "libegl1" in said or "libglvnd-egl" in said


def test_the_command_is_the_one_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    error = ImportError("libGL.so.1: cannot open shared object file")
    for manager in ("apt-get", "dnf"):
        monkeypatch.setattr(
            shutil, "which", lambda name, here=manager: name if name == here else None
        )
        assert f"{manager} install lib" in startup.import_problem(error)


def test_a_missing_package_is_named_with_pip() -> None:
    error = ModuleNotFoundError("No module named 'PySide6'", name="PySide6")
    assert "PySide6 is not installed" in _one_line(startup.import_problem(error))
    assert "pip install" in startup.import_problem(error)


def test_any_other_failure_is_passed_on_in_one_line() -> None:
    said = _one_line(startup.import_problem(ImportError("version `GLIBC_2.34'\n not found")))
    assert said.endswith("version `GLIBC_2.34' not found")


@_LINUX
def test_without_a_display_this_is_said_and_the_tour_named() -> None:
    said = _one_line(startup.display_problem({}))
    assert "DISPLAY" in said
    assert "segmark tour" in said


@pytest.mark.parametrize("platform", ["offscreen", "minimal", "vnc:size=800x600", "xcb;offscreen"])
def test_a_platform_without_a_display_is_nobody_s_problem(platform: str) -> None:
    assert startup.display_problem({"QT_QPA_PLATFORM": platform}) is None


@_LINUX
@pytest.mark.parametrize(
    "environment",
    [
        {"DISPLAY": ":4711"},
        {"WAYLAND_DISPLAY": "nowhere-0"},
        {"DISPLAY": ":4711", "WAYLAND_DISPLAY": "nowhere-0"},
        {"DISPLAY": ":4711", "QT_QPA_PLATFORM": "xcb"},
    ],
)
def test_a_display_that_does_not_answer_is_told_before_qt_aborts(
    environment: dict[str, str],
) -> None:
    done = _in_a_process(
        "from segmark.gui.startup import display_problem; print(display_problem())", **environment
    )
    said = _one_line(done.stdout.strip())
    assert "does not answer" in said or "is missing" in said


@_LINUX
def test_a_missing_library_of_the_plugin_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_library(name: str) -> None:
        raise OSError("libxcb-cursor.so.0: cannot open shared object file: No such file")

    monkeypatch.setattr(ctypes, "CDLL", no_library)
    said = _one_line(startup.display_problem({"DISPLAY": ":0"}))
    assert "libxcb-cursor.so.0 is missing" in said


def test_asking_imports_nothing_of_qt() -> None:
    done = _in_a_process(
        "import sys; from segmark.gui import startup;"
        "startup.display_problem({'DISPLAY': ':4711'});"
        "print(any(name.startswith(('PySide6', 'shiboken6')) for name in sys.modules))"
    )
    assert done.stdout.strip() == "False"


_NEWER_PROGRAM = """
import sys
from tests.benchmarks import first_paint
from tests.factories import extra_migration

sys.argv[1:] = [{project!r}, "--annotator", "mira"]
with extra_migration(lambda database: database.execute("CREATE TABLE later (x)")):
    first_paint.main()
"""


def test_the_program_starts_on_an_older_project_and_updates_it(project: Path) -> None:
    make_project(project, "Ship sails").close()
    code = _NEWER_PROGRAM.format(project=str(project))
    done = _in_a_process(code, QT_QPA_PLATFORM="offscreen")
    assert len(done.stdout.split()) == 2, done.stderr
    assert peek(project, "SELECT count(*) FROM later") == [(0,)]
    assert [backup.reason for backup in list_backups(project)] == [Reason.MIGRATION]
