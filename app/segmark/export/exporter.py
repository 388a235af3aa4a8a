"""What every format shares: its options, and how records pass on their way to the files."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, field, replace
from pathlib import Path
from typing import Protocol

from segmark.core.label import LabelSet
from segmark.core.record import Record, RecordError, check
from segmark.export.card import plots
from segmark.export.error import ExportError
from segmark.export.findings import NOTHING_KNOWN, Findings
from segmark.export.row import ExportedRow
from segmark.export.split import PARTS, Dealer, Split, SplitBy
from segmark.export.summary import PartSummary, Summary

#: The only part of an export that is not split.
WHOLE = "pages"

#: Why a page is left out of a split.
IN_ANOTHER_PART = "the same article is in another part of the split"

#: The formats whose spans have room for where they came from.
SOURCED = ("jsonl", "parquet", "tokens", "lines")
_WINDOW = 256


@dataclass(frozen=True, slots=True)
class Options:
    """How to export.

    Attributes:
        split: shares of train, dev and test; None writes one file.
        split_by: what is dealt out as one: a site, a page, or pages with the same article.
        seed: another one deals them out otherwise.
        fixed: sites whose part people have chosen, with that part.
        findings: what is known of the labels beside the records, for the card.
        least_sure: confidence from which on accepted suggestions are taken, for the card.
        plots: whether the card has plots.
        gzip: whether the data files are compressed.
        unit: what makes a row, one of the format's units; "" for its first.
        window: tokens of a window; 0 for 256.
        stride: tokens from the start of a window to the start of the next; 0 for half a window.
        shard: text in one file, in millions of code points; 0 for what suits the format.
        provenance: whether the spans tell where they came from, as the records then have it.
        suggestions: whether what is suggested is written beside the spans, as the records have it.
    """

    split: Split | None = None
    seed: str = ""
    gzip: bool = False
    unit: str = ""
    window: int = 0
    stride: int = 0
    shard: int = 0
    provenance: bool = False
    suggestions: bool = False
    split_by: SplitBy = SplitBy.SITE
    fixed: Mapping[str, str] = field(default_factory=dict)
    findings: Findings = NOTHING_KNOWN
    least_sure: float = 0.0
    plots: bool = False

    @property
    def dealer(self) -> Dealer | None:
        """Who deals the pages out; None where there is one file."""
        if not self.split:
            return None
        return Dealer(self.split, self.split_by, self.seed, self.fixed)


#: The options when nothing is chosen.
PLAIN = Options()


class Exporter(Protocol):
    """A format. A module with these names is one; ``segmark.export.formats.registry`` lists them.

    Attributes:
        name: as ``--format`` takes it.
        units: what can make a row, what does by default first.
        compressible: whether ``gzip`` is possible.
        sharded: whether it writes several files to a part, and ``shard`` is possible.
        needs_anchors: whether it wants to know where in the HTML each block stood.
        needs_markup: whether it wants the HTML that each page was made from.
        suggestible: whether ``suggestions`` is possible.
        suffixes: what the names of its data files end in.
    """

    name: str
    units: tuple[str, ...]
    compressible: bool
    sharded: bool
    needs_anchors: bool
    needs_markup: bool
    suggestible: bool
    suffixes: tuple[str, ...]

    def write(
        self, records: Iterable[Record], label_set: LabelSet, folder: Path, options: Options
    ) -> Summary:
        """Write the records to the folder as they come, never holding them all.

        The options are to be ``fitted`` ones. The place of a label in the set is its id in the
        card. The order of the records is kept.
        An exception from the iterator (the user stopped it) passes through; the folder is then as
        it was before.

        Raises:
            ExportError: a record is wrong, there is none, or a file can't be written.
        """

    def preview(self, record: Record, options: Options) -> str:
        """What a record looks like in this format, shortened to be read by people."""

    def read(self, path: Path) -> Iterator[ExportedRow]:
        """What a data file says, row by row, with what is wrong with each.

        Raises:
            ExportError: a library is missing.
            OSError, EOFError, ValueError: the file can't be read to its end.
        """


def filled_in(exporter: Exporter, options: Options) -> Options:
    """The options with every default filled in, if the format has them all and the unit.

    Raises:
        ExportError: it lacks one; the line says which there are.
    """
    name, unit = exporter.name, options.unit or exporter.units[0]
    if options.gzip and not exporter.compressible:
        raise ExportError(f"the format {name} can't be compressed with gzip; leave out --gzip")
    if options.shard and not exporter.sharded:
        raise ExportError(f"the format {name} writes one file a part; leave out --shard")
    if options.provenance and name not in SOURCED:
        raise ExportError(
            f"the format {name} has no place for where a span came from; leave out --provenance, "
            f"or take {', '.join(SOURCED)}"
        )
    if options.suggestions and not exporter.suggestible:
        raise ExportError(
            f"the format {name} has no place for suggestions; leave out --suggestions"
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


def new_summary(label_set: LabelSet, options: Options) -> Summary:
    """An empty summary with the parts that the options ask for."""
    labels = tuple(label.name for label in label_set)
    parts = {WHOLE: PartSummary()}
    if options.split:
        shares = zip(PARTS, astuple(options.split), strict=True)
        parts = {part: PartSummary(share) for part, share in shares}
    return Summary(
        labels,
        parts,
        options.unit or "page",
        options.dealer,
        options.findings,
        options.least_sure,
        options.plots,
    )


def vetted(
    records: Iterable[Record], label_set: LabelSet, options: Options, summary: Summary
) -> Iterator[tuple[str, Record]]:
    """Each record with the part it goes to, checked and counted.

    Those that must be left out are counted and do not come.

    Raises:
        ExportError: a record breaks a rule of the data, or there was none at all, or no row.
    """
    dealer = options.dealer
    for record in records:
        _refuse_faults(record, label_set.names)
        part = dealer.part(record.id, record.site, record.article) if dealer else WHOLE
        if record.left_out or not part:
            summary.leave_out(record.id, record.left_out or IN_ANOTHER_PART)
            continue
        summary.add(part, record)
        yield part, record
    if not summary.pages:
        raise ExportError(f"there is no page to export: {_why_none(summary)}")
    if not any(part.rows for part in summary.parts.values()):
        raise ExportError(f"none of the {summary.pages:,} {summary.noun} has a {summary.unit}")


def _why_none(summary: Summary) -> str:
    left_out = [f"{found.count:,} left out where {why}" for why, found in summary.left_out.items()]
    return "; ".join(left_out) or "finish one first, or choose other statuses, sites or days"


def _refuse_faults(record: Record, labels: frozenset[str]) -> None:
    try:
        check(record, labels)
        "".join((record.id, record.source, record.url, record.site, record.annotator)).encode()
    except RecordError as error:
        raise ExportError(f"{error}; nothing was exported") from error
    except UnicodeEncodeError as error:
        raise ExportError(
            f"page {record.id!a} ({record.source!a}): {error.object[error.start]!a} can't be "
            "written as UTF-8; nothing was exported"
        ) from error
