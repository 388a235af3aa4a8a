from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PySide6.QtGui import QTextDocument, QTextLayout
from segmark.core.fold import Folding, fold
from segmark.core.text.normalise import normalise
from segmark.gui.page.fold_lines import hidden_text, replace_lines
from segmark.gui.page.text import PIECE, HiddenText, PageText

from tests.strategies import foldings

_PARTS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["👩‍👩‍👧", "🇩🇪", "e\u0301", "한", "ᄒ", " ", "\n", "\ufeff", "\u00a0", "x"]),
)
texts = st.builds(
    lambda parts, times: normalise("".join(parts) * times),
    st.lists(_PARTS, max_size=8),
    st.sampled_from([1, 1, 1, 200]),
)


def _document(text: PageText) -> QTextDocument:
    document = QTextDocument()
    document.setPlainText(text.display)
    return document


def _first_unit(char: str) -> str:
    """The content of a Qt document at the position of a character."""
    if char == "\n":
        return "\u2029"
    return chr(int.from_bytes(char.encode("utf-16-le")[:2], "little"))


@given(texts)
def test_every_character_is_in_the_document_where_the_map_says(text: str) -> None:
    shown = PageText(text)
    document = _document(shown)
    for offset, char in enumerate(text):
        expected = "\u2060" if offset == 0 and char == "\ufeff" else _first_unit(char)
        assert document.characterAt(shown.to_qt(offset)) == expected
    assert shown.to_qt(len(text)) == document.characterCount() - 1


@given(texts)
def test_there_and_back_is_the_same_offset(text: str) -> None:
    shown = PageText(text)
    assert all(shown.to_offset(shown.to_qt(at)) == at for at in range(len(text) + 1))


@given(texts)
def test_offsets_of_positions_never_go_back_and_skip_nothing(text: str) -> None:
    shown = PageText(text)
    offsets = [shown.to_offset(position) for position in range(shown.to_qt(len(text)) + 1)]
    assert offsets[0] == 0
    assert offsets[-1] == len(text)
    assert all(0 <= b - a <= 1 for a, b in pairwise(offsets))


@given(texts)
def test_no_paragraph_is_longer_than_a_piece_and_the_breaks_add_nothing_else(text: str) -> None:
    shown = PageText(text)
    assert max(map(len, shown.display.split("\n"))) <= PIECE
    joined, rest = 0, shown.display.replace("\u2060", "\ufeff")
    for char in rest:
        if joined < len(text) and text.replace("\u2060", "\ufeff")[joined] == char:
            joined += 1
        else:
            assert char == "\n"
    assert joined == len(text)


def test_a_position_inside_a_surrogate_pair_is_the_offset_of_the_pair() -> None:
    shown = PageText("a😀b")
    assert [shown.to_offset(position) for position in range(5)] == [0, 1, 1, 2, 3]


def test_a_leading_byte_order_mark_is_shown_as_a_character_that_qt_keeps() -> None:
    shown = PageText("\ufeffa\ufeff")
    assert shown.display == "\u2060a\ufeff"
    assert _document(shown).characterCount() - 1 == 3


def test_a_piece_that_begins_with_a_byte_order_mark_is_broken_at_the_right_place() -> None:
    text = "x" * PIECE + "\ufeff" + "😀" * PIECE
    shown = PageText(text)
    assert _document(shown).characterCount() - 1 == shown.to_qt(len(text))
    assert [len(piece) for piece in shown.display.split("\n")] == [PIECE, PIECE, 1]


def test_a_long_line_is_broken_after_a_space() -> None:
    text = "word " * 2_000
    pieces = PageText(text).display.split("\n")
    assert len(pieces) == 3
    assert all(piece.endswith(" ") for piece in pieces)
    assert "".join(pieces) == text


def test_a_line_of_just_a_piece_is_not_broken() -> None:
    assert PageText("x" * PIECE + "\n" + "y" * PIECE).display.count("\n") == 1


@pytest.mark.parametrize(
    "cluster",
    ["e\u0301", "👩‍👩‍👧", "🇩🇪", "👍🏽", "\u1112\u1161\u11ab", "क\u094dष", "1\ufe0f\u20e3"],
)
@pytest.mark.parametrize("before", ["", "x", "xy"])
def test_a_break_without_a_space_spares_grapheme_clusters(cluster: str, before: str) -> None:
    text = before + cluster * PIECE
    layout = QTextLayout(text)
    units = 0
    for piece in PageText(text).display.split("\n")[:-1]:
        units += len(piece.encode("utf-16-le")) // 2
        assert layout.isValidCursorPosition(units)


def test_offsets_keep_their_place_where_every_character_is_a_pair_and_the_line_is_broken() -> None:
    shown = PageText("🙂" * 5_000)
    assert shown.display == "🙂" * PIECE + "\n" + "🙂" * 1_000
    places = {0: 0, 3_999: 7_998, 4_000: 8_001, 4_001: 8_003, 5_000: 10_001}
    assert {offset: shown.to_qt(offset) for offset in places} == places
    assert [shown.to_offset(at) for at in (7_998, 7_999, 8_000, 8_001, 8_002, 8_003)] == [
        3_999, 3_999, 4_000, 4_000, 4_000, 4_001,
    ]  # fmt: skip


def test_where_a_line_was_broken_both_sides_are_one_offset() -> None:
    shown = PageText("x" * PIECE + "y")
    assert shown.to_qt(PIECE) == PIECE + 1
    assert shown.to_offset(PIECE) == shown.to_offset(PIECE + 1) == PIECE


# Hidden text


@st.composite
def _hiding(draw: st.DrawFn) -> tuple[str, list[HiddenText]]:
    """A text, and disjoint runs of its lines that are hidden."""
    text = draw(texts)
    lines = text.split("\n")
    starts = [sum(len(line) + 1 for line in lines[:n]) for n in range(len(lines))]
    edges = sorted(draw(st.sets(st.integers(0, len(lines) - 1), max_size=8)))
    hidden = [
        HiddenText(starts[first], starts[last - 1] + len(lines[last - 1]), f"▸ 😀 {last - first}")
        for first, last in zip(edges[::2], edges[1::2], strict=False)
    ]
    return text, [part for part in hidden if part.start < part.end]


@given(_hiding())
def test_what_is_not_hidden_is_in_the_document_where_the_map_says(
    given: tuple[str, list[HiddenText]],
) -> None:
    text, hidden = given
    shown = PageText(text).hiding(hidden)
    document = _document(shown)
    for offset, char in enumerate(text):
        if not any(part.start <= offset < part.end for part in hidden):
            expected = "\u2060" if offset == 0 and char == "\ufeff" else _first_unit(char)
            assert document.characterAt(shown.to_qt(offset)) == expected
            assert shown.to_offset(shown.to_qt(offset)) == offset
    assert shown.to_qt(len(text)) == document.characterCount() - 1


@given(_hiding())
def test_a_line_stands_where_text_is_hidden(given: tuple[str, list[HiddenText]]) -> None:
    text, hidden = given
    shown = PageText(text).hiding(hidden)
    for start, end, line in hidden:
        first, last = shown.to_qt(start), shown.to_qt(end)
        units = shown.display.encode("utf-16-le")[2 * first : 2 * last]
        assert units.decode("utf-16-le") == line
        assert {shown.to_qt(offset) for offset in range(start, end)} == {first}
        assert {shown.to_offset(position) for position in range(first, last)} == {start}
        assert shown.to_offset(last) == end
        assert shown.line_around(first) is None
        assert shown.line_around(last) is None
        assert shown.line_around(first + 1) == (first, last)
        assert shown.whole(start, start + 1) == (start, end)
        assert shown.whole(start, start) == (start, start)


@given(_hiding())
@example(("a\n\ufeffb\nc", [HiddenText(2, 4, "▸ 1 line")]))
def test_the_document_follows_when_other_text_is_hidden(
    given: tuple[str, list[HiddenText]],
) -> None:
    text, hidden = given
    before, after = PageText(text).hiding(hidden[::2]), PageText(text).hiding(hidden[1:])
    document = _document(before)
    replace_lines(document, before, after)
    same = _document(after)
    assert document.toPlainText() == same.toPlainText()
    assert document.blockCount() == same.blockCount()


@given(foldings())
def test_folds_hide_exactly_their_range_but_for_line_ends(folding: Folding) -> None:
    page, folds = folding.page, fold(folding)
    hidden = hidden_text(page, folds)
    edges = [edge for part in hidden for edge in (part.start, part.end)]
    assert edges == sorted(edges)
    assert all(part.start < part.end for part in hidden)
    gone = {at for part in hidden for at in range(part.start, part.end)}
    wanted = {at for one in folds for at in range(one.start, one.stop)}
    assert gone <= wanted
    assert all(page.text[at].isspace() for at in wanted - gone)
    for part in hidden:
        blocks = page.blocks_in(part.start, part.end)
        first, last = page.blocks[blocks[0]], page.blocks[blocks[-1]]
        assert len(blocks) == 1 or (part.start, part.end) == (first.start, last.end)
