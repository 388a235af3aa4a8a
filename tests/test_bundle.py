"""What the bundle consists of, and how it adds itself to a desktop; the build is ``.ci/bundle``."""

import os
import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.places import ROOT

_BUNDLE = ROOT / "resources" / "bundle"
#: All that a shell script of the bundle may rely on.
_COMMANDS = ("cp", "dirname", "ln", "mkdir", "readlink", "rm", "sed", "sh")
#: Places with every character that the desktop's files treat in a way of their own.
_FOLDERS = ("plain", "my programs", 'a"b`c$d\\e%f', "ü é")

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="the desktop's files are Linux's")


def _functions(module: str) -> dict[str, Any]:
    """What a module of the bundle defines; it lies in no package, and leaves no compiled file."""
    return runpy.run_path(str(_BUNDLE / f"{module}.py"))


@pytest.fixture(params=_FOLDERS)
def unpacked(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A bundle somewhere, with a program that prints what it was started with."""
    return _unpack(tmp_path / request.param)


def _unpack(folder: Path) -> Path:
    icons = folder / "_internal/segmark/resources/icons"
    icons.mkdir(parents=True)
    shutil.copytree(_BUNDLE / "linux", folder, dirs_exist_ok=True)
    shutil.copy(ROOT / "resources/icons/app.svg", icons)
    program = folder / "segmark"
    program.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    program.chmod(0o755)
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home of ada"
    home.mkdir()
    return home


@pytest.fixture
def few_commands(tmp_path: Path) -> str:
    """A PATH with what every system has, and nothing of a desktop."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in _COMMANDS:
        found = shutil.which(name)
        assert found
        (folder / name).symlink_to(found)
    return str(folder)


def _install(
    unpacked: Path, home: Path, *arguments: str, path: str | None = None
) -> subprocess.CompletedProcess[str]:
    environment = {"HOME": str(home), "XDG_DATA_HOME": str(home / "data")}
    return subprocess.run(
        ["/bin/sh", str(unpacked / "install.sh"), *arguments],
        env=environment | {"PATH": path or os.environ["PATH"]},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def _files(folder: Path) -> set[str]:
    return {
        str(file.relative_to(folder))
        for file in folder.rglob("*")
        if "segmark" in file.name and not file.is_dir()
    }


def _program_of(desktop: Path) -> str:
    """The program that a desktop entry starts with the file, as the desktop reads it."""
    (line,) = (line for line in desktop.read_text().splitlines() if line.startswith("Exec="))
    command = re.fullmatch(r'Exec="(.*)" %f', line.replace("\\\\", "\\"))
    assert command, line
    return re.sub(r"\\(.)", r"\1", command[1]).replace("%%", "%")


@on_linux
def test_installing_adds_menu_file_type_icon_and_command(unpacked: Path, home: Path) -> None:
    done = _install(unpacked, home, "--user")
    assert (done.returncode, done.stderr) == (0, "")
    assert _files(home) - {"data/applications/mimeinfo.cache"} >= {
        "data/applications/segmark.desktop",
        "data/icons/hicolor/scalable/apps/segmark.svg",
        "data/mime/packages/segmark.xml",
        ".local/bin/segmark",
    }
    program = _program_of(home / "data/applications/segmark.desktop")
    assert program == str(unpacked / "segmark")
    said = subprocess.run([home / ".local/bin/segmark", "a b"], capture_output=True, check=True)
    assert said.stdout == b"a b\n"


@on_linux
def test_uninstalling_removes_what_was_installed_and_nothing_else(
    unpacked: Path, home: Path
) -> None:
    own = home / "data/applications/other.desktop"
    own.parent.mkdir(parents=True)
    own.write_text("[Desktop Entry]\n")
    assert _install(unpacked, home, "--user").returncode == 0
    assert _install(unpacked, home, "--user").returncode == 0  # again, as after an update
    assert _install(unpacked, home, "--uninstall").returncode == 0
    assert _files(home) == set()
    assert own.exists()
    assert _install(unpacked, home, "--uninstall").returncode == 0


@on_linux
def test_a_system_without_the_desktop_s_commands_is_served_too(
    home: Path, tmp_path: Path, few_commands: str
) -> None:
    unpacked = _unpack(tmp_path / "segmark")
    for step in ("--user", "--uninstall"):
        done = _install(unpacked, home, step, path=few_commands)
        assert (done.returncode, done.stderr) == (0, "")
    assert _files(home) == set()


@on_linux
def test_a_command_that_the_user_has_already_is_left_alone(home: Path, tmp_path: Path) -> None:
    unpacked, command = _unpack(tmp_path / "segmark"), home / ".local/bin/segmark"
    command.parent.mkdir(parents=True)
    command.write_text("installed with pip\n")
    assert "was left alone" in _install(unpacked, home, "--user").stdout
    _install(unpacked, home, "--uninstall")
    assert command.read_text() == "installed with pip\n"


@on_linux
@pytest.mark.parametrize("arguments", [(), ("--help",), ("--user", "--uninstall")])
def test_anything_else_shows_how_to_use_it(
    arguments: tuple[str, ...], home: Path, tmp_path: Path
) -> None:
    done = _install(_unpack(tmp_path / "segmark"), home, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("usage: ")
    assert _files(home) == set()


def test_the_menu_entry_opens_the_type_that_the_file_type_declares() -> None:
    entry = (_BUNDLE / "linux/segmark.desktop").read_text()
    root = ElementTree.parse(_BUNDLE / "linux/segmark.xml").getroot()
    space = {"m": "http://www.freedesktop.org/standards/shared-mime-info"}
    declared = root.find("m:mime-type", space)
    assert declared is not None
    assert f"MimeType={declared.get('type')};" in entry
    pattern = declared.find("m:glob", space)
    assert pattern is not None
    assert pattern.get("pattern") == "*.segmark"


@on_linux
def test_desktop_validates_the_menu_entry() -> None:
    if not shutil.which("desktop-file-validate"):
        pytest.skip("desktop-file-validate is not installed")
    entry = _BUNDLE / "linux/segmark.desktop"
    done = subprocess.run(["desktop-file-validate", entry], capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (0, b"")


@on_linux
def test_an_appimage_holds_the_program_and_its_menu_entry(tmp_path: Path) -> None:
    unpacked, commands, made = _unpack(tmp_path / "segmark"), tmp_path / "bin", tmp_path / "made"
    shutil.copy(ROOT / "LICENSE", unpacked)
    commands.mkdir()
    fake = commands / "appimagetool"
    fake.write_text('#!/bin/sh\ncp -a "$1" "$2"\n')  # shows what the real one is given
    fake.chmod(0o755)
    path = f"{commands}{os.pathsep}{os.environ['PATH']}"
    script = str(unpacked / "appimage.sh")
    subprocess.run(["/bin/sh", script, str(made)], env={"PATH": path}, check=True)
    entry = (made / "segmark.desktop").read_text()
    assert "Icon=segmark\n" in entry
    assert (made / "segmark.svg").exists()
    said = subprocess.run([made / "AppRun", "a b"], capture_output=True, check=True)
    assert said.stdout == b"a b\n"


@on_linux
def test_without_appimagetool_the_script_says_so(tmp_path: Path, few_commands: str) -> None:
    script = str(_unpack(tmp_path / "segmark") / "appimage.sh")
    done = subprocess.run(
        ["/bin/sh", script, "out"],
        env={"PATH": few_commands}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "appimagetool is not on PATH" in done.stderr


def test_the_icons_of_windows_and_macos_have_every_size(tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    icons = _functions("icons")
    with image.open(icons["write_ico"](tmp_path)) as icon:
        assert {(16, 16), (32, 32), (48, 48), (256, 256)} <= icon.info["sizes"]
        assert len(icon.convert("RGB").getcolors(1 << 20)) > 10
    with image.open(icons["write_icns"](tmp_path)) as icon:
        drawn = {width * ratio for width, _, ratio in icon.info["sizes"]}
        assert {32, 64, 128, 256, 512, 1024} <= drawn


@pytest.fixture
def data_library() -> Path:
    from PySide6 import QtCore

    assert QtCore.__file__
    found = list((Path(QtCore.__file__).parent / "Qt/lib").glob("libicudata.so.*"))
    if not found or not shutil.which("ld") or not shutil.which("objcopy"):
        pytest.skip("Qt brings no data of ICU here, or there is no linker")
    return found[0]


_ORDERED = """
from functools import cmp_to_key
from PySide6.QtCore import QCollator, QLocale, QStringDecoder
words = "ä z a Z ö é e n10 n9 ß 中 国 啊 I ı".split()
for name in ("de_DE", "sv_SE", "zh_CN", "tr_TR", "ja_JP"):
    collator = QCollator(QLocale(name))
    print(sorted(words, key=cmp_to_key(collator.compare)), QLocale(name).toUpper("straße i"))
print([QStringDecoder(name).isValid() for name in ("Shift_JIS", "GB18030", "windows-1251")])
print([line.split()[-1] for line in open("/proc/self/maps") if "libicudata" in line][0])
"""


@on_linux
def test_less_data_sorts_and_converts_as_all_of_it(data_library: Path, tmp_path: Path) -> None:
    less = _functions("icu")["smaller_data"](data_library, tmp_path)
    assert less.stat().st_size < data_library.stat().st_size - 10_000_000
    printed = []
    for library in (data_library, less):
        done = subprocess.run(
            [sys.executable, "-c", _ORDERED],
            env=os.environ | {"LD_PRELOAD": str(library)},
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        *results, loaded = done.stdout.splitlines()
        assert Path(loaded).samefile(library)
        printed.append(results)
    assert printed[0] == printed[1]
