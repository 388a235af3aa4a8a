"""Writing an export, whatever its format, and previewing a record."""

from collections.abc import Iterable, Iterator, Sequence

from segmark.core.guideline import Example
from segmark.core.label import LabelSet
from segmark.core.record import Record, RecordError, check
from segmark.export.card.dataset_card import replaced_card, write_card
from segmark.export.error import ExportError
from segmark.export.file_set import file_set
from segmark.export.findings import NOTHING_KNOWN, Findings
from segmark.export.format import Format
from segmark.export.formats.registry import format_of, with_defaults
from segmark.export.options import WHOLE, ExportOptions
from segmark.export.summary import Summary

#: Why a page is left out of a split.
IN_ANOTHER_PART = "the same article is in another part of the split"


def preview(record: Record, options: ExportOptions) -> str:
    """Show a record as the export would contain it, shortened for people.

    Raises:
        ExportError: the format lacks an option.
    """
    chosen = format_of(options.form)
    if reason := chosen.left_out(record):
        return f"The page is {reason}."
    return chosen.preview(record, with_defaults(options))


def write(
    records: Iterable[Record],
    label_set: LabelSet,
    options: ExportOptions,
    findings: Findings = NOTHING_KNOWN,
    examples: Sequence[Example] = (),
) -> Summary:
    """Write the records to the folder of the options, in their order.

    ``examples`` are those of the guideline, for the card. A label's position in the set is its id
    in the card. An exception from the iterator (a cancel) passes through; the folder is then
    unchanged.

    Raises:
        ExportError: the format lacks an option, a record is wrong, there is none, or a file can't
            be written.
    """
    chosen = format_of(options.form)
    return write_as(chosen, records, label_set, with_defaults(options), findings, examples)


def write_as(
    chosen: Format,
    records: Iterable[Record],
    label_set: LabelSet,
    options: ExportOptions,
    findings: Findings = NOTHING_KNOWN,
    examples: Sequence[Example] = (),
) -> Summary:
    """Do what ``write`` does in this format; the options have no defaults left to fill in."""
    if options.folder is None:
        raise ExportError("choose a folder for the export")
    summary = Summary(label_set, options, findings, tuple(examples))
    with file_set(options.folder) as files:
        if replaced := replaced_card(options.folder):
            files.discard(replaced.files)
            summary.renamed = replaced.renamed({label.id: label.name for label in label_set})
        data = chosen.open_files(files, label_set, options)
        for part, record in _checked(chosen, records, summary):
            summary.parts[part].rows += data.add(part, record)
        write_card(files, summary, chosen, data.finish())
    return summary


def _checked(
    chosen: Format, records: Iterable[Record], summary: Summary
) -> Iterator[tuple[str, Record]]:
    """Check and count each record, and yield it with its part unless it is left out.

    Raises:
        ExportError: a record breaks a rule of the data, or there is no record or no row at all.
    """
    splitter = summary.options.splitter
    for record in records:
        _refuse_faults(record, summary.label_set.names)
        part = splitter.part(record.id, record.site, record.article) if splitter else WHOLE
        reason = record.left_out or ("" if record.made is not None else chosen.left_out(record))
        if reason or not part:
            summary.leave_out(record.id, reason or IN_ANOTHER_PART)
            continue
        summary.add(part, record)
        yield part, record
    if not summary.pages:
        left_out = summary.left_out.items()
        reasons = "; ".join(f"{found.count:,} left out where {why}" for why, found in left_out)
        raise ExportError(f"there is no page to export{': ' * bool(reasons)}{reasons}")
    if not any(part.rows for part in summary.parts.values()):
        raise ExportError(
            f"none of the {summary.pages:,} {summary.noun} has a {summary.options.unit}"
        )


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
