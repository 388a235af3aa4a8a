"""Retake the screenshots of the README and the help, and the sample export, with the tour.

Run ``make pictures`` after every change of a view or of the export.
"""

import shutil
import tempfile
from pathlib import Path

from segmark.cli import program as cli

from tests.places import ROOT

_PICTURES = ROOT / "resources" / "help" / "images"
_SAMPLE = ROOT / "exports" / "sample"


def main() -> int:
    """Run the tour and copy its screenshots and its export to their folders."""
    import segmark.__main__  # noqa: F401 - registers the command "tour"

    # The screenshot of the export dialog shows this path, so the folder has a plain name.
    folder = Path(tempfile.gettempdir(), "segmark")
    try:
        if status := cli.run(["tour", str(folder)]):
            return status
        _replace(_PICTURES, sorted(folder.glob("*.png")))
        _replace(_SAMPLE, sorted((folder / "export").iterdir()))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def _replace(target: Path, files: list[Path]) -> None:
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for file in files:
        shutil.copy2(file, target / file.name)


if __name__ == "__main__":
    raise SystemExit(main())
