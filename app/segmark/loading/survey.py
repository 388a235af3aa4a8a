"""A look at the labels in files before anything of them is loaded.

What labels there are, and what their offsets count, shows only when a whole file is read.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from segmark.core.label import LabelSet
from segmark.loading.contents import may_be_labelled, read_raws
from segmark.loading.encoding import decode
from segmark.loading.labels.mapping import Naming
from segmark.loading.labels.offsets import Evidence
from segmark.loading.raw import Fields, Raw
from segmark.loading.rejection import LoadError, NotAPageError
from segmark.loading.sources import Files, Found
from segmark.loading.work import LabelChoice, OffsetUnit

_LOOKED_AT = 20  # pages without a word on labels that tell that a file has none
_UNCLEAR = (
    "it can't be told whether its offsets count UTF-16 units, graphemes or code points; say it "
    "by --offsets utf-16, grapheme or codepoint"
)


@dataclass(frozen=True, slots=True)
class Survey:
    """What is to be known of files before their labels are taken.

    Attributes:
        units: what the offsets of a file count, by its name; code points where it is not here.
        refused: files that can't be taken, with the reason.
        unknown: names of labels that nothing is known of, and how often they are there.
        unclear: files whose offsets may count this or that.
    """

    units: Mapping[str, OffsetUnit] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    unknown: Mapping[str, int] = field(default_factory=dict)
    unclear: tuple[str, ...] = ()


@dataclass(slots=True)
class _File:
    """What is seen of one file."""

    unknown: Counter[str] = field(default_factory=Counter)
    evidence: Evidence = field(default_factory=Evidence)
    fault: str = ""


def surveyed(
    searched: Files,
    fields: Fields,
    choice: LabelChoice,
    labels: LabelSet,
    look: Callable[[str], object] = lambda _name: None,
) -> Survey:
    """Look through the files that may hold labels; ``look`` is told where, again and again."""
    naming, files = Naming(labels, choice), dict[str, _File]()
    for found in searched:
        if isinstance(found, Found) and may_be_labelled(found):
            for raw in _labelled(found, fields):
                look(found.name)
                if raw.labelled:
                    _note(raw, files.setdefault(raw.labelled.origin, _File()), choice, naming)
    return _summed_up(files, choice, naming)


def _labelled(found: Found, fields: Fields) -> Iterator[Raw]:
    """The sources in a file; no more than a few where these tell that none has labels."""
    raws = (raw for raw in read_raws(found, fields) if isinstance(raw, Raw))
    first = list(islice(raws, _LOOKED_AT))
    yield from first
    # Each file in an archive may be another.
    one_kind = all(raw.name.rpartition(":")[0] == found.name for raw in first)
    if not one_kind or any(raw.labelled for raw in first):
        yield from raws


def _note(raw: Raw, file: _File, choice: LabelChoice, naming: Naming) -> None:
    for work in raw.labelled.works if raw.labelled else ():
        for mark in work.marks:
            if isinstance(mark.label, str) and naming.ours(mark.label) is None:
                file.unknown[mark.label.strip()] += 1
        # Graphemes need a library, which had better be missed now than at every page.
        open_to_doubt = choice.offsets in (None, OffsetUnit.GRAPHEME) and len(work.units) > 1
        if open_to_doubt and not file.fault:
            try:
                file.evidence.add(decode(raw.source, "utf-8")[0], work)
            except NotAPageError as error:
                file.fault = f"{error}; or say by --offsets what its offsets count"


def _summed_up(files: Mapping[str, _File], choice: LabelChoice, naming: Naming) -> Survey:
    units, refused = dict[str, OffsetUnit](), dict[str, str]()
    unknown, unclear = Counter[str](), list[str]()
    for name, file in files.items():
        unit = choice.offsets or file.evidence.unit()
        unknown += file.unknown
        reasons = [naming.unknown(file.unknown)] if file.unknown else []
        if unit is None or file.fault:
            unclear.append(name)
            reasons.append(file.fault or _UNCLEAR)
        if unit:
            units[name] = unit
        if reasons:
            refused[name] = "; ".join(reasons)
    return Survey(units, refused, unknown, tuple(unclear))


def unit_of(survey: Survey, origin: str, units: tuple[OffsetUnit, ...]) -> OffsetUnit:
    """What the offsets of a work in a file count, of the units that they may."""
    unit = survey.units.get(origin, units[0])
    return unit if unit in units else units[0]


def refusals(survey: Survey) -> Iterator[LoadError]:
    """The files that can't be taken."""
    for name, reason in survey.refused.items():
        yield LoadError(name, reason)
