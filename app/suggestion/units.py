"""Units: the pieces of a page that get one label each.

A unit is a block without the white space at its edges, or a piece of one where the finished pages
show that a label begins or ends inside a block. Where to cut is learnt from what stands at those
places: "Read more" glued to a headline, "/Tidewire" at the end of a caption, the page's title.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.core.page import Page
from app.core.span import overlapping
from app.core.text import trim
from app.suggestion.suggester import Example

#: Where a cut may lie: after white space, beside a mark, where a capital follows a small letter.
_JOINT = re.compile(
    r"(?<=\s)(?=\S)|(?<=[^\w\s])(?=\w)|(?<=\w)(?=[^\w\s])|(?<=[a-zß-öø-ÿа-я])(?=[A-ZÀ-ÖØ-ÞА-Я])"
)
_TOKEN = re.compile(r"[^\W\d_]+|\d+|[^\w\s]|_")
_SEPARATOR = re.compile(r"\s+[-–—|:»·]+\s+|\s*\|\s*")
#: The page's title begins, ends.
_TITLE_SIGNS = (">title>", "<title<")
#: How far from a joint its neighbourhood reaches, in code points.
_REACH = 60
#: Of the places where a sign of a cut is seen, the share at which a label must begin or end.
_PRECISION = 0.1
#: The same where only one page shows it.
_PRECISE = 0.25
#: A block longer than this is not cut: prose in one line, or no news page.
_LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class Unit:
    """A half-open range of the text without white space at its edges.

    Attributes:
        block: index of its block.
        before: the signs that it was cut for at its start; empty at the start of a block.
        after: the same for its end.
    """

    start: int
    end: int
    block: int
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


#: The signs of a cut: names of what stands at its left or right.
Cuts = frozenset[str]
NO_CUTS: Cuts = frozenset()


def _tokens(text: str) -> list[str]:
    """Its words in small letters, its numbers as 0, and its marks."""
    found = _TOKEN.findall(_JOINT.sub(" ", text))
    return ["0" if token.isdigit() else token.lower() for token in found]


@lru_cache(maxsize=64)
def _title_parts(title: str) -> tuple[str, ...]:
    """The title and what its separators part it into, as far as it is long enough to be told."""
    parts = (part.strip() for part in (title, *_SEPARATOR.split(title)))
    return tuple(dict.fromkeys(part for part in parts if len(part) >= 12))


def _signs(page: Page, at: int, start: int, end: int) -> tuple[str, ...]:
    """What stands at a joint, from the most to the least specific."""
    left = page.text[max(start, at - _REACH) : at]
    right = page.text[at : min(end, at + _REACH)]
    before, after = _tokens(left), _tokens(right)
    found = []
    for part in _title_parts(page.info.title):
        if page.text.startswith(part, at):
            found.append(_TITLE_SIGNS[0])
        if page.text.endswith(part, start, at) or left.rstrip().endswith(part[-_REACH:]):
            found.append(_TITLE_SIGNS[1])
    glued = "" if left[-1:].isspace() else "+"
    if len(before) > 1:
        found.append(f"<{glued}{before[-2]} {before[-1]}")
    if len(after) > 1:
        found.append(f">{glued}{after[0]} {after[1]}")
    if before:
        found.append(f"<{glued}{before[-1]}")
    if after:
        found.append(f">{glued}{after[0]}")
    return tuple(dict.fromkeys(found))


def _joints(page: Page, start: int, end: int) -> Iterator[int]:
    if end - start <= _LONGEST:
        for match in _JOINT.finditer(page.text, start + 1, end):
            yield match.start()


def _bare(page: Page, start: int, end: int) -> bool:
    """Whether a stretch holds no letter and no digit, so that a cut beside it means nothing."""
    return not any(char.isalnum() for char in page.text[start:end])


def _edges(example: Example, start: int, end: int) -> set[int]:
    """Where labels begin and end inside a block, as offsets of the first character after."""
    page, edges = example.page, set()
    for span in overlapping(example.spans, start, end):
        for at in (span.start, span.end):
            if start < at < end and not _bare(page, start, at) and not _bare(page, at, end):
                edges.add(trim(page.text, at, end)[0])
    return edges


def learn_cuts(examples: Sequence[Example]) -> Cuts:
    """The signs at which labels begin or end inside blocks.

    A sign counts when it was seen at such an edge on two pages, or several times on the only page
    that has any, and an edge is at a good part of the places where it is seen. A sign whose edges
    all have a better one is left out, as soon as there are pages to tell which is better.
    """
    edges: defaultdict[str, set[tuple[int, int]]] = defaultdict(set)
    for number, example in enumerate(examples):
        for block in example.page.blocks:
            for at in _edges(example, block.start, block.end):
                for sign in _signs(example.page, at, block.start, block.end):
                    edges[sign].add((number, at))
    if not edges:
        return NO_CUTS
    seen = _seen(examples, edges)
    pages = {sign: len({number for number, _ in places}) for sign, places in edges.items()}
    alone = len({number for places in edges.values() for number, _ in places}) == 1
    kept, explained = set(), set[tuple[int, int]]()
    for sign in sorted(edges, key=lambda s: (-pages[s], -len(edges[s]) / (seen[s] or 1), s)):
        share = len(edges[sign]) / (seen[sign] or 1)
        often = pages[sign] > 1 and share >= _PRECISION
        precise = share >= _PRECISE and (sign in _TITLE_SIGNS or (alone and seen[sign] > 1))
        if precise or (often and not edges[sign] <= explained):
            kept.add(sign)
            explained |= edges[sign]
    return frozenset(kept)


def _seen(examples: Sequence[Example], wanted: Container[str]) -> Counter[str]:
    """How often each of the wanted signs stands at any joint of the pages."""
    seen: Counter[str] = Counter()
    for example in examples:
        for block in example.page.blocks:
            for at in _joints(example.page, block.start, block.end):
                signs = _signs(example.page, at, block.start, block.end)
                seen.update(sign for sign in signs if sign in wanted)
    return seen


def units_of(page: Page, cuts: Cuts = NO_CUTS) -> tuple[Unit, ...]:
    """The units of a page in text order; a page without cuts has one for each block."""
    units = []
    for index, block in enumerate(page.blocks):
        start, end = trim(page.text, block.start, block.end)
        if not cuts:
            units.append(Unit(start, end, index))
            continue
        before: tuple[str, ...] = ()
        for at in _joints(page, start, end):
            signs = tuple(s for s in _signs(page, at, start, end) if s in cuts)
            if signs and not _bare(page, start, at) and not _bare(page, at, end):
                units.append(Unit(start, trim(page.text, start, at)[1], index, before, signs))
                start, before = at, signs
        units.append(Unit(start, end, index, before))
    return tuple(units)
