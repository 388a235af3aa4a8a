"""Key bindings: one command per key, and keys that are not allowed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from segmark.core.label import Label, LabelSet
from segmark.gui.keys.bindings import (
    bind,
    key_of,
    key_problem,
    key_text,
    normal_key,
    with_keys,
)
from segmark.gui.keys.commands import COMMANDS, Command, all_commands


def _labels(**keys: str) -> LabelSet:
    labels = (Label(name, key, "#0072b2", "#56b4e9", True, name) for name, key in keys.items())
    return LabelSet("test", tuple(labels))


_NEWS = all_commands(_labels(headline="H", caption="C", body="B", ticker="T", comment="M"))
_BY_ID = {command.id: command for command in _NEWS}
_KEYS = ["D", "d", "H", "Shift+H", "1", "Ctrl+K", "ctrl+shift+k", "F5", "?", "Return", "nonsense"]
_OVERRIDES = st.dictionaries(
    st.sampled_from(sorted(_BY_ID)), st.lists(st.sampled_from(_KEYS), max_size=3).map(tuple)
)


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("ctrl+shift+z", "Ctrl+Shift+Z"),
        ("Shift+Ctrl+Z", "Ctrl+Shift+Z"),
        ("d", "D"),
        ("Delete", "Del"),
        ("Shift+Backtab", "Shift+Tab"),
        ("Num+5", "5"),
        ("Shift+?", "?"),
        ("Ctrl++", "Ctrl++"),
        ("Shift+5", "Shift+5"),
        ("nonsense", ""),
        ("A, B", ""),
        ("Ctrl+", ""),
        ("", ""),
    ],
)
def test_a_key_has_one_normal_form(written: str, wanted: str) -> None:
    assert normal_key(written) == wanted
    assert normal_key(normal_key(written)) == wanted


@pytest.mark.parametrize(
    ("key", "modifiers", "text", "wanted"),
    [
        (Qt.Key.Key_5, Qt.KeyboardModifier.KeypadModifier, "5", "5"),
        (Qt.Key.Key_Question, Qt.KeyboardModifier.ShiftModifier, "?", "?"),
        (Qt.Key.Key_H, Qt.KeyboardModifier.ShiftModifier, "H", "Shift+H"),
        (Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier, "", "Shift+Tab"),
        (Qt.Key.Key_Space, Qt.KeyboardModifier.ShiftModifier, " ", "Shift+Space"),
        (Qt.Key.Key_Adiaeresis, Qt.KeyboardModifier.ShiftModifier, "Ä", "Shift+Ä"),
        (Qt.Key.Key_Shift, Qt.KeyboardModifier.ShiftModifier, "", ""),
        (Qt.Key.Key_unknown, Qt.KeyboardModifier.NoModifier, "", ""),
    ],
)
def test_a_key_press_stands_for_a_key(
    key: Qt.Key, modifiers: Qt.KeyboardModifier, text: str, wanted: str
) -> None:
    assert key_of(QKeyEvent(QEvent.Type.KeyPress, key, modifiers, text)) == wanted


def test_keys_are_shown_as_people_say_them() -> None:
    keys = ("Ctrl++", "Ctrl+,", "Delete", "Return", "Enter", "-", "PgDown")
    assert ", ".join(map(key_text, keys)) == (
        "Ctrl+Plus, Ctrl+Comma, Delete, Enter, Enter (keypad), Minus, Page Down"
    )


def test_the_defaults_are_keys_and_no_two_commands_share_one() -> None:
    bindings = bind(_NEWS, {})
    assert bindings.clashes == ()
    for command in _NEWS:
        assert bindings.keys[command.id] == tuple(map(normal_key, command.keys))
        assert "" not in bindings.keys[command.id]


def test_no_default_key_would_be_refused() -> None:
    for command in _NEWS:
        for key in command.keys:
            assert key_problem(command, key, _NEWS, {}) == ""


@given(_OVERRIDES)
def test_a_key_never_belongs_to_two_commands(overrides: dict[str, tuple[str, ...]]) -> None:
    bindings = bind(_NEWS, overrides)
    owned = [key for keys in bindings.keys.values() for key in keys]
    assert len(owned) == len(set(owned))
    for clash in bindings.clashes:
        assert clash.key in bindings.keys[clash.holder.id]
        assert clash.key not in bindings.keys[clash.loser.id]


@given(_OVERRIDES)
def test_every_key_asked_for_is_in_force_or_reported(
    overrides: dict[str, tuple[str, ...]],
) -> None:
    bindings = bind(_NEWS, overrides)
    lost = {(clash.loser.id, clash.key) for clash in bindings.clashes}
    for command in _NEWS:
        for key in filter(None, map(normal_key, overrides.get(command.id, command.keys))):
            assert key in bindings.keys[command.id] or (command.id, key) in lost


def test_a_label_yields_its_letter_to_a_command_and_keeps_its_digit() -> None:
    bindings = bind(all_commands(_labels(junk="J", date="D")), {})
    assert bindings.keys["label.as.junk"] == ("1",)
    assert bindings.keys["label.fill.junk"] == ()
    assert bindings.keys["label.fill.date"] == ("Shift+D",)
    assert bindings.keys["go.next_block"] == ("Down", "J")
    lost = [(clash.key, clash.loser.id) for clash in bindings.clashes]
    assert lost == [("J", "label.as.junk"), ("Shift+J", "label.fill.junk"), ("D", "label.as.date")]


def test_a_key_that_a_person_gave_wins_over_a_default() -> None:
    bindings = bind(_NEWS, {"label.as.body": ("D",)})
    assert bindings.keys["label.as.body"] == ("D",)
    assert bindings.keys["page.next"] == ("Alt+Right",)


def test_a_taken_key_is_refused_with_its_command_named() -> None:
    skip = _BY_ID["page.skip"]
    assert key_problem(skip, "d", _NEWS, {}) == "D is already the key of “Next page”."
    assert key_problem(skip, "D", _NEWS, {"page.next": ("Q",)}) == ""
    assert key_problem(skip, "S", _NEWS, {}) == ""


@pytest.mark.parametrize("key", ["Backspace", "Esc", "Left", "Ctrl+Shift+Right", "Home", "PgDown"])
def test_keys_of_the_caret_and_of_habit_are_refused(key: str) -> None:
    for command in COMMANDS:
        assert key_problem(command, key, _NEWS, {})


@pytest.mark.parametrize("key", ["Return", "Space", "Tab", "Up"])
def test_what_buttons_and_lists_need_is_refused_outside_of_the_page(key: str) -> None:
    free: tuple[Command, ...] = ()
    assert key_problem(_BY_ID["page.skip"], key, free, {})
    assert key_problem(_BY_ID["go.next_block"], key, free, {}) == ""


def test_something_that_is_no_key_is_refused() -> None:
    assert key_problem(_BY_ID["page.skip"], "nonsense", _NEWS, {}) == "That is not a key."


def test_only_what_differs_from_the_default_is_kept() -> None:
    command = _BY_ID["page.next"]
    kept = with_keys({"other.program": ("X",)}, command, ("q", "Alt+Right"))
    assert kept == {"other.program": ("X",), "page.next": ("Q", "Alt+Right")}
    assert with_keys(kept, command, ("D", "Alt+Right")) == {"other.program": ("X",)}
    assert with_keys({}, command, ()) == {"page.next": ()}
    assert bind(_NEWS, {"page.next": ()}).keys["page.next"] == ()


def test_a_shown_key_is_never_empty() -> None:
    for command in _NEWS:
        assert all(key_text(key) for key in command.keys)
