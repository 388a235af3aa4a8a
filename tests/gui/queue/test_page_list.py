"""The page list in the real window: search, filters, order, next page, many selected pages."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QInputDialog, QMenu
from pytestqt.qtbot import QtBot
from segmark.core.annotation import Status
from segmark.core.page_change import ask
from segmark.core.queue import ListedPages, PageFilter, PageOrder, Sort, Strategy
from segmark.gui.queue import reader as page_list_reader
from segmark.gui.queue.filter import FilterWindow
from segmark.gui.queue.page_list import PageList
from segmark.gui.window import bulk
from segmark.store.audits import Audit
from segmark.store.store import Store

from tests.factories import LABELS, flag, make_page, settle, without_suggestions, write_note
from tests.gui.modal import when_modal
from tests.gui.robot import LEFT, Robot, wait_for

# The offscreen platform logs a warning for every menu and dialog.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

_SITES = ("varn", "oder", "varn", "oder", "elbe", "varn")


def _make(path: Path) -> Store:
    """Six pages of three sites, named by their number in load order."""
    store = without_suggestions(Store.create(path, LABELS))
    with store.write():
        for number, site in enumerate(_SITES, start=1):
            words = "ferry" if number % 2 else "train"
            text = f"Page {number}\n\nOf a {words}."
            page = make_page(text, source=f"{site}/{number}.txt", site=site)
            store.pages.add(page, text.encode())
    store.keep_order(PageOrder())  # load order, which is not the default for several sites
    return store


@pytest.fixture
def robot(qtbot: QtBot, project: Path) -> Iterator[Robot]:
    _make(project).close()
    robot = Robot(qtbot).open(project)
    yield robot
    robot.close()


@pytest.fixture(params=[True, False], ids=["at once", "beside the window"])
def either(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, project: Path
) -> Iterator[Robot]:
    """A window that reads its list without delay, as for few pages, or in a thread."""
    if not request.param:
        monkeypatch.setattr(page_list_reader, "_FEW_PAGES", -1)
        monkeypatch.setattr(bulk, "_FEW_PAGES", -1)
    _make(project).close()
    robot = Robot(qtbot).open(project)
    yield robot
    robot.close()


def _list(robot: Robot) -> PageList:
    return robot.window.panels.pages


def _filters(robot: Robot) -> FilterWindow:
    """Open the window with the filters."""
    robot.window.actions_by_id["list.filter"].trigger()
    filters = _list(robot).header.filters
    assert filters is not None
    return filters


def _titles(robot: Robot) -> list[str]:
    model = _list(robot).view.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())] if model else []


def _numbers(robot: Robot) -> str:
    return " ".join(title.removeprefix("Page ") for title in _titles(robot))


def _wait_for_list(robot: Robot, numbers: str) -> None:
    wait_for(robot, lambda: _numbers(robot) == numbers)


def _type(robot: Robot, words: str, numbers: str) -> None:
    """Search for words, and wait until the list has these pages."""
    robot.press("Ctrl+Shift+F")
    robot.type(words)
    _wait_for_list(robot, numbers)


def _row(robot: Robot, number: int) -> QPoint:
    """A point in the row of a page."""
    view = _list(robot).view
    row = _titles(robot).index(f"Page {number}")
    return view.visualRect(view.model().index(row, 0)).center()


def _click(robot: Robot, number: int, held: Qt.KeyboardModifier | None = None) -> None:
    modifiers = held or Qt.KeyboardModifier.NoModifier
    QTest.mouseClick(_list(robot).view.viewport(), LEFT, modifiers, _row(robot, number))
    _list(robot).view.setFocus()
    robot.settle()


def _order(robot: Robot, words: str) -> None:
    """Choose an entry of the order menu."""
    robot.window.actions_by_id["list.order"].trigger()
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    (act,) = [act for act in menu.actions() if act.text().startswith(words)]
    act.trigger()
    menu.close()
    robot.settle()


def _open(robot: Robot) -> int:
    assert robot.session.open_page
    return robot.session.open_page.number


# Search and filters


def test_typing_narrows_the_list_and_enter_opens_the_first_page(either: Robot) -> None:
    _type(either, "oder", "2 4")
    either.press("Return")
    wait_for(either, lambda: _open(either) == 2)
    assert _list(either).header.summary.text() == "2 pages"
    _press_and_open(either, "D", 4)
    either.press("D")
    assert either.window.status.message == "This is the last page of the list."


def _press_and_open(robot: Robot, key: str, number: int) -> None:
    """Press a key on the page, and wait until another page is open."""
    robot.view.setFocus()
    robot.press(key)
    assert _open(robot) == number


def test_the_place_of_a_page_is_that_in_the_list(either: Robot) -> None:
    page = either.window.status
    assert page.page == "Page 1 of 6"
    _type(either, "varn", "1 3 6")
    either.press("Enter")
    wait_for(either, either.view.hasFocus)
    either.press("D")
    wait_for(either, lambda: page.page == "Page 2 of 3")
    _list(either).header.clear()
    wait_for(either, lambda: page.page == "Page 3 of 6")


def test_what_was_typed_last_is_what_is_shown(either: Robot) -> None:
    either.press("Ctrl+Shift+F")
    for letter in "elbe":
        either.type(letter)
    _wait_for_list(either, "5")


def test_what_was_asked_for_before_is_dropped(
    qtbot: QtBot, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_list_reader, "_FEW_PAGES", -1)
    with _make(project) as store:
        reader, read = (
            page_list_reader.PageListReader(store, "ada"),
            list[page_list_reader.QueueRequest](),
        )
        reader.read.connect(lambda request, *_: read.append(request))
        first, second = (
            page_list_reader.QueueRequest(PageFilter(site=site), PageOrder())
            for site in ("oder", "varn")
        )
        reader.start(first)
        assert reader._complete.wait(30)  # it has been read, but not shown yet
        reader.start(second)
        qtbot.waitUntil(lambda: second in read)
        assert first not in read
        reader.close()


def test_without_a_match_the_list_says_so_and_offers_to_clear_the_filter(either: Robot) -> None:
    _type(either, "zeppelin", "")
    pages = _list(either)
    wait_for(either, lambda: pages.clear_button.isVisible())
    assert not pages.view.isVisible()
    QTest.mouseClick(pages.clear_button, LEFT)
    _wait_for_list(either, "1 2 3 4 5 6")
    assert pages.view.isVisible()
    assert pages.header.shown == PageFilter()


def test_the_whole_text_is_searched_once_it_is_indexed(either: Robot, project: Path) -> None:
    _type(either, "ferry", "")
    QTest.mouseClick(_list(either).header.scope, LEFT)
    _wait_for_list(either, "1 3 5")
    QTest.mouseClick(_list(either).header.scope, LEFT)
    _wait_for_list(either, "")
    with Store.open(project) as store:
        assert store.words.wanted
        assert store.words.missing() == 0


def test_a_stopped_index_leaves_the_search_in_titles(
    either: Robot, monkeypatch: pytest.MonkeyPatch
) -> None:
    _type(either, "varn", "1 3 6")
    QTest.mouseClick(_list(either).header.scope, LEFT)
    for task in either.window.background.running:
        task.cancel()
    wait_for(either, lambda: not either.window.background.running)
    _wait_for_list(either, "1 3 6")


def test_fields_of_the_filter_window_narrow_the_list_at_once(either: Robot) -> None:
    flag(either.session.store, "ada", 3)
    filters = _filters(either)
    filters.site.setCurrentText("varn")
    _wait_for_list(either, "1 3 6")
    filters.flagged.setCurrentText("Flagged")
    _wait_for_list(either, "3")
    assert _list(either).header.summary.text() == "1 page: site varn, flagged"
    filters.clear.button(QDialogButtonBox.StandardButton.Reset).click()
    _wait_for_list(either, "1 2 3 4 5 6")


def test_notes_are_found_by_filter_and_search(either: Robot) -> None:
    write_note(either.session.store, "ada", 4, "Ask Wren about the caption")
    filters = _filters(either)
    filters.noted.setCurrentText("With")
    _wait_for_list(either, "4")
    assert _list(either).header.summary.text() == "1 page: with a note"
    filters.clear.button(QDialogButtonBox.StandardButton.Reset).click()
    _type(either, "wren", "4")


def test_pages_are_found_by_what_one_did(either: Robot) -> None:
    settle(either.session.store, "ada", 3, Status.SKIPPED)
    filters = _filters(either)
    filters.work.setCurrentText("Finished today")
    _wait_for_list(either, "3")
    assert _list(either).header.summary.text() == "1 page: finished today"
    filters.clear.button(QDialogButtonBox.StandardButton.Reset).click()
    assert filters.work.currentText() == "Any"


def test_pages_with_questions_are_found(either: Robot) -> None:
    either.session.store.annotations("ben").change_pages([2], ask(0, 1))
    filters = _filters(either)
    filters.asked.setCurrentText("Open")
    _wait_for_list(either, "2")
    assert _list(either).header.summary.text() == "1 page: open questions"


def test_pages_that_a_program_listed_are_shown_until_the_filter_is_cleared(
    either: Robot,
) -> None:
    _type(either, "oder", "2 4")
    names = [either.session.store.pages.names(number)[0] for number in (5, 2)]
    _list(either).show_only(ListedPages("worst pages", tuple(names)))
    _wait_for_list(either, "2 5")
    wait_for(either, lambda: either.session.open_page is not None)
    assert either.session.open_page
    assert either.session.open_page.number == 2
    assert _list(either).header.summary.text() == "2 pages: worst pages"
    _list(either).header.clear()
    _wait_for_list(either, "1 2 3 4 5 6")


def test_the_pages_to_audit_are_listed_for_the_one_who_is_to_check_them(either: Robot) -> None:
    store = either.session.store
    either.window.actions_by_id["suggest.audit"].trigger()
    assert "No page waits for an audit by you" in either.window.status.message
    names = tuple(store.pages.names(number)[0] for number in (6, 1))
    for who, pages in (("jan", names[:1]), ("ada", names)):
        made = Audit(len(store.audits.all()) + 1, "varn", "2026-12-01", who, "", 3, pages)
        with store.write():
            store.audits.keep(made)
    settle(store, "ada", 6, Status.DONE)
    either.window.actions_by_id["suggest.audit"].trigger()
    _wait_for_list(either, "1")
    assert _list(either).header.summary.text() == "1 page: audit of varn"


def test_done_and_next_follow_the_filter_and_say_when_its_pages_are_done(either: Robot) -> None:
    _type(either, "oder", "2 4")
    either.press("Return")
    wait_for(either, lambda: _open(either) == 2)
    _press_and_open(either, "Return", 4)
    _press_and_open(either, "Return", 4)
    assert either.window.status.message.startswith("All pages of the list are done or skipped")
    statuses = [row.status for row in either.session.store.pages.rows("ada", range(1, 7))]
    assert [status.value for status in statuses] == ["new", "done", "new", "done", "new", "new"]


def test_a_page_that_was_finished_stays_in_the_list_of_new_ones_until_it_is_read_anew(
    either: Robot,
) -> None:
    box = _list(either).header.status
    box.setCurrentIndex(box.findData(Status.NEW))
    _wait_for_list(either, "1 2 3 4 5 6")
    _press_and_open(either, "Return", 2)
    assert _numbers(either) == "1 2 3 4 5 6"
    _press_and_open(either, "A", 1)
    _list(either).reload()
    _list(either).wait()
    either.settle()
    assert _numbers(either) == "1 2 3 4 5 6"
    _press_and_open(either, "D", 2)
    _list(either).reload()
    _wait_for_list(either, "2 3 4 5 6")


# Order


def test_pages_of_several_sites_are_spread_until_somebody_chooses_an_order(
    qtbot: QtBot, project: Path
) -> None:
    with without_suggestions(Store.create(project, LABELS)) as store:
        assert store.order == PageOrder()
    robot = Robot(qtbot).open(project)
    with Store.open(project) as store, store.write():
        for number, site in enumerate(_SITES, start=1):
            page = make_page(f"Page {number}", site=site)
            store.pages.add(page, page.text.encode())
    robot.window.show_project()
    _wait_for_list(robot, "1 2 5 3 4 6")
    assert _list(robot).header.order.accessibleName().endswith("Load order, spread over sites")
    _list(robot).set_order(PageOrder())
    _wait_for_list(robot, "1 2 3 4 5 6")
    with Store.open(project) as store:
        assert store.order == PageOrder()
    robot.close()


@pytest.mark.parametrize(
    ("entry", "numbers", "words"),
    [
        ("By site", "5 2 4 1 3 6", "By site"),
        ("Spread", "1 2 5 3 4 6", "Load order, spread over sites"),
        ("Site by site", "1 3 6 2 4 5", "Load order, site by site"),
    ],
)
def test_the_list_shows_the_order_in_which_pages_come(
    either: Robot, entry: str, numbers: str, words: str, project: Path
) -> None:
    _order(either, entry)
    _wait_for_list(either, numbers)
    assert _list(either).header.order.accessibleName() == f"Order of the pages: {words}"
    opened = [1]
    first, *rest = map(int, numbers.split())
    if first != 1:
        _press_and_open(either, "Return", first)
        rest.remove(1)
        opened = [first]
    for number in rest:
        _press_and_open(either, "Return", number)
        opened.append(number)
    if first != 1:
        assert sorted([*opened, 1]) == [1, 2, 3, 4, 5, 6]
    either.close()
    with Store.open(project) as store:
        assert store.order != PageOrder()


def test_the_kept_order_is_in_force_when_the_project_is_opened_again(
    either: Robot, project: Path, qtbot: QtBot
) -> None:
    _order(either, "Spread")
    either.close()
    again = Robot(qtbot).open(project)
    _wait_for_list(again, "1 2 5 3 4 6")
    _press_and_open(again, "Return", 2)
    _press_and_open(again, "Return", 5)
    again.close()


def test_after_another_order_was_chosen_the_next_page_is_its_first_unfinished_one(
    robot: Robot,
) -> None:
    for number in (2, 3, 4):
        _press_and_open(robot, "Return", number)
    _order(robot, "Spread")
    _press_and_open(robot, "Return", 5)
    _press_and_open(robot, "Return", 6)


def test_a_shuffled_order_is_another_one_when_it_is_shuffled_again(robot: Robot) -> None:
    orders = set()
    for entry in ("Shuffled", "Shuffle again", "Shuffle again", "Shuffle again"):
        _order(robot, entry)
        orders.add(_numbers(robot))
    assert len(orders) > 1
    assert robot.session.store.order.sort is Sort.SHUFFLED
    assert robot.session.store.order.strategy is Strategy.IN_ORDER


def test_pages_that_are_loaded_come_into_the_list(either: Robot, tmp_path: Path) -> None:
    _order(either, "Site by site")
    _wait_for_list(either, "1 3 6 2 4 5")
    (tmp_path / "new.txt").write_text("Page 7")
    either.load(tmp_path / "new.txt")
    _wait_for_list(either, "1 3 6 2 4 5 7")


# Many pages


def test_pages_are_gathered_with_ctrl_and_shift_without_opening_them(robot: Robot) -> None:
    _click(robot, 2)
    assert _open(robot) == 2
    _click(robot, 4, Qt.KeyboardModifier.ControlModifier)
    assert _list(robot).selected == [2, 4]
    _click(robot, 6, Qt.KeyboardModifier.ShiftModifier)
    assert _list(robot).selected == [2, 4, 5, 6]
    assert _open(robot) == 2
    robot.press("Ctrl+A", _list(robot).view)
    assert _list(robot).selected == [1, 2, 3, 4, 5, 6]
    _click(robot, 1)
    robot.press("Shift+Down Shift+Down", _list(robot).view)
    assert _list(robot).selected == [1, 2, 3]
    assert _open(robot) == 1


def test_skip_and_flag_keys_act_on_all_the_selected_pages_and_are_undone_at_once(
    either: Robot,
) -> None:
    _click(either, 2)
    _click(either, 4, Qt.KeyboardModifier.ShiftModifier)
    either.press("S", _list(either).view)

    def statuses() -> str:
        rows = either.session.store.pages.rows("ada", range(1, 7))
        return " ".join(row.status for row in rows)

    assert statuses() == "new skipped skipped skipped new new"
    assert either.session.undo_title == "Skip 3 pages"
    assert either.window.status.message == "Done: Skip 3 pages."
    either.press("Ctrl+Z")
    assert statuses() == "new new new new new new"
    assert either.window.status.message == "Undone: Skip 3 pages"
    either.press("Ctrl+Y")
    assert statuses() == "new skipped skipped skipped new new"


def test_the_flag_command_takes_flags_off_where_all_have_one(robot: Robot) -> None:
    def flags() -> list[bool]:
        return [row.flagged for row in robot.session.store.pages.rows("ada", range(1, 4))]

    _click(robot, 1)
    _click(robot, 2, Qt.KeyboardModifier.ShiftModifier)
    robot.press("Ctrl+Shift+G", _list(robot).view)
    assert flags() == [True, True, False]
    assert robot.state.flagged
    _click(robot, 1)
    _click(robot, 2, Qt.KeyboardModifier.ShiftModifier)
    robot.press("F", _list(robot).view)
    assert flags() == [False, False, False]


def test_removed_pages_go_at_once_and_come_back_by_the_notice(either: Robot) -> None:
    _click(either, 1)
    _click(either, 3, Qt.KeyboardModifier.ShiftModifier)
    either.press("Ctrl+Shift+Delete", _list(either).view)
    _wait_for_list(either, "4 5 6")
    assert _open(either) == 4
    notice = either.window.notice
    assert notice.text == "3 pages removed."
    QTest.mouseClick(notice.button, LEFT)
    _wait_for_list(either, "1 2 3 4 5 6")
    assert notice.text == ""


def test_removed_pages_are_found_by_their_filter_and_restored(either: Robot) -> None:
    _click(either, 2)
    either.press("Ctrl+Shift+Delete", _list(either).view)
    _wait_for_list(either, "1 3 4 5 6")
    _list(either).header.narrow(PageFilter(removed=True))
    _wait_for_list(either, "2")
    _click(either, 2)
    either.window.actions_by_id["list.restore"].trigger()
    either.settle()
    _list(either).header.clear()
    _wait_for_list(either, "1 2 3 4 5 6")


def test_a_project_whose_pages_are_all_removed_is_empty_until_undo(robot: Robot) -> None:
    _list(robot).view.setFocus()
    robot.press("Ctrl+A", _list(robot).view)
    robot.press("Ctrl+Shift+Delete", _list(robot).view)
    assert robot.session.open_page is None
    assert robot.window.empty_project.isVisible()
    robot.window.run("edit.undo")
    robot.settle()
    assert _numbers(robot) == "1 2 3 4 5 6"
    assert robot.session.open_page is not None


def test_selected_pages_are_given_a_site(either: Robot) -> None:
    def answer(dialog: QInputDialog) -> None:
        dialog.setTextValue("rhine")
        dialog.accept()

    _click(either, 2)
    _click(either, 4, Qt.KeyboardModifier.ControlModifier)
    when_modal(QInputDialog, answer)
    either.window.actions_by_id["list.site"].trigger()
    either.settle()
    assert [row.site for row in either.session.store.pages.rows("ada", [2, 3, 4])] == [
        "rhine", "varn", "rhine",
    ]  # fmt: skip
    assert either.page.info.site == "rhine"
    either.press("Ctrl+Z")
    assert either.page.info.site == "oder"


def test_the_menu_key_opens_the_menu_of_the_selected_pages(robot: Robot) -> None:
    view = _list(robot).view
    _click(robot, 2)
    view.customContextMenuRequested.emit(_row(robot, 2))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    shown = [act.objectName() for act in menu.actions() if not act.isSeparator()]
    assert shown == ["list.skip", "list.reopen", "list.flag", "list.unflag", "list.site",
                     "list.copy_names", "list.remove", "list.restore"]  # fmt: skip
    menu.close()


def test_an_act_on_many_pages_can_be_stopped_and_then_changes_nothing(
    robot: Robot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "_FEW_PAGES", -1)
    cancelled = list[bool]()

    def cancel() -> None:
        for task in robot.window.background.running:
            task.cancel()
            cancelled.append(True)

    # The lock keeps the act from starting, so that it is cancelled before its end.
    with Store.open(robot.session.store.path) as other, other.write():
        _list(robot).view.setFocus()
        robot.press("Ctrl+A", _list(robot).view)
        QTimer.singleShot(50, cancel)
        QTimer.singleShot(100, lambda: other._db.execute("ROLLBACK"))
        robot.press("Ctrl+Shift+S", _list(robot).view)
        other._db.execute("BEGIN")
    assert cancelled
    rows = robot.session.store.pages.rows("ada", range(1, 7))
    assert not any(row.status.finished for row in rows)
    assert robot.session.undo_title is None


def test_a_page_somebody_else_finished_is_passed_over(robot: Robot, project: Path) -> None:
    _order(robot, "Site by site")
    with Store.open(project) as other:
        settle(other, "ada", 3, Status.DONE)
    _press_and_open(robot, "Return", 6)
