"""Runs acts on many pages: a short act at once, a long one in a thread behind a dialog."""

from pathlib import Path

from PySide6.QtWidgets import QWidget

from segmark.core import page_change
from segmark.core.progress import Progress
from segmark.gui.base.tasks import TaskRunner
from segmark.store.annotations import ManyAct
from segmark.store.store import Store

#: An act on at most this many pages runs at once, unless it changes labels: a page can have ten
#: thousand spans.
_FEW_PAGES = 1_000


def run_bulk(
    background: TaskRunner,
    window: QWidget,
    store: Store,
    annotator: str,
    pages: int,
    act: ManyAct,
    labels: bool,
) -> int:
    """Run an act on this many pages; return how many it changed, 0 if it was cancelled.

    ``labels`` is whether it changes the label set.

    Raises:
        StoreError: it could not be stored.
    """
    if pages <= (0 if labels else _FEW_PAGES):
        return act(store.annotations(annotator), None)
    from segmark.gui.base.waiting import wait_for

    path: Path = store.path

    def work(progress: Progress) -> int:
        with Store.open(path) as own:
            return act(own.annotations(annotator), progress)

    words = f"Changing {page_change.pages(pages)} …"
    changed = wait_for("Pages", work, words, background, window, total=pages, cancel="Cancel")
    return changed or 0
