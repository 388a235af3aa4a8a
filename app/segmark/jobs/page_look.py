"""The HTML file that shows a page of a project in a browser."""

from pathlib import Path

from segmark.core.record import Record
from segmark.core.span import named
from segmark.environment.machine_key import machine_key
from segmark.export.page_look import page_look
from segmark.jobs.seen_nodes import traced
from segmark.store.store import Store


def look_of(project: Path, annotator: str, number: int, caret: int) -> str:
    """The file that shows a page with an annotator's labels, open at the caret.

    Raises:
        StoreError: the project or the page can't be read.
    """
    with Store.open_for_reading(project) as store:
        page = store.pages.get(number)
        annotation = store.annotations(annotator).get(number)
        found = None
        if original := store.pages.original(page.id):
            found = traced(machine_key(), original, page.text, page.sha256)
        spans = named(annotation.spans, store.label_set.renamed)
        record = Record(
            page.id, page.text, spans, page.info.source, page.info.url, page.info.site,
            annotator, annotation.state.status, page.sha256, markup=found,
        )  # fmt: skip
        return page_look(record, page, store.label_set, caret)
