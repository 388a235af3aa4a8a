"""Where the labels of one version of a page go in a newer one."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from segmark.core.carrying import Carried, CarryOutcome, carry
from segmark.core.span import Span, faults
from segmark.core.text.normalise import trim

from tests.factories import LABELS, draw, drawn

NAMES = st.sampled_from(["headline", "caption", "body", "comment"])
TEXTS = st.text(st.sampled_from("ab .\n東"), max_size=50)


#: Texts in which no letter stands twice: where one was taken out of two that are the same, nobody
#: can tell which.
DISTINCT = st.lists(st.sampled_from(["", "", " ", "\n"]), max_size=40).map(
    lambda spaces: "".join(f"{chr(0x100 + 2 * n)}{space}" for n, space in enumerate(spaces))
)


@st.composite
def labelled(draw: st.DrawFn, texts: st.SearchStrategy[str] = TEXTS) -> tuple[str, list[Span]]:
    """A text with spans on it."""
    text = draw(texts)
    edges = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    spans = []
    for start, end in pairwise(edges):
        first, last = trim(text, start, end)
        if first < last and draw(st.booleans()):
            spans.append(Span(first, last, draw(NAMES)))
    return text, spans


def new_spans(carried: tuple[Carried, ...]) -> list[Span]:
    return sorted(span for each in carried for span in each.new)


def carried_to(old: str, new: str, there: str = "") -> str:
    """The new version with what is carried to it, both drawn."""
    before, after = drawn(old), drawn(there or new)
    found = carry(before.text, after.text, before.spans, LABELS, after.spans)
    return draw(after.text, new_spans(found))


def outcomes(old: str, new: str) -> list[CarryOutcome]:
    return [each.outcome for each in carry(drawn(old).text, new, drawn(old).spans, LABELS)]


@given(labelled(), TEXTS)
def test_spans_are_whole_and_apart_and_unchanged_ones_have_their_very_text(
    old: tuple[str, list[Span]], new: str
) -> None:
    text, spans = old
    found = carry(text, new, spans, LABELS)
    assert [each.old for each in found] == spans
    assert faults(new, new_spans(found), LABELS.names) == []
    for each in found:
        assert {span.label for span in each.new} <= {each.old.label}
        assert bool(each.new) == (each.outcome in (CarryOutcome.UNCHANGED, CarryOutcome.CHANGED))
        if each.outcome is CarryOutcome.UNCHANGED:
            assert len(each.new) == 1
            start, end = each.new[0].start, each.new[0].end
            assert new[start:end] == text[each.old.start : each.old.end]


@given(labelled())
def test_to_the_same_text_all_is_carried_as_it_is(old: tuple[str, list[Span]]) -> None:
    text, spans = old
    assert carry(text, text, spans, LABELS) == tuple(
        Carried(span, (span,), CarryOutcome.UNCHANGED) for span in spans
    )


@given(labelled(DISTINCT), st.integers(0, 200), st.text(st.sampled_from("Z \n"), max_size=20))
def test_what_is_put_in_elsewhere_loses_no_span(
    old: tuple[str, list[Span]], at: int, added: str
) -> None:
    text, spans = old
    at = min(at, len(text))
    for each in carry(text, text[:at] + added + text[at:], spans, LABELS):
        if not each.old.start < at < each.old.end:
            assert each.new


@given(labelled(DISTINCT), st.integers(0, 200), st.integers(0, 200))
def test_what_is_taken_out_elsewhere_loses_no_span(
    old: tuple[str, list[Span]], one: int, other: int
) -> None:
    text, spans = old
    first, last = sorted((min(one, len(text)), min(other, len(text))))
    for each in carry(text, text[:first] + text[last:], spans, LABELS):
        if each.old.end <= first or each.old.start >= last:
            assert each.new


@given(labelled(), labelled())
def test_nothing_is_put_where_a_label_is(
    old: tuple[str, list[Span]], new: tuple[str, list[Span]]
) -> None:
    found = carry(*old[:1], new[0], old[1], LABELS, new[1])
    assert faults(new[0], sorted([*new[1], *new_spans(found)]), LABELS.names) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Menu\n[Ship sails|headline]\nEnd", "New\nMenu\n[Ship sails|headline]\nEnd"),
        ("[Ship sails|headline]\n[It did.\nIt did so.|body]\nEnd",
         "[Ship sails|headline]\n[It did.\nIt did so.|body]\nMore\nEnd"),
        # A line put into a body stays without a label, for the annotator to judge.
        ("[It did.\nIt did so.|body]", "[It did.|body]\nSubscribe now\n[It did so.|body]"),
        ("[It did.\nGone.\nIt did so.|body]", "[It did.\nIt did so.|body]"),
        ("[Mayor opens bridge|headline]\nIt", "[Governor opens bridge|headline]\nIt"),
        ("[Ship sails|headline]\nIt did.", "[Updated: Ship sails|headline]\nIt did."),
        ("[The first line of all\nThe second one|body]", "[The first line of all|body]"),
        # Whole words, and no more than that inside a line.
        ("x [Ship|headline] y", "x [Shipyard|headline] y"),
        ("x [Ship|headline] y", "x new [Ship|headline] new y"),
        # What changed places is known by its text where that stands once.
        ("[Ship sails|headline]\n[A picture of the ship|caption]\nEnd",
         "[A picture of the ship|caption]\n[Ship sails|headline]\nEnd"),
        ("[Ship sails|headline]\nIt did.", "Bread costs more\nIt does."),
        ("[東京で地震が発生|headline]\n本文", "[東京で大地震が発生|headline]\n本文"),
    ],
)  # fmt: skip
def test_where_labels_go(old: str, new: str) -> None:
    assert carried_to(old, drawn(new).text) == new


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("[Ship sails|headline]\nIt did.", "Ship sails\nIt did so.", [CarryOutcome.UNCHANGED]),
        ("[Ship sails|headline]\nIt did.", "Ships sail\nIt did.", [CarryOutcome.MISSING]),
        ("[Ship sails on|headline]\nIt did.", "Ship sails in\nIt did.", [CarryOutcome.CHANGED]),
        ("[It did.\nIt did so.|body]", "It did.\nAd\nIt did so.", [CarryOutcome.CHANGED]),
        ("[It did.\nIt did so.|body]", "It did.\n\nIt did so.", [CarryOutcome.CHANGED]),
        ("[Ship|headline] [sails|caption]", "Bread", [CarryOutcome.MISSING, CarryOutcome.MISSING]),
    ],
)  # fmt: skip
def test_what_is_told_of_a_span(old: str, new: str, told: list[CarryOutcome]) -> None:
    assert outcomes(old, new) == told


def test_where_a_label_is_already_it_stays_and_that_is_told() -> None:
    old, new = (
        drawn("[Ship sails|headline]\n[It did.|body]"),
        drawn("Ship [sails|caption]\nIt did."),
    )
    found = carry(old.text, new.text, old.spans, LABELS, new.spans)
    assert [each.outcome for each in found] == [CarryOutcome.TAKEN, CarryOutcome.UNCHANGED]


def test_a_page_of_half_a_million_characters_with_thousands_of_labels_is_carried() -> None:
    lines = [f"Line {n} of the page tells what happened to {n}." for n in range(10_000)]
    old = "\n".join(lines)
    spans, at = [], 0
    for n, line in enumerate(lines):
        spans.append(Span(at, at + len(line), ("headline", "caption")[n % 2]))
        at += len(line) + 1
    del lines[5_000]
    new = "\n".join(["Another menu", *lines, "Another end"])
    found = carry(old, new, spans, LABELS)
    assert [each.outcome for each in found].count(CarryOutcome.UNCHANGED) == 9_999
    assert found[5_000].outcome is CarryOutcome.MISSING
