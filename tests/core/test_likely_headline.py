"""The likely headline: told from headings and the page's title, never from labels."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from segmark.core.likely_headline import likely_headline
from segmark.core.page import Anchor, Page, PageInfo

from tests.factories import make_page

_HEADING = "/html/body/div/h1"
_LINK = "/html/body/ul/li[2]/a"


def _page(title: str, *lines: tuple[str, str]) -> Page:
    """A page of lines, each with the path of its element."""
    text, anchors = "", {}
    for line, path in lines:
        anchors[len(text)] = Anchor(path)
        text += line + "\n"
    return Page.of("page", text, PageInfo("page.html", title=title, media="html"), anchors)


def _found(page: Page) -> str | None:
    index = likely_headline(page)
    if index is None:
        return None
    return page.text[page.blocks[index].start : page.blocks[index].end]


def test_it_is_the_heading_that_reads_like_the_title() -> None:
    page = _page(
        "Ferry sails again after the storm | The Tidewire",
        ("The Tidewire of the harbour", "/html/body/header/h1"),
        ("Ferry sails again after the storm", _LINK),
        ("Ferry sails again after the storm", _HEADING),
        ("Ferry sails again after the storm", "/html/body/aside/h3"),
    )
    assert likely_headline(page) == 2


@pytest.mark.parametrize("inner", ["", "/a", "/span[2]"])
def test_a_heading_counts_with_the_elements_inside_it(inner: str) -> None:
    page = _page("", ("Home", _LINK), ("Ferry sails again", _HEADING + inner))
    assert _found(page) == "Ferry sails again"


def test_among_several_headings_it_is_the_one_that_shares_words_with_the_title() -> None:
    page = _page(
        "Court hears the case of the ferry",
        ("A long heading about something quite different", _HEADING),
        ("Case of the ferry goes to court", _HEADING),
    )
    assert _found(page) == "Case of the ferry goes to court"


def test_a_heading_of_a_lower_level_counts_if_it_reads_like_the_title() -> None:
    page = _page(
        "Tidewire: Ferry sails again", ("More stories here", _LINK),
        ("FERRY SAILS AGAIN", "/html/body/h2"),
    )  # fmt: skip
    assert _found(page) == "FERRY SAILS AGAIN"


def test_without_any_heading_it_is_the_line_that_reads_like_the_title() -> None:
    page = _page(
        "“Ferry sails again”, the harbour says - Tidewire",
        ("Ferry", _LINK),
        ("Ferry sails again, the harbour says", "/html/body/font/b"),
        ("The ferry sailed on Monday.", "/html/body/p"),
    )
    assert _found(page) == "Ferry sails again, the harbour says"


@pytest.mark.parametrize("title", ["", "Tidewire", "- | -", "Something else entirely"])
def test_where_nothing_points_to_one_there_is_none(title: str) -> None:
    page = _page(title, ("Home", _LINK), ("Ferry sails again.", "/html/body/p"))
    assert likely_headline(page) is None
    assert likely_headline(make_page("Ferry sails again\n\nIt left on Monday.")) is None


def test_the_name_of_the_site_is_no_headline() -> None:
    page = _page(
        "Ferry sails after weeks | Tidewire of Port Orren",
        ("Tidewire of Port Orren", _LINK),
        ("A ferry has sailed again", _HEADING),
    )
    assert _found(page) == "A ferry has sailed again"


@given(
    st.text(max_size=40),
    st.lists(
        st.tuples(
            st.text(st.characters(exclude_characters="\n\r", exclude_categories=["Cs"])),
            st.sampled_from([_HEADING, _LINK, "/html/body/h2", "/html/body/hgroup/hr/h9x"]),
        ),
        max_size=6,
    ),
)
def test_any_page_has_one_of_its_blocks_or_none(title: str, lines: list[tuple[str, str]]) -> None:
    page = _page(title, *lines)
    index = likely_headline(page)
    assert index is None or 0 <= index < len(page.blocks)
