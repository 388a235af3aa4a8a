"""Making the index of words of a project, in small steps, so that others can write between them."""

import time

from segmark.core.progress import Progress
from segmark.store.store import Store

#: How many pages are done, and of about how many; raises to stop, and what is done is kept.

_TOGETHER = 40  # pages: a step takes a hundredth of a second
_REST = 0.5  # how long nothing is written after a step, as a multiple of its own time


def index_words(store: Store, progress: Progress, *, rest: bool = False) -> None:
    """Add every page that the index lacks; ``rest`` leaves time for whoever labels meanwhile.

    Raises:
        StoreError: it can't be stored, or this SQLite has no full-text search.
    """
    with store.write():
        store.words.begin()
    missing, done = store.words.missing(), 0
    while True:
        begun = time.monotonic()
        with store.write():
            added = store.words.add_pages(_TOGETHER)
        if not added:
            return
        done += added
        progress(done, max(missing, done))
        if rest:
            time.sleep((time.monotonic() - begun) * _REST)
