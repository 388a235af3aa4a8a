"""What every format shares: its options, and how records pass on their way to the files."""

from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Protocol

from app.core.label import LabelSet
from app.core.record import Record, RecordError, check
from app.export.error import ExportError
from app.export.split import PARTS, Split
from app.export.summary import Part, Summary

#: The only part of an export that is not split.
WHOLE = "pages"


@dataclass(frozen=True, slots=True)
class Options:
    """How to export.

    Attributes:
        split: shares of train, dev and test; None writes one file.
        seed: another one deals the sites out otherwise.
        gzip: whether the data files are compressed.
    """

    split: Split | None = None
    seed: str = ""
    gzip: bool = False


class Exporter(Protocol):
    """A format. A module with these three names is one; ``app.export.formats`` lists them."""

    name: str

    def write(
        self, records: Iterable[Record], label_set: LabelSet, folder: Path, options: Options
    ) -> Summary:
        """Write the records to the folder as they come, never holding them all.

        The place of a label in the set is its id in the card. The order of the records is kept.
        An exception from the iterator (the user stopped it) passes through; the folder is then as
        it was before.

        Raises:
            ExportError: a record is wrong, there is none, or a file can't be written.
        """

    def preview(self, record: Record) -> str:
        """What a record looks like in this format, shortened to be read by people."""


def new_summary(label_set: LabelSet, options: Options) -> Summary:
    """An empty summary with the parts that the options ask for."""
    labels = tuple(label.name for label in label_set)
    if not options.split:
        return Summary(labels, {WHOLE: Part()})
    shares = zip(PARTS, astuple(options.split), strict=True)
    return Summary(labels, {part: Part(share) for part, share in shares})


def vetted(
    records: Iterable[Record], label_set: LabelSet, options: Options, summary: Summary
) -> Iterator[tuple[str, Record]]:
    """Each record with the part it goes to, checked and counted.

    Pages of one site go to one part; a page without a site goes by its own id.

    Raises:
        ExportError: a record breaks a rule of the data, or there was none at all.
    """
    for record in records:
        _refuse_faults(record, label_set.names)
        part = WHOLE
        if options.split:
            part = options.split.part(record.site or record.id, options.seed)
        summary.add(part, record)
        yield part, record
    if not summary.pages:
        raise ExportError("there is no page to export: finish one first, or choose other statuses")


def _refuse_faults(record: Record, labels: frozenset[str]) -> None:
    try:
        check(record, labels)
        for word in (record.id, record.source, record.url, record.site, record.annotator):
            word.encode()
    except RecordError as error:
        raise ExportError(f"{error}; nothing was exported") from error
    except UnicodeEncodeError as error:
        raise ExportError(
            f"page {record.id!a} ({record.source!a}): {error.object[error.start]!a} can't be "
            "written as UTF-8; nothing was exported"
        ) from error
