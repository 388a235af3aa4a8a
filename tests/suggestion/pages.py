"""Invented pages of an invented site, as HTML would give them and as plain text."""

import random
from collections.abc import Sequence

from segmark.core.label import LabelSet
from segmark.core.page import Anchor, Page, PageInfo
from segmark.core.span import Span
from segmark.environment.resource_path import resource_path
from segmark.suggestion.background import NO_BACKGROUND, Background
from segmark.suggestion.example import TrainingExample
from segmark.suggestion.model import Model, make_model, pages_behind, train_crf

LABELS = LabelSet.from_toml(resource_path("labels", "news.toml").read_text(encoding="utf-8"))

_NOUNS = ("ferry", "harbour", "council", "bakery", "lighthouse", "school", "bridge", "orchard")
_VERBS = ("opens", "closes", "wins", "sails", "burns", "returns")
_PLACES = ("Selwick", "Port Orren", "Varnest", "Tidehaven")
#: Text, label or None, path and class words of a line.
Line = tuple[str, str | None, str, str]


def sentence(rng: random.Random) -> str:
    """A sentence of a story."""
    words = [rng.choice(_NOUNS + _VERBS) for _ in range(rng.randint(18, 30))]
    return f"The {' '.join(words)} in {rng.choice(_PLACES)}."


def title(rng: random.Random) -> str:
    """A headline."""
    return f"{rng.choice(_NOUNS).title()} of {rng.choice(_PLACES)} {rng.choice(_VERBS)} again"


def _lines(rng: random.Random, headline: str) -> list[Line]:
    main = "/html/body/main/article"
    lines: list[Line] = [
        ("Home", None, "/html/body/nav/a[1]", "menu"),
        ("Sport", None, "/html/body/nav/a[2]", "menu"),
        (f"{title(rng)}", "ticker", "/html/body/div[1]/a", "latest"),
        (headline, "headline", f"{main}/h1", "head"),
        (f"By Ada Brent, {rng.randint(1, 28)} May 2021", None, f"{main}/p[1]", "byline"),
        (f"A {rng.choice(_NOUNS)} on Monday. Tidewire", "caption", f"{main}/figure/p", "credit"),
    ]
    for number in range(rng.randint(3, 6)):
        lines.append((sentence(rng), "body", f"{main}/p[{number + 2}]", "text"))
    return [
        *lines,
        ("Share this story", None, f"{main}/div", "share"),
        ("Keep your comments civil.", "comment", "/html/body/section/p", "rules"),
        ("All rights reserved.", None, "/html/body/footer/p", "foot"),
    ]


def page_of(
    lines: list[Line], name: str, headline: str = "", *, html: bool = True
) -> TrainingExample:
    """A page with these lines and its spans."""
    anchors, spans, at = {}, [], 0
    for text, label, path, words in lines:
        anchors[at] = Anchor(path, (words,))
        if label:
            spans.append(Span(at, at + len(text), label))
        at += len(text) + 1
    text = "\n".join(line[0] for line in lines)
    joined = joined_body(text, spans)
    info = PageInfo(name, "news.example", title=f"{headline} - The Selwick Post" if html else "")
    return TrainingExample(Page.of(name, text, info, anchors if html else None), joined)


def joined_body(text: str, spans: list[Span]) -> tuple[Span, ...]:
    """The spans with touching ones of a label that joins made one."""
    joined: list[Span] = []
    for span in spans:
        last = joined[-1] if joined else None
        if (
            last
            and last.label == span.label
            and LABELS[span.label].joins
            and not text[last.end : span.start].strip()
        ):
            joined[-1] = Span(last.start, span.end, span.label)
        else:
            joined.append(span)
    return tuple(joined)


def news(number: int, *, html: bool = True) -> TrainingExample:
    """One page of the site, the same for the same number."""
    rng = random.Random(number)
    headline = title(rng)
    return page_of(_lines(rng, headline), f"page{number}", headline, html=html)


def glued(number: int) -> TrainingExample:
    """A plain text page whose ticker is glued to its headline on one line."""
    rng = random.Random(number)
    ticker = "".join(f"{title(rng)}Read more " for _ in range(3)).rstrip()
    headline = f"{title(rng)} and {rng.choice(_NOUNS)} stays"
    body = "\n".join(sentence(rng) for _ in range(4))
    text = f"{ticker} {headline}\n{body}"
    end = len(ticker) + 1 + len(headline)
    spans = (
        Span(0, len(ticker), "ticker"),
        Span(len(ticker) + 1, end, "headline"),
        Span(end + 1, len(text), "body"),
    )
    return TrainingExample(
        Page.of(f"glued{number}", text, PageInfo(f"glued{number}", "wire.example")), spans
    )


def credited(number: int) -> TrainingExample:
    """A page whose caption runs into the first paragraph, cut where the credit ends."""
    rng = random.Random(number)
    headline = title(rng)
    caption = f"The {rng.choice(_NOUNS)} at {rng.choice(_PLACES)} on Monday./Tidewire"
    first = f"{rng.choice(_PLACES).upper()} — {sentence(rng)}"
    body = "\n".join([first, *(sentence(rng) for _ in range(4))])
    text = f"{headline}\n{caption} {body}"
    start = len(headline) + 1
    spans = (
        Span(0, len(headline), "headline"),
        Span(start, start + len(caption), "caption"),
        Span(start + len(caption) + 1, len(text), "body"),
    )
    info = PageInfo(f"credited{number}", "wire.example")
    return TrainingExample(Page.of(f"credited{number}", text, info), spans)


def trained(
    examples: Sequence[TrainingExample], labels: LabelSet, background: Background = NO_BACKGROUND
) -> Model:
    """The model of a site from all its finished pages, newest first."""
    crf = train_crf(examples[pages_behind(len(examples)) :], labels, background)
    return make_model(examples, labels, background, crf)
