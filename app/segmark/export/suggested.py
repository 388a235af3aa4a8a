"""Writes the suggestions for pages: records as in ``jsonl`` whose spans have a ``score``."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from segmark.core.label import LabelSet
from segmark.core.record import Record
from segmark.export.exporter import write_as
from segmark.export.features import NUMBER
from segmark.export.format import CardLayout
from segmark.export.formats import jsonl
from segmark.export.formats.registry import with_defaults
from segmark.export.options import ExportOptions
from segmark.export.summary import Summary

_INTRODUCTION = """\
Suggestions of a program for pages that nobody has finished: **no person has checked them**.
To check them, load the data file into a project of Segmark."""

_FIELDS = """
- Each span also has its `score`: how likely it is right from edge to edge, 0 to 1.
- `meta.annotator` is empty, and `meta.status` is how far the page is."""


def write_suggested(
    records: Iterable[Record], label_set: LabelSet, folder: Path, *, gzip: bool = False
) -> Summary:
    """Write ``pages.jsonl`` and its card; each span has its score in ``Record.about``.

    The order of the records is kept, and each is held only until it is written.

    Raises:
        ExportError: as ``exporter.write`` does.
    """
    options = with_defaults(ExportOptions(folder=folder, gzip=gzip))
    return write_as(replace(jsonl.JSONL, card=_card), records, label_set, options)


def _card(label_set: LabelSet, options: ExportOptions) -> CardLayout:
    return CardLayout(
        jsonl.loading(options),
        jsonl.FIELDS + _FIELDS,
        jsonl.columns(label_set, options, {"score": NUMBER}),
        introduction=_INTRODUCTION,
    )
