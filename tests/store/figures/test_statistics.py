"""The counters always equal a recount, whatever was done."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from segmark.core.annotation import Status
from segmark.core.caret import Selection
from segmark.session.session import Session
from segmark.store.figures.statistics import StatusCounts
from segmark.store.store import Store

from tests.factories import LABELS, add_pages, alter, label, make_project, recount, settle

_TEXT = "Ship sails\n\nIt did 🙂\nAnd on"


def test_a_new_project_has_nothing_but_new_pages(project: Path) -> None:
    with make_project(project, "One", "Two") as store:
        assert store.progress("mira") == StatusCounts(
            2, {Status.NEW: 2, Status.STARTED: 0, Status.DONE: 0, Status.SKIPPED: 0}
        )
        assert store.statistics("mira").spans == dict.fromkeys([label.name for label in LABELS], 0)


def test_progress_and_spans_are_counted_for_each_annotator(project: Path) -> None:
    with make_project(project, "One one", "Two", "Three", "Four") as store:
        label(store, "mira", 1, "headline", 0, 3)
        label(store, "mira", 1, "body", 4, 7)
        settle(store, "mira", 1, Status.DONE)
        settle(store, "mira", 2, Status.SKIPPED)
        label(store, "mira", 3, "body")
        label(store, "jan", 3, "caption")
        progress = store.progress("mira")
        assert progress.by_status == {
            Status.NEW: 1, Status.STARTED: 1, Status.DONE: 1, Status.SKIPPED: 1,
        }  # fmt: skip
        assert (progress.pages, progress.finished) == (4, 2)
        spans = store.statistics("mira").spans
        assert spans == {"headline": 1, "caption": 0, "body": 2, "ticker": 0, "comment": 0}
        assert store.progress("jan").by_status[Status.NEW] == 3
        assert store.statistics("jan").spans["caption"] == 1
        assert list(spans) == [label.name for label in LABELS]


def test_counters_go_down_when_pages_are_deleted(project: Path) -> None:
    with make_project(project, "One", "Two") as store:
        label(store, "mira", 1, "body")
        alter(store.path, "DELETE FROM page WHERE number = 1")
        assert store.pages.count() == 1
        assert store.progress("mira").by_status[Status.NEW] == 1
        assert store.statistics("mira").spans["body"] == 0


_offsets = st.integers(0, len(_TEXT))
_selections = st.builds(Selection, _offsets, _offsets)
_acts = st.one_of(
    st.tuples(st.just("label"), st.sampled_from(sorted(LABELS.names)), _selections),
    st.tuples(st.just("fill"), st.sampled_from(sorted(LABELS.names)), _selections),
    st.tuples(st.just("clear"), _selections),
    st.tuples(st.sampled_from(["move_start", "move_end"]), _selections, st.sampled_from([1, -1])),
    st.tuples(st.just("step_page"), st.sampled_from([1, -1])),
    st.tuples(st.sampled_from(["finish", "skip", "flag", "undo", "undo", "redo"])),
)


@settings(max_examples=30)
@given(acts=st.lists(st.tuples(st.sampled_from(["mira", "jan"]), _acts), max_size=20))
def test_counters_equal_a_recount_after_any_acts(
    acts: list[tuple[str, tuple[str, *tuple[object, ...]]]],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    project = tmp_path_factory.mktemp("counters") / "news.segmark"
    with make_project(project, _TEXT, "Two\n" + _TEXT, "Three\n" + _TEXT) as store:
        sessions = {name: Session(store, name) for name in ("mira", "jan")}
        for session in sessions.values():
            session.open_first()
        for name, (act, *values) in acts:
            getattr(sessions[name], act)(*values)
        recount(project)
        progress = store.progress("mira")
        assert sum(progress.by_status.values()) == progress.pages == 3


def test_pages_added_later_are_new(project: Path) -> None:
    with make_project(project, "One") as store:
        settle(store, "mira", 1, Status.DONE)
        add_pages(store, "Two", "Three")
        with Store.open(project) as again:
            assert again.progress("mira").by_status[Status.NEW] == 2
