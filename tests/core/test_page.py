"""Pages: their blocks, and which block an offset or a range belongs to."""

from hypothesis import given
from hypothesis import strategies as st
from segmark.core.page import Anchor, Page, PageInfo
from segmark.core.text.normalise import sha256_of

from tests.factories import make_page
from tests.strategies import RAW, TEXTS, ranges


def _page(text: str) -> Page:
    return Page.of("p", text, PageInfo("p.txt"))


def _lines(page: Page) -> list[str]:
    return [page.text[block.start : block.end] for block in page.blocks]


def test_the_blocks_are_the_lines_that_are_not_blank() -> None:
    page = make_page("\n One \r\n\r\n\u00a0\t\nTwo\u2028Three\n")
    assert _lines(page) == [" One ", "Two", "Three"]


def test_zero_width_characters_make_a_line_a_block() -> None:
    assert _lines(make_page("One\n\u200b\nTwo")) == ["One", "\u200b", "Two"]


@given(RAW)
def test_every_character_that_is_not_white_space_is_in_exactly_one_block(raw: str) -> None:
    page = make_page(raw)
    covered = [at for block in page.blocks for at in range(block.start, block.end)]
    assert len(covered) == len(set(covered))
    seen = {at for at, char in enumerate(page.text) if not char.isspace()}
    assert seen <= set(covered)
    assert not any("\n" in line or line.isspace() or not line for line in _lines(page))


def test_the_checksum_is_that_of_the_text() -> None:
    page = make_page("Rémi\r\n🙂")
    assert page.sha256 == sha256_of("Rémi\n🙂")


def test_a_block_has_the_anchor_of_its_line() -> None:
    lead = Anchor("/html/body/div[2]/p", ("lead", ""), ("a",))
    anchors = {0: Anchor("/html/body/h1[1]"), 9: lead}
    page = Page.of("p", "Headline\nBody\nEnd", PageInfo("p.html"), anchors)
    assert [block.anchor for block in page.blocks] == [anchors[0], anchors[9], None]
    assert page.anchors == anchors


def test_an_anchor_knows_its_tags_from_the_root() -> None:
    assert Anchor("/html/body/div[12]/p[1]").tags == ("html", "body", "div", "p")


@given(TEXTS, st.data())
def test_an_offset_belongs_to_its_block_or_the_nearest_before_or_the_first(
    text: str, data: st.DataObject
) -> None:
    page = _page(text)
    offset = data.draw(st.integers(0, len(text)))
    found = page.block_at(offset)
    if not page.blocks:
        assert found is None
        return
    begun = [index for index, block in enumerate(page.blocks) if block.start <= offset]
    assert found == (begun[-1] if begun else 0)


@given(TEXTS, st.data())
def test_the_blocks_in_a_range_are_those_that_share_a_character_with_it(
    text: str, data: st.DataObject
) -> None:
    page = _page(text)
    start, end = data.draw(ranges(text))
    shared = [
        index
        for index, block in enumerate(page.blocks)
        if max(block.start, start) < min(block.end, end)
    ]
    if start < end:
        assert list(page.blocks_in(start, end)) == shared


def test_a_page_without_text_has_no_blocks() -> None:
    page = make_page(" \n\t\n")
    assert page.blocks == ()
    assert page.block_at(2) is None
    assert list(page.blocks_in(0, 3)) == []
