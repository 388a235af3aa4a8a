"""The report of scores: one file in which nothing loads or runs."""

import re
from pathlib import Path

import pytest
from lxml import etree, html
from segmark.core.span import Span
from segmark.export.error import ExportError
from segmark.jobs.scoring.score_html import score_html, write_score_html

from tests.jobs.scoring.made_scores import BODY, HEADLINE, model, page, scored

NASTY = "<script>alert(1)</script>&\"'"


def report() -> str:
    gold = [page(NASTY, BODY, site=NASTY), page("b", HEADLINE, BODY, site="two.example")]
    short = Span(20, 40, "body")
    one = model(NASTY, {NASTY: [short], "b": [HEADLINE, BODY]}, 0.9)
    other = model("other", {NASTY: [BODY], "b": [short]}, 0.4)
    return score_html(f"{NASTY}.segmark", f"labels of {NASTY}", scored(gold, one, other))


def words(tag: str) -> list[str]:
    """The text of each element of this kind."""
    tree = html.document_fromstring(report())
    return ["".join(map(str, element.itertext())) for element in tree.iter(tag)]


def test_what_pages_and_models_are_called_is_text_and_nothing_else() -> None:
    tree = html.document_fromstring(report())
    used = {element.tag for element in tree.iter(etree.Element)}
    assert not used & {"script", "link", "img", "iframe", "object", "form", "a", "base"}
    assert words("h1") == [f"Scores of {NASTY}, other"]
    assert NASTY in words("td")


def test_nothing_in_it_loads_or_runs() -> None:
    made = report()
    policy = '<meta http-equiv="Content-Security-Policy" content="default-src \'none\';'
    assert policy in made
    tree = html.document_fromstring(made)
    named = {str(name) for element in tree.iter(etree.Element) for name in element.attrib}
    assert not {name for name in named if name.startswith("on")}
    assert not named & {"src", "href", "srcset", "action", "data", "background"}
    assert not re.search(r"url\(|@import", made)


def test_every_table_is_there() -> None:
    captions = words("caption")
    assert captions[:3] == [
        "Models",
        "Side by side, on the same draws",
        "Pages where they part: F1 of characters",
    ]
    assert captions[3:].count("By label: exact") == 2
    assert captions[3:].count("Lines by their label (down) and as predicted (across)") == 2
    assert captions[-1] == "Worst pages"


def test_it_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    place = tmp_path / "report.html"
    write_score_html(place, "one")
    write_score_html(place, "two")
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]
    assert place.read_text("utf-8") == "two"
    place.unlink()
    place.mkdir()
    with pytest.raises(ExportError, match="it is a folder; name a file in it"):
        write_score_html(place, "three")
