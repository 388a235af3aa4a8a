"""The main job in the real window: the keys and the mouse of the contract."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from segmark.cli import program as cli
from segmark.core.annotation import State, Status
from segmark.core.caret import Selection
from segmark.core.label import LabelSet
from segmark.core.span import Span
from segmark.gui.base.message_box import MessageBox
from segmark.session.session import Session
from segmark.store.store import Store

from tests.factories import WHOLE_BLOCKS
from tests.gui.robot import Robot, wait_for
from tests.places import SHARED

#: Shaped like a raw page: a stray word, a run-on ticker, furniture between the segments.
RAW = """\
fbqx
Mayor opens the new swimming poolRead more Tram line 9 to run on Sundays againRead more \
Orchard society plants its thousandth treeRead more

Ferry company and island agree on ‘winter timetable’

show caption
Ferry captain Ilse Dorrow (R) meets the mayor (L) on the quay on February 3, 2023./TIDE
Printable version

Feb 06, 2023 - 01:39 AM

PORT ORREN, VELLAND — The ferry company and the island have agreed on a timetable.

It begins on Monday, the company said.

“We are content,” said the mayor.

The island has 1,900 people, including two lighthouse keepers.

ORRENPOST.EXAMPLE uses a comment system. Please keep your comments respectful."""

SHARED_PAGE = SHARED / "page" / "raw_page.txt"


@pytest.fixture
def robot(qtbot: QtBot, project: Path, label_set: LabelSet) -> Robot:
    return Robot(qtbot).create(project, label_set)


def test_a_label_that_may_not_lie_inside_a_block_takes_whole_lines_by_key_and_mouse(
    qtbot: QtBot, project: Path, tmp_path: Path
) -> None:
    raw = _load(Robot(qtbot).create(project, WHOLE_BLOCKS), tmp_path, RAW)
    raw.drag("company", "agree")
    raw.press("H")
    title = "Ferry company and island agree on ‘winter timetable’"
    assert raw.labelled == [("headline", title)]
    raw.drag("begins", "content")
    raw.click_label("body")
    first, last = "It begins on Monday, the company said.", "“We are content,” said the mayor."
    assert raw.labelled[1:] == [("body", f"{first}\n\n{last}")]
    raw.click("begins")
    raw.press("]")
    assert raw.labelled[1:] == [("body", last)]
    raw.press("Ctrl+Z Ctrl+Z Ctrl+Z")
    assert raw.labelled == []


@pytest.fixture
def raw(robot: Robot, tmp_path: Path) -> Robot:
    return _load(robot, tmp_path, RAW)


def _load(robot: Robot, folder: Path, *texts: str) -> Robot:
    paths = []
    for number, text in enumerate(texts, start=1):
        path = folder / f"page{number}.txt"
        path.write_bytes(text.encode())
        paths.append(path)
    robot.load(*paths)
    assert robot.page is not None
    return robot


def _check_raw(robot: Robot) -> None:
    lines = RAW.split("\n")
    assert robot.labelled == [
        ("ticker", lines[1]),
        ("headline", lines[3]),
        ("caption", lines[6]),
        ("body", RAW[RAW.index("PORT ORREN") : RAW.index("\n\nORRENPOST")]),
        ("comment", lines[-1]),
    ]


# The whole page


def test_a_raw_page_is_labelled_by_keyboard_alone_in_11_presses(raw: Robot) -> None:
    raw.press("Down T H Down C Down Down Ctrl+Shift+End B M")
    _check_raw(raw)
    raw.press("Return")
    assert raw.state.status is Status.DONE


def test_a_raw_page_is_labelled_with_mouse_and_keys_in_9_acts(raw: Robot) -> None:
    raw.press("Down T H")
    raw.click("Ferry captain")
    raw.press("C")
    raw.drag_margin("PORT ORREN", "The island has")
    raw.press("B M")
    _check_raw(raw)
    raw.press("Return")
    assert raw.state.status is Status.DONE


def test_a_raw_page_is_labelled_by_the_letters_and_shift_alone(raw: Robot) -> None:
    raw.press("Down 4 1 Tab C Tab Tab B Ctrl+End Up Shift+B M")
    _check_raw(raw)


@pytest.mark.shared("page/raw_page.txt")
@pytest.mark.parametrize("by_mouse", [False, True], ids=["keys", "mouse and keys"])
def test_the_users_own_page_comes_out_as_it_must(robot: Robot, by_mouse: bool) -> None:
    robot.load(SHARED_PAGE)
    text = robot.page.text
    if by_mouse:
        robot.press("Down T H")
        robot.click("Venezuelan President Nicolas Maduro (R)")
        robot.press("C")
        robot.drag_margin("CARACAS", "And the Maduro")
        robot.press("B M Return")
    else:
        robot.press("Down T H Down C Down Down Ctrl+Shift+End B M Return")
    lines = text.split("\n")
    body = text[text.index("CARACAS") : text.index("countries including Iran.") + 25]
    assert robot.labelled == [
        ("ticker", lines[1]),
        ("headline", next(line for line in lines if line.startswith("Maduro, Iranian"))),
        ("caption", next(line for line in lines if line.startswith("Venezuelan President"))),
        ("body", body),
        ("comment", lines[-1]),
    ]
    assert robot.state.status is Status.DONE


# Keys that label


def test_a_label_key_labels_the_block_and_goes_on_to_the_next_without_a_label(raw: Robot) -> None:
    raw.press("B")
    assert raw.labelled == [("body", "fbqx")]
    assert raw.line.startswith("Mayor opens")
    raw.press("Up 1")
    assert raw.labelled == [("headline", "fbqx")]


@pytest.mark.parametrize(("digit", "letter"), ["1H", "2C", "3B", "4T", "5M"])
def test_digit_letter_and_keypad_give_the_same_label(raw: Robot, digit: str, letter: str) -> None:
    raw.press(digit)
    by_digit = raw.labelled
    raw.press("Ctrl+Z")
    raw.press(letter)
    assert raw.labelled == by_digit
    raw.press("Ctrl+Z")
    QTest.keyClick(raw.view, Qt.Key(ord(digit)), Qt.KeyboardModifier.KeypadModifier)
    assert raw.labelled == by_digit


def test_a_selection_is_labelled_instead_of_the_block(raw: Robot) -> None:
    raw.press("Down Shift+Ctrl+Right Shift+Ctrl+Right H")
    assert raw.labelled == [("headline", "Mayor opens")]


def test_shift_and_letter_label_from_the_one_above(raw: Robot) -> None:
    raw.click("PORT ORREN")
    raw.press("B")
    raw.click("The island has")
    raw.press("Shift+B")
    (body,) = raw.labelled
    assert body == ("body", RAW[RAW.index("PORT ORREN") : RAW.index("\n\nORRENPOST")])


def test_without_one_above_shift_and_letter_label_the_block_and_say_so(raw: Robot) -> None:
    raw.press("Shift+H")
    assert raw.labelled == [("headline", "fbqx")]
    assert "no headline above" in raw.window.status.message


@pytest.mark.parametrize("key", ["Delete", "0"])
def test_delete_and_0_clear_the_block_at_the_caret_and_with_shift_the_span(
    raw: Robot, key: str
) -> None:
    raw.drag_margin("PORT ORREN", "The island has")
    raw.press("B")
    raw.click("It begins")
    raw.press(key)
    assert raw.window.status.message == "Label cleared: 1 block (body)."
    assert [text.partition(" ")[0] for _, text in raw.labelled] == ["PORT", "“We"]
    raw.click("The island has")
    raw.press(f"Shift+{key}")
    assert raw.window.status.message == "Label cleared: 2 blocks (body)."
    assert [text.partition(" ")[0] for _, text in raw.labelled] == ["PORT"]
    raw.press(key)
    assert raw.window.status.message == "There is no label here to clear."


@pytest.mark.parametrize(("key", "left"), [("0", 1), ("Shift+0", 0)])
def test_clearing_a_selection_says_how_many_blocks(raw: Robot, key: str, left: int) -> None:
    raw.drag_margin("PORT ORREN", "The island has")
    raw.press("B")
    raw.drag_margin("It begins", "The island has")
    raw.press(key)
    assert raw.window.status.message == f"Label cleared: {4 - left} blocks (body)."
    assert len(raw.labelled) == left


def test_clearing_a_selection_keeps_what_is_outside(raw: Robot) -> None:
    raw.click("It begins")
    raw.press("B")
    raw.drag("begins", "Monday")
    raw.press("Delete")
    assert raw.labelled == [("body", "It"), ("body", ", the company said.")]


def test_brackets_move_the_start_and_braces_the_end_by_a_word(raw: Robot) -> None:
    raw.drag("begins", "Monday")
    raw.press("C")
    raw.click("on Monday")
    raw.press("[")
    assert raw.labelled == [("caption", "It begins on Monday")]
    raw.press("]")
    raw.press("]")
    assert raw.labelled == [("caption", "on Monday")]
    raw.press("}")
    assert raw.labelled == [("caption", "on Monday,")]
    raw.press("{")
    assert raw.labelled == [("caption", "on Monday")]


def test_backspace_does_nothing(raw: Robot) -> None:
    raw.press("B Up Backspace")
    assert raw.labelled == [("body", "fbqx")]


# Keys that move


def test_up_and_down_and_j_and_k_go_by_blocks(raw: Robot) -> None:
    raw.press("Down J")
    assert raw.line.startswith("Ferry company")
    raw.press("K Up Up")
    assert raw.line == "fbqx"


def test_shift_and_down_select_whole_blocks_the_own_one_first(raw: Robot) -> None:
    raw.click("It begins")
    raw.press("Shift+Down")
    assert raw.selected.startswith("It begins")
    assert raw.selected.endswith("said the mayor.")
    raw.press("Shift+Up")
    assert raw.selected == "It begins on Monday, the company said."
    raw.press("Shift+Up")
    assert raw.selected.startswith("PORT ORREN")
    assert raw.selected.endswith("company said.")


def test_tab_goes_to_blocks_without_a_label_round_the_end(raw: Robot) -> None:
    raw.press("Down T Up Up Tab")
    assert raw.line.startswith("Ferry company")
    raw.press("Shift+Tab")
    assert raw.line == "fbqx"
    raw.press("Shift+Tab")
    assert raw.line.startswith("ORRENPOST")
    assert raw.view.hasFocus()


def test_escape_drops_the_selection(raw: Robot) -> None:
    raw.press("Shift+Down Escape")
    assert raw.selected == ""


# The mouse


def test_a_drag_snaps_to_words_and_alt_to_characters(raw: Robot) -> None:
    raw.drag("egins", "Mond")
    assert raw.selected == "begins on Monday"
    raw.drag("egins", "Mond", held=Qt.KeyboardModifier.AltModifier)
    assert raw.selected == "egins on Mond"


def test_double_click_takes_a_word_and_triple_click_a_block(raw: Robot) -> None:
    raw.click("company said", times=2)
    assert raw.selected == "company"
    raw.click("It begins", times=3)
    assert raw.selected == "It begins on Monday, the company said."


def test_the_margin_takes_a_block_or_a_range_of_them(raw: Robot) -> None:
    raw.click_margin("It begins")
    assert raw.selected == "It begins on Monday, the company said."
    raw.drag_margin("It begins", "“We are content")
    assert (
        raw.selected
        == "It begins on Monday, the company said.\n\n“We are content,” said the mayor."
    )


def test_a_label_button_labels_the_selection(raw: Robot) -> None:
    raw.click_margin("It begins")
    raw.click_label("body")
    assert raw.labelled == [("body", "It begins on Monday, the company said.")]
    assert raw.window.brush.label is None
    assert raw.view.hasFocus()


def test_without_a_selection_a_label_button_is_a_brush_until_escape(raw: Robot) -> None:
    raw.click("fbqx")
    raw.click_label("body")
    assert raw.labelled == []
    raw.drag("It begins", "Monday")
    raw.click_margin("“We are content")
    assert raw.labelled == [
        ("body", "It begins on Monday"),
        ("body", "“We are content,” said the mayor."),
    ]
    raw.press("Escape")
    raw.drag("The island", "people")
    assert len(raw.labelled) == 2


def test_a_triple_click_with_the_brush_is_one_act_on_the_block(raw: Robot) -> None:
    raw.click("fbqx")
    raw.click_label("headline")
    raw.drag("It begins", "Monday")
    before = raw.labelled
    raw.click("company said", times=3)
    assert raw.labelled == [("headline", "It begins on Monday, the company said.")]
    raw.press("Ctrl+Z")
    assert raw.labelled == before
    raw.press("Ctrl+Y")
    assert raw.labelled == [("headline", "It begins on Monday, the company said.")]


def test_a_double_click_with_the_brush_stays_on_its_word(raw: Robot) -> None:
    raw.click("fbqx")
    raw.click_label("headline")
    raw.click("company said", times=2)
    raw.click("“We are content", times=3)
    assert raw.labelled == [
        ("headline", "company"),
        ("headline", "“We are content,” said the mayor."),
    ]


# Undo, pages, status


def test_undo_and_redo_go_across_pages_and_restarts(
    robot: Robot, tmp_path: Path, project: Path, qtbot: QtBot
) -> None:
    _load(robot, tmp_path, "First page\n\nIts body.", "Second page\n\nIts body.")
    robot.press("H Return")
    assert robot.line == "Second page"
    robot.press("H")
    robot.close()
    again = Robot(qtbot).open(project)
    assert again.page.text.startswith("Second page")
    assert again.line == "Its body."
    again.press("Ctrl+Z")
    assert again.line == "Second page"
    assert again.labelled == []
    again.press("Ctrl+Z")
    assert again.page.text.startswith("First page")
    assert again.line == "Its body."
    assert again.state == State(Status.STARTED)
    again.press("Ctrl+Z")
    assert again.labelled == []
    assert again.state == State()
    again.press("Ctrl+Y Ctrl+Shift+Z Ctrl+Y")
    assert again.line == "Second page"
    assert again.labelled == [("headline", "Second page")]


def test_enter_opens_the_next_page_that_is_not_done(robot: Robot, tmp_path: Path) -> None:
    _load(robot, tmp_path, "one", "two", "three")
    robot.press("D Return")
    assert robot.line == "three"
    robot.press("Return")
    assert robot.line == "one"
    robot.press("Return")
    assert robot.line == "one"
    assert "all pages are done" in robot.window.status.message


def test_d_and_a_step_through_the_pages(robot: Robot, tmp_path: Path) -> None:
    _load(robot, tmp_path, "one", "two", "three")
    robot.press("D Alt+Right")
    assert robot.line == "three"
    robot.press("A")
    assert robot.line == "two"
    robot.press("Return A A Ctrl+Shift+D")
    assert robot.line == "three"
    robot.press("Ctrl+Shift+A")
    assert robot.line == "one"


def test_s_skips_and_f_flags_and_n_notes(robot: Robot, tmp_path: Path) -> None:
    _load(robot, tmp_path, "one", "two")
    robot.press("F N")
    robot.type("half of it is missing")
    assert robot.labelled == []
    robot.press("Escape")
    assert robot.view.hasFocus()
    assert robot.state.flagged
    assert robot.state.note == "half of it is missing"
    robot.press("S")
    assert robot.line == "two"
    robot.press("A")
    assert robot.state.status is Status.SKIPPED
    robot.press("F")
    assert not robot.state.flagged


def test_a_note_half_written_is_kept_when_the_page_or_the_program_is_left(
    robot: Robot, tmp_path: Path, project: Path, qtbot: QtBot
) -> None:
    _load(robot, tmp_path, "one", "two")
    robot.press("N")
    robot.type("first")
    robot.press("Ctrl+Shift+D")
    assert robot.line == "two"
    robot.press("N")
    robot.type("second")
    robot.close()
    again = Robot(qtbot).open(project)
    notes = [again.state.note]
    again.press("A")
    assert [again.state.note, *notes] == ["first", "second"]


def test_every_act_is_in_the_file_before_the_next_key(raw: Robot, project: Path) -> None:
    raw.press("Down T")
    with closing(sqlite3.connect(project)) as other:
        rows = other.execute("SELECT label FROM span").fetchall()
        log = other.execute("SELECT title FROM edit").fetchall()
    assert rows == [("ticker",)]
    assert log == [("Label ticker",)]


# Find, title, text fields


def test_find_marks_and_counts_hits_and_gives_the_focus_back(raw: Robot) -> None:
    raw.press("Ctrl+F")
    raw.type("ferry")
    assert raw.window.find_bar.isVisible()
    assert raw.selected.casefold() == "ferry"
    first = raw.view.selection
    raw.press("Return")
    assert raw.selected.casefold() == "ferry"
    assert raw.view.selection != first
    raw.press("Shift+Return")
    assert raw.view.selection == first
    raw.press("Escape")
    assert raw.view.hasFocus()
    raw.press("F3")
    assert raw.view.selection != first


def test_letters_typed_into_a_field_do_not_label(raw: Robot) -> None:
    raw.press("Ctrl+F")
    raw.type("hcbtm12345dasfn0?")
    assert raw.labelled == []
    assert raw.window.find_bar.text == "hcbtm12345dasfn0?"


def test_f6_goes_round_the_panels_without_a_mouse(raw: Robot) -> None:
    raw.press("H")
    panels = raw.window.panels
    places = [raw.view, panels.labels, panels.spans, panels.note, panels.pages]
    for place in [*places[1:], raw.view]:
        raw.press("F6")
        focused = raw.window.focusWidget()
        assert focused is not None
        assert place is focused or place.isAncestorOf(focused)
    raw.press("Shift+F6")
    focused = raw.window.focusWidget()
    assert focused is not None
    assert panels.pages.isAncestorOf(focused)


def test_the_title_says_that_all_is_saved(raw: Robot) -> None:
    raw.press("B")
    wait_for(raw, lambda: "all saved" in raw.window.windowTitle())
    raw.press("Ctrl+S")
    assert raw.window.status.message.startswith("All saved")


def test_changed_keys_are_in_force_at_once_and_next_time(raw: Robot) -> None:
    window = raw.window
    window.apply_settings(replace(window.settings, keys={"label.as.body": ("X",)}))
    raw.press("B")
    assert raw.labelled == []
    raw.press("X")
    assert raw.labelled == [("body", "fbqx")]


def test_the_open_page_survives_another_program_that_labels_it(
    raw: Robot, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store.open(project) as store:
        other = Session(store, raw.session.annotator)
        other.open(1)
        other.label("headline", Selection.at(0))
    told: list[str] = []
    monkeypatch.setattr(MessageBox, "show_words", lambda *words: told.append(words[2]))
    raw.press("B")
    assert told
    assert raw.labelled == [("headline", "fbqx")]
    raw.press("B")
    assert ("body", RAW.split("\n")[1]) in raw.labelled or ("body", "fbqx") in raw.labelled


def test_offsets_are_right_whatever_the_text(robot: Robot, tmp_path: Path) -> None:
    words = (
        "plain", "😀astral😀", "e\u0301combining", "👩‍👩‍👧family", "שלום", "nb\u00a0sp",
        "zero\u200bwidth", "ta\tb", "last",
    )  # fmt: skip
    source = "\ufeff\r\n".join(words).replace("last", "u\u2028sep\r\nnul\0x\rlast")
    data = source.encode() + b"\n\xed\xa0\x80lone surrogate\n"
    path = tmp_path / "nasty.txt"
    path.write_bytes(data)
    robot.load(path)
    text = robot.page.text
    blocks = [text[block.start : block.end] for block in robot.page.blocks]
    for block in blocks:
        robot.click_margin(block)
        assert robot.selected == block.strip()
        robot.press("H")
    assert [quoted for _, quoted in robot.labelled] == [block.strip() for block in blocks]
    robot.press("Return")
    out = tmp_path / "out"
    assert cli.run(["export", str(robot.session.store.path), str(out)]) == 0
    record = json.loads((out / "pages.jsonl").read_text(encoding="utf-8"))
    quoted = [record["text"][span["start"] : span["end"]] for span in record["spans"]]
    assert quoted == [block.strip() for block in blocks]
    assert record["text"] == text


def test_a_very_long_page_is_labelled_at_its_end(robot: Robot, tmp_path: Path) -> None:
    text = "\n".join(f"Line {n} with some words" for n in range(5_000)) + "\n" + "x" * 50_000
    _load(robot, tmp_path, text)
    robot.press("Ctrl+End B")
    assert robot.spans == (Span(text.index("xxx"), len(text), "body"),)
    QApplication.processEvents()
