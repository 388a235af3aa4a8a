"""Previews an export: how many records it would have, and what the first looks like."""

from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass

from segmark.export.exporter import preview
from segmark.export.options import ExportOptions
from segmark.jobs.exporting.exporting import first_record, in_project
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
    """

    options: ExportOptions
    count: int
    text: str
    forecast: Forecast | None


def preview_of(open_store: OpenStore, options: ExportOptions) -> ExportPreview:
    """Preview an export; runs in a background thread."""
    with open_store() as store:
        found = forecast(store, options) if options.split else None
        count = _count(store, options, found)
        first = first_record(store, options)
    return ExportPreview(options, count, preview(first, options) if first else "", found)


def _count(store: Store, options: ExportOptions, found: Forecast | None) -> int:
    """How many records would be written."""
    if found:
        return sum(found.parts.values())
    options = in_project(store, options)
    if not options.adjudicated:
        return store.count_records(options)
    with closing(store.record_keys(options)) as keys:
        return sum(not key.left_out for key in keys)
