"""Folding in the real window: what keys and mouse do where lines are folded."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from segmark.core.span import Span
from segmark.core.suggestion import Suggestion
from segmark.store.suggestions import Policy

from tests.factories import make_project
from tests.gui.robot import NONE, Robot, wait_for

_MENU = [f"Menu {number}" for number in range(1, 61)]
_STORY = [f"Sentence {number} of the story ends here, at last." for number in range(1, 21)]
_LINKS = [f"Link {number}" for number in range(1, 31)]
_FOOT = "All of this is protected by the laws of many countries."
PAGE = "\n".join([*_MENU, "Ship sinks", *_STORY, *_LINKS, _FOOT])
#: What is in view of the page when it opens.
FOLDED = [
    "▸ 61 lines · Menu 1, Menu 2, Menu 3, Menu 4, Menu 5, Menu 6 …",
    *_STORY,
    "▸ 30 lines · Link 1, Link 2, Link 3, Link 4, Link 5, Link 6 …",
    _FOOT,
]


@pytest.fixture
def robot(qtbot: QtBot, project: Path) -> Robot:
    make_project(project, PAGE, "Two\nlines").close()
    return Robot(qtbot).open(project)


def _lines(robot: Robot) -> list[str]:
    """What the page shows."""
    return robot.view.toPlainText().split("\n")


def _folds(robot: Robot) -> list[str]:
    return [line for line in _lines(robot) if line[:1] in "▸⋯"]


def _suggest(robot: Robot, first: str, last: str, label: str = "body") -> None:
    """Open the page again, with a suggestion."""
    text, store = robot.page.text, robot.session.store
    span = Span(text.index(first), text.index(last) + len(last), label)
    with store.write():
        store.suggestions.keep_policy(Policy(blind_share=0))
        store.suggestions.keep_predictions(1, [Suggestion(span, 0.9, "made up")])
    suggestions = robot.window.suggestions
    assert suggestions is not None
    suggestions.refresh()
    wait_for(robot, lambda: bool(suggestions.suggesting.open))


def test_a_page_opens_with_its_menus_folded(robot: Robot) -> None:
    assert _lines(robot) == FOLDED


def test_a_short_page_opens_as_it_is(robot: Robot) -> None:
    robot.press("D")
    assert _lines(robot) == ["Two", "lines"]


def test_z_unfolds_the_page_and_folds_it_again(robot: Robot) -> None:
    robot.press("Z")
    assert _lines(robot) == PAGE.split("\n")
    robot.press("Z")
    assert _lines(robot) == FOLDED


def test_z_on_a_page_without_a_fold_says_so(robot: Robot) -> None:
    robot.press("D Z")
    assert robot.window.status.message == "There is nothing to fold on this page."


def test_shift_z_unfolds_and_folds_at_the_caret(robot: Robot) -> None:
    robot.press("Shift+Z")
    assert _lines(robot) == [*_MENU, "Ship sinks", *FOLDED[1:]]
    assert robot.line == "Menu 1"
    robot.press("Down Down Shift+Z")
    assert _lines(robot) == FOLDED
    assert robot.line == "Menu 1"
    robot.press("Down Shift+Z")
    assert robot.window.status.message == "There is nothing to fold at the caret."


def test_what_is_unfolded_stays_so_on_its_page(robot: Robot) -> None:
    robot.press("Shift+Z D A")
    assert _folds(robot) == [FOLDED[-2]]
    robot.press("Z D A")
    assert _lines(robot) == PAGE.split("\n")


def test_a_setting_opens_pages_unfolded(robot: Robot) -> None:
    robot.press("D")
    robot.window.apply_settings(replace(robot.window.settings, folded=False))
    robot.press("A")
    assert _lines(robot) == PAGE.split("\n")
    robot.press("Z D A")
    assert _lines(robot) == FOLDED


def test_up_and_down_go_over_a_fold_as_over_a_block(robot: Robot) -> None:
    robot.press("Down")
    assert robot.line == _STORY[0]
    robot.press("Up")
    assert robot.line == "Menu 1"
    robot.press(" ".join(["Down"] * 22))
    assert robot.line == _FOOT
    robot.press("Up Up")
    assert robot.line == _STORY[-1]


def test_a_label_on_a_fold_labels_all_of_its_lines(robot: Robot) -> None:
    robot.press("T")
    assert robot.labelled == [("ticker", "\n".join([*_MENU, "Ship sinks"]))]
    assert _folds(robot)[0] == "⋯ 57 lines of ticker"
    assert _lines(robot)[:2] == _MENU[:2]


def test_a_fold_in_the_selection_is_labelled_with_the_rest(robot: Robot) -> None:
    robot.press("Shift+Down T")
    assert robot.labelled == [("ticker", "\n".join([*_MENU, "Ship sinks", _STORY[0]]))]
    assert robot.window.status.message == "Folded lines are labelled too: 61."


def test_a_label_from_the_one_above_through_a_fold_labels_all_of_its_lines(robot: Robot) -> None:
    robot.press(" ".join(["Down"] * 20) + " B")
    robot.press("Down Shift+B")
    assert robot.window.status.message == "Folded lines are labelled too: 29."
    assert robot.labelled == [("body", "\n".join([_STORY[-1], *_LINKS]))]


def test_a_label_beside_a_fold_shows_the_line_before_it(robot: Robot) -> None:
    robot.press("Down B")
    assert _lines(robot)[:3] == [
        "▸ 60 lines · Menu 1, Menu 2, Menu 3, Menu 4, Menu 5, Menu 6 …",
        "Ship sinks",
        _STORY[0],
    ]


def test_clearing_a_fold_clears_all_of_its_lines(robot: Robot) -> None:
    robot.press("T Home")
    robot.press("Z Z")
    assert _folds(robot)[0] == "⋯ 57 lines of ticker"
    robot.click(_MENU[1])
    robot.press("Down Delete")
    assert robot.window.status.message == "Label cleared: 57 blocks (ticker)."
    assert [text for _, text in robot.labelled] == [
        "\n".join(_MENU[:2]),
        f"{_MENU[-1]}\nShip sinks",
    ]


def test_undo_shows_what_it_changed(robot: Robot) -> None:
    robot.press("T Ctrl+Z")
    assert robot.labelled == []
    robot.press("Ctrl+Y")
    assert _folds(robot)[0] == "⋯ 57 lines of ticker"


def test_an_edit_never_hides_what_was_in_view(robot: Robot) -> None:
    robot.press("Down " + " ".join(["B"] * 20))
    assert [label for label, _ in robot.labelled] == ["body"]
    assert set(_STORY) < set(_lines(robot))
    robot.press("Z Z")
    assert "⋯ 16 lines of body" in _lines(robot)


def test_a_click_on_a_fold_opens_it(robot: Robot) -> None:
    robot.click("Menu 1")
    assert _lines(robot) == [*_MENU, "Ship sinks", *FOLDED[1:]]
    assert robot.line == "Menu 1"


def test_a_click_on_a_fold_with_the_brush_labels_it(robot: Robot) -> None:
    robot.click_label("ticker")
    robot.click("Menu 1")
    assert robot.labelled == [("ticker", "\n".join([*_MENU, "Ship sinks"]))]


def test_a_click_in_the_margin_takes_all_lines_of_a_fold(robot: Robot) -> None:
    robot.click_margin("Menu 1")
    assert robot.selected == "\n".join([*_MENU, "Ship sinks"])
    assert _lines(robot) == FOLDED


def test_a_drag_in_the_margin_takes_all_lines_of_its_folds(robot: Robot) -> None:
    robot.drag_margin("Menu 1", _STORY[1])
    assert robot.selected == "\n".join([*_MENU, "Ship sinks", *_STORY[:2]])
    robot.drag_margin(_STORY[1], "Menu 1")
    assert robot.selected == "\n".join([*_MENU, "Ship sinks", *_STORY[:2]])


def test_a_drag_over_a_fold_takes_all_of_its_lines(robot: Robot) -> None:
    robot.drag(_STORY[-1], _FOOT)
    assert robot.selected == "\n".join([_STORY[-1], *_LINKS, _FOOT])


def test_find_opens_the_fold_of_a_hit(robot: Robot) -> None:
    robot.press("Ctrl+F")
    robot.type("Link 7")
    assert robot.selected == "Link 7"
    assert _folds(robot) == [FOLDED[0]]


def test_the_caret_passes_a_fold_like_one_character(robot: Robot) -> None:
    fold_end = PAGE.index("Ship sinks") + len("Ship sinks")
    robot.press("Right")
    assert robot.view.selection == (fold_end, fold_end)
    robot.press("Right")
    assert robot.line == _STORY[0]
    robot.press("Left Left")
    assert robot.view.selection == (0, 0)
    robot.press("Shift+Right")
    assert robot.view.selection == (0, fold_end)


def test_copied_text_has_the_lines_of_its_folds(robot: Robot) -> None:
    robot.press("Ctrl+A")
    assert robot.view.selected_text() == PAGE
    assert _lines(robot) == FOLDED


def test_tab_leaves_a_fold(robot: Robot) -> None:
    robot.press("Tab")
    assert robot.line == _STORY[0]


def test_suggestions_fold_what_is_around_and_inside_of_them(robot: Robot) -> None:
    _suggest(robot, _STORY[0], _STORY[-1])
    assert _lines(robot) == [
        "▸ 60 lines · Menu 1, Menu 2, Menu 3, Menu 4, Menu 5, Menu 6 …",
        "Ship sinks",
        *_STORY[:2],
        "⋯ 16 lines of body",
        *_STORY[-2:],
        "Link 1",
        "▸ 29 lines · Link 2, Link 3, Link 4, Link 5, Link 6, Link 7 …",
        _FOOT,
    ]


def test_accepting_keeps_the_folds_and_rejecting_shows_the_text(robot: Robot) -> None:
    _suggest(robot, _STORY[0], _STORY[-1])
    before = _lines(robot)
    robot.press("Down Down Space")
    assert _lines(robot) == before
    robot.press("Ctrl+Z X")
    assert set(_STORY) < set(_lines(robot))


def test_the_line_at_the_caret_stays_where_it_is_on_the_screen(robot: Robot) -> None:
    robot.press(" ".join(["Down"] * 6))
    before = robot.view.band(robot.view.caret_block)
    robot.press("Z")
    after = robot.view.band(robot.view.caret_block)
    assert robot.line == _STORY[5]
    assert before
    assert after
    assert abs(after[0] - before[0]) < before[1] - before[0]


def test_a_fold_that_is_zoomed_keeps_its_caption(robot: Robot) -> None:
    robot.press("Ctrl++ Ctrl++ Ctrl++")
    assert _lines(robot) == FOLDED


def test_the_margin_numbers_the_first_line_of_a_fold(robot: Robot) -> None:
    rows = [row.index for row in robot.view.places.rows]
    assert rows[:2] == [0, 61]
    assert robot.view.caret_block == 0


def test_the_wheel_and_the_keys_scroll_a_folded_page(robot: Robot) -> None:
    robot.press("PgDown PgDown")
    assert robot.line == _FOOT
    robot.press("PgUp PgUp PgUp")
    assert robot.line == "Menu 1"


def test_a_right_click_on_a_fold_leaves_it_folded(robot: Robot) -> None:
    point = robot.point("Menu 1")
    QTest.mouseClick(robot.view.viewport(), Qt.MouseButton.RightButton, NONE, point)
    assert _lines(robot) == FOLDED


def test_a_screen_reader_hears_how_much_is_folded(robot: Robot) -> None:
    heard = list[str]()
    robot.view.announced.connect(heard.append)
    robot.press("Down Up")
    assert heard == ["fold, 61 lines"]


def test_a_long_paragraph_in_a_label_is_cut_until_it_is_opened(
    robot: Robot, tmp_path: Path
) -> None:
    long = " ".join(f"Word{number} and word." for number in range(90))
    path = tmp_path / "long.txt"
    path.write_text("\n".join([*_MENU, long, *_LINKS]))
    robot.load(path, show_first=True)
    robot.press("Z Z")
    robot.click("Word3 ")
    robot.press("B Z Z")
    [line] = [line for line in _lines(robot) if line.startswith("Word0")]
    assert len(line) < 300
    assert " ⋯ " in line
    robot.click("Word3 ")
    robot.press("Shift+Z")
    assert long in _lines(robot)
    robot.press("Shift+Z")
    assert line in _lines(robot)
