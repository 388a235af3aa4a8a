"""What the source of a page declares about its story."""

import json

import pytest
from segmark.core.page import Declared
from segmark.loading.html.declared import declared


def read(head: str, body: str = "") -> Declared:
    html = f"<html><head>{head}</head><body>{body}</body></html>"
    return declared(html.encode(), "utf-8")


def linked(data: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def test_meta_elements_declare_title_and_summary() -> None:
    found = read(
        '<meta property="og:title" content="Ferry &amp; quay"><meta name="Description" '
        'content=" It  sails\n again. "><meta name="twitter:title" content="Ferry &amp; quay">'
    )
    assert found == Declared(titles=("Ferry & quay",), summaries=("It sails again.",))


def test_linked_data_declares_the_story_however_deep_it_is() -> None:
    story = {
        "@type": "NewsArticle",
        "headline": "Ferry sails",
        "description": "After three weeks.",
        "articleBody": "<p>The ferry sailed.</p> <p>It was &quot;late&quot;.</p>",
        "image": [{"@type": "ImageObject", "caption": "The quay"}, {"url": "x"}],
    }
    found = read(linked({"@graph": [[{"@type": "WebSite"}, {"mainEntity": story}]]}))
    assert found.titles == ("Ferry sails",)
    assert found.summaries == ("After three weeks.",)
    assert found.bodies == ('The ferry sailed. It was "late".',)
    assert found.captions == ("The quay",)


def test_microdata_declares_it_in_content_or_text() -> None:
    found = read(
        '<meta itemprop="description" content="Three weeks.">',
        '<h1 itemprop="headline">Ferry <b>sails</b></h1><div itemprop="articleBody"><p>It did.</p>'
        '<p itemprop="author">Ada</p></div><figcaption itemprop="caption">The quay</figcaption>',
    )
    assert found == Declared(("Ferry sails",), ("Three weeks.",), ("It did.Ada",), ("The quay",))


@pytest.mark.parametrize(
    "data",
    [
        "",
        "{",
        "[" * 100_000,
        '{"headline": 7, "description": null, "articleBody": ["x"]}',
        json.dumps({"headline": " ", "text": "x" * 10}),
        json.dumps({"articleBody": "x" * 1_000_001}),
    ],
)
def test_data_that_cannot_be_used_declares_nothing(data: str) -> None:
    assert read(f'<script type="application/ld+json">{data}</script>') == Declared()


@pytest.mark.parametrize("source", [b"", b"\0\0\0", b"no markup", b"<!-- x"])
def test_a_source_that_cannot_be_read_declares_nothing(source: bytes) -> None:
    assert declared(source, "utf-8") == Declared()


def test_a_list_of_stories_is_cut_short() -> None:
    found = read(linked([{"headline": f"Story {number}"} for number in range(100)]))
    assert found.titles == tuple(f"Story {number}" for number in range(40))
