"""A raw page from end to end, by keyboard alone."""

import pytest
from segmark.core import caret
from segmark.core.caret import Selection
from segmark.core.record import RecordFilter
from segmark.session.session import Session
from segmark.store.store import Store

from tests.factories import add_pages
from tests.places import SHARED
from tests.working import work_on

_RAW = """pxload
Night ferry sails againRead more Lighthouse opens to visitorsRead more School choir winsRead more

Harbour master, envoy discuss ‘open water’

show caption
Harbour master Ada Quill (R) meets envoy Per Lund (L) at Port Orren on May 3, 2031./Tidewire
Print Friendly and PDF

May 04, 2031 - 01:39 AM

PORT ORREN, VARN\u00a0— The harbour master and the envoy discussed the need for “open water”.

The visit on Friday underlined the strength of the tie between two\u00a0 ports.

And the harbour has offered five berths to shipping from Selwick.

TIDEWIRE uses a comment system. Keep your comments civil. You can also email us."""

_PLACES = {
    "ticker": ("Night ferry", "winsRead more"),
    "headline": ("Harbour master, envoy", "‘open water’"),
    "caption": ("Harbour master Ada", "./Tidewire"),
    "body": ("PORT ORREN, VARN", "from Selwick."),
    "comment": ("TIDEWIRE uses", "email us."),
}
USERS_PLACES = {
    "ticker": ("Vertiv Introduces", "Regional CrisisRead more"),
    "headline": ("Maduro, Iranian", "‘external pressures’"),
    "caption": ("Venezuelan President Nicolas Maduro (R)", "2023./AFP"),
    "body": ("CARACAS", "countries including Iran."),
    "comment": ("MAORANDCITIES.COM uses", "also email us."),
}
_USERS_PAGE = SHARED / "page/raw_page.txt"

_KEYS = ["Down", "T", "H", "Down", "C", "Down", "Down", "Ctrl+Shift+End", "B", "M", "Enter"]


def expected(text: str, places: dict[str, tuple[str, str]]) -> list[tuple[str, int, int]]:
    found = []
    for name, (first, last) in places.items():
        start = text.index(first)
        found.append((name, start, text.index(last, start) + len(last)))
    return sorted(found, key=lambda span: span[1])


def _label_by_keyboard(session: Session) -> None:
    assert session.open_page
    page = session.open_page.page
    at = caret.first_caret(page)
    for key in _KEYS:
        match key:
            case "Down":
                at = caret.step_block(page, at, 1)
            case "Ctrl+Shift+End":
                at = Selection(at.anchor, len(page.text))
            case "Enter":
                session.finish()
            case _:
                [name] = [label.name for label in session.store.label_set if label.key == key]
                at = session.label(name, at)


@pytest.mark.parametrize("end", ["", "\n", "\r\n\r\n"])
def test_a_raw_page_is_labelled_by_eleven_keys(story_store: Store, end: str) -> None:
    add_pages(story_store, _RAW + end)
    _check_end_to_end(story_store, _PLACES)


@pytest.mark.shared("page/raw_page.txt")
def test_the_users_raw_page_is_labelled_by_eleven_keys(story_store: Store) -> None:
    add_pages(story_store, _USERS_PAGE.read_bytes().decode("utf-8"))
    _check_end_to_end(story_store, USERS_PLACES)


def _check_end_to_end(story_store: Store, places: dict[str, tuple[str, str]]) -> None:
    session = work_on(story_store, page=4)
    assert session.open_page
    text = session.open_page.page.text
    _label_by_keyboard(session)
    [record] = story_store.records(RecordFilter(annotator="mira"))
    spans = [(span.label, span.start, span.end) for span in record.spans]
    assert spans == expected(text, places)
    assert record.text == text
