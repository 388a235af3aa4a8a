"""The alignment of two versions of a text."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from segmark.core.text.alignment import MatchingRun, align

TEXTS = st.text(st.sampled_from("ab c\n東"), max_size=60)


def common(old: str, new: str) -> list[str]:
    return [old[run.old : run.old_end] for run in align(old, new)]


def solid(text: str) -> int:
    return len("".join(text.split()))


@given(TEXTS, TEXTS)
def test_runs_hold_the_same_text_and_are_in_order_in_both(old: str, new: str) -> None:
    runs = align(old, new)
    for run in runs:
        assert run.length > 0
        assert old[run.old : run.old_end] == new[run.new : run.new_end] != ""
    for before, after in pairwise(runs):
        assert before.old_end <= after.old
        assert before.new_end <= after.new
        assert (before.old_end, before.new_end) != (after.old, after.new)


@given(TEXTS)
def test_a_text_has_all_of_itself(text: str) -> None:
    assert align(text, text) == ((MatchingRun(0, 0, len(text)),) if text else ())


@given(TEXTS, TEXTS, TEXTS)
def test_all_that_stood_around_an_insertion_is_found(head: str, added: str, tail: str) -> None:
    old, new = head + tail, head + added + tail
    for one, other in ((old, new), (new, old)):
        assert solid("".join(common(one, other))) == solid(old)


def test_lines_and_words_are_matched_before_letters() -> None:
    old = "Menu\nShip sails north\nIt did.\nEnd"
    new = "Start\nShip sails south\nNobody knows.\nIt did.\nLast"
    assert common(old, new) == ["\nShip sails ", "\nIt did.\n"]


def test_of_lines_that_changed_places_the_most_are_kept() -> None:
    old = "\n".join(f"line {n} of the first" for n in range(9))
    lines = old.split("\n")
    new = "\n".join([lines[8], *lines[:8]])
    assert common(old, new) == ["\n".join(lines[:8])]


def test_a_long_text_in_one_line_with_a_change_in_each_sentence_is_done_at_once() -> None:
    sentences = [f"The sentence number {n} is long enough." for n in range(5_000)]
    old = " ".join(sentences)
    new = " ".join(text.replace("long", "quite long") for text in sentences)
    assert sum(run.length for run in align(old, new)) == len(old)


def test_thousands_of_equal_lines_without_an_anchor_do_not_hold_it_up() -> None:
    old, new = "Share\nPrint\n" * 4_000, "Print\nMore\nShare\n" * 4_000
    assert sum(run.length for run in align(old, new)) <= len(old)
