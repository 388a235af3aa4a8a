"""Where in the HTML the text of a page stood."""

import gzip

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from segmark.core.markup import Markup
from segmark.html_tree import Tree, parse, walk
from segmark.loading.html.trace import trace
from segmark.loading.loader import load_bytes

from tests.places import SHARED

CORPUS = SHARED / "corpus/pages"


def traced(html: str | bytes) -> tuple[str, Markup | None]:
    source = html.encode() if isinstance(html, str) else html
    loaded = load_bytes(source, "page.html")
    return loaded.page.text, trace(loaded.source, loaded.page.info.encoding, loaded.page.text)


def nodes_of(html: str) -> list[tuple[str, str]]:
    """The text nodes that are shown, and what of the page's text each holds."""
    text, markup = traced(html)
    assert markup
    root = parse(markup.html)
    assert root is not None
    nodes = [node for *_, node in walk(root) if node]
    return [(nodes[one.node].text, text[one.start : one.end]) for one in markup.shown]


def test_each_text_node_that_is_shown_has_its_part_of_the_text() -> None:
    found = nodes_of(
        "<!doctype html><title>no</title><h1> A <b>\n big</b> one</h1><!-- no --><script>no"
        "</script>"
        "<p>Two<br>lines<span hidden>no</span> &amp; more<details><summary>S</summary>no</details>"
    )
    assert found == [
        (" A ", "A"), ("\n big", "big"), (" one", "one"), ("Two", "Two"), ("lines", "lines"),
        (" & more", "& more"), ("S", "S"),
    ]  # fmt: skip


def test_characters_that_a_text_can_not_hold_keep_their_places() -> None:
    assert nodes_of("<!doctype html>\ufeff<p>a\x01b&#28;c</p><p>\u2028d\ufdd0</p>")[-2:] == [
        ("a\x01b\x1cc", "a\ufffdb\ufffdc"), ("\u2028d\ufdd0", "d\ufffd"),
    ]  # fmt: skip


def test_a_byte_order_mark_before_the_text_is_none_of_it() -> None:
    assert nodes_of("\ufeff<!doctype html><p>\ufeff\ufeffa</p>") == [("\ufeff\ufeffa", "a")]


def test_where_characters_stand_in_the_markup_is_known_through_references_and_hidden_text() -> None:
    html = (
        "<!doctype html><title>a &amp; b</title><script>if (a<b) '</p>'</script><p title='>'>x &lt;"
        "&eacute;&notit;&#x1F3AD; y<p hidden>z</p>< w&copy2"
    )
    _, markup = traced(html)
    assert markup
    origins = markup.find_origins(Tree.of(markup.html))
    assert all(origins.of(one.node, 0) for one in markup.shown)
    places = [origins.of(markup.shown[0].node, number) for number in range(8)]
    cut = [html[slice(*place)] for place in places if place]
    assert cut == ["x", "&lt;", "&eacute;", "&not", "i", "t", ";", "&#x1F3AD;"]


def test_nothing_is_told_of_a_page_that_makes_another_text() -> None:
    assert trace(b"<!doctype html><p>One", "utf-8", "Two") is None
    assert trace(b"\xff\xfe\x00", "utf-8", "Two") is None


def test_nothing_is_told_of_a_page_too_deep_for_a_tree() -> None:
    text, markup = traced("<!doctype html><body>" + "<div>" * 3000 + "deep")
    assert text == "deep"
    assert markup is None


_PIECES = st.sampled_from(
    ["a", " ", "\n", "é🎭", "<b>", "</b>", "<p>", "<br>", "<pre>", "</pre>", "<!-- c -->", "&amp;",
     "&nbsp;", "<td>x", "<span hidden>", "</span>", "<li>", "<", "&", "<details>", "<script>",
     "</script>", "\u00a0", "</p>", "<table>", "</table>", "<title>", "</title>", "&lt;i&gt;"]
)  # fmt: skip


@settings(max_examples=200)
@given(st.lists(_PIECES, max_size=30).map("".join))
def test_any_page_is_traced_and_what_is_told_of_it_is_right(html: str) -> None:
    whole = f"<!doctype html><body><p>shown</p>{html}"
    text, markup = traced(whole)
    assert markup
    root = parse(whole)
    assert root is not None
    nodes = [node for *_, node in walk(root) if node]
    held = "".join(text[one.start : one.end] for one in markup.shown)
    assert "".join(held.split()) == "".join(text.split())
    for one in markup.shown:
        # A stray end tag may break a text node.
        assert "".join(nodes[one.node].text.split()) == "".join(text[one.start : one.end].split())


@pytest.mark.shared("corpus/pages")
def test_real_pages_are_traced() -> None:
    for path in sorted(CORPUS.iterdir())[::25]:
        text, markup = traced(gzip.decompress(path.read_bytes()))
        assert markup, path.name
        held = "".join(text[one.start : one.end] for one in markup.shown)
        assert "".join(text.split()).startswith("".join(held.split()))
        assert len(held) > 0.9 * len("".join(text.split()))
