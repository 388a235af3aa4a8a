"""The actions in a real window: which key triggers what, and where it does nothing."""

from dataclasses import dataclass

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot
from segmark.core.label import Label, LabelSet
from segmark.gui.keys.actions import Actions
from segmark.gui.keys.commands import Scope, all_commands
from segmark.gui.keys.keyboard import Keyboard

_NONE = Qt.KeyboardModifier.NoModifier
_CTRL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_ALT = Qt.KeyboardModifier.AltModifier
_KEYPAD = Qt.KeyboardModifier.KeypadModifier


def _labels(**keys: str) -> LabelSet:
    return LabelSet(
        "test",
        tuple(Label(name, key, "#0072b2", "#56b4e9", True, name) for name, key in keys.items()),
    )


_NEWS = _labels(headline="H", caption="C", body="B", ticker="T", comment="M")


@dataclass
class Screen:
    """A window with a page, a field, an input area and the actions; records the triggers."""

    window: QMainWindow
    page: QPlainTextEdit
    field: QLineEdit
    area: QPlainTextEdit
    actions: Actions
    done: list[str]

    def press(
        self, key: Qt.Key | str, modifiers: Qt.KeyboardModifier = _NONE, on: QWidget | None = None
    ) -> list[str]:
        """The commands that a key press triggers."""
        target = on or self.page
        target.setFocus()
        self.done.clear()
        if isinstance(key, str):
            QTest.keyClicks(target, key, modifiers)
        else:
            QTest.keyClick(target, key, modifiers)
        return list(self.done)

    def note(self) -> None:
        """Start recording the triggers of all actions."""
        for name in self.actions:
            self.actions[name].triggered.connect(lambda _=False, name=name: self.done.append(name))


@pytest.fixture
def screen(qtbot: QtBot) -> Screen:
    window = QMainWindow()
    inside = QWidget()
    column = QVBoxLayout(inside)
    page, field, area = QPlainTextEdit("one\ntwo\nthree"), QLineEdit(), QPlainTextEdit()
    page.setReadOnly(True)
    page.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse
        | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    for widget in (page, field, area):
        column.addWidget(widget)
    window.setCentralWidget(inside)
    actions = Actions(all_commands(_NEWS), {}, page, window, Keyboard("offscreen"))
    screen = Screen(window, page, field, area, actions, [])
    screen.note()
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    page.setFocus()
    return screen


@pytest.mark.parametrize(
    ("key", "modifiers", "command"),
    [
        (Qt.Key.Key_H, _NONE, "label.as.headline"),
        (Qt.Key.Key_1, _NONE, "label.as.headline"),
        (Qt.Key.Key_5, _NONE, "label.as.comment"),
        (Qt.Key.Key_5, _KEYPAD, "label.as.comment"),
        (Qt.Key.Key_0, _KEYPAD, "label.clear"),
        (Qt.Key.Key_Delete, _NONE, "label.clear"),
        (Qt.Key.Key_T, _SHIFT, "label.fill.ticker"),
        (Qt.Key.Key_BracketLeft, _NONE, "label.start_back"),
        (Qt.Key.Key_BraceLeft, _NONE, "label.end_back"),
        (Qt.Key.Key_BraceRight, _NONE, "label.end_forward"),
        (Qt.Key.Key_Up, _NONE, "go.previous_block"),
        (Qt.Key.Key_Down, _NONE, "go.next_block"),
        (Qt.Key.Key_Down, _SHIFT, "go.extend_next"),
        (Qt.Key.Key_J, _SHIFT, "go.extend_next"),
        (Qt.Key.Key_Tab, _NONE, "go.next_unlabelled"),
        (Qt.Key.Key_Backtab, _SHIFT, "go.previous_unlabelled"),
        (Qt.Key.Key_Tab, _SHIFT, "go.previous_unlabelled"),
        (Qt.Key.Key_Return, _NONE, "page.done"),
        (Qt.Key.Key_Enter, _NONE, "page.done"),
        (Qt.Key.Key_Enter, _KEYPAD, "page.done"),
        (Qt.Key.Key_D, _NONE, "page.next"),
        (Qt.Key.Key_Left, _ALT, "page.previous"),
        (Qt.Key.Key_Right, _CTRL | _SHIFT | _ALT, "page.next_unfinished"),
        (Qt.Key.Key_A, _CTRL, "edit.select_all"),
        (Qt.Key.Key_C, _CTRL, "edit.copy"),
        (Qt.Key.Key_V, _CTRL, "file.paste"),
        (Qt.Key.Key_Z, _CTRL, "edit.undo"),
        (Qt.Key.Key_Z, _CTRL | _SHIFT, "edit.redo"),
        (Qt.Key.Key_Y, _CTRL, "edit.redo"),
        (Qt.Key.Key_F3, _SHIFT, "edit.find_previous"),
        (Qt.Key.Key_Plus, _CTRL, "view.zoom_in"),
        (Qt.Key.Key_Plus, _CTRL | _KEYPAD, "view.zoom_in"),
        (Qt.Key.Key_Minus, _CTRL, "view.zoom_out"),
        (Qt.Key.Key_Question, _NONE, "help.keys"),
        (Qt.Key.Key_F1, _NONE, "help.keys"),
    ],
)
def test_on_the_page_a_key_does_what_the_table_says(
    screen: Screen, key: Qt.Key, modifiers: Qt.KeyboardModifier, command: str
) -> None:
    assert screen.press(key, modifiers) == [command]


def test_backspace_does_nothing_on_a_page(screen: Screen) -> None:
    assert screen.press(Qt.Key.Key_Backspace) == []


def test_what_types_in_a_field_is_typed_there(screen: Screen) -> None:
    done = [screen.press(sign, on=screen.field) for sign in "h5?D[{ "]
    assert done == [[]] * 7
    assert screen.field.text() == "h5?D[{ "


def test_what_types_in_an_input_area_is_typed_there(screen: Screen) -> None:
    done = [screen.press(sign, on=screen.area) for sign in "h5?D[{ "]
    assert screen.press(Qt.Key.Key_Return, on=screen.area) == []
    assert done == [[]] * 7
    assert screen.area.toPlainText() == "h5?D[{ \n"


def test_delete_and_undo_in_a_field_edit_the_field(screen: Screen) -> None:
    screen.press("a", on=screen.field)
    screen.press("b", on=screen.field)
    screen.field.home(False)
    assert screen.press(Qt.Key.Key_Delete, on=screen.field) == []
    assert screen.field.text() == "b"
    assert screen.press(Qt.Key.Key_Z, _CTRL, on=screen.field) == []
    assert screen.field.text() == "ab"


@pytest.mark.parametrize(
    "key", [Qt.Key.Key_Z, Qt.Key.Key_Y, Qt.Key.Key_C, Qt.Key.Key_V, Qt.Key.Key_A]
)
@pytest.mark.parametrize("where", ["field", "area"])
def test_no_editing_key_of_a_text_field_reaches_the_page(
    screen: Screen, key: Qt.Key, where: str
) -> None:
    assert screen.press(key, _CTRL, on=getattr(screen, where)) == []


@pytest.mark.parametrize("where", ["field", "area"])
def test_an_editing_key_that_the_platform_does_not_know_stays_out_of_text_fields(
    screen: Screen, where: str
) -> None:
    screen.actions.set_keys({"edit.redo": ("Ctrl+R",)})
    assert screen.press(Qt.Key.Key_R, _CTRL) == ["edit.redo"]
    assert screen.press(Qt.Key.Key_R, _CTRL, on=getattr(screen, where)) == []


def test_numbers_typed_in_a_box_are_typed_there(screen: Screen) -> None:
    box = QSpinBox(screen.window)
    box.show()
    box.selectAll()
    assert [screen.press(sign, on=box) for sign in "12"] == [[], []]
    assert box.value() == 12


def test_keys_that_neither_type_nor_edit_work_from_a_field(screen: Screen) -> None:
    assert screen.press(Qt.Key.Key_F3, on=screen.field) == ["edit.find_next"]
    assert screen.press(Qt.Key.Key_O, _CTRL, on=screen.field) == ["file.load"]


def test_keys_of_the_page_are_silent_where_something_else_has_the_focus(screen: Screen) -> None:
    button = QWidget(screen.window)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    button.show()
    assert screen.press(Qt.Key.Key_Delete, on=button) == []
    assert screen.press(Qt.Key.Key_Down, on=button) == []
    assert screen.press(Qt.Key.Key_D, on=button) == ["page.next"]


def test_keys_of_the_page_work_with_their_actions_in_a_menu(screen: Screen) -> None:
    menu = screen.window.menuBar().addMenu("Go")
    menu.addActions(screen.actions.menu("Go"))
    assert screen.press(Qt.Key.Key_Down) == ["go.next_block"]
    screen.press(Qt.Key.Key_Down, on=screen.area)
    assert screen.done == []


def test_a_changed_key_takes_the_place_of_the_default(screen: Screen) -> None:
    screen.actions.set_keys({"page.next": ("Ctrl+Right", "Q")})
    assert screen.press(Qt.Key.Key_Q) == ["page.next"]
    assert screen.press(Qt.Key.Key_D) == []
    assert screen.actions["page.next"].toolTip() == "Next page (Ctrl+Right, Q)"


def test_a_held_label_key_labels_once_and_a_held_arrow_goes_on(screen: Screen) -> None:
    repeats = {name for name in screen.actions if screen.actions[name].autoRepeat()}
    assert {"go.next_block", "edit.undo", "label.end_forward"} <= repeats
    assert repeats.isdisjoint({"label.as.body", "label.fill.body", "label.clear", "page.done"})


def test_other_labels_bring_other_actions_and_keep_the_rest(screen: Screen) -> None:
    undo = screen.actions["edit.undo"]
    screen.actions.set_commands(all_commands(_labels(byline="Y", date="D")), {})
    screen.note()
    screen.done.clear()
    assert screen.actions["edit.undo"] is undo
    assert screen.press(Qt.Key.Key_Y) == ["label.as.byline"]
    assert screen.press(Qt.Key.Key_H) == []


def test_a_label_whose_letter_is_taken_keeps_its_digit_and_the_loss_is_told(
    screen: Screen,
) -> None:
    screen.actions.set_commands(all_commands(_labels(date="D")), {})
    assert screen.actions.keys("label.as.date") == ("1",)
    assert screen.actions.keys("page.next")[0] == "D"
    assert [str(clash) for clash in screen.actions.clashes] == [
        "D is the key of “Next page”, so “Label date” does not have it"
    ]


def test_every_action_tells_its_key_and_what_it_does(screen: Screen) -> None:
    assert screen.actions["label.as.headline"].toolTip() == "Label headline (1, H)\nheadline"
    assert screen.actions["label.as.headline"].statusTip() == "headline"
    assert screen.actions["file.export"].toolTip() == "Export (Ctrl+E)"
    assert screen.actions["file.samples"].toolTip() == "Try the sample pages"


def test_icons_come_from_the_theme_and_change_with_it(screen: Screen) -> None:
    asked: list[str] = []

    def icon(name: str) -> QIcon:
        asked.append(name)
        return QIcon(QPixmap(4, 4))

    screen.actions.set_icons(icon)
    assert not screen.actions["edit.undo"].icon().isNull()
    assert screen.actions["file.quit"].icon().isNull()
    assert "undo" in asked


def test_an_action_of_the_page_lives_on_the_page(screen: Screen) -> None:
    for name in screen.actions:
        on_page = screen.actions.command(name).scope is Scope.PAGE
        assert (screen.actions[name] in screen.page.actions()) is on_page


def test_a_window_that_is_gone_listens_to_no_field(qtbot: QtBot) -> None:
    window = QMainWindow()
    page = QPlainTextEdit()
    window.setCentralWidget(page)
    actions = Actions(all_commands(_NEWS), {}, page, window, Keyboard("offscreen"))
    gone: list[str] = []
    actions.destroyed.connect(lambda: gone.append("actions"))
    window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    field = QLineEdit()
    qtbot.addWidget(field)
    with qtbot.waitActive(field):
        field.show()
        field.activateWindow()
    QTest.keyClick(field, Qt.Key.Key_Z, _CTRL)
    assert gone == ["actions"]
