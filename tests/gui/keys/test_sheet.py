"""The key sheet and the table of keys in the help."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFrame, QLabel, QMainWindow
from pytestqt.qtbot import QtBot
from segmark.core.label import LabelSet
from segmark.environment.resource_path import resource_path
from segmark.gui.base.theme import DARK
from segmark.gui.keys.commands import all_commands
from segmark.gui.keys.sheet import KeySheet
from segmark.gui.keys.table import BEGIN, END, key_rows, keys_markdown, with_table

_LABELS = LabelSet.from_toml(resource_path("labels", "news.toml").read_text(encoding="utf-8"))
_COMMANDS = all_commands(_LABELS)


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    window = QMainWindow()
    qtbot.addWidget(window)
    return window


def _open(qtbot: QtBot, window: QMainWindow, width: int = 1280) -> KeySheet:
    window.resize(width, 700)
    window.show()
    sheet = KeySheet(_COMMANDS, {"page.next": ("Q",)}, _LABELS, DARK, window)
    with qtbot.waitActive(sheet):
        sheet.show()
        sheet.activateWindow()
    return sheet


def _texts(sheet: KeySheet) -> list[str]:
    return [label.text() for label in sheet.findChildren(QLabel)]


def test_the_sheet_shows_every_command_that_has_a_key(qtbot: QtBot, window: QMainWindow) -> None:
    shown = _texts(_open(qtbot, window))
    for command in _COMMANDS:
        assert (command.title.removesuffix("…") in shown) is bool(command.keys)


def test_the_sheet_shows_the_keys_in_force(qtbot: QtBot, window: QMainWindow) -> None:
    shown = _texts(_open(qtbot, window))
    assert "Q" in shown
    assert "D" not in shown
    assert "Alt+Right" not in shown


def test_the_labels_bear_their_colours(qtbot: QtBot, window: QMainWindow) -> None:
    sheet = _open(qtbot, window)
    styles = [frame.styleSheet() for frame in sheet.findChildren(QFrame)]
    for label in _LABELS:
        assert sum(label.dark.lower() in style for style in styles) == 2


def test_the_mouse_is_explained(qtbot: QtBot, window: QMainWindow) -> None:
    shown = _texts(_open(qtbot, window))
    assert {"Mouse", "Triple click", "Margin: drag", "Label button"} <= set(shown)


@pytest.mark.parametrize(
    ("key", "modifiers"),
    [
        (Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_F1, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_Question, Qt.KeyboardModifier.NoModifier),
    ],
)
def test_the_key_that_opens_the_sheet_closes_it_and_so_does_esc(
    qtbot: QtBot, window: QMainWindow, key: Qt.Key, modifiers: Qt.KeyboardModifier
) -> None:
    sheet = _open(qtbot, window)
    QTest.keyClick(sheet.scroller, key, modifiers)
    assert not sheet.isVisible()


@pytest.mark.parametrize(("width", "columns"), [(213, 3), (150, 2), (83, 1)])
def test_the_sheet_fits_its_window_without_scrolling_sideways(
    qtbot: QtBot, window: QMainWindow, width: int, columns: int
) -> None:
    letter = window.fontMetrics().averageCharWidth()
    if width * letter > window.screen().availableSize().width():
        pytest.skip(f"{width} characters of this font are wider than the screen")
    sheet = _open(qtbot, window, width * letter)
    sides = {section.x() for section in sheet.sections}
    assert len(sides) == columns
    widths = {section.width() for section in sheet.sections}
    assert min(widths) * columns > 0.8 * sheet.content.width()
    assert sheet.content.width() <= sheet.scroller.viewport().width()


def test_the_sheet_scrolls_by_keyboard(qtbot: QtBot, window: QMainWindow) -> None:
    sheet = _open(qtbot, window, 500)
    QTest.keyClick(sheet.scroller, Qt.Key.Key_PageDown)
    assert sheet.scroller.verticalScrollBar().value() > 0


def test_the_markdown_table_lists_the_keys_by_menu() -> None:
    table = keys_markdown(_COMMANDS, {"page.next": ("Q", "Ctrl++")})
    assert table.startswith("## File\n\n| Keys | What it does |\n|---|---|\n| `Ctrl+N` |")
    assert "| `Q` `Ctrl+Plus` | Next page |" in table
    assert "| `1` `H` | Label headline |" in table
    assert table.count("## ") == len(key_rows(_COMMANDS, {}))


def test_a_command_without_a_key_has_no_row() -> None:
    assert "Next page" not in keys_markdown(_COMMANDS, {"page.next": ()})


def test_the_table_takes_the_place_between_the_markers_only() -> None:
    page = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    assert with_table(page, "new") == f"before\n{BEGIN}\n\nnew\n\n{END}\nafter\n"
    assert with_table(with_table(page, "new"), "new") == with_table(page, "new")
    with pytest.raises(ValueError, match="lacks"):
        with_table("no markers", "new")


def test_the_help_page_of_keys_is_up_to_date() -> None:
    path = resource_path("help", "keys.md")
    if not path.exists():
        pytest.skip("the help has no page of keys")
    page = path.read_text(encoding="utf-8")
    assert page == with_table(page, keys_markdown(_COMMANDS, {})), (
        "run: python -m segmark.gui.keys.table resources/help/keys.md"
    )
