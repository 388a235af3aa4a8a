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


_PACKAGES = [*startup.BASE_LIBRARIES.values(), startup.FONT]
_NOT_FOUND = "libGL.so.1: cannot open shared object file: No such file or directory"


def _no_library(name: str) -> None:
    raise OSError(f"{name}: cannot open shared object file: No such file or directory")


def test_a_missing_library_is_named_with_the_command_that_installs_it() -> None:
    said = _one_line(startup.import_problem(ImportError(_NOT_FOUND)))
    assert "the system library libGL.so.1 is missing; install" in said


@pytest.mark.parametrize(
    ("manager", "packages"),
    [
        ("apt-get", startup.packages_for_tests()),
        ("dnf", list(dict.fromkeys(package.dnf for package in _PACKAGES))),
    ],
)
def test_one_command_of_the_machine_installs_all_that_is_missing(
    manager: str, packages: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: name if name == manager else None)
    monkeypatch.setattr(ctypes, "CDLL", _no_library)
    error = ImportError("libGL.so.1: cannot open shared object file")
    shown = _one_line(startup.import_problem(error))
    assert shown.endswith(f"{manager} install {' '.join(packages)}")


def test_without_a_known_package_manager_the_libraries_are_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setattr(ctypes, "CDLL", _no_library)
    shown = _one_line(startup.import_problem(ImportError(_NOT_FOUND)))
    assert all(library in shown for library in startup.BASE_LIBRARIES)


def test_only_what_is_missing_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    def only_gl(name: str) -> None:
        if name == "libGL.so.1":
            _no_library(name)

    monkeypatch.setattr(shutil, "which", lambda name: name if name == "apt-get" else None)
    monkeypatch.setattr(ctypes, "CDLL", only_gl)
    assert startup.import_problem(ImportError(_NOT_FOUND)).endswith("apt-get install libgl1")


def test_a_missing_package_is_named_with_pip() -> None:
    error = ModuleNotFoundError("No module named 'PySide6'", name="PySide6")
    assert "PySide6 is not installed" in _one_line(startup.import_problem(error))
    assert f"{sys.executable} -m pip install '{startup.PYSIDE}'" in startup.import_problem(error)


def test_the_releases_of_qt_are_those_of_the_project() -> None:
    admitted = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'"{startup.PYSIDE}"' in admitted


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
    monkeypatch.setattr(shutil, "which", lambda name: name if name == "apt-get" else None)
    monkeypatch.setattr(ctypes, "CDLL", _no_library)
    shown = _one_line(startup.display_problem({"DISPLAY": ":0"}))
    assert "libqxcb.so is missing" in shown
    assert all(package.apt in shown for package in startup.WINDOW_LIBRARIES.values())


def test_a_platform_that_qt_does_not_have_is_named() -> None:
    shown = _one_line(startup.display_problem({"QT_QPA_PLATFORM": "nowhere"}))
    assert "no platform 'nowhere'" in shown
    assert "unset QT_QPA_PLATFORM" in shown


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
