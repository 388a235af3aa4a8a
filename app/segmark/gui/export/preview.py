"""What a choice in the export dialog would give, looked at before anything is written."""

from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass

from segmark.export.formats import registry as formats
from segmark.jobs.exporting.exporting import ExportChoice, first_record, record_filter
from segmark.jobs.exporting.forecast import Forecast, forecast
from segmark.store.store import Store

#: Opens the project for the thread that calls it, which is also to close it.
OpenStore = Callable[[], AbstractContextManager[Store]]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a choice would export.

    Attributes:
        choice: that was looked at.
        count: of the records.
        preview: what the first one looks like; "" if there is none.
        forecast: what the split would give; None where there is no split.
    """

    choice: ExportChoice
    count: int
    preview: str
    forecast: Forecast | None


def look(open_store: OpenStore, choice: ExportChoice) -> Outlook:
    """Look into the project; runs in a thread of its own."""
    with open_store() as store:
        found = forecast(store, choice) if choice.split else None
        count = _count(store, choice, found)
        first = first_record(store, choice)
    shown = formats.preview(choice.form, first, choice.options) if first else ""
    return Outlook(choice, count, shown, found)


def _count(store: Store, choice: ExportChoice, found: Forecast | None) -> int:
    """How many records would be written."""
    if found:
        return sum(found.parts.values())
    chosen = record_filter(store, choice)
    if not choice.adjudicated:
        return store.count_records(chosen)
    with closing(store.record_keys(chosen)) as keys:
        return sum(not key.left_out for key in keys)
