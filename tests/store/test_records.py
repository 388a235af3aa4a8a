"""Records as the store gives them: whose, in which status, with which labels, from one moment."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from segmark.core.annotation import Status
from segmark.core.page import Anchor, Page, PageInfo
from segmark.core.record import Record, RecordError, RecordFilter, check
from segmark.core.span import Span
from segmark.store.records import DISAGREED, too_few
from segmark.store.store import Store

from tests.factories import LABELS, add_pages, alter, label, make_page, make_project, settle

_ALL = frozenset(Status)


@pytest.fixture
def store(project: Path) -> Store:
    """Page 1 done by both, page 2 begun by mira, page 3 done by jan, page 4 opened by nobody."""
    store = make_project(project, "Ship sails\nIt did", "Two", "Three", "Four")
    label(store, "mira", 1, "headline", 0, 10)
    label(store, "mira", 1, "body", 11, 17)
    settle(store, "mira", 1, Status.DONE)
    label(store, "mira", 2, "ticker")
    label(store, "jan", 1, "caption")
    settle(store, "jan", 1, Status.DONE)
    settle(store, "jan", 3, Status.DONE)
    return store


def _taken(store: Store, chosen: RecordFilter) -> list[tuple[str, str, str]]:
    records = list(store.records(chosen))
    assert store.count_records(chosen) == len(records)
    return [(record.text[:5], record.annotator, record.status) for record in records]


def test_a_record_holds_all_that_is_known_of_the_page(project: Path) -> None:
    page = make_page("Ship", site="varn.example", url="https://varn.example/1", source="varn/1.txt")
    with Store.create(project, LABELS) as store:
        with store.write():
            store.pages.add(page, b"Ship")
        label(store, "mira", 1, "headline")
        settle(store, "mira", 1, Status.DONE)
        [record] = store.records(RecordFilter())
    assert record == Record(
        id=page.id,
        text="Ship",
        spans=[Span(0, 4, "headline")],
        source="varn/1.txt",
        url="https://varn.example/1",
        site="varn.example",
        annotator="mira",
        status="done",
        sha256=page.sha256,
    )
    check(record, LABELS.names)


def test_only_finished_work_is_taken_unless_asked_otherwise(store: Store) -> None:
    assert _taken(store, RecordFilter(annotator="mira")) == [("Ship ", "mira", "done")]


def test_every_annotator_has_a_record_of_each_page_in_order_of_page_and_name(store: Store) -> None:
    assert _taken(store, RecordFilter()) == [
        ("Ship ", "jan", "done"),
        ("Ship ", "mira", "done"),
        ("Three", "jan", "done"),
    ]


@pytest.mark.parametrize(
    ("annotator", "statuses", "taken"),
    [
        ("mira", {Status.STARTED}, [("Two", "mira", "started")]),
        ("mira", {Status.NEW}, [("Three", "mira", "new"), ("Four", "mira", "new")]),
        ("jan", {Status.DONE, Status.NEW}, [("Ship ", "jan", "done"), ("Two", "jan", "new"),
                                            ("Three", "jan", "done"), ("Four", "jan", "new")]),
        ("eva", {Status.DONE}, []),
        ("eva", {Status.SKIPPED}, []),
        (None, {Status.NEW}, [("Four", "", "new")]),
        (None, set(), []),
    ],
)  # fmt: skip
def test_records_are_chosen_by_status_and_annotator(
    store: Store, annotator: str | None, statuses: set[Status], taken: list[tuple[str, str, str]]
) -> None:
    assert _taken(store, RecordFilter(frozenset(statuses), annotator)) == taken


def test_a_page_that_nobody_opened_is_new(store: Store) -> None:
    *_, last = store.records(RecordFilter(_ALL))
    assert (last.text, last.annotator, last.status, list(last.spans)) == ("Four", "", "new", [])


def test_only_spans_of_the_labels_asked_for_are_kept(store: Store) -> None:
    [record] = store.records(RecordFilter(annotator="mira", labels=frozenset({"body", "ticker"})))
    assert record.spans == [Span(11, 17, "body")]


def test_only_pages_of_the_sites_asked_for_are_taken(project: Path) -> None:
    with Store.create(project, LABELS) as store:
        with store.write():
            for site in ("a.example", "b.example", ""):
                page = make_page(f"Of {site}", site=site)
                store.pages.add(page, page.text.encode())
        chosen = RecordFilter(_ALL, sites=frozenset({"b.example", ""}))
        assert [record.text for record in store.records(chosen)] == ["Of b.example", "Of "]
        assert store.count_records(chosen) == 2


def test_only_pages_worked_on_since_a_day_are_taken_or_else_loaded_since(store: Store) -> None:
    today = datetime.now(UTC).date()
    assert len(_taken(store, RecordFilter(_ALL, since=today - timedelta(1)))) == 5
    assert _taken(store, RecordFilter(_ALL, since=today + timedelta(2))) == []


def test_a_record_has_its_anchors_only_where_they_are_asked_for(project: Path) -> None:
    anchors = {0: Anchor("/html/body/h1", ("title", ""), ("em",))}
    page = Page.of("p1", "Ship", PageInfo("varn/1.html"), anchors)
    with Store.create(project, LABELS) as store:
        with store.write():
            store.pages.add(page, b"<h1>Ship")
        [plain] = store.records(RecordFilter(_ALL))
        [full] = store.records(RecordFilter(_ALL, anchors=True))
    assert (plain.anchors, full.anchors) == ({}, anchors)


def test_records_are_from_one_moment_while_another_window_labels(store: Store) -> None:
    with Store.open(store.path) as other:
        before = list(other.records(RecordFilter(_ALL)))
        with closing(other.records(RecordFilter(_ALL))) as records:
            seen = [next(records)]
            label(store, "eva", 4, "body")
            label(store, "mira", 2, "headline", 0, 2)
            settle(store, "jan", 3, Status.SKIPPED)
            add_pages(store, "Five")
            seen += records
        assert seen == before
        assert list(other.records(RecordFilter(_ALL))) != before


def test_after_reading_was_stopped_early_the_project_can_be_written(store: Store) -> None:
    records = store.records(RecordFilter(_ALL))
    next(records)
    records.close()
    label(store, "mira", 4, "body")
    assert len(_taken(store, RecordFilter(_ALL))) == 5


def _views(store: Store, **chosen: object) -> list[tuple[str, str, str]]:
    filter_ = RecordFilter(adjudicated=True, **chosen)  # type: ignore[arg-type]
    records = list(store.records(filter_))
    assert store.count_records(filter_) == len(records)
    keys = list(store.record_keys(filter_))
    assert [(k.id, k.site, k.annotator, k.article, k.left_out) for k in keys] == [
        (r.id, r.site, r.annotator, r.article, r.left_out) for r in records
    ]
    return [(record.text[:5], record.annotator, record.left_out[:12]) for record in records]


def test_where_nobody_settles_it_a_page_is_taken_only_if_all_agree_on_it(store: Store) -> None:
    left_out = ("Ship ", "jan", DISAGREED[:12])
    assert _views(store, views=1) == [left_out, ("Three", "jan", "")]
    assert _views(store) == [left_out, ("Three", "jan", too_few(2)[:12])]
    settle(store, "mira", 3, Status.DONE)
    settle(store, "mira", 2, Status.DONE)
    two = ("Two", "mira", "")
    assert _views(store, views=1) == [left_out, two, ("Three", "jan", "")]
    label(store, "mira", 3, "body")
    assert _views(store)[2] == ("Three", "jan", DISAGREED[:12])


def test_the_adjudicator_has_the_last_word(store: Store) -> None:
    settled = ("Ship ", "mira", "")
    assert _views(store, adjudicator="mira", views=1) == [settled, ("Three", "jan", "")]
    assert _views(store, adjudicator="mira") == [settled, ("Three", "jan", too_few(2)[:12])]


def test_an_article_is_taken_from_the_first_of_its_pages_that_annotators_agree_on(
    project: Path,
) -> None:
    sentences = (
        f"On day {n} the ferry number {n * 7} sailed from harbour {n * 3} to the island {n} "
        f"with {n * 11} passengers and {n * 5} crates of salted fish on board.\n"
        for n in range(1, 20)
    )
    text = "Ship sails\n" + "".join(sentences)
    with make_project(project, f"{text} one", f"{text} two", f"{text} three") as store:
        with store.write():
            store.duplicates.compare_new(3)
        assert store.duplicates.count() == 2
        for annotator, labelled in (("jan", "headline"), ("mira", "caption")):
            label(store, annotator, 1, labelled, 0, 10)
        for annotator in ("jan", "mira"):
            for page in (2, 3):
                label(store, annotator, page, "headline", 0, 10)
            for page in (1, 2, 3):
                settle(store, annotator, page, Status.DONE)
        records = list(store.records(RecordFilter(unique=True, adjudicated=True)))
        assert [(r.text.split()[-1], r.left_out) for r in records] == [
            ("one", DISAGREED), ("two", "")
        ]  # fmt: skip
        settled = RecordFilter(unique=True, adjudicated=True, adjudicator="mira")
        assert [record.text.split()[-1] for record in store.records(settled)] == ["one"]


def test_annotators_need_to_agree_only_on_the_labels_that_are_exported(store: Store) -> None:
    assert _views(store, labels=frozenset({"comment"}))[0] == ("Ship ", "jan", "")


def test_whether_annotators_agree_does_not_hang_on_how_old_their_work_is(store: Store) -> None:
    alter(store.path, "UPDATE annotation SET changed_at = '2020' WHERE annotator = 1")
    today = datetime.now(UTC).date()
    assert _views(store, since=today)[0][2]
    assert _views(store, since=today + timedelta(days=1)) == []


@pytest.mark.parametrize("damaged", ["'Three'", "CAST(x'ff54' AS TEXT)", "''"])
def test_a_text_that_is_not_the_one_that_was_loaded_is_found_out(
    damaged: str, store: Store
) -> None:
    with closing(sqlite3.connect(store.path)) as other, other:
        other.execute(f"UPDATE page_text SET text = {damaged} WHERE page = 1")
    record = next(store.records(RecordFilter(annotator="jan")))
    with pytest.raises(RecordError, match="checksum differs"):
        check(replace(record, spans=()), LABELS.names)
