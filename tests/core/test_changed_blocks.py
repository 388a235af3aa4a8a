"""How many blocks an edit changes: what a screen reader is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from segmark.core.edit import Edit, changed_blocks
from segmark.core.page import Page
from segmark.core.span import Span

from tests.factories import make_page

PAGE = make_page("\n\n".join(f"Block {number}" for number in range(12)))


def over(page: Page, first: int, last: int, label: str) -> Span:
    return Span(page.blocks[first].start, page.blocks[last].end, label)


@st.composite
def spans(draw: st.DrawFn) -> tuple[Span, ...]:
    """Disjoint spans of whole blocks."""
    edges = sorted(draw(st.sets(st.integers(0, len(PAGE.blocks)), max_size=8)))
    labels = st.sampled_from(["body", "caption"])
    return tuple(
        over(PAGE, first, after - 1, draw(labels))
        for first, after in zip(edges[::2], edges[1::2], strict=False)
    )


def label_of(block: int, found: tuple[Span, ...]) -> str:
    start = PAGE.blocks[block].start
    return next((one.label for one in found if one.start <= start < one.end), "")


@given(spans(), spans())
def test_the_blocks_whose_label_is_another_are_counted(
    before: tuple[Span, ...], after: tuple[Span, ...]
) -> None:
    changed = sum(
        label_of(block, before) != label_of(block, after) for block in range(len(PAGE.blocks))
    )
    if changed:
        assert changed_blocks(PAGE, Edit("", before, after)) == changed


@pytest.mark.parametrize(
    ("before", "after", "count"),
    [
        ([], [(0, 2, "body")], 3),
        ([(0, 2, "body")], [(0, 3, "body")], 1),
        ([(0, 9, "body")], [(0, 3, "body"), (6, 9, "body")], 2),
        ([(0, 0, "body")], [(0, 0, "caption")], 1),
        ([], [], 0),
    ],
)
def test_an_edit_counts_what_it_changes(
    before: list[tuple[int, int, str]], after: list[tuple[int, int, str]], count: int
) -> None:
    removed = tuple(over(PAGE, *one) for one in before)
    added = tuple(over(PAGE, *one) for one in after)
    assert changed_blocks(PAGE, Edit("", removed, added)) == count


def test_an_end_that_moves_within_its_block_counts_the_block() -> None:
    block = PAGE.blocks[4]
    removed, added = Span(block.start, block.end, "body"), Span(block.start, block.end - 2, "body")
    assert changed_blocks(PAGE, Edit("", (removed,), (added,))) == 1
