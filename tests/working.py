"""Short words for what the tests of the session do and look at."""

import time
from collections.abc import Callable

from segmark.core.caret import Selection
from segmark.jobs.suggesting.page_suggestions import PageSuggestions
from segmark.jobs.suggesting.verdicts import Verdicts
from segmark.session.session import Session
from segmark.store.file.connection import Database
from segmark.store.store import Store
from segmark.store.suggestions import Policy

from tests.factories import draw

#: The first page of the project ``story_store``.
STORY = "Menu\nShip sails\n\nIt did.\nIt did so.\nAnd on.\n"


def work_on(store: Store, annotator: str = "mira", page: int = 1) -> Session:
    session = Session(store, annotator)
    session.open(page)
    return session


def with_suggestions(
    store: Store, annotator: str = "mira", *, clock: Callable[[], float] = time.monotonic
) -> tuple[Session, PageSuggestions]:
    """A session, and the suggestions on its open page; no page is open yet.

    A project that was made without suggestions has them from now on.
    """
    if store.suggestions.policy == Policy(on=False):
        with store.write():
            store.suggestions.keep_policy(Policy())
    verdicts = Verdicts(store, annotator, clock=clock)
    session = Session(store, annotator, in_transaction=verdicts.store)
    return session, PageSuggestions(session, verdicts)


def connection(store: Store) -> Database:
    """The store's own connection, to make its writes fail as a full disk would."""
    return store._db


def before(session: Session, words: str) -> Selection:
    """The caret in front of the words."""
    assert session.open_page
    return Selection.at(session.open_page.page.text.index(words))


def over(session: Session, words: str) -> Selection:
    """The words selected."""
    start = before(session, words).caret
    return Selection(start, start + len(words))


def shown(session: Session, selection: Selection | None = None) -> str:
    assert session.open_page
    return draw(session.open_page.page.text, session.spans, selection)


def stored(session: Session) -> str:
    """The open page as another program would find it."""
    assert session.open_page
    number = session.open_page.number
    with Store.open(session.store.path) as store:
        spans = store.annotations(session.annotator).get(number).spans
        return draw(store.pages.get(number).text, spans)


def number_of(session: Session) -> int | None:
    """The number of the page that is open."""
    return session.open_page.number if session.open_page else None
