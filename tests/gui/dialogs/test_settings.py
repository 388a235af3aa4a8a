"""The settings dialog: every change is emitted immediately and completely."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from segmark.core.label import Label, LabelSet
from segmark.environment.settings import Settings
from segmark.gui.dialogs.settings import SettingsDialog
from segmark.gui.keys.commands import all_commands
from segmark.gui.keys.keyboard import Keyboard

_LABELS = LabelSet("test", (Label("headline", "H", "#0072b2", "#56b4e9", False, "The title"),))
_COMMANDS = all_commands(_LABELS)


class Heard(list[Settings]):
    """The settings that a dialog emitted, in order."""


def _open(qtbot: QtBot, settings: Settings) -> tuple[SettingsDialog, Heard]:
    dialog = SettingsDialog(settings, _COMMANDS, Keyboard("offscreen"))
    heard = Heard()
    dialog.changed.connect(heard.append)
    qtbot.addWidget(dialog)
    with qtbot.waitActive(dialog):
        dialog.show()
        dialog.activateWindow()
    return dialog, heard


@pytest.fixture
def opened(qtbot: QtBot) -> tuple[SettingsDialog, Heard]:
    return _open(qtbot, Settings(recent=("/a.segmark",), unknown={"later": 1}))


def _record(dialog: SettingsDialog, command: str, key: Qt.Key, *held: Qt.KeyboardModifier) -> None:
    dialog.tabs.setCurrentWidget(dialog.keys)
    dialog.keys.select(command)
    QTest.mouseClick(dialog.keys.add, Qt.MouseButton.LeftButton)
    modifiers = Qt.KeyboardModifier.NoModifier
    for modifier in held:
        modifiers |= modifier
    QTest.keyClick(dialog.keys.recorder, key, modifiers)


def _key_buttons(dialog: SettingsDialog) -> dict[str, QPushButton]:
    QApplication.processEvents()
    return {
        button.text().removesuffix("  ✕"): button
        for button in dialog.keys.findChildren(QPushButton)
        if button.text().endswith("✕") and button.isVisible()
    }


def test_a_theme_is_in_force_at_once_and_all_else_stays(
    opened: tuple[SettingsDialog, Heard],
) -> None:
    dialog, heard = opened
    dialog.general.theme.setCurrentIndex(dialog.general.theme.findData("dark"))
    assert heard == [Settings(theme="dark", recent=("/a.segmark",), unknown={"later": 1})]


def test_where_pages_open_is_a_switch(opened: tuple[SettingsDialog, Heard]) -> None:
    dialog, heard = opened
    dialog.tabs.setCurrentWidget(dialog.labelling)
    dialog.labelling.boxes["opens_at_work"].click()
    assert [settings.opens_at_work for settings in heard] == [False]
    dialog.show_settings(Settings())
    assert dialog.labelling.boxes["opens_at_work"].isChecked()
    assert len(heard) == 1


def test_the_font_is_previewed_and_told(opened: tuple[SettingsDialog, Heard]) -> None:
    dialog, heard = opened
    family = dialog.general.family.itemData(1)
    dialog.general.font_size.setValue(20)
    dialog.general.family.setCurrentIndex(1)
    assert (heard[-1].font_size, heard[-1].font_family) == (20, family)
    assert dialog.general.preview.font().pointSize() == 20
    assert dialog.general.preview.font().family() == family


def test_a_name_just_typed_is_taken_when_the_dialog_is_left_by_esc(
    opened: tuple[SettingsDialog, Heard],
) -> None:
    dialog, heard = opened
    QTest.keyClicks(dialog.general.annotator, " Ana  Lind ")
    assert heard == []
    QTest.keyClick(dialog.general.annotator, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert [settings.annotator for settings in heard] == ["Ana Lind"]


def test_opening_and_closing_changes_nothing(opened: tuple[SettingsDialog, Heard]) -> None:
    dialog, heard = opened
    dialog.reject()
    assert heard == []


def test_an_unknown_font_of_another_machine_is_kept(qtbot: QtBot) -> None:
    dialog, heard = _open(qtbot, Settings(font_family="Nowhere Sans"))
    dialog.general.font_size.setValue(20)
    assert heard[-1].font_family == "Nowhere Sans"


def test_a_recorded_key_is_added_to_the_command(opened: tuple[SettingsDialog, Heard]) -> None:
    dialog, heard = opened
    _record(dialog, "page.next", Qt.Key.Key_Q)
    assert heard[-1].keys == {"page.next": ("D", "Alt+Right", "Q")}
    assert list(_key_buttons(dialog)) == ["D", "Alt+Right", "Q"]


@pytest.mark.parametrize(
    ("key", "held", "wanted"),
    [
        (Qt.Key.Key_F5, Qt.KeyboardModifier.ShiftModifier, "Shift+F5"),
        (Qt.Key.Key_Return, Qt.KeyboardModifier.AltModifier, "Alt+Return"),
        (Qt.Key.Key_Tab, Qt.KeyboardModifier.ControlModifier, "Ctrl+Tab"),
        (Qt.Key.Key_7, Qt.KeyboardModifier.KeypadModifier, "7"),
        (Qt.Key.Key_Exclam, Qt.KeyboardModifier.ShiftModifier, "!"),
    ],
)
def test_any_key_can_be_recorded(
    opened: tuple[SettingsDialog, Heard], key: Qt.Key, held: Qt.KeyboardModifier, wanted: str
) -> None:
    dialog, heard = opened
    _record(dialog, "page.skip", key, held)
    assert heard[-1].keys == {"page.skip": ("S", wanted)}
    assert dialog.isVisible()


def test_a_taken_key_is_refused_and_named_and_another_can_follow(
    opened: tuple[SettingsDialog, Heard],
) -> None:
    dialog, heard = opened
    _record(dialog, "page.skip", Qt.Key.Key_D)
    assert heard == []
    assert dialog.keys.recorder.text().startswith("D is already the key of “Next page”.")
    QTest.keyClick(dialog.keys.recorder, Qt.Key.Key_Q)
    assert heard[-1].keys == {"page.skip": ("S", "Q")}


def test_esc_calls_the_recording_off_and_leaves_the_dialog_open(
    opened: tuple[SettingsDialog, Heard],
) -> None:
    dialog, heard = opened
    _record(dialog, "page.skip", Qt.Key.Key_Escape)
    assert heard == []
    assert dialog.isVisible()
    assert not dialog.keys.recorder.isVisible()
    assert dialog.keys.table.hasFocus()


def test_a_held_modifier_is_no_key_yet(opened: tuple[SettingsDialog, Heard]) -> None:
    dialog, heard = opened
    _record(dialog, "page.skip", Qt.Key.Key_Control, Qt.KeyboardModifier.ControlModifier)
    assert heard == []
    assert dialog.keys.recorder.isVisible()


def test_enter_on_a_row_records(opened: tuple[SettingsDialog, Heard]) -> None:
    dialog, heard = opened
    dialog.tabs.setCurrentWidget(dialog.keys)
    dialog.keys.select("page.skip")
    dialog.keys.table.setFocus()
    QTest.keyClick(dialog.keys.table, Qt.Key.Key_Return)
    QTest.keyClick(dialog.keys.recorder, Qt.Key.Key_Q)
    assert heard[-1].keys == {"page.skip": ("S", "Q")}


def test_a_key_is_taken_away_by_its_button(opened: tuple[SettingsDialog, Heard]) -> None:
    dialog, heard = opened
    dialog.tabs.setCurrentWidget(dialog.keys)
    dialog.keys.select("page.next")
    button = _key_buttons(dialog)["D"]
    assert button.accessibleName() == "Take the key D away"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert heard[-1].keys == {"page.next": ("Alt+Right",)}
    assert list(_key_buttons(dialog)) == ["Alt+Right"]


def test_reset_sets_one_command_back_and_reset_all_every_one(qtbot: QtBot) -> None:
    mine = {"page.next": ("Q",), "page.skip": ("Y",), "label.byline": ("L",)}
    dialog, heard = _open(qtbot, Settings(keys=mine))
    dialog.tabs.setCurrentWidget(dialog.keys)
    dialog.keys.select("page.next")
    QTest.mouseClick(dialog.keys.reset, Qt.MouseButton.LeftButton)
    assert heard[-1].keys == {"page.skip": ("Y",), "label.byline": ("L",)}
    QTest.mouseClick(dialog.keys.reset_all, Qt.MouseButton.LeftButton)
    assert heard[-1].keys == {"label.byline": ("L",)}
    assert not dialog.keys.reset_all.isEnabled()


def test_a_default_key_that_was_given_away_stays_away_and_this_is_said(qtbot: QtBot) -> None:
    dialog, heard = _open(qtbot, Settings(keys={"page.next": ("Q",), "page.skip": ("D",)}))
    dialog.tabs.setCurrentWidget(dialog.keys)
    dialog.keys.select("page.next")
    QTest.mouseClick(dialog.keys.reset, Qt.MouseButton.LeftButton)
    assert heard[-1].keys == {"page.skip": ("D",)}
    assert "D stays with “Skip the page”" in dialog.keys.message.text()


@pytest.mark.parametrize(
    ("words", "found"),
    [("unfinished next", "page.next_unfinished"), ("ctrl+e", "file.export")],
)
def test_commands_are_found_by_words_and_by_keys(
    opened: tuple[SettingsDialog, Heard], words: str, found: str
) -> None:
    dialog, _ = opened
    dialog.tabs.setCurrentWidget(dialog.keys)
    QTest.keyClicks(dialog.keys.search, words)
    current = dialog.keys.current()
    assert current is not None
    assert current.id == found


def test_the_keyboard_goes_from_the_table_through_the_keys_to_the_acts(
    opened: tuple[SettingsDialog, Heard],
) -> None:
    dialog, _ = opened
    dialog.tabs.setCurrentWidget(dialog.keys)
    dialog.keys.select("page.next")
    buttons = _key_buttons(dialog)
    dialog.keys.table.setFocus()
    reached = []
    for _step in range(3):
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
        reached.append(dialog.focusWidget())
    assert reached == [buttons["D"], buttons["Alt+Right"], dialog.keys.add]


def test_a_search_without_a_hit_says_so(opened: tuple[SettingsDialog, Heard]) -> None:
    dialog, _ = opened
    dialog.tabs.setCurrentWidget(dialog.keys)
    QTest.keyClicks(dialog.keys.search, "zzz")
    assert dialog.keys.message.text() == "No command or key matches “zzz”."


def test_a_change_from_elsewhere_is_shown_and_not_undone(
    opened: tuple[SettingsDialog, Heard],
) -> None:
    dialog, heard = opened
    dialog.show_settings(Settings(font_size=30))
    assert heard == []
    dialog.general.theme.setCurrentIndex(1)
    assert heard[-1].font_size == 30


def test_a_change_on_one_page_survives_a_change_on_the_other(
    opened: tuple[SettingsDialog, Heard],
) -> None:
    dialog, heard = opened
    _record(dialog, "page.skip", Qt.Key.Key_Q)
    dialog.general.theme.setCurrentIndex(2)
    assert heard[-1].keys == {"page.skip": ("S", "Q")}
    _record(dialog, "page.flag", Qt.Key.Key_O)
    assert heard[-1].theme == "dark"
    assert heard[-1].keys == {"page.skip": ("S", "Q"), "page.flag": ("F", "O")}


def test_all_fields_have_a_name_for_screen_readers(opened: tuple[SettingsDialog, Heard]) -> None:
    dialog, _ = opened
    buddies = {label.buddy() for label in dialog.findChildren(QLabel)}
    fields: list[QWidget] = [
        dialog.general.annotator,
        dialog.general.theme,
        dialog.general.family,
        dialog.general.font_size,
        dialog.keys.search,
        dialog.keys.table,
        dialog.keys.recorder,
    ]
    assert all(field in buddies or field.accessibleName() for field in fields)


def test_pages_can_open_unfolded(opened: tuple[SettingsDialog, Heard]) -> None:
    dialog, heard = opened
    folded = dialog.labelling.boxes["folded"]
    assert folded.isChecked()
    folded.click()
    assert not heard[-1].folded
