"""Pages as other programs leave them: most furniture gone, lists of titles run together.

What people paste or export is often not the text of a whole page. The prior for plain text learns
from such texts too.
"""

import random
from collections.abc import Iterator, Sequence
from itertools import groupby

from segmark.core.page import Page
from segmark.core.span import Span

from tests.benchmarks.gold_pages import NONE, GoldPage, line_labels

_JOINING = frozenset({"body", "comment"})
#: What sites put after each title of a list, and before a caption.
_AFTER_TITLES = ("Read more", "Read More", "More", "Weiterlesen", "Lire la suite", "Leer más", "")
_BEFORE_CAPTIONS = ("show caption", "Enlarge image", "Bild vergrößern", "Hide caption")
#: Rules for commenting, as sites put them below a story.
_POLICIES = (
    "We welcome comments on this story. Keep your comments civil and relevant, and avoid personal "
    "attacks, name-calling and foul language. Offensive or abusive comments will be removed.",
    "Comments are moderated before they appear. Please be respectful of other readers. By posting "
    "a comment you agree to our terms of service and our privacy policy. Report abuse to us.",
    "Wir freuen uns über Ihre Kommentare. Bleiben Sie bitte sachlich und respektvoll; beleidigende "
    "Kommentare werden gelöscht. Es gilt unsere Netiquette, und jeder Kommentar wird moderiert.",
    "Les commentaires sont modérés avant leur publication. Restez courtois et respectueux: tout "
    "commentaire injurieux sera supprimé par la modération. Connectez-vous pour réagir.",
    "Los comentarios son moderados. Sé respetuoso con los demás lectores: se eliminarán los "
    "comentarios ofensivos, los insultos y la publicidad. Inicia sesión para comentar.",
)
#: The share of other lines that are left, and how long the titles of other stories are.
_LEFT = 0.06
_TITLE = range(30, 110)
#: A list of titles has so many.
_TITLES = range(4, 12)

#: A label, or ``NONE``, and a line of text.
Line = tuple[str, str]


def half_cleaned(page: GoldPage) -> GoldPage:
    """Return the page with little furniture and a run-on list of titles; the same every time."""
    rng = random.Random(page.page.id)
    labels = line_labels(page.page, page.spans)
    lines = [
        (label, page.page.text[block.start : block.end].strip())
        for label, block in zip(labels, page.page.blocks, strict=True)
    ]
    return _page_of(page, list(_cleaned(lines, rng)), rng)


def _cleaned(lines: Sequence[Line], rng: random.Random) -> Iterator[Line]:
    """Yield the lines that are left, in page order, lists of titles as one line each."""
    titles = _titles(lines)
    if titles and rng.random() < 0.7:
        if rng.random() < 0.5:
            yield NONE, rng.choice(titles).split()[0]
        yield "ticker", _run_on(rng.sample(titles, min(len(titles), rng.choice(_TITLES))), rng)
    for label, run in groupby(lines, key=lambda line: line[0]):
        texts = [text for _, text in run]
        if label == NONE:
            yield from ((NONE, text) for text in texts if rng.random() < _LEFT)
        elif label == "ticker" and len(texts) > 1:
            yield label, _run_on(texts, rng)
        elif label == "comment" and rng.random() < 0.5:
            yield label, " ".join(texts)
        else:
            if label == "caption" and rng.random() < 0.3:
                yield NONE, rng.choice(_BEFORE_CAPTIONS)
            yield from ((label, text) for text in texts)
    if rng.random() < 0.3 and not any(label == "comment" for label, _ in lines):
        yield "comment", _policy(rng)


def _policy(rng: random.Random) -> str:
    sentences = rng.choice(_POLICIES).split(". ")
    return ". ".join(rng.sample(sentences, rng.randint(2, len(sentences))))


def _titles(lines: Sequence[Line]) -> list[str]:
    """Return the lines that look like titles of other stories, if there are enough for a list."""
    found = dict.fromkeys(
        text
        for label, text in lines
        if label in {NONE, "ticker"} and len(text) in _TITLE and text[0].isupper()
    )
    return list(found) if len(found) >= _TITLES[0] else []


def _run_on(titles: Sequence[str], rng: random.Random) -> str:
    after = rng.choice(_AFTER_TITLES)
    between = " " if after else ""
    return between.join(title + after for title in titles)


def _page_of(page: GoldPage, lines: Sequence[Line], rng: random.Random) -> GoldPage:
    text, spans = "", list[Span]()
    between = rng.choice(("\n", "\n\n"))
    for label, line in lines:
        text += between if text else ""
        start, text = len(text), text + line
        last = spans[-1] if spans else None
        if label == NONE:
            continue
        if last and last.label == label in _JOINING and not text[last.end : start].strip():
            spans[-1] = Span(last.start, len(text), label)
        else:
            spans.append(Span(start, len(text), label))
    made = Page.of(f"{page.page.id} half cleaned", text, page.page.info)
    found = tuple(spans)
    return GoldPage(page.corpus, page.host, b"", made, found, found, page.share)
