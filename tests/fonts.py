"""Runs the tests of the window with other fonts, in other sizes and at other scales.

Usage: ``python -m tests.fonts [FONT[:POINTS[:SCALE]]...]``. Without arguments, every font at four
sizes, each size at another scale. Linux only: fontconfig gives the fonts.

A font that is not installed comes from its Debian package, which is unpacked into a temporary
folder. The other fonts of the machine are hidden, except DejaVu for letters that the font lacks.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.places import ROOT

#: What depends on the size of text. The rest of ``tests/gui`` would make a run too long.
_TESTS = (
    "tests/gui/window/test_small_window.py",
    "tests/gui/window/test_panel_folding.py::test_a_line_of_the_page_keeps_forty_characters",
    "tests/gui/window/test_panels.py", "tests/gui/window/test_labelling.py",
    "tests/gui/window/test_status_line.py", "tests/gui/window/test_welcome_view.py",
    "tests/gui/page/test_view.py", "tests/gui/page/test_margin.py",
    "tests/gui/page/test_pointer.py", "tests/gui/page/test_find_bar.py",
    "tests/gui/keys/test_sheet.py", "tests/gui/dialogs/test_dialogs.py",
)  # fmt: skip
_SIZES = ((8, "1"), (11, "1.25"), (14, "1.5"), (20, "2"))
#: The environment variable with the size of the application's font, for ``conftest.py``.
POINTS = "SEGMARK_TEST_POINTS"
_USUAL_POINTS = 9  # Qt's, where no desktop sets another


class Font(NamedTuple):
    """A family, the Debian package that has it, and the pattern of its files."""

    family: str
    package: str
    files: str


FONTS = {
    "dejavu": Font("DejaVu Sans", "fonts-dejavu-core", "DejaVuSans*.ttf"),
    "noto": Font("Noto Sans", "fonts-noto-core", "NotoSans-[BIR]*.ttf"),
    "liberation": Font("Liberation Sans", "fonts-liberation", "LiberationSans-*.ttf"),
    "roboto": Font("Roboto", "fonts-roboto-unhinted", "Roboto-[BIMR]*.ttf"),
    "cjk": Font("WenQuanYi Micro Hei", "fonts-wqy-microhei", "wqy-microhei.ttc"),
}


def main(arguments: Sequence[str]) -> int:
    """Run the tests with each font, print a line for each run, and return the exit status."""
    runs = [run for argument in arguments or FONTS for run in _runs(argument)]
    outcomes = []
    with tempfile.TemporaryDirectory(prefix="segmark-fonts-") as name:
        folder = Path(name)
        for font, points, scale in runs:
            title = f"{font.family}, {points} pt, scale {scale}"
            sys.stdout.write(f"\n== {title}\n")
            sys.stdout.flush()
            outcomes.append((title, _run(folder, font, points, scale)))
    sys.stdout.write("\n")
    for title, problem in outcomes:
        sys.stdout.write(f"{title}: {problem or 'passed'}\n")
    return 1 if any(problem for _, problem in outcomes) else 0


def _runs(argument: str) -> list[tuple[Font, int, str]]:
    name, *numbers = argument.split(":")
    if name not in FONTS:
        raise SystemExit(f"There is no font {name}; the fonts are {', '.join(FONTS)}.")
    if not numbers:
        return [(FONTS[name], points, scale) for points, scale in _SIZES]
    return [(FONTS[name], int(numbers[0]), numbers[1] if len(numbers) > 1 else "1")]


def _run(folder: Path, font: Font, points: int, scale: str) -> str:
    """Run tour and tests with a font; return what is wrong, or ""."""
    for each in (font, FONTS["dejavu"]):
        if not _unpack(each, folder / "fonts"):
            return f"NOT FOUND: install the package {each.package}"
    environment = {
        **os.environ,
        "FONTCONFIG_FILE": str(_configuration(folder, font)),
        "QT_SCALE_FACTOR": scale,
        "PYTHONPATH": str(ROOT / "app"),
    }
    environment.pop("QT_QPA_PLATFORM", None)
    test = [sys.executable, "-m", "pytest", "-n", "auto", "-p", "no:cacheprovider", *_TESTS]
    size = {POINTS: str(points)}
    if subprocess.run(test, cwd=ROOT, env=environment | size, check=False).returncode:
        return "FAILED"
    # The tour has no option for a font size; this has the same effect on all text.
    dpi = {"QT_FONT_DPI": str(round(96 * points / _USUAL_POINTS))}
    tour = [sys.executable, "-m", "segmark", "tour", str(folder / "tour")]
    done = subprocess.run(tour, cwd=ROOT, env=environment | dpi, check=False)
    return f"TOUR FAILED with status {done.returncode}" if done.returncode else ""


def _unpack(font: Font, folder: Path) -> bool:
    """Have the files of a font in the folder, from this machine or from its package."""
    place = folder / font.package
    if place.is_dir():
        return True
    found = [file for root in _roots() for file in Path(root).rglob(font.files)]
    if not found and shutil.which("apt-get") and shutil.which("dpkg-deb"):
        package = folder / f"{font.package}.debs"
        package.mkdir(parents=True)
        subprocess.run(
            ["apt-get", "download", "-qq", font.package], cwd=package, check=False,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        for each in package.glob("*.deb"):
            subprocess.run(["dpkg-deb", "-x", str(each), str(package)], check=False)
        found = list(package.rglob(font.files))
    if not found:
        return False
    place.mkdir(parents=True)
    for file in found:
        shutil.copy2(file, place / file.name)
    return True


def _roots() -> list[Path]:
    return [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts"]


def _configuration(folder: Path, font: Font) -> Path:
    """Write a fontconfig file with this font as the usual one."""
    file = folder / f"{font.package}.conf"
    dirs = "".join(f"<dir>{folder}/fonts/{each.package}</dir>" for each in {font, FONTS["dejavu"]})
    file.write_text(
        f"""<fontconfig>{dirs}<cachedir>{folder}/cache</cachedir>
        <match target="pattern">
          <test name="family" compare="not_eq"><string>monospace</string></test>
          <edit name="family" mode="prepend" binding="strong"><string>{font.family}</string></edit>
        </match></fontconfig>""",
        encoding="utf-8",
    )
    return file


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
