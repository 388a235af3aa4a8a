"""What is suggested for pages: records like those of ``jsonl`` whose spans have a ``score``."""

from collections.abc import Iterable
from pathlib import Path

from segmark.core.label import LabelSet
from segmark.core.record import Record
from segmark.export.card.dataset_card import CardLayout
from segmark.export.card.features import Value
from segmark.export.exporter import Options
from segmark.export.formats import jsonl
from segmark.export.formats.json_rows import write_rows
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

    The order of the records is kept, and none is held longer than it takes to write it.

    Raises:
        ExportError: as ``Exporter.write`` says.
    """
    columns = jsonl.columns(label_set, {"score": Value("float64")})
    options = Options(gzip=gzip)
    loading = jsonl.loading(options)
    shape = CardLayout(loading, jsonl.FIELDS + _FIELDS, columns, introduction=_INTRODUCTION)
    return write_rows(
        lambda record: (jsonl.fields(record),),
        records,
        label_set,
        folder,
        options,
        shape,
    )
