"""Draws the icon of the program in the formats of Windows and macOS.

Usage: python resources/bundle/icons.py FOLDER
"""

import sys
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

_DRAWING = Path(__file__).parents[1] / "icons" / "app.svg"
_WINDOWS_SIZES = (16, 20, 24, 32, 40, 48, 64, 128, 256)
_MACOS_SIZES = (16, 32, 64, 128, 256, 512, 1024)


def make_icon(folder: Path) -> str | None:
    """Write the icon of this platform to the folder; None where a program has none of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    writer = {"win32": write_ico, "darwin": write_icns}.get(sys.platform)
    return str(writer(folder)) if writer else None


def write_ico(folder: Path) -> Path:
    """Write the icon for Windows."""
    *smaller, largest = map(_drawn, _WINDOWS_SIZES)
    path = folder / "segmark.ico"
    sizes = [(size, size) for size in _WINDOWS_SIZES]
    largest.save(path, sizes=sizes, append_images=smaller)
    return path


def write_icns(folder: Path) -> Path:
    """Write the icon for macOS."""
    *smaller, largest = map(_drawn, _MACOS_SIZES)
    path = folder / "segmark.icns"
    largest.save(path, append_images=smaller)
    return path


def _drawn(size: int) -> Image.Image:
    """The drawing at a size in pixels."""
    image = QImage(size, size, QImage.Format.Format_RGBA8888)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(_DRAWING)).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return Image.frombytes("RGBA", (size, size), bytes(image.constBits()))


if __name__ == "__main__":
    for write in (write_ico, write_icns):
        print(write(Path(sys.argv[1])))
