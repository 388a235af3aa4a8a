"""Plots in the card. Pillow draws them, where it is installed."""

import re
import struct
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from segmark.export.card.plots import TITLES
from segmark.export.error import ExportError
from segmark.export.options import ExportOptions
from segmark.export.reading import Export
from segmark.export.split import Split

from tests.export.made import checked, export_as, files_in, many, record

needs_pillow = pytest.mark.skipif(not find_spec("PIL"), reason="Pillow is not installed")
PLOTTED = ExportOptions(split=Split(60, 20, 20), plots=True)


def test_a_missing_library_is_named_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "PIL.Image", None)
    with pytest.raises(ExportError, match=r"needs Pillow.*pip install 'segmark\[plots\]'"):
        export_as("jsonl", many(3), tmp_path / "out", PLOTTED)
    assert not (tmp_path / "out").exists()


@needs_pillow
@pytest.mark.parametrize("options", [PLOTTED, ExportOptions(plots=True)])
def test_the_card_shows_plots_that_are_the_same_each_time(
    tmp_path: Path, options: ExportOptions
) -> None:
    odd = [record(str(n), site=site) for n, site in enumerate(("münchen", "", "a\nb", "w" * 200))]
    for name in ("one", "two"):
        summary = export_as("jsonl", [*many(60), *odd], tmp_path / name, options)
        assert set(summary.files) == set(files_in(tmp_path / name))
    found = files_in(tmp_path / "one")
    assert found == files_in(tmp_path / "two")
    shown = re.findall(rb"!\[[^\]]+\]\(([^)]+)\)", found["README.md"])
    assert [name.decode() for name in shown] == list(TITLES)
    for name in TITLES:
        assert found[name].startswith(b"\x89PNG")
        width, height = struct.unpack(">II", found[name][16:24])
        assert width == 1600
        assert height > 200
    assert Export(tmp_path / "one").is_as_written
    assert checked(tmp_path / "one").count == 0


@needs_pillow
def test_but_for_the_plots_the_card_is_the_same(tmp_path: Path) -> None:
    export_as("jsonl", many(30), tmp_path, PLOTTED)
    plotted = (tmp_path / "README.md").read_text("utf-8")
    export_as("jsonl", many(30), tmp_path, ExportOptions(split=Split(60, 20, 20)))
    assert not list(tmp_path.glob("*.png"))
    plain = (tmp_path / "README.md").read_text("utf-8")
    without = re.sub(r"## Plots\n\n(!.*\n\n)+", "", plotted)
    assert re.sub(r"  - plot-\w+\.png\n", "", without) == plain
