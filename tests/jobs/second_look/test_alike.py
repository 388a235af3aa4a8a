from pathlib import Path

import pytest
from segmark.core.caret import Selection
from segmark.core.edit import Edit
from segmark.core.label_acts.acts import merge
from segmark.core.span import Span
from segmark.jobs.second_look.alike import differing_texts, make_alike, texts_in_process
from segmark.session.session import Session
from segmark.store.errors import ConflictError
from segmark.store.safety.check import check
from segmark.store.store import Store
from segmark.suggestion.second_look.consistency import DifferingText

from tests.news_project import SILENT, SPOILT_PAGES, gold, span_of

POLICY = "Keep your comments civil."


@pytest.fixture
def session(store: Store) -> Session:
    opened = Session(store, "ada")
    opened.open(SILENT)
    return opened


def policy(store: Store) -> DifferingText:
    (found,) = [one for one in differing_texts(store, "ada") if one.text == POLICY]
    return found


def labels(store: Store, number: int) -> list[str]:
    return [span.label for span in store.annotations("ada").get(number).spans]


def has_comment(store: Store) -> list[int]:
    return [page for page in range(1, SPOILT_PAGES + 1) if "comment" in labels(store, page)]


def everything(store: Store) -> list[tuple[Span, ...]]:
    return [store.annotations("ada").get(page).spans for page in range(1, SPOILT_PAGES + 1)]


def test_a_text_is_made_alike_in_one_act_on_the_pages_that_differ(
    store: Store, session: Session
) -> None:
    assert make_alike(session, policy(store), "comment") == 1
    assert has_comment(store) == list(range(1, SPOILT_PAGES + 1))
    assert session.spans == gold(SILENT)
    assert session.undo_title == f"Make comment: “{POLICY}”"
    assert POLICY not in [one.text for one in differing_texts(store, "ada")]


def test_the_other_way_clears_it_on_many_pages_and_undo_brings_all_back(
    store: Store, session: Session
) -> None:
    before = everything(store)
    assert make_alike(session, policy(store), "") == SPOILT_PAGES - 1
    after = everything(store)
    assert has_comment(store) == []
    session.undo()
    assert everything(store) == before
    session.redo()
    assert everything(store) == after
    session.undo()
    assert everything(store) == before


def test_a_third_label_can_be_chosen(store: Store, session: Session) -> None:
    assert make_alike(session, policy(store), "ticker") == SPOILT_PAGES
    assert has_comment(store) == []
    assert session.spans[-1] == Span(*span_of(SILENT, "comment")[:2], "ticker")


def test_pages_stay_done_and_the_log_leads_to_what_is_stored(
    project: Path, store: Store, session: Session
) -> None:
    make_alike(session, policy(store), "")
    session.undo()
    session.redo()
    status = {store.annotations("ada").get(page).state.status for page in range(1, 13)}
    assert status == {"done"}
    store.close()
    assert check(project).damage == ()


def test_a_page_that_was_changed_since_the_search_stays_as_it_is(
    store: Store, session: Session
) -> None:
    found, comment = policy(store), span_of(3, "comment")
    session.open(3)
    session.label("ticker", Selection(comment.start, comment.end))
    assert make_alike(session, found, "") == SPOILT_PAGES - 2
    assert labels(store, 3)[-1] == "ticker"


def test_a_page_that_another_window_changes_meanwhile_stops_the_whole_act(
    project: Path, store: Store, session: Session
) -> None:
    annotations = store.annotations("ada")
    before = {page: annotations.get(page) for page in (1, 2)}
    with Store.open(project) as another:
        elsewhere = Session(another, "ada")
        elsewhere.open(2)
        elsewhere.flag()
    edits = {
        page: Edit("Clear", there.spans, (), there.state, there.state)
        for page, there in before.items()
    }
    with pytest.raises(ConflictError):
        annotations.change_spans(edits, "Clear")
    assert store.annotations("ada").get(1) == before[1]


def test_the_history_of_a_page_shows_what_the_act_was_there(store: Store, session: Session) -> None:
    make_alike(session, policy(store), "")
    history = store.page_history(5)
    assert history.acts[-1].edit.removed == (span_of(5, "comment"),)
    assert history.after(len(history.acts) - 1) == store.annotations("ada").get(5)


def test_a_process_finds_the_same(project: Path, store: Store) -> None:
    def ignore(done: int, total: int | None = None, text: str = "") -> None:
        pass

    assert texts_in_process(project, "ada", ignore) == differing_texts(store, "ada")


def test_undo_gives_back_the_label_that_another_one_was_merged_into(
    store: Store, session: Session
) -> None:
    make_alike(session, policy(store), "")
    other = Session(store, "bob")
    other.change_labels(merge(store.label_set, "comment", "ticker"))
    session.refresh_labels()
    session.undo()
    spans = store.annotations("ada").get(5).spans
    comment = span_of(5, "comment")
    assert Span(comment.start, comment.end, "ticker") in spans
