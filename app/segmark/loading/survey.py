"""Survey the labels in files before anything is loaded.

The names of the labels, and what their offsets count, are only known once a whole file is read.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from segmark.core.label import LabelSet
from segmark.loading.contents import may_be_labelled, read_file
from segmark.loading.encoding import decode
from segmark.loading.labels.mapping import LabelMapping
from segmark.loading.labels.offsets import Evidence
from segmark.loading.options import LabelOptions, RecordFields
from segmark.loading.raw import OffsetUnit, RawPage
from segmark.loading.rejection import LoadError, NotAPageError
from segmark.loading.sources import FoundFile, SourceFiles, reason_of

_LOOKED_AT = 20  # pages without labels after which a file is taken to have none
_UNCLEAR = (
    "it is unclear whether its offsets count UTF-16 units, graphemes or code points; say so with "
    "--offsets utf-16, grapheme or codepoint"
)


@dataclass(frozen=True, slots=True)
class Survey:
    """What must be known about files before their labels are loaded.

    Attributes:
        units: what the offsets of each file count, by file name; files of code points are missing.
        refused: files whose labels can't be loaded, with the reason.
        unknown: the names of unknown labels, and how often they occur.
        unclear: files whose offsets may count one thing or another.
    """

    units: Mapping[str, OffsetUnit] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    unknown: Mapping[str, int] = field(default_factory=dict)
    unclear: tuple[str, ...] = ()


@dataclass(slots=True)
class _File:
    """The findings in one file."""

    unknown: Counter[str] = field(default_factory=Counter)
    evidence: Evidence = field(default_factory=Evidence)
    fault: str = ""


def survey_labels(
    searched: SourceFiles,
    fields: RecordFields,
    options: LabelOptions,
    labels: LabelSet,
    on_file: Callable[[str], object] = lambda _name: None,
) -> Survey:
    """Read the files that may hold labels; ``on_file`` is called with a file's name repeatedly."""
    mapping, files = LabelMapping(labels, options), dict[str, _File]()
    for found in searched:
        if isinstance(found, FoundFile) and may_be_labelled(found):
            for raw in _labelled(found, fields):
                on_file(found.name)
                if raw.labels:
                    _note(raw, files.setdefault(raw.labels.origin, _File()), options, mapping)
    return _summary(files, options, mapping)


def _labelled(found: FoundFile, fields: RecordFields) -> Iterator[RawPage]:
    """Yield the sources in a file; only the first few if none of these has labels."""
    raws = (raw for raw in read_file(found, fields) if isinstance(raw, RawPage))
    first = list(islice(raws, _LOOKED_AT))
    yield from first
    # The files in an archive may be of different kinds.
    one_kind = all(raw.name.rpartition(":")[0] == found.name for raw in first)
    if not one_kind or any(raw.labels for raw in first):
        yield from raws


def _note(raw: RawPage, file: _File, options: LabelOptions, mapping: LabelMapping) -> None:
    for annotation in raw.labels.annotations if raw.labels else ():
        for span in annotation.spans:
            if isinstance(span.label, str) and mapping.own_label(span.label) is None:
                file.unknown[span.label.strip()] += 1
        # Graphemes need a library; if it is missing, report that now and not for every page.
        unclear = options.offsets in (None, OffsetUnit.GRAPHEME) and len(annotation.units) > 1
        if unclear and not file.fault:
            try:
                file.evidence.add(decode(raw.source, "utf-8")[0], annotation)
            except NotAPageError as error:
                file.fault = f"{error}; or say with --offsets what its offsets count"
            except Exception as error:  # whatever is wrong with one file, the others are loaded
                file.fault = reason_of(error)


def _summary(files: Mapping[str, _File], options: LabelOptions, mapping: LabelMapping) -> Survey:
    units, refused = dict[str, OffsetUnit](), dict[str, str]()
    unknown, unclear = Counter[str](), list[str]()
    for name, file in files.items():
        unit = options.offsets or file.evidence.unit()
        unknown += file.unknown
        reasons = [mapping.refusal(file.unknown)] if file.unknown else []
        if unit is None or file.fault:
            unclear.append(name)
            reasons.append(file.fault or _UNCLEAR)
        if unit:
            units[name] = unit
        if reasons:
            refused[name] = "; ".join(reasons)
    return Survey(units, refused, unknown, tuple(unclear))


def offset_unit(survey: Survey, origin: str, units: tuple[OffsetUnit, ...]) -> OffsetUnit:
    """Return what offsets in a file count, out of the possible units of an annotation."""
    unit = survey.units.get(origin, units[0])
    return unit if unit in units else units[0]


def refusals(survey: Survey) -> Iterator[LoadError]:
    """Yield an error for each file whose labels can't be loaded."""
    for name, reason in survey.refused.items():
        yield LoadError(name, reason)
