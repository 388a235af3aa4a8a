"""Offsets in UTF-16 code units and in code points."""

from hypothesis import given
from hypothesis import strategies as st
from segmark.core.text.utf16 import Utf16Offsets

texts = st.text(max_size=30) | st.text(st.sampled_from("aé\u0301\uffff\U00010000🎭\n"), max_size=30)


def units_of(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@given(texts)
def test_units_are_those_of_the_encoding_there_and_back(text: str) -> None:
    offsets = Utf16Offsets(text)
    assert offsets.length == units_of(text)
    for point in range(len(text) + 1):
        units = units_of(text[:point])
        assert offsets.to_units(point) == units
        assert offsets.to_points(units) == offsets.to_exact_points(units) == point


@given(texts)
def test_units_inside_a_character_are_where_it_begins_or_nowhere(text: str) -> None:
    offsets = Utf16Offsets(text)
    for point in (at for at, char in enumerate(text) if char > "\uffff"):
        inside = units_of(text[:point]) + 1
        assert offsets.to_points(inside) == point
        assert offsets.to_exact_points(inside) is None


@given(texts)
def test_units_outside_the_text_have_no_exact_point(text: str) -> None:
    offsets = Utf16Offsets(text)
    assert offsets.to_exact_points(-1) is None
    assert offsets.to_exact_points(units_of(text) + 1) is None
