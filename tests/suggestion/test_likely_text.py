"""Which blocks read like a headline, a paragraph or a caption, without any label of the site."""

import pytest
from hypothesis import given
from segmark.core.page import Anchor, Page, PageInfo
from segmark.loading.loader import load_bytes
from segmark.suggestion.likely_text import likely_text, walk_stops

from tests.strategies import TEXTS

_PARAGRAPH = "The ferry sailed at noon, said the harbour master, and came back after dark."


def _likely(
    text: str, *, title: str = "", path: str = "", inside: tuple[str, ...] = ()
) -> list[str]:
    """The lines that are likely text; all of them are at the same place of the HTML."""
    lines = text.split("\n")
    starts = [sum(len(line) + 1 for line in lines[:n]) for n in range(len(lines))]
    anchors = dict.fromkeys(starts, Anchor(path, inside=inside)) if path else {}
    page = Page.of("p", text, PageInfo("p.html", title=title), anchors)
    return [lines[starts.index(page.blocks[n].start)] for n in sorted(likely_text(page))]


def test_paragraphs_are_likely_and_menu_lines_are_not() -> None:
    assert _likely(f"Home\nWorld news\n{_PARAGRAPH}\nShare\nPrint") == [_PARAGRAPH]


@pytest.mark.parametrize(
    "line",
    [
        "The crew of the Ann was rescued at night (Photo: Ada)",
        "“We saw nothing,” she said.",
        "昨日の夜、港で火災が発生しました。",
        "항구에서 화재가 발생했습니다.",
    ],
)
def test_captions_and_short_sentences_are_likely(line: str) -> None:
    assert _likely(f"Home\n{line}\nShare") == [line]


@pytest.mark.parametrize("tag", ["a", "li", "nav/div", "footer/p", "aside/p"])
def test_a_line_in_a_link_a_list_or_a_menu_is_not_likely(tag: str) -> None:
    assert _likely(_PARAGRAPH, path=f"/html/body/div/{tag}") == []


def test_a_long_paragraph_in_a_list_is_likely() -> None:
    long = f"{_PARAGRAPH} {_PARAGRAPH}"
    assert _likely(long, path="/html/body/ul/li[3]") == [long]


@pytest.mark.parametrize("path", ["/html/body/h1", "/html/body/figure/figcaption/span"])
def test_headings_and_captions_in_the_markup_are_likely(path: str) -> None:
    assert _likely("Ship sinks", path=path) == ["Ship sinks"]


def test_a_line_that_repeats_the_title_is_likely() -> None:
    assert _likely("Home\nShip sinks off Cork\nNews", title="Ship sinks off Cork | The Post") == [
        "Ship sinks off Cork"
    ]


def test_a_line_that_shares_a_word_with_the_title_is_not_likely() -> None:
    assert _likely("Home\nCork and county\nNews", title="Ship sinks off Cork | The Post") == []


def test_a_line_that_recurs_on_the_page_is_not_likely() -> None:
    again = "Sign up for our daily newsletter with the best stories."
    assert _likely(f"{again}\n{_PARAGRAPH}\n{again}") == [_PARAGRAPH]


def test_a_page_of_html_is_judged_by_its_markup() -> None:
    html = f"""<title>Ship sinks - Post</title><nav><p>{_PARAGRAPH}1</p></nav>
    <h1>Ship sinks</h1><ul><li><a>Five ships that sank in the last century, in pictures</a></li>
    </ul><p>{_PARAGRAPH}</p><figure><img><figcaption>The Ann</figcaption></figure>"""
    page = load_bytes(html.encode(), "p.html").page
    likely = [page.text[page.blocks[n].start : page.blocks[n].end] for n in likely_text(page)]
    assert sorted(line.strip() for line in likely) == ["Ship sinks", "The Ann", _PARAGRAPH]


def _stops(text: str) -> list[str]:
    page = Page.of("p", text, PageInfo("p.txt"))
    blocks = [page.blocks[index] for index in sorted(walk_stops(page))]
    return [text[block.start : block.end] for block in blocks]


@pytest.mark.parametrize("gap", [["A subhead"], ["By Ada Quill", "1 May"]])
def test_a_walk_stops_at_short_gaps_in_the_text(gap: list[str]) -> None:
    lines = [_PARAGRAPH, *gap, f"{_PARAGRAPH} Again."]
    assert _stops("\n".join(lines)) == lines


def test_a_walk_passes_menus_before_between_and_after_the_text() -> None:
    menu = "Home\nWorld\nSport"
    assert _stops(f"{menu}\n{_PARAGRAPH}\n{menu}\n{menu}") == [_PARAGRAPH]


def test_a_walk_stops_everywhere_on_a_page_without_likely_text() -> None:
    lines = [f"Line {number}" for number in range(9)]
    assert _stops("\n".join(lines)) == lines
    assert _stops("") == []


@given(TEXTS)
def test_every_page_is_judged(text: str) -> None:
    page = Page.of("p", text, PageInfo("p.txt", title=text[:20]))
    assert likely_text(page) <= set(range(len(page.blocks)))
