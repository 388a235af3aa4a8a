"""Previews an export: how many records it would have, and what the first looks like."""

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass

from segmark.core.annotation import Status
from segmark.export.exporter import preview
from segmark.export.options import ExportOptions
from segmark.jobs.exporting.exporting import first_record, in_project, other_statuses
from segmark.jobs.exporting.forecast import Forecast, forecast
from segmark.store.store import Store

#: Opens the project for the thread that calls it and that closes it again.
OpenStore = Callable[[], AbstractContextManager[Store]]


@dataclass(frozen=True, slots=True)
class ExportPreview:
    """What an export would give.

    Attributes:
        options: of the export.
        count: the number of records.
        text: the first record; "" if there is none.
        forecast: of the split; None if there is no split.
        left_out: the number of pages that are left out, by reason.
        others: if there is no record, the number of records of each other status.
    """

    options: ExportOptions
    count: int
    text: str
    forecast: Forecast | None
    left_out: Mapping[str, int]
    others: Mapping[Status, int]


def preview_of(open_store: OpenStore, options: ExportOptions) -> ExportPreview:
    """Preview an export; runs in a background thread."""
    with open_store() as store:
        found = forecast(store, options) if options.split else None
        count, left_out = _counts(store, options)
        if found:
            count = sum(found.parts.values())
        first = first_record(store, options)
        others = {} if count else other_statuses(store, in_project(store, options))
    shown = preview(first, options) if first else ""
    return ExportPreview(options, count, shown, found, left_out, others)


def _counts(store: Store, options: ExportOptions) -> tuple[int, Mapping[str, int]]:
    """How many records there are, and how many are left out for each reason."""
    options = in_project(store, options)
    if not options.adjudicated:
        return store.count_records(options), {}
    with closing(store.record_keys(options)) as keys:
        reasons = Counter(key.left_out for key in keys)
    return reasons.pop("", 0), reasons
