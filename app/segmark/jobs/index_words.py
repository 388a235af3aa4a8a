"""Build the word index of a project in small steps, between which others can write."""

import time

from segmark.core.progress import Progress
from segmark.store.store import Store

_BATCH = 40  # pages: a step takes a hundredth of a second
_REST = 0.5  # the pause after a step, as a multiple of its duration


def index_words(store: Store, progress: Progress, *, rest: bool = False) -> None:
    """Add all pages that are missing from the index.

    ``progress`` may raise to stop; the pages done until then are kept. ``rest`` pauses after each
    step, so that annotators can work meanwhile.

    Raises:
        StoreError: the index can't be stored, or this SQLite has no full-text search.
    """
    with store.write():
        store.words.begin()
    missing, done = store.words.missing(), 0
    while True:
        begun = time.monotonic()
        with store.write():
            added = store.words.add_pages(_BATCH)
        if not added:
            return
        done += added
        progress(done, max(missing, done))
        if rest:
            time.sleep((time.monotonic() - begun) * _REST)
