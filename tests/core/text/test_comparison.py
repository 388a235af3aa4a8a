"""The comparison of two versions of a text."""

from hypothesis import given
from hypothesis import strategies as st
from segmark.core.text.comparison import Side, compare

TEXTS = st.text(st.sampled_from("ab c\n"), max_size=30)


@given(TEXTS, TEXTS)
def test_each_version_can_be_read_from_the_pieces(old: str, new: str) -> None:
    pieces = compare(old, new)
    assert "".join(text for side, text in pieces if side is not Side.NEW) == old
    assert "".join(text for side, text in pieces if side is not Side.OLD) == new


def test_what_changed_stands_between_what_did_not() -> None:
    assert compare("Ship sails north today", "Ship sails south today") == [
        (Side.BOTH, "Ship sails"),
        (Side.OLD, " north "),
        (Side.NEW, " south "),
        (Side.BOTH, "today"),
    ]


def test_of_long_parts_that_are_the_same_the_middle_is_left_out() -> None:
    same = "x" * 500 + "y" * 500
    pieces = compare(f"{same} old", f"{same} new")
    assert pieces[0] == (Side.BOTH, "x" * 60 + " … " + "y" * 60)
