"""The formats by name. A new one is a new module and its name in this list."""

from collections.abc import Iterable
from pathlib import Path

from segmark.core.label import LabelSet
from segmark.core.record import Record
from segmark.export.error import ExportError
from segmark.export.exporter import Exporter, Options, filled_in
from segmark.export.formats import (
    conll,
    docbin,
    doccano,
    dom,
    html_pages,
    jsonl,
    label_studio,
    lines,
    parquet,
    prodigy,
    tokens,
)
from segmark.export.summary import Summary

_MODULES: tuple[Exporter, ...] = (
    jsonl, parquet, tokens, conll, docbin, lines, prodigy, doccano, label_studio,
    html_pages, dom,
)  # fmt: skip

#: Every format by the name that ``--format`` takes.
EXPORTERS: dict[str, Exporter] = {exporter.name: exporter for exporter in _MODULES}


def exporter_of(form: str) -> Exporter:
    """The format of this name.

    Raises:
        ExportError: there is none; the line says which there are.
    """
    if form not in EXPORTERS:
        raise ExportError(f"there is no format {form!r}; there is {', '.join(EXPORTERS)}")
    return EXPORTERS[form]


def write(
    form: str, records: Iterable[Record], label_set: LabelSet, folder: Path, options: Options
) -> Summary:
    """Write the records to the folder in the format of this name.

    Raises:
        ExportError: the format lacks an option, or as ``Exporter.write`` says.
    """
    exporter = exporter_of(form)
    return exporter.write(records, label_set, folder, fitted(exporter, options))


def preview(form: str, record: Record, options: Options) -> str:
    """What a record looks like in the format of this name.

    Raises:
        ExportError: the format lacks an option.
    """
    exporter = exporter_of(form)
    return exporter.preview(record, fitted(exporter, options))


def fitted(exporter: Exporter, options: Options) -> Options:
    """The options with every default filled in, if the format has them all.

    Raises:
        ExportError: it lacks one; the line says which there are, and which format has it.
    """
    unit = options.unit
    if unit and unit not in exporter.units:
        others = ", ".join(name for name, one in EXPORTERS.items() if unit in one.units)
        raise ExportError(
            f"the format {exporter.name} has no unit {unit!r}; it has {', '.join(exporter.units)}"
            + (f"; {unit} is a unit of {others}" if others else "")
        )
    return filled_in(exporter, options)
