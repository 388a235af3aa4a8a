"""Backups: made whole while labelling goes on, thinned by the rule, and gone back to."""

import os
import shutil
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from segmark.core.annotation import Status
from segmark.core.page_change import join_people, rename_person
from segmark.store.errors import InUseError, StoreError
from segmark.store.file import lock
from segmark.store.file.backup import (
    DAYS,
    WEEKS,
    Backup,
    Reason,
    back_up,
    back_up_daily,
    list_backups,
    superfluous,
)
from segmark.store.safety.restoring import differences, restore
from segmark.store.store import Store

from tests.factories import add_pages, label, make_project, peek, settle

_NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def _spans(path: Path) -> list[tuple[object, ...]]:
    return peek(path, 'SELECT "start", "end", label FROM span ORDER BY "start"')


def test_a_backup_is_a_project_of_its_own_in_one_file(project: Path) -> None:
    with make_project(project, "Ship sails") as store:
        label(store, "mira", 1, "headline")
        backup = back_up(project, Reason.ASKED, _NOON)
    assert backup.path == project.parent / "news.backups/news-2026-03-02-120000-asked.segmark"
    assert list(backup.path.parent.iterdir()) == [backup.path]
    assert list_backups(project) == [backup]
    with Store.open(backup.path) as copy:
        assert copy.annotations("mira").get(1).spans[0].label == "headline"


def test_two_backups_of_one_second_do_not_touch_each_other(project: Path) -> None:
    make_project(project, "Ship sails").close()
    both = {back_up(project, Reason.ASKED, _NOON).path for _ in range(2)}
    assert {backup.path for backup in list_backups(project)} == both
    assert len(both) == 2


def test_a_backup_made_while_somebody_labels_is_one_moment_of_the_work(project: Path) -> None:
    text = " ".join(f"word{number:04d}" for number in range(300))
    make_project(project, text).close()
    stop = threading.Event()
    labelled: list[int] = []

    def work() -> None:
        with Store.open(project) as store:
            for start in range(0, len(text), 9):
                if stop.is_set():
                    break
                label(store, "mira", 1, "caption", start, start + 8)
                labelled.append(start)

    worker = threading.Thread(target=work)
    worker.start()
    try:
        backups = [back_up(project, Reason.ASKED) for _ in range(5)]
    finally:
        stop.set()
        worker.join()
    assert labelled
    for backup in backups:
        spans = peek(backup.path, 'SELECT "start" FROM span ORDER BY "start"')
        assert [start for (start,) in spans] == list(range(0, 9 * len(spans), 9))
        assert peek(backup.path, "SELECT count(*) FROM edit") == [(len(spans),)]


def test_a_day_has_one_backup_and_only_if_something_changed(project: Path) -> None:
    with make_project(project) as store:
        assert back_up_daily(project, _NOON) is None
        add_pages(store, "Ship sails")
        assert back_up_daily(project, _NOON)
        label(store, "mira", 1, "headline")
        assert back_up_daily(project, _NOON + timedelta(hours=3)) is None
        next_day = _NOON + timedelta(days=1)
        assert back_up_daily(project, next_day)
        assert back_up_daily(project, next_day + timedelta(days=1)) is None
    assert len(list_backups(project)) == 2


def test_a_backup_dated_in_the_future_keeps_no_day_from_having_its_own(project: Path) -> None:
    make_project(project, "Ship sails").close()
    ahead = back_up(project, Reason.DAILY, _NOON + timedelta(days=400))
    assert back_up_daily(project, _NOON)
    assert ahead in list_backups(project)


def test_a_backup_dated_in_the_future_is_not_the_newest(project: Path) -> None:
    make_project(project, "Ship sails").close()
    ahead = back_up(project, Reason.ASKED, datetime.now(UTC) + timedelta(days=400))
    last = back_up(project, Reason.ASKED)
    assert list_backups(project) == [last, ahead]


@given(st.sets(st.integers(0, 24 * 200), max_size=60))
def test_the_last_backups_of_seven_days_and_four_weeks_are_kept(hours: set[int]) -> None:
    made = [
        Backup(Path(f"{hour}.segmark"), _NOON + timedelta(hours=hour), Reason.DAILY)
        for hour in hours
    ]
    gone = superfluous(made)
    kept = [each for each in made if each not in gone]
    days = {each.made.date() for each in made}
    assert {each.made.date() for each in kept} >= set(sorted(days)[-DAYS:])
    weeks = {each.made.isocalendar()[:2] for each in made}
    assert {each.made.isocalendar()[:2] for each in kept} >= set(sorted(weeks)[-WEEKS:])
    assert len(kept) <= DAYS + WEEKS
    assert superfluous(kept) == []


def test_of_daily_backups_the_last_of_seven_days_and_of_four_weeks_are_kept() -> None:
    monday = datetime(2026, 3, 2, 12, tzinfo=UTC)
    made = [
        Backup(Path(f"{day}.segmark"), monday + timedelta(days=day), Reason.DAILY)
        for day in range(10 * 7)  # ten whole weeks
    ]
    gone = superfluous(made)
    kept = [number for number, each in enumerate(made) if each not in gone]
    assert kept == [48, 55, 62, *range(63, 70)]  # three Sundays, and the last week


def test_what_was_asked_for_or_made_before_a_change_is_never_thinned_out() -> None:
    reasons = [Reason.ASKED, Reason.MIGRATION, Reason.RESTORE]
    made = [
        Backup(Path(f"{day}-{why}"), _NOON - timedelta(days=day), why)
        for day in range(100)
        for why in reasons
    ]
    assert superfluous(made) == []


def test_a_damaged_project_is_not_backed_up_over_the_healthy_ones(project: Path) -> None:
    make_project(project, "Ship sails " * 20_000).close()
    healthy = back_up(project, Reason.DAILY, _NOON)
    _damage(project, "page_text")
    with pytest.raises(StoreError, match="the file is damaged"):
        back_up(project, Reason.DAILY, _NOON + timedelta(days=1))
    assert list_backups(project) == [healthy]
    assert list(healthy.path.parent.iterdir()) == [healthy.path]


def _damage(project: Path, table: str) -> None:
    [(page,)] = peek(project, "SELECT rootpage FROM sqlite_schema WHERE name = ?", table)
    [(size,)] = peek(project, "PRAGMA page_size")
    content = bytearray(project.read_bytes())
    content[(page - 1) * size : page * size] = b"\xa5" * size
    project.write_bytes(content)


def test_the_preview_names_what_going_back_would_change(project: Path) -> None:
    with make_project(project, "Ship sails", "Two") as store:
        label(store, "mira", 1, "headline")
        backup = back_up(project, Reason.ASKED)
        assert differences(project, backup.path).none
        label(store, "mira", 1, "body", 5)
        settle(store, "mira", 2, Status.DONE)
        add_pages(store, "Three")
        found = differences(project, backup.path)
    assert (found.pages_now, found.pages_then, found.pages_lost, found.changed) == (3, 2, 1, 2)
    [mira] = found.work
    assert (mira.spans_now, mira.spans_then, mira.done_now, mira.done_then) == (2, 1, 1, 0)
    assert found.examples == ("Ship sails", "Two", "Three")
    assert any("1 pages are not in the backup" in line for line in found.lines())


def test_the_preview_knows_people_by_their_ids_and_tells_other_names(project: Path) -> None:
    with make_project(project, "Ship sails", "Two") as store:
        label(store, "mira", 1, "headline")
        label(store, "jo", 2, "headline")
        backup = back_up(project, Reason.ASKED)
        mira = store.people.find("mira")
        assert mira
        store.annotations("jo").change_people(rename_person(mira, "Mira Lindt"))
        found = differences(project, backup.path)
        assert (found.changed, found.none) == (0, False)
        assert [one.annotator for one in found.work] == ["Mira Lindt", "jo"]
        assert any(line.startswith("Mira Lindt (mira in the backup): 1 ") for line in found.lines())


def test_the_preview_tells_who_was_joined_since(project: Path) -> None:
    with make_project(project, "Ship sails") as store:
        label(store, "mira", 1, "headline")
        label(store, "Mira Lindt", 1, "body")
        backup = back_up(project, Reason.ASKED)
        one, into = store.people.find("mira"), store.people.find("Mira Lindt")
        assert one
        assert into
        store.annotations("Mira Lindt").change_people(join_people(one, into, keep_labels_of=into))
        lines = differences(project, backup.path).lines()
    assert any(line.startswith("Mira Lindt (mira in the backup): 0 ") for line in lines)
    assert not any(one.id in line for line in lines)


def test_going_back_keeps_what_was_there_as_a_backup(project: Path) -> None:
    with make_project(project, "Ship sails") as store:
        label(store, "mira", 1, "headline")
        backup = back_up(project, Reason.ASKED)
        label(store, "mira", 1, "body")
    kept = restore(project, backup.path)
    assert _spans(project) == [(0, 10, "headline")]
    assert kept
    assert _spans(kept) == [(0, 10, "body")]
    with Store.open(project) as store:
        label(store, "mira", 1, "ticker")
    assert _spans(project) == [(0, 10, "ticker")]


def test_a_project_that_is_open_is_not_replaced(project: Path) -> None:
    with make_project(project, "Ship sails") as store:
        backup = back_up(project, Reason.ASKED)
        label(store, "mira", 1, "body")
        with pytest.raises(InUseError, match="close it first"):
            restore(project, backup.path)
    held = lock.take(project, "wren")
    assert isinstance(held, lock.ProjectLock)
    with pytest.raises(InUseError, match="wren on this computer"):
        restore(project, backup.path)
    held.release()
    assert _spans(project) == [(0, 10, "body")]


def test_a_project_that_cannot_be_read_is_restored_and_the_damaged_file_kept(
    project: Path,
) -> None:
    with make_project(project, "Ship sails") as store:
        label(store, "mira", 1, "headline")
        backup = back_up(project, Reason.ASKED)
    project.write_bytes(b"nothing of SQLite " * 500)
    assert "can't be read" in differences(project, backup.path).lines()[0]
    aside = project.with_name("news-damaged.segmark")
    assert restore(project, backup.path) == aside
    assert _spans(project) == [(0, 10, "headline")]
    assert aside.read_bytes().startswith(b"nothing of SQLite")


def test_what_was_moved_aside_as_damaged_is_never_written_over(project: Path) -> None:
    with make_project(project, "Ship sails"):
        backup = back_up(project, Reason.ASKED)
    for content in (b"one " * 2000, b"two " * 2000):
        project.write_bytes(content)
        aside = restore(project, backup.path)
        assert aside
        assert aside.read_bytes() == content
    assert len(list(project.parent.glob("news-damaged*.segmark"))) == 2


def test_where_what_is_there_cannot_become_a_backup_nothing_is_restored(project: Path) -> None:
    with make_project(project, "Ship sails") as store:
        label(store, "mira", 1, "headline")
        backup = back_up(project, Reason.ASKED)
        label(store, "mira", 1, "body")
    apart = backup.path.rename(project.with_name("apart.segmark"))
    backup.path.parent.rmdir()
    backup.path.parent.touch()
    with pytest.raises(StoreError, match="no backup could be made"):
        restore(project, apart)
    assert _spans(project) == [(0, 10, "body")]
    assert sorted(path.name for path in project.parent.iterdir()) == [
        "apart.segmark", "news.backups", "news.segmark"
    ]  # fmt: skip


@pytest.mark.skipif(sys.platform == "win32", reason="an open file can't be copied there")
def test_going_back_to_a_file_in_whose_log_there_is_work_brings_that_work(project: Path) -> None:
    other = project.with_name("other.segmark")
    with make_project(project, "Ship sails", "Two") as store:
        backup = back_up(project, Reason.ASKED).path
        with Store.open(backup) as opened:
            label(opened, "mira", 1, "headline")
            for ending in ("", "-wal"):  # as a killed window leaves them
                shutil.copyfile(f"{backup}{ending}", f"{other}{ending}")
        assert store.pages.count() == 2
    assert differences(project, other).changed == 1
    restore(project, other)
    assert _spans(project) == [(0, 10, "headline")]


@pytest.mark.skipif(sys.platform == "win32", reason="links are not for everybody there")
def test_a_project_named_by_a_link_is_backed_up_and_restored_where_it_lies(project: Path) -> None:
    link = project.with_name("elsewhere") / "link.segmark"
    link.parent.mkdir()
    link.symlink_to(project)
    with make_project(project, "Ship sails") as store:
        label(store, "mira", 1, "headline")
        backup = back_up(link, Reason.ASKED)
        label(store, "mira", 1, "body")
    assert list_backups(project) == list_backups(link) == [backup]
    restore(link, backup.path)
    assert link.is_symlink()
    assert _spans(project) == [(0, 10, "headline")]


def test_halves_of_backups_that_were_killed_are_cleared_away_after_a_day(project: Path) -> None:
    make_project(project, "Ship sails").close()
    folder = project.with_suffix(".backups")
    folder.mkdir()
    old, new = folder / "news-old.part", folder / "news-new.part"
    for part in (old, new):
        part.touch()
    os.utime(old, (0, 0))
    assert back_up_daily(project, _NOON)
    assert (old.exists(), new.exists()) == (False, True)


def test_a_project_that_is_gone_comes_back(project: Path) -> None:
    with make_project(project, "Ship sails"):
        backup = back_up(project, Reason.ASKED)
    project.unlink()
    assert differences(project, backup.path).pages_back == 1
    assert restore(project, backup.path) is None
    Store.open(project).close()


def test_a_damaged_backup_changes_nothing(project: Path) -> None:
    with make_project(project, "Ship sails " * 20_000) as store:
        label(store, "mira", 1, "headline", 0, 4)
        backup = back_up(project, Reason.ASKED)
    _damage(backup.path, "page_text")
    before = project.read_bytes()
    with pytest.raises(StoreError, match="the backup is damaged"):
        restore(project, backup.path)
    assert project.read_bytes() == before
