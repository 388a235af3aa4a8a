"""The one list of system libraries that Qt needs, against Qt's own files and the documents."""

import re
import shutil
import subprocess
from pathlib import Path

import PySide6
import pytest
from segmark.gui.startup import BASE_LIBRARIES, WINDOW_LIBRARIES, packages_for_tests

from tests.places import ROOT

#: Libraries that every Python of Linux has loaded, or its package manager.
_ALWAYS = re.compile(r"(linux-vdso|ld-linux.*|lib(c|m|dl|rt|pthread|gcc_s|stdc\+\+|z|zstd))\.so.*")

_PLUGINS_OF_WINDOWS = (
    "platforms/libqxcb.so", "xcbglintegrations/*", "platforms/libqwayland*.so",
    "wayland-shell-integration/*", "wayland-decoration-client/*",
    "wayland-graphics-integration-client/*", "platforminputcontexts/lib[ci]*",
)  # fmt: skip

_needs_ldd = pytest.mark.skipif(not shutil.which("ldd"), reason="ldd lists what a library needs")


def _needed_by(file: Path) -> dict[str, Path | None]:
    """The libraries outside the package that the file needs, each with its file, if found."""
    printed = subprocess.run(
        ["ldd", str(file)], capture_output=True, text=True, check=False
    ).stdout  # fmt: skip
    needed: dict[str, Path | None] = {}
    for line in printed.splitlines():
        name, _, place = line.strip().partition(" => ")
        path = Path(place.split(" (")[0]) if place.startswith("/") else None
        inside = path is not None and "site-packages" in path.parts
        if place and not inside and not _ALWAYS.fullmatch(name):
            needed[name] = path
    return needed


def _qt_modules() -> list[Path]:
    """The modules of Qt that the program and its tests import."""
    imported = {"QtTest"}
    for source in (ROOT / "app").rglob("*.py"):
        imported.update(re.findall(r"from PySide6\.(\w+)", source.read_text(encoding="utf-8")))
    return [_in_qt(f"{name}.abi3.so") for name in imported]


def _in_qt(name: str) -> Path:
    return Path(PySide6.__file__).with_name(name)


def _plugins(*patterns: str) -> list[Path]:
    return [
        file
        for each in patterns
        for file in (Path(PySide6.__file__).parent / "Qt/plugins").glob(each)
    ]


def _needed(files: list[Path]) -> dict[str, Path | None]:
    return {name: path for file in files for name, path in _needed_by(file).items()}


@_needs_ldd
def test_the_list_holds_what_qt_needs_without_a_window() -> None:
    _check_list(set(BASE_LIBRARIES), [*_qt_modules(), *_plugins("platforms/libqoffscreen.so")])


@_needs_ldd
def test_the_list_holds_what_a_window_needs() -> None:
    listed = set(BASE_LIBRARIES | WINDOW_LIBRARIES)
    _check_list(listed, [*_qt_modules(), *_plugins(*_PLUGINS_OF_WINDOWS)])


def _check_list(listed: set[str], files: list[Path]) -> None:
    """Whether the files need what is listed, and nothing that this does not bring along."""
    needed = _needed(files)
    brought = _needed([path for name, path in needed.items() if name in listed and path])
    assert set(needed) - listed - set(brought) == set()
    # Only the newest release needs libxcb-util.
    assert listed - set(needed) <= {"libxcb-util.so.1"}


def test_the_readme_has_the_list() -> None:
    for_tests = packages_for_tests()
    for_windows = [package.apt for package in WINDOW_LIBRARIES.values()]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    command = next(line for line in readme.splitlines() if line.startswith("sudo apt-get install "))
    assert command.split()[3:] == [*for_tests, *for_windows]
    assert f"only the first {len(for_tests)} packages" in " ".join(readme.split())


@pytest.mark.parametrize("script", [".ci/run", ".github/workflows/ci.yml"])
def test_scripts_take_the_list_from_the_program(script: str) -> None:
    assert "from segmark.gui.startup import packages_for_tests" in (ROOT / script).read_text(
        encoding="utf-8"
    )
