"""A project worked on by two people in real sessions, with clocks that the tests hold."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from segmark.core.caret import Selection
from segmark.session.session import Session
from segmark.store import annotations as annotations_module
from segmark.store.store import Store

from tests.factories import LABELS, make_page

#: The sites of the pages, in load order.
SITES = ("ferry.example", "harbour.example", "ferry.example", "", "ferry.example")


class Clocks:
    """The time of day that the log has, and the seconds that a session counts."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.time = datetime(2026, 3, 2, 9, tzinfo=UTC)
        self.seconds = 0.0
        patch.setattr(annotations_module, "now", lambda: self.time.isoformat("T", "milliseconds"))

    def session(self, store: Store, annotator: str) -> Session:
        return Session(store, annotator, clock=lambda: self.seconds)

    def work(self, session: Session, number: int, seconds: int, *acts: str) -> None:
        """Be at a page for some seconds, a key each, and then do what is named in the session.

        ``acts`` are labels for the first word, or methods of the session.
        """
        session.open(number)
        session.input()
        for _ in range(seconds):
            self.seconds += 1
            session.input()
        for act in acts:
            if act in LABELS.names:
                session.label(act, Selection(0, 3))
            else:
                getattr(session, act)()
        session.leave()


@contextmanager
def worked_on(project: Path, patch: pytest.MonkeyPatch) -> Iterator[Store]:
    """Ada finished three pages on two days and skipped one, Jan finished one and began another.

    Both sessions go by one clock: while one works the other pauses, which counts as 30 s at most.
    """
    clocks = Clocks(patch)
    with Store.create(project, LABELS) as store:
        with store.write():
            for number, site in enumerate(SITES, start=1):
                page = make_page(f"One two three, {number}", site=site)
                store.pages.add(page, page.text.encode())
        ada, jan = clocks.session(store, "ada"), clocks.session(store, "jan")
        clocks.work(ada, 1, 12, "headline", "finish")
        clocks.work(ada, 2, 40, "body", "finish")
        clocks.work(jan, 1, 100, "caption", "finish")
        clocks.time = datetime(2026, 3, 4, 9, tzinfo=UTC)
        clocks.work(ada, 3, 25, "headline", "finish")
        clocks.work(ada, 4, 3, "skip")
        clocks.work(jan, 5, 7, "body")
        yield store
