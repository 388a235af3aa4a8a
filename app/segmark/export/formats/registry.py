"""The formats by name, and the checks of options against them."""

from dataclasses import replace

from segmark.export.card import plots
from segmark.export.error import ExportError
from segmark.export.format import Capability, Format
from segmark.export.formats.conll import CONLL
from segmark.export.formats.docbin import SPACY
from segmark.export.formats.doccano import DOCCANO
from segmark.export.formats.dom import DOM
from segmark.export.formats.html_pages import HTML
from segmark.export.formats.jsonl import JSONL
from segmark.export.formats.label_studio import LABEL_STUDIO
from segmark.export.formats.lines import LINES
from segmark.export.formats.parquet import PARQUET
from segmark.export.formats.prodigy import PRODIGY
from segmark.export.formats.tokens import TOKENS
from segmark.export.options import ExportOptions

_ALL = (
    JSONL, PARQUET, TOKENS, CONLL, SPACY, LINES, PRODIGY, DOCCANO, LABEL_STUDIO, HTML, DOM,
)  # fmt: skip

#: Every format by the name that ``--format`` takes.
FORMATS = {each.name: each for each in _ALL}

_WINDOW = 256  # tokens of a window by default
_REFUSALS = {
    Capability.GZIP: "can't be compressed",
    Capability.SHARD: "writes one file a part",
    Capability.PROVENANCE: "has no place for where a span came from",
    Capability.SUGGESTIONS: "has no place for suggestions",
}


def format_of(name: str) -> Format:
    """The format of this name.

    Raises:
        ExportError: there is none; the line lists those that exist.
    """
    if name not in FORMATS:
        raise ExportError(f"there is no format {name!r}; there is {', '.join(FORMATS)}")
    return FORMATS[name]


def with_defaults(options: ExportOptions) -> ExportOptions:
    """Fill in all defaults, after a check that the format has the unit and every option.

    Raises:
        ExportError: it does not; the line says which format does.
    """
    chosen = format_of(options.form)
    unit = options.unit or chosen.units[0]
    if unit not in chosen.units:
        others = ", ".join(each.name for each in _ALL if unit in each.units)
        raise ExportError(
            f"the format {chosen.name} has no unit {unit!r}; it has {', '.join(chosen.units)}"
            + (f"; {unit} is a unit of {others}" if others else "")
        )
    for capability, lack in _REFUSALS.items():
        if getattr(options, capability) and capability not in chosen.can:
            able = ", ".join(each.name for each in _ALL if capability in each.can)
            raise ExportError(
                f"the format {chosen.name} {lack}; leave out --{capability}, or use {able}"
            )
    if options.plots:
        plots.require()
    if unit != "window":
        if options.window or options.stride:
            raise ExportError("--window and --stride go with --unit window alone")
        return replace(options, unit=unit)
    window = options.window or _WINDOW
    stride = options.stride or max(1, window // 2)
    if not 1 <= stride <= window:
        raise ExportError(
            f"a stride of {stride} tokens leaves some out between windows of {window}: "
            "give one from 1 to the window"
        )
    return replace(options, unit=unit, window=window, stride=stride)
