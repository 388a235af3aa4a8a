"""What keys mean on keyboards of other layouts and platforms, and how they are shown."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from segmark.environment.label_sets import NEWS_LABELS, read_label_set
from segmark.gui.keys.bindings import bind
from segmark.gui.keys.commands import all_commands
from segmark.gui.keys.keyboard import Keyboard, codes
from segmark.gui.keys.layout_survey import layout_survey

from tests.gui.keys.layouts import ALTGR, CODE, LAYOUTS, stroke, surveyed

NEWS = read_label_set(NEWS_LABELS)
BOUND = {key for keys in bind(all_commands(NEWS), {}).keys.values() for key in keys}
NOT_LATIN = ["ru", "gr", "il", "ara", "th", "rs"]
NONE = Qt.KeyboardModifier.NoModifier


def keyboard(layout: str, platform: str = "xcb") -> Keyboard:
    """A keyboard whose layout the platform knows."""
    return Keyboard(platform, survey=lambda: surveyed(layout))


@pytest.mark.parametrize("layout", NOT_LATIN)
@pytest.mark.parametrize("letter", "abcdfhjkmnpqrstxz")
@pytest.mark.parametrize("held", ["", "Shift+", "Ctrl+"])
def test_a_letter_acts_by_its_place_where_letters_are_not_latin(
    layout: str, letter: str, held: str
) -> None:
    expected = f"{held}{letter.upper()}"
    assert keyboard(layout).meaning(stroke(layout, held + letter), {expected}) == expected


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("digit", "1234567890")
def test_a_digit_acts_without_shift(layout: str, digit: str) -> None:
    assert keyboard(layout).meaning(stroke(layout, digit), BOUND | set("6789")) == digit


@pytest.mark.parametrize("layout", LAYOUTS)
def test_shift_and_zero_clear_the_whole_span(layout: str) -> None:
    assert keyboard(layout).meaning(stroke(layout, "Shift+0"), BOUND) == "Shift+0"


@pytest.mark.parametrize("layout", ["us", "fr", "de", "cz", "ru", "gr", "ara", "th", "rs"])
def test_brackets_and_braces_act_by_their_place(layout: str) -> None:
    board = keyboard(layout)
    pressed = ("[", "]", "Shift+[", "Shift+]")
    assert [board.meaning(stroke(layout, keys), BOUND) for keys in pressed] == list("[]{}")


def test_brackets_act_by_their_text_where_they_need_no_altgr() -> None:
    assert keyboard("dvorak").meaning(stroke("dvorak", "-"), BOUND) == "["
    assert keyboard("dvorak").meaning(stroke("dvorak", "["), BOUND) == ""
    assert keyboard("il").meaning(stroke("il", "["), BOUND) == "]"
    assert keyboard("il").meaning(stroke("il", "Shift+]"), BOUND) == "{"


@pytest.mark.parametrize("layout", ["us", "fr", "de", "cz", "dvorak"])
def test_a_latin_letter_acts_by_its_text(layout: str) -> None:
    plain, _ = LAYOUTS[layout]
    for place, position in enumerate(CODE):
        if plain[place].upper() in BOUND and plain[place].isalpha():
            assert keyboard(layout).meaning(stroke(layout, position), BOUND) == plain[place].upper()


def test_a_comma_on_azerty_is_no_m() -> None:
    assert keyboard("fr").meaning(stroke("fr", "m"), BOUND) == ""
    assert keyboard("fr").meaning(stroke("fr", ";"), BOUND) == "M"


def test_a_character_that_altgr_types_is_no_digit() -> None:
    hash_sign = QKeyEvent(
        QEvent.Type.KeyPress, Qt.Key.Key_NumberSign, NONE, CODE["3"], 0, ALTGR, "#"
    )
    assert keyboard("fr").meaning(hash_sign, BOUND) == ""
    bracket = QKeyEvent(
        QEvent.Type.KeyPress, Qt.Key.Key_BracketLeft, NONE, CODE["5"], 0, ALTGR, "["
    )
    assert keyboard("fr").meaning(bracket, BOUND) == "["


def test_a_chosen_key_comes_before_the_place() -> None:
    assert keyboard("de").meaning(stroke("de", "["), BOUND | {"Ü"}) == "Ü"
    assert keyboard("ru").meaning(stroke("ru", "h"), BOUND | {"Р"}) == "Р"
    assert keyboard("fr").meaning(stroke("fr", "1"), BOUND | {"&"}) == "&"


def test_shift_and_a_letter_come_before_a_brace_that_an_arabic_key_types() -> None:
    assert keyboard("ara").meaning(stroke("ara", "Shift+c"), BOUND) == "Shift+C"


def test_without_a_survey_the_layout_is_learnt_from_the_presses() -> None:
    board = Keyboard("wayland")
    assert board.meaning(stroke("il", "q"), {"Q"}) == ""
    board.note(stroke("il", "h"))
    assert board.meaning(stroke("il", "q"), {"Q"}) == "Q"
    assert board.text("H") == "H (י)"
    board.note(stroke("us", "h"))
    assert board.is_latin
    assert board.text("H") == "H"
    board.note(stroke("ru", "f"))
    assert board.meaning(stroke("ru", "h"), BOUND) == "H"


def test_a_switched_layout_is_noticed_with_the_next_key() -> None:
    layout = "us"
    board = Keyboard("xcb", survey=lambda: surveyed(layout))
    assert board.text("H") == "H"
    layout = "ru"
    board.note(stroke("ru", "b"))
    assert [board.text(key) for key in ("H", "Shift+B", "Ctrl+Z", "{", "1", "Delete")] == [
        "H (Р)", "Shift+B (И)", "Ctrl+Z (Я)", "{ (Shift+Х)", "1", "Delete",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("layout", "shown"),
    [
        ("us", ["[", "}", "M"]),
        ("fr", ["[ (^)", "} (Shift+$)", "M"]),
        ("de", ["[ (Ü)", "} (Shift+Plus)", "M"]),
        ("dvorak", ["[", "}", "M"]),
        ("gr", ["[", "}", "M (Μ)"]),
        ("ara", ["[ (ج)", "} (Shift+د)", "M (ة)"]),
        ("th", ["[ (บ)", "} (Shift+ล)", "M (ท)"]),
    ],
)
def test_a_key_is_shown_with_what_it_types(layout: str, shown: list[str]) -> None:
    assert [keyboard(layout).text(key) for key in ("[", "}", "M")] == shown


def test_a_mark_that_needs_a_letter_is_shown_on_a_circle() -> None:
    assert keyboard("th").text("H") == "H (◌\u0e49)"


@pytest.mark.parametrize("layout", LAYOUTS)
def test_an_unknown_platform_goes_by_the_text(layout: str) -> None:
    board = Keyboard("haiku")
    assert board.meaning(stroke(layout, "[", QEvent.Type.KeyPress), {"["}) == (
        "[" if LAYOUTS[layout][0][22] == "[" else ""
    )
    assert board.text("H") == "H"


@pytest.mark.parametrize("platform", ["windows", "cocoa", "wayland-egl"])
@pytest.mark.parametrize("position", ["1", "0", "[", "]", "h", "q", "z", "m", "a", ",", ";"])
def test_every_platform_has_its_codes(platform: str, position: str) -> None:
    by_sign = {sign: code for code, sign in codes(platform).items()}
    scan, virtual = (0, by_sign[position]) if platform == "cocoa" else (by_sign[position], 0)
    key = ord("Ж")
    event = QKeyEvent(QEvent.Type.KeyPress, key, NONE, scan, virtual, 0, "ж")
    assert Keyboard(platform).meaning(event, {position.upper()}) == position.upper()


def test_the_codes_are_those_of_the_platforms_headers() -> None:
    windows, cocoa, x11 = codes("windows"), codes("cocoa"), codes("xcb")
    assert [windows[code] for code in (0x02, 0x10, 0x1A, 0x1E, 0x23, 0x2C, 0x35)] == list("1q[ahz/")
    assert [cocoa[code] for code in (0x00, 0x04, 0x12, 0x1D, 0x21, 0x1E, 0x2E)] == list("ah10[]m")
    assert [x11[code] for code in (10, 24, 34, 38, 43, 52, 61)] == list("1q[ahz/")


def test_the_keypad_goes_by_its_text() -> None:
    keypad = Qt.KeyboardModifier.KeypadModifier
    event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_5, keypad, CODE["5"], 0, 0, "5")
    assert keyboard("fr").meaning(event, BOUND) == "5"


def test_the_recorder_takes_what_the_key_means() -> None:
    assert keyboard("ru").recorded(stroke("ru", "g"), BOUND) == "G"
    assert keyboard("ru").recorded(stroke("ru", "Ctrl+g"), BOUND) == "Ctrl+G"
    assert keyboard("fr").recorded(stroke("fr", "1"), BOUND) == "1"
    assert keyboard("de").recorded(stroke("de", ";"), BOUND) == "Ö"
    assert keyboard("de").recorded(stroke("de", "["), BOUND - {"["}) == "Ü"


@pytest.mark.parametrize("platform", ["offscreen", "wayland", "cocoa", "xcb", "windows"])
def test_a_platform_that_can_not_tell_the_layout_is_no_error(
    platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    assert layout_survey(platform)() == {}
