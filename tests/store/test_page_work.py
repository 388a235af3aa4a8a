"""Filters by what the annotator did: by me, finished today, changed after done."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from segmark.core.annotation import Status
from segmark.core.caret import Selection
from segmark.core.page_change import reopen_pages, skip_pages
from segmark.core.queue import PageFilter, PageOrder, PageWork
from segmark.session.session import Session
from segmark.store.store import Store

from tests.factories import alter_log, label, make_project, settle, write_note


@pytest.fixture
def store(project: Path) -> Store:
    """Six pages that nobody has worked on."""
    return make_project(project, *(f"Ferry {number} sails\nIt did." for number in range(1, 7)))


def shown(store: Store, work: PageWork, annotator: str = "ada") -> list[int]:
    return list(store.pages.queue(annotator, PageFilter(work=work), PageOrder()))


def long_ago(store: Store, number: int) -> None:
    """Move a line of the log to the second before midnight here."""
    midnight = datetime.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    before = (midnight - timedelta(seconds=1)).astimezone(UTC).isoformat(timespec="milliseconds")
    alter_log(store.path, "made_at = ? WHERE number = ?", before, number)


def test_pages_that_are_started_or_finished_are_ones_own(store: Store) -> None:
    with store:
        label(store, "ada", 1, "headline")
        settle(store, "ada", 2, Status.SKIPPED)
        label(store, "bob", 3, "headline")
        write_note(store, "ada", 4, "Later")
        assert shown(store, PageWork.MINE) == [1, 2]
        assert shown(store, PageWork.MINE, "bob") == [3]
        assert shown(store, PageWork.MINE, "cleo") == []


def test_pages_finished_today_got_their_status_today(store: Store) -> None:
    with store:
        for number, status in ((1, Status.DONE), (2, Status.SKIPPED), (3, Status.DONE)):
            settle(store, "ada", number, status)
        settle(store, "bob", 4, Status.DONE)
        label(store, "ada", 5, "headline")
        long_ago(store, 3)
        assert shown(store, PageWork.TODAY) == [1, 2]
        write_note(store, "ada", 3, "Looked at it again")
        assert shown(store, PageWork.TODAY) == [1, 2]
        settle(store, "ada", 1, Status.STARTED)
        assert shown(store, PageWork.TODAY) == [2]


def test_pages_skipped_together_today_count_until_that_is_undone(store: Store) -> None:
    with store:
        session = Session(store, "ada")
        session.change_pages([2, 3], skip_pages(2))
        assert shown(store, PageWork.TODAY) == [2, 3]
        session.undo()
        assert shown(store, PageWork.TODAY) == []
        session.redo()
        assert shown(store, PageWork.TODAY) == [2, 3]
        session.change_pages([2], reopen_pages(1))
        assert shown(store, PageWork.TODAY) == [3]


def test_pages_changed_after_done_have_other_labels_than_then(store: Store) -> None:
    with store:
        for number in (1, 2, 3, 4):
            label(store, "ada", number, "headline", 0, 13)
        for number in (1, 2, 3):
            settle(store, "ada", number, Status.DONE)
        assert shown(store, PageWork.CHANGED) == []
        label(store, "ada", 1, "body", 14, 21)
        write_note(store, "ada", 2, "Nothing changed")
        session = Session(store, "ada")
        session.open(3)
        session.reopen()
        session.clear(Selection.at(0))
        label(store, "ada", 4, "body", 14, 21)
        label(store, "bob", 2, "body", 14, 21)
        assert shown(store, PageWork.CHANGED) == [1, 3]
        assert shown(store, PageWork.CHANGED, "bob") == []
