"""Acts on many pages: what they change, what undo brings back, what removed pages are left out of.

The model of the rules below is plain Python: what each page is, and what each act did to it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from segmark.core.annotation import Status
from segmark.core.history import ActKind
from segmark.core.page_change import (
    PageChange,
    PageField,
    flag_pages,
    give_site,
    remove_pages,
    skip_pages,
)
from segmark.core.queue import PageFilter, PageOrder
from segmark.core.record import RecordFilter
from segmark.store import annotations, page_changes
from segmark.store.errors import StoreError
from segmark.store.safety.check import check
from segmark.store.safety.repair import repair
from segmark.store.store import Store

from tests.factories import LABELS, add_pages, label, make_page, make_project, peek, recount, settle

_PAGES = 6
_TEXTS = [f"Page {number}\nof six" for number in range(_PAGES)]


def _change(store: Store, pages: Iterable[int], change: PageChange, annotator: str = "mira") -> int:
    return store.annotations(annotator).change_pages(list(pages), change)


def _undo(store: Store, annotator: str = "mira", kind: ActKind = ActKind.UNDO) -> int:
    annotations = store.annotations(annotator)
    history = annotations.history()
    number = history.undo if kind is ActKind.UNDO else history.redo[-1]
    assert number
    return annotations.replay_pages(number, kind)


@pytest.fixture
def six(project: Path) -> Store:
    return make_project(project, *_TEXTS)


def _statuses(store: Store, annotator: str = "mira") -> list[Status]:
    return [row.status for row in store.pages.rows(annotator, range(1, _PAGES + 1))]


def test_many_pages_are_skipped_in_one_act_and_undo_brings_back_what_each_was(six: Store) -> None:
    settle(six, "mira", 2, Status.DONE)
    settle(six, "mira", 3, Status.SKIPPED)
    assert _change(six, [1, 2, 3, 4], skip_pages(4)) == 3
    assert _statuses(six) == ["skipped"] * 4 + ["new"] * 2
    assert _statuses(six, "jan") == ["new"] * 6
    assert _undo(six) == 3
    assert _statuses(six) == ["new", "done", "skipped", "new", "new", "new"]
    assert _undo(six, kind=ActKind.REDO) == 3
    assert _statuses(six) == ["skipped"] * 4 + ["new"] * 2


def test_undo_goes_through_acts_on_one_page_and_on_many_alike(six: Store) -> None:
    label(six, "mira", 1, "body")
    _change(six, [1, 2], flag_pages(2, flagged=True))
    mira = six.annotations("mira")
    assert mira.title(mira.history().undo or 0) == "Flag 2 pages"
    _undo(six)
    act = mira.history().undo
    assert act
    mira.get(1)
    mira.save(1, mira.entry(act).edit.inverse(), kind=ActKind.UNDO, act=act)
    assert mira.history().undo is None
    assert len(mira.history().redo) == 2
    assert not any(row.flagged or row.spans for row in six.pages.rows("mira", [1, 2]))


def test_what_would_change_nothing_is_no_act(six: Store, project: Path) -> None:
    assert _change(six, [1, 2], flag_pages(2, flagged=False)) == 0
    assert _change(six, [], skip_pages(0)) == 0
    assert peek(project, "SELECT count(*) FROM edit") == [(0,)]
    assert check(project).is_well


def test_removed_pages_are_left_out_everywhere_and_come_back(six: Store, project: Path) -> None:
    label(six, "mira", 2, "body")
    settle(six, "mira", 2, Status.DONE)
    settle(six, "mira", 3, Status.DONE)
    before = six.progress("mira"), six.statistics("mira").spans
    assert _change(six, [2, 5], remove_pages(2, removed=True)) == 2
    assert six.pages.count() == 4
    assert list(six.pages.numbers("mira", PageFilter())) == [1, 3, 4, 6]
    assert list(six.pages.queue("mira", PageFilter(), PageOrder())) == [1, 3, 4, 6]
    assert list(six.pages.queue("mira", PageFilter(removed=True), PageOrder())) == [2, 5]
    assert [six.pages.neighbour(number, 1) for number in (1, 4, 6)] == [3, 6, None]
    assert six.pages.unfinished("mira", 4, 1) == 6
    assert [six.pages.position(number) for number in (1, 3, 6)] == [1, 2, 4]
    assert six.progress("mira").by_status[Status.DONE] == 1
    assert six.statistics("mira").spans["body"] == 0
    assert six.count_records(RecordFilter()) == 1
    assert [record.id for record in six.records(RecordFilter())] == [six.pages.names(3)[0]]
    assert [one.number for one in six.suggestions.finished("mira")] == [3]
    assert six.suggestions.unfinished_pages("mira") == [1, 4, 6]
    assert six.suggestions.pages_to_learn_for("mira") == [1]
    assert six.figures(["mira"]).everybody.sites[0].by_status[Status.DONE] == 1
    recount(project)
    assert check(project).is_well
    _undo(six)
    assert (six.progress("mira"), six.statistics("mira").spans) == before
    recount(project)


@pytest.mark.parametrize("status", [Status.DONE, Status.SKIPPED])
def test_a_finished_page_that_is_restored_counts_as_finished_again(
    six: Store, project: Path, status: Status
) -> None:
    for page in range(1, _PAGES + 1):
        settle(six, "mira", page, Status.DONE if page > 1 else status)
    _change(six, [1], remove_pages(1, removed=True))
    _undo(six)
    assert six.pages.unfinished("mira", 0, 1) is None
    assert check(project).damage == ()


def test_nothing_is_labelled_on_a_removed_page(six: Store) -> None:
    _change(six, [2], remove_pages(1, removed=True))
    for annotator in ("mira", "jan"):
        with pytest.raises(StoreError, match="the page was removed; restore it first"):
            label(six, annotator, 2, "body")
    assert _change(six, [1, 2], skip_pages(2)) == 1
    assert _statuses(six)[1] is Status.NEW


def test_undo_leaves_alone_what_somebody_removed_since(six: Store, project: Path) -> None:
    _change(six, [1, 2], skip_pages(2))
    _change(six, [2], remove_pages(1, removed=True), "jan")
    assert _undo(six) == 1
    assert [status.value for status in _statuses(six)[:2]] == ["new", "skipped"]
    recount(project)
    assert check(project).is_well


def test_a_page_that_is_loaded_again_stays_removed(six: Store) -> None:
    _change(six, [1], remove_pages(1, removed=True))
    add_pages(six, _TEXTS[0])
    assert six.pages.count() == 5


def test_pages_are_given_a_site_and_get_their_own_back(project: Path) -> None:
    with Store.create(project, LABELS) as store:
        with store.write():
            for site in ("varn", "oder", ""):
                store.pages.add(make_page(f"of {site}", site=site), site.encode())
        assert _change(store, [1, 2, 3], give_site(3, "oder")) == 2
        assert [store.pages.get(number).info.site for number in (1, 2, 3)] == ["oder"] * 3
        # What somebody else made of it since is left alone.
        _change(store, [3], give_site(1, "elbe"), "jan")
        assert _undo(store) == 1
        assert [row.site for row in store.pages.rows("mira", [1, 2, 3])] == ["varn", "oder", "elbe"]
        assert check(project).is_well


def test_an_act_that_is_stopped_changes_nothing(
    six: Store, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (annotations, page_changes):
        monkeypatch.setattr(module, "PAGES_AT_ONCE", 2)
    told = []

    def stop(done: int, total: int | None = None, text: str = "") -> None:
        told.append((done, total))
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        six.annotations("mira").change_pages(range(1, 7), skip_pages(6), stop)
    assert told == [(2, 6), (4, 6)]
    assert _statuses(six) == ["new"] * 6
    assert check(project).is_well
    assert six.annotations("mira").change_pages(range(1, 7), skip_pages(6)) == 6
    assert _undo(six) == 6


def test_skipped_pages_count_on_the_day_of_the_act(six: Store) -> None:
    _change(six, [1, 2, 3], skip_pages(3))
    assert [day.skipped for day in six.figures(["mira"]).everybody.days] == [3]
    _undo(six)
    assert [day.skipped for day in six.figures(["mira"]).everybody.days] == []


def test_a_repair_keeps_acts_on_many_pages_and_what_was_removed(
    six: Store, project: Path, tmp_path: Path
) -> None:
    label(six, "mira", 1, "body")
    _change(six, [1, 2, 3], skip_pages(3))
    _change(six, [3, 4], remove_pages(2, removed=True))
    _change(six, [1, 2], give_site(2, "varn"))
    new = tmp_path / "new.segmark"
    assert repair(project, new, LABELS).lost == []
    assert check(new).damage == ()
    for table in ("edit", "act_page", "removed_page", "annotation"):
        assert peek(new, f"SELECT * FROM {table}") == peek(project, f"SELECT * FROM {table}")
    with Store.open(new) as saved:
        assert saved.pages.count() == 4
        _undo(saved)
        _undo(saved)
        assert saved.pages.count() == 6


@dataclass
class _Model:
    """What the pages are, and what each annotator's acts did: page, field, before, after."""

    pages: dict[int, dict[tuple[str, str], str]] = field(default_factory=dict)
    done: dict[str, list[list[tuple[int, tuple[str, str], str, str]]]] = field(
        default_factory=lambda: {"mira": [], "jan": []}
    )
    undone: dict[str, list[list[tuple[int, tuple[str, str], str, str]]]] = field(
        default_factory=lambda: {"mira": [], "jan": []}
    )

    def get(self, page: int, key: tuple[str, str]) -> str:
        default = {PageField.STATUS: "new", PageField.SITE: ""}.get(PageField(key[0]), "0")
        return self.pages.get(page, {}).get(key, default)

    def put(self, page: int, key: tuple[str, str], value: str) -> None:
        self.pages.setdefault(page, {})[key] = value

    def removed(self, page: int) -> bool:
        return self.get(page, (PageField.REMOVED, "")) == "1"

    def act(self, who: str, pages: set[int], change: PageChange) -> None:
        key = (change.field.value, who if change.field.own else "")
        changed = [
            (page, key, self.get(page, key), change.value)
            for page in sorted(pages)
            if self.get(page, key) != change.value
            and (change.field is PageField.REMOVED or not self.removed(page))
        ]
        for page, _, _, value in changed:
            self.put(page, key, value)
        if changed:
            self.done[who].append(changed)
            self.undone[who].clear()

    def replay(self, who: str, kind: ActKind) -> None:
        source, target = self.done[who], self.undone[who]
        if kind is ActKind.REDO:
            source, target = target, source
        changed = source.pop()
        target.append(changed)
        for page, key, before, after in changed:
            old, new = (before, after) if kind is ActKind.REDO else (after, before)
            own = key[0] in (PageField.STATUS, PageField.FLAGGED)
            if self.get(page, key) == old and not (own and self.removed(page)):
                self.put(page, key, new)


_changes = st.sampled_from(
    (skip_pages(2), flag_pages(2, True), flag_pages(2, False), give_site(2, "varn"),
     give_site(2, ""), remove_pages(2, True), remove_pages(2, False))
)  # fmt: skip
_sets = st.sets(st.integers(1, _PAGES), min_size=1)


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(("mira", "jan")),
            st.tuples(_sets, _changes)
            | st.sampled_from((ActKind.UNDO, ActKind.UNDO, ActKind.REDO)),
        ),
        max_size=14,
    )
)
def test_any_acts_undos_and_redos_of_two_people_do_what_the_model_says(
    tmp_path_factory: pytest.TempPathFactory,
    acts: list[tuple[str, tuple[set[int], PageChange] | ActKind]],
) -> None:
    project = tmp_path_factory.mktemp("many") / "news.segmark"
    model = _Model()
    with make_project(project, *_TEXTS) as store:
        settle(store, "mira", 1, Status.DONE)
        model.put(1, (PageField.STATUS, "mira"), "done")
        for who, what in acts:
            if isinstance(what, tuple):
                model.act(who, *what)
                _change(store, *what, who)
            elif (model.done if what is ActKind.UNDO else model.undone)[who]:
                model.replay(who, what)
                _undo(store, who, what)
        for who in ("mira", "jan"):
            for row in store.pages.rows(who, range(1, _PAGES + 1)):
                page = row.number
                assert row.status == model.get(page, (PageField.STATUS, who))
                assert row.flagged is (model.get(page, (PageField.FLAGGED, who)) == "1")
                assert row.site == model.get(page, (PageField.SITE, ""))
        kept = [page for page in range(1, _PAGES + 1) if not model.removed(page)]
        assert list(store.pages.numbers("mira", PageFilter())) == kept
    recount(project)
    assert check(project).damage == ()
