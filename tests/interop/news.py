"""A project of made-up news pages from several sites, from HTML and plain text, all labelled."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

from segmark.cli import program as cli
from segmark.core.annotation import Status
from segmark.store.store import Store

from tests.export.labelled import nasty_record
from tests.factories import label, settle

SITES = tuple(f"site{number}.example" for number in range(16))
PAGES = 200

_NOUNS = (
    "ferry", "harbour", "council", "storm", "quay", "lighthouse", "keeper", "tram", "road",
    "island", "railway", "vote",
)  # fmt: skip
_VERBS = ("opens", "closes", "returns", "sails", "waits", "votes", "stops", "sinks")
_TAGS = {"headline": "h1", "caption": "figcaption", "body": "p", "ticker": "li", "comment": "small"}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page with its label; "" for none."""

    text: str
    label: str


def _sentence(chosen: random.Random, words: int) -> str:
    said = " ".join(chosen.choices((*_NOUNS, *_VERBS, "the", "after", "again", "a"), k=words))
    return f"{said.capitalize()} on Monday."


def _lines(chosen: random.Random) -> Iterator[Line]:
    title = f"{chosen.choice(_NOUNS).capitalize()} {chosen.choice(_VERBS)}"
    yield Line("Home News Sport", "")
    yield Line(f"Read more: {title} Read more: {chosen.choice(_NOUNS)} row", "ticker")
    yield Line(f"{title} after {chosen.randrange(2, 90)} years", "headline")
    yield Line(f"The {chosen.choice(_NOUNS)} at dusk. Photo: A. Okonjo/Wire", "caption")
    for number in range(chosen.randrange(2, 5)):
        dateline = "PORT VARN\u00a0– " if not number else ""
        yield Line(f"{dateline}{_sentence(chosen, chosen.randrange(12, 30))}", "body")
    yield Line("Print this page", "")
    yield Line("Comments are moderated. Log in to leave a comment below.", "comment")


def _as_html(lines: list[Line], site: str, number: int) -> str:
    head = f'<link rel="canonical" href="https://www.{site}/{number}">'
    body = "".join(
        f'<div class="{line.label or "menu"}"><{_TAGS.get(line.label, "div")}>{escape(line.text)}'
        f"</{_TAGS.get(line.label, 'div')}></div>\n"
        for line in lines
    )
    return f"<!doctype html><html><head>{head}<title>x</title></head><body>{body}</body></html>"


def write_pages(folder: Path, numbers: range = range(PAGES)) -> list[list[Line]]:
    """The pages as files, in the order in which they will be loaded."""
    pages = []
    for number in numbers:
        chosen = random.Random(number)
        lines, site = list(_lines(chosen)), SITES[number % len(SITES)]
        if number % 2:
            place = folder / f"{number:03}.html"
            place.write_text(_as_html(lines, site, number), "utf-8")
        else:
            (folder / f"{number:03}-{site}").mkdir()
            place = folder / f"{number:03}-{site}" / "page.txt"
            place.write_text("\n\n".join(line.text for line in lines), "utf-8")
        pages.append(lines)
    return pages


def make_news(project: Path, folder: Path) -> None:
    """The project, every page done; the last one is the page of nasty Unicode."""
    folder.mkdir()
    pages = write_pages(folder)
    nasty = nasty_record()
    (folder / "nasty").mkdir()
    (folder / "nasty" / "page.txt").write_text(nasty.text, "utf-8", newline="")
    assert cli.run(["load", str(project), *map(str, sorted(folder.iterdir()))]) == 0
    with Store.open(project) as store:
        for number, lines in enumerate(pages, 1):
            text, at = store.pages.get(number).text, 0
            for line in lines:
                at = text.index(line.text, at)
                if line.label:
                    label(store, "mira", number, line.label, at, at + len(line.text))
                at += len(line.text)
            settle(store, "mira", number, Status.DONE)
        last = len(pages) + 1
        assert store.pages.get(last).text == nasty.text
        for span in nasty.spans:
            label(store, "mira", last, span.label, span.start, span.end)
        settle(store, "mira", last, Status.DONE)
