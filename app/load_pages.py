"""Loading files into a project, beside the labelling and in small batches."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from app.loading.loader import Loaded, LoadError, find, load, load_text
from app.store.store import Store

#: A batch is written when it holds this many pages or is this many seconds old: labelling in
#: another window waits for one batch at most.
_BATCH_PAGES = 200
_BATCH_SECONDS = 0.5

Progress = Callable[[int, int | None, str], None]


@dataclass(slots=True)
class LoadReport:
    """What became of the sources.

    Attributes:
        added: sources that made a new page.
        already: sources whose page was in the project before.
        rejected: what could not be a page, each with its reason.
        first: id of the page of the first source that was not rejected.
    """

    added: int = 0
    already: int = 0
    rejected: list[LoadError] = field(default_factory=list)
    first: str | None = None

    def __str__(self) -> str:
        return f"{self.added} added, {self.already} already there, {len(self.rejected)} rejected"


def load_pages(store: Store, paths: Iterable[Path], progress: Progress | None = None) -> LoadReport:
    """Add the pages of files and folders to the project; what is rejected stops nothing.

    ``progress`` is told how many sources are read, of how many, and the last one's name. When it
    raises, what was read until then is kept, and the exception goes on.
    """
    store.write_in_bulk()
    report, batch, begun = LoadReport(), list[Loaded](), time.monotonic()
    sources = list(find(paths))
    try:
        for done, source in enumerate(sources, start=1):
            if isinstance(source, LoadError):
                report.rejected.append(source)
                continue
            try:
                batch.append(load(source))
            except LoadError as error:
                report.rejected.append(error)
            if len(batch) >= _BATCH_PAGES or time.monotonic() - begun > _BATCH_SECONDS:
                _add(store, batch, report)
                begun = time.monotonic()
            if progress:
                progress(done, len(sources), source.name)
    finally:
        _add(store, batch, report)
    return report


def add_text(store: Store, text: str, name: str) -> LoadReport:
    """Add a text that was pasted as a page.

    Raises:
        LoadError: it can't be a page.
    """
    report = LoadReport()
    _add(store, [load_text(text, name)], report)
    return report


def _add(store: Store, batch: list[Loaded], report: LoadReport) -> None:
    """Write the batch in one transaction and empty it."""
    if not batch:
        return
    with store.write():
        new = [store.pages.add(loaded.page, loaded.source) for loaded in batch]
    report.added += sum(new)
    report.already += len(new) - sum(new)
    report.first = report.first or batch[0].page.id
    batch.clear()
