"""A project in numbers: by site, day and time a page, for each annotator and for all of them."""

import statistics
import time
from datetime import UTC, date, datetime
from itertools import accumulate
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from segmark.core.annotation import Status
from segmark.core.history import ActKind
from segmark.core.page_change import give_site, remove_pages, skip_pages
from segmark.session.session import Session
from segmark.store.figures.figures import BANDS, Day, PageTimes, SiteProgress
from segmark.store.store import Store

from tests.factories import LABELS, make_page, make_project, peek
from tests.made_figures import Clocks, worked_on


def _site(
    name: str, new: int = 0, started: int = 0, done: int = 0, skipped: int = 0
) -> SiteProgress:
    counts = (new, started, done, skipped)
    return SiteProgress(name, dict(zip(Status, counts, strict=True)))


def test_the_figures_of_each_annotator_are_those_of_their_sessions(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with worked_on(project, monkeypatch) as store:
        ada, jan = store.figures(["ada", "jan"]).annotators
    assert ada.sites == (
        _site("ferry.example", new=1, done=2),
        _site("", skipped=1),
        _site("harbour.example", done=1),
    )
    assert ada.days == (Day(date(2026, 3, 2), 2, 0), Day(date(2026, 3, 4), 1, 1))
    assert ada.times == PageTimes(((12.0, 1), (40.0, 1), (30.0 + 25.0, 1)))
    assert ada.times.quantile(0.5) == 40.0
    assert ada.total.active_seconds == 12 + 40 + 30 + 25 + 3
    assert jan.sites[0] == _site("ferry.example", new=1, started=1, done=1)
    assert jan.days == (Day(date(2026, 3, 2), 1, 0),)
    assert jan.total.spans["caption"] == 1


def test_everybodys_page_is_as_far_as_whoever_got_furthest_with_it(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with worked_on(project, monkeypatch) as store:
        figures = store.figures(["ada", "jan"])
        alone = store.figures(["ada"])
    everybody = figures.everybody
    assert figures.pages == everybody.total.progress.pages == 5
    assert everybody.sites == (
        _site("ferry.example", started=1, done=2),
        _site("", skipped=1),
        _site("harbour.example", done=1),
    )
    assert everybody.total.progress.by_status[Status.DONE] == 3
    assert everybody.days == (Day(date(2026, 3, 2), 3, 0), Day(date(2026, 3, 4), 1, 1))
    assert everybody.times.pages == 4
    assert everybody.total.spans == {
        "headline": 2, "caption": 1, "body": 2, "ticker": 0, "comment": 0,
    }  # fmt: skip
    assert everybody.total.active_seconds == 110 + 100 + 28 + 7
    assert alone.everybody.sites == alone.annotators[0].sites
    assert alone.everybody.times == alone.annotators[0].times


@pytest.mark.parametrize(
    ("of_ada", "of_jan", "together"),
    [
        ("finish", "skip", Status.DONE),
        ("headline", "finish", Status.DONE),
        ("skip", "headline", Status.SKIPPED),
        ("flag", "headline", Status.STARTED),
        ("flag", "flag", Status.NEW),
    ],
)
def test_done_goes_before_skipped_and_skipped_before_started(
    of_ada: str, of_jan: str, together: Status, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clocks = Clocks(monkeypatch)
    with make_project(project, "One two") as store:
        for name, act in (("ada", of_ada), ("jan", of_jan)):
            clocks.work(clocks.session(store, name), 1, 1, act)
        everybody = store.figures(["ada", "jan"]).everybody
    assert everybody.sites[0].by_status == dict.fromkeys(Status, 0) | {together: 1}


def test_a_project_without_pages_has_noughts(project: Path) -> None:
    with make_project(project) as store:
        figures = store.figures(["ada"])
    assert figures.pages == 0
    assert figures.everybody.sites == ()
    assert figures.everybody.days == ()
    assert figures.everybody.times.quantile(0.5) is None
    assert figures.everybody.total.spans == dict.fromkeys((label.name for label in LABELS), 0)


def test_removed_pages_are_left_out_of_all_figures_and_come_back_with_theirs(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with worked_on(project, monkeypatch) as store:
        before = store.figures(["ada", "jan"])
        ada = store.annotations("ada")
        ada.change_pages([1, 4], remove_pages(2, True))
        without = store.figures(["ada"]).everybody
        assert without.days == (Day(date(2026, 3, 2), 1, 0), Day(date(2026, 3, 4), 1, 0))
        assert without.times.counts == ((40.0, 1), (55.0, 1))
        assert without.total.active_seconds == 95
        assert [site.site for site in without.sites] == ["ferry.example", "harbour.example"]
        ada.change_pages([1, 4], remove_pages(2, False))
        assert store.figures(["ada", "jan"]) == before


def test_pages_that_are_skipped_together_count_on_that_day_until_it_is_undone(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clocks = Clocks(monkeypatch)
    with make_project(project, "One two", "Two three", "Three four") as store:
        ada = clocks.session(store, "ada")
        clocks.work(ada, 1, 3, "finish")
        clocks.time = datetime(2026, 3, 9, tzinfo=UTC)
        annotations = store.annotations("ada")
        annotations.change_pages([1, 2, 3], skip_pages(3))
        assert store.figures(["ada"]).everybody.days == (Day(date(2026, 3, 9), 0, 3),)
        act = annotations.history().undo
        assert act
        annotations.replay_pages(act, ActKind.UNDO)
        assert store.figures(["ada"]).everybody.days == (Day(date(2026, 3, 2), 1, 0),)


def test_a_page_counts_once_on_the_day_of_what_it_is_now(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clocks = Clocks(monkeypatch)

    def on(day: int, *acts: str) -> tuple[Day, ...]:
        clocks.time = datetime(2026, 3, day, 12, tzinfo=UTC)
        clocks.work(ada, 1, 2, *acts)
        return store.figures(["ada"]).everybody.days

    with make_project(project, "One two", "Two three") as store:
        ada = clocks.session(store, "ada")
        assert on(1, "finish") == (Day(date(2026, 3, 1), 1, 0),)
        # What is changed on a page that stays done is no new page.
        assert on(2, "headline", "flag") == (Day(date(2026, 3, 1), 1, 0),)
        assert on(3, "undo", "undo", "undo") == ()
        assert on(4, "finish") == (Day(date(2026, 3, 4), 1, 0),)
        assert on(5, "skip") == (Day(date(2026, 3, 5), 0, 1),)
        assert on(6, "finish") == (Day(date(2026, 3, 6), 1, 0),)


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone can't be changed here")
def test_a_day_is_one_of_this_computers_time_zone(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clocks, found = Clocks(monkeypatch), {}
    with make_project(project, "One two", "Two three") as store:
        ada = clocks.session(store, "ada")
        for number, hour in ((1, 9), (2, 11)):
            clocks.time = datetime(2026, 3, 2, hour, tzinfo=UTC)
            clocks.work(ada, number, 1, "finish")
        for zone in ("UTC", "Pacific/Kiritimati", "Pacific/Niue"):
            with monkeypatch.context() as patch:
                patch.setenv("TZ", zone)
                time.tzset()
                days = store.figures(["ada"]).everybody.days
                found[zone] = [(day.day.day, day.done) for day in days]
        time.tzset()
    assert found == {
        "UTC": [(2, 2)],
        "Pacific/Kiritimati": [(2, 1), (3, 1)],  # 14 hours before UTC
        "Pacific/Niue": [(1, 1), (2, 1)],  # 11 hours after it
    }


_MANY = {"skip all": skip_pages(2), "remove": remove_pages(2, True), "move": give_site(2, "moved")}
_acts = st.tuples(
    st.sampled_from(["ada", "jan"]), st.integers(1, 4),
    st.sampled_from(["finish", "skip", "undo", "flag", "headline", *_MANY]),
)  # fmt: skip


@settings(max_examples=30)
@given(acts=st.lists(_acts, max_size=15))
def test_sites_days_and_counters_agree_whatever_was_done(
    acts: list[tuple[str, int, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    project = tmp_path_factory.mktemp("figures") / "news.segmark"
    with pytest.MonkeyPatch.context() as patch, Store.create(project, LABELS) as store:
        with store.write():
            for number, site in enumerate(("a", "a", "b", ""), start=1):
                store.pages.add(make_page(f"One two {number}", site=site), b"%d" % number)
        clocks = Clocks(patch)
        sessions: dict[str, Session] = {
            name: clocks.session(store, name) for name in ("ada", "jan")
        }
        for day, (name, number, act) in enumerate(acts, start=1):
            clocks.time = datetime(2026, 3, day, 12, tzinfo=UTC)
            annotations = store.annotations(name)
            undone = annotations.history().undo
            if change := _MANY.get(act):
                annotations.change_pages([number, 4], change)
            elif act == "undo" and undone and annotations.change_of(undone):
                annotations.replay_pages(undone, ActKind.UNDO)
            elif not peek(project, "SELECT 1 FROM removed_page"):
                clocks.work(sessions[name], number, 1, act)
        figures = store.figures(["ada", "jan"])
    for work in (figures.everybody, *figures.annotators):
        progress = work.total.progress
        for status in Status:
            assert sum(site.by_status[status] for site in work.sites) == progress.by_status[status]
        assert progress.pages == sum(site.pages for site in work.sites)
        assert work.times.pages <= sum(day.done for day in work.days)
    for work in figures.annotators:
        assert sum(day.done for day in work.days) == work.total.progress.by_status[Status.DONE]
        assert (
            sum(day.skipped for day in work.days) == work.total.progress.by_status[Status.SKIPPED]
        )


def test_all_figures_are_of_one_moment(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is labelled while they are counted is either in all of them or in none."""
    clocks = Clocks(monkeypatch)
    with make_project(project, "One two", "Two three") as store, Store.open(project) as other:
        ada = clocks.session(other, "ada")
        clocks.work(ada, 1, 5, "finish")
        begun = list[str]()

        def finish_meanwhile(statement: str) -> None:
            if "GROUP BY site" in statement and not begun:
                begun.append(statement)
                clocks.work(ada, 2, 5, "finish")

        store._db.set_trace_callback(finish_meanwhile)
        work = store.figures(["ada"]).everybody
        store._db.set_trace_callback(None)
        later = store.figures(["ada"]).everybody
    assert begun
    done = work.total.progress.by_status[Status.DONE]
    assert done == work.sites[0].by_status[Status.DONE] == work.days[0].done == work.times.pages
    assert later.times.pages == 2


_seconds = st.integers(1, 9_000).map(lambda tenths: tenths / 10)


@given(st.lists(_seconds, min_size=2, max_size=40))
def test_median_and_quartiles_are_those_of_the_single_pages(seconds: list[float]) -> None:
    counts = sorted((each, seconds.count(each)) for each in set(seconds))
    times = PageTimes(tuple(counts))
    found = [times.quantile(share) for share in (0.25, 0.5, 0.75)]
    assert found == pytest.approx(statistics.quantiles(seconds, n=4, method="inclusive"))
    assert times.pages == len(seconds)


@given(st.lists(_seconds, max_size=40))
def test_every_page_is_in_the_one_band_that_its_time_lies_in(seconds: list[float]) -> None:
    times = PageTimes(tuple(sorted((each, seconds.count(each)) for each in set(seconds))))
    bands = times.bands()
    assert [low for low, _, _ in bands] == [0, *BANDS]
    assert list(accumulate(pages for *_, pages in bands)) == [
        *(sum(each < edge for each in seconds) for edge in BANDS), len(seconds),
    ]  # fmt: skip
