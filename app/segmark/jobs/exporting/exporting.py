"""Exporting a project, for the command line and for the window."""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial

from segmark.core.annotation import Status
from segmark.core.progress import Progress
from segmark.core.record import Record
from segmark.export.error import ExportError
from segmark.export.exporter import write
from segmark.export.extra import brought, columns_of, fitted
from segmark.export.features import NOTHING, Struct
from segmark.export.findings import Findings, Hits
from segmark.export.format import Capability
from segmark.export.formats.registry import format_of
from segmark.export.options import ExportOptions
from segmark.export.publication import UNNAMED, Publication
from segmark.export.redaction import pseudonym, redacted, redacted_pairs
from segmark.export.summary import Summary
from segmark.jobs.exporting.made_records import with_made, with_markup
from segmark.jobs.exporting.suggestions import with_suggestions
from segmark.jobs.workers import ALONE, Workers
from segmark.store.store import Store


def export(
    store: Store, options: ExportOptions, progress: Progress, workers: Workers = ALONE
) -> Summary:
    """Write an export; the files are the same, whatever the number of workers.

    Raises:
        ExportError: it could not be made; the folder is unchanged.
        StoreError: the project could not store the secret that pseudonyms need, or no process can
            be started.
    """
    if not options.folder:
        raise ExportError("choose a folder for the export")
    options = in_project(store, options)
    total = store.count_records(options)
    if not total:
        raise ExportError(f"there is no page to export: {_why_none(store, options)}")
    salt = _salt(store) if options.redact else None
    findings = _findings(store, options, salt)
    with (
        _records(store, options, salt) as complete,
        closing(with_made(complete, store.path, store.label_set, options, workers)) as records,
    ):
        counted = _counted(records, total, progress)
        examples = store.guideline.examples()
        return write(counted, store.label_set, options, findings, examples)


def other_statuses(store: Store, options: ExportOptions) -> dict[Status, int]:
    """The number of records of each status that the options leave out, the most first."""
    others = {
        status: store.count_records(replace(options, statuses=frozenset({status})))
        for status in Status
        if status not in options.statuses
    }
    ranked = sorted(others.items(), key=lambda item: -item[1])
    return {status: count for status, count in ranked if count}


def first_record(store: Store, options: ExportOptions) -> Record | None:
    """The first record that would be written, whatever its part; None if there is none."""
    salt = _salt(store) if options.redact else None
    with (
        _records(store, in_project(store, options), salt) as complete,
        closing(with_markup(complete, store.path, options.form)) as records,
    ):
        return next((record for record in records if not record.left_out), None)


def in_project(store: Store, options: ExportOptions) -> ExportOptions:
    """The options with what the project and the format add to them.

    Raises:
        ExportError: there is no such format, two options contradict each other, or something is
            missing or wrong in what is to be published.
    """
    if options.adjudicated and options.annotator is not None:
        raise ExportError("one annotator's work is not adjudicated: leave out one of the two")
    publication = UNNAMED
    if options.publish:
        publication = options.publication
        if publication == UNNAMED:
            publication = Publication.of(store.exports.publication)
        if publication.problem:
            raise ExportError(publication.problem)
    labels = options.labels
    return replace(
        options,
        labels=None if labels is None else store.label_set.present(labels),
        publication=publication,
        adjudicator=store.exports.adjudicator if options.adjudicated else "",
        anchors=Capability.ANCHORS in format_of(options.form).can,
        extra_columns=_extra_columns(store, options),
        fixed_parts=store.exports.fixed_parts,
    )


def _extra_columns(store: Store, options: ExportOptions) -> Struct:
    return columns_of(map(brought, store.brought(options))) if options.extra else NOTHING


@contextmanager
def _records(
    store: Store, options: ExportOptions, salt: bytes | None
) -> Iterator[Iterator[Record]]:
    """The records with everything that their format writes, but for their HTML."""
    with (
        closing(store.records(options)) as records,
        closing(with_suggestions(records, store.path, options)) as completed,
    ):
        ready = map(partial(_with_columns, options.extra_columns), completed)
        chosen = ready if options.extra else completed
        yield redacted(chosen, salt) if salt else chosen


def _with_columns(columns: Struct, record: Record) -> Record:
    """The record with what it brought as typed columns."""
    more = dict(record.more)
    found = more.pop("extra")
    if not columns.fields:
        return replace(record, more=more)
    extra = brought(found) if isinstance(found, Mapping) else {}
    return replace(record, more={"extra": fitted(columns, extra), **more})


def _counted(records: Iterator[Record], total: int, progress: Progress) -> Iterator[Record]:
    for done, record in enumerate(records):
        progress(done, total)
        yield record
    progress(total, total, "writing to disk")


def _why_none(store: Store, options: ExportOptions) -> str:
    """Why no page fits the options, and which statuses there are."""
    if not store.pages.count():
        return "the project has no page: load some first"
    chosen = " or ".join(status for status in Status if status in options.statuses)
    others = ", ".join(
        f"{count:,} {'is' if count == 1 else 'are'} {status} (--status {status})"
        for status, count in other_statuses(store, options).items()
    )
    if others:
        return f"none is {chosen}; {others}; --status all takes all"
    return "no page fits the annotator, the sites and the first day that were chosen"


def _salt(store: Store) -> bytes:
    if not store.exports.salt:
        if store.read_only:
            raise ExportError(
                f"{store.path}: pseudonyms need a secret that the project keeps, and it can't be "
                f"written: {store.read_only}"
            )
        with store.write("this was not kept"):
            store.exports.make_salt()
    return store.exports.salt or b""


def _findings(store: Store, options: ExportOptions, salt: bytes | None) -> Findings:
    adjudicator = store.exports.adjudicator
    compared = set(store.annotators()) - {adjudicator}
    wanted = options.annotator is None and len(compared) > 1
    pairs = store.agreement(without=adjudicator) if wanted else {}
    if salt:
        pairs, adjudicator = redacted_pairs(pairs, salt), pseudonym(adjudicator, salt)
    totals = store.suggestion_totals()
    blind, shown = (Hits(totals[key].suggested, totals[key].right) for key in (True, False))
    return Findings(pairs, adjudicator, blind, shown)
