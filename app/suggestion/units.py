"""Units: the pieces of a page that get one label each.

A unit is a block without the white space at its edges, or a piece of one where the finished pages
show that a label begins or ends inside a block. Where to cut is learnt from what stands at those
places: "Read more" glued to a headline, "/Tidewire" at the end of a caption, the page's title.
"""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from sys import intern

from app.core.page import Page
from app.core.span import overlapping
from app.core.text import trim
from app.suggestion.suggester import Example

#: A word as far as its small letters go ("againRead" is two), a number, a mark. A cut may lie
#: before any but the first of a block.
_TOKEN = re.compile(r"[A-ZÀ-ÖØ-ÞЀ-Я]*[^\W\d_A-ZÀ-ÖØ-ÞЀ-Я]+|[A-ZÀ-ÖØ-ÞЀ-Я]+|\d+|[^\w\s]|_")
_SEPARATOR = re.compile(r"\s+[-–—|:»·]+\s+|\s*\|\s*")
#: The page's title begins, ends.
_TITLE_SIGNS = (">title>", "<title<")
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


@dataclass(frozen=True, slots=True)
class _Tokens:
    """The tokens of a block in small letters, numbers as 0, and where each begins."""

    start: int
    end: int
    words: tuple[str, ...]
    starts: tuple[int, ...]

    def signs(self, index: int) -> Iterator[str]:
        """What stands before and behind a cut before a token, in one word and in two."""
        if index > 1:
            yield f"<{self.words[index - 2]} {self.words[index - 1]}"
        if index + 1 < len(self.words):
            yield f">{self.words[index]} {self.words[index + 1]}"
        yield f"<{self.words[index - 1]}"
        yield f">{self.words[index]}"


@lru_cache(maxsize=48)
def _tokens(page: Page) -> tuple[_Tokens, ...]:
    """The tokens of each block; none of one that is too long to be cut."""
    blocks = []
    for block in page.blocks:
        end = block.end if block.end - block.start <= _LONGEST else block.start
        found = list(_TOKEN.finditer(page.text, block.start, end))
        words = ("0" if token[0].isdigit() else intern(token[0].lower()) for token in found)
        starts = tuple(token.start() for token in found)
        blocks.append(_Tokens(block.start, block.end, tuple(words), starts))
    return tuple(blocks)


@lru_cache(maxsize=64)
def _title_parts(title: str) -> tuple[str, ...]:
    """The title and what its separators part it into, as far as it is long enough to be told."""
    parts = (part.strip() for part in (title, *_SEPARATOR.split(title)))
    return tuple(dict.fromkeys(part for part in parts if len(part) >= 12))


def _title_edges(page: Page, tokens: _Tokens) -> dict[int, str]:
    """The tokens of a block before which its page's title begins or has just ended."""
    edges = {}
    for part in _title_parts(page.info.title):
        at = page.text.find(part, tokens.start, tokens.end)
        if at >= 0:
            edges[bisect_left(tokens.starts, at + len(part))] = _TITLE_SIGNS[1]
            edges[bisect_left(tokens.starts, at)] = _TITLE_SIGNS[0]
    return edges


class _Search:
    """Looks for signs; nearly all places have none, so one word is asked for first."""

    def __init__(self, signs: Collection[str]) -> None:
        self._signs = signs
        self._left = {sign[1:].rpartition(" ")[2] for sign in signs if sign[0] == "<"}
        self._right = {sign[1:].partition(" ")[0] for sign in signs if sign[0] == ">"}

    def found(self, page: Page, tokens: _Tokens) -> Iterator[tuple[int, tuple[str, ...]]]:
        """The tokens of a block before which a sign stands, with the signs."""
        words, titles = tokens.words, _title_edges(page, tokens)
        for index in range(1, len(words)):
            if words[index - 1] in self._left or words[index] in self._right or index in titles:
                signs = [sign for sign in tokens.signs(index) if sign in self._signs]
                if titles.get(index) in self._signs:
                    signs.insert(0, titles[index])
                if signs:
                    yield index, tuple(signs)


def _bare(page: Page, start: int, end: int) -> bool:
    """Whether a stretch holds no letter and no digit, so that a cut beside it means nothing."""
    return not any(char.isalnum() for char in page.text[start:end])


def _edges(example: Example, tokens: _Tokens) -> set[int]:
    """The tokens of a block before which a label begins or has ended."""
    page, edges = example.page, set()
    for span in overlapping(example.spans, tokens.start, tokens.end):
        for edge in (span.start, span.end):
            if not tokens.start < edge < tokens.end:
                continue
            index = bisect_left(tokens.starts, edge)
            if (
                0 < index < len(tokens.starts)
                and not page.text[edge : tokens.starts[index]].strip()
                and not _bare(page, tokens.start, edge)
                and not _bare(page, edge, tokens.end)
            ):
                edges.add(index)
    return edges


def learn_cuts(examples: Sequence[Example]) -> Cuts:
    """The signs at which labels begin or end inside blocks.

    A sign counts when it was seen at such an edge on two pages, or several times on the only page
    that has any, and an edge is at a good part of the places where it is seen. A sign whose edges
    all have a better one is left out, as soon as there are pages to tell which is better.
    """
    edges: defaultdict[str, set[tuple[int, int]]] = defaultdict(set)
    for number, example in enumerate(examples):
        inner = _inner_edges(example) if example.spans else ()
        for tokens, index in inner:
            titles = _title_edges(example.page, tokens)
            for sign in (*tokens.signs(index), *([titles[index]] if index in titles else ())):
                edges[sign].add((number, tokens.starts[index]))
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


def _inner_edges(example: Example) -> Iterator[tuple[_Tokens, int]]:
    """The edges of labels inside blocks: the block and the token that follows the edge."""
    blocks = {example.page.block_at(at) for span in example.spans for at in (span.start, span.end)}
    for block in sorted(block for block in blocks if block is not None):
        tokens = _tokens(example.page)[block]
        for index in sorted(_edges(example, tokens)):
            yield tokens, index


def _seen(examples: Sequence[Example], wanted: Collection[str]) -> Counter[str]:
    """How often each of the wanted signs stands anywhere inside the blocks of the pages."""
    seen: Counter[str] = Counter()
    search = _Search(wanted)
    for example in examples:
        for tokens in _tokens(example.page):
            for _, signs in search.found(example.page, tokens):
                seen.update(signs)
    return seen


def units_of(page: Page, cuts: Cuts = NO_CUTS) -> tuple[Unit, ...]:
    """The units of a page in text order; a page without cuts has one for each block."""
    units = []
    blocks = _tokens(page) if cuts else ()
    search = _Search(cuts)
    for index, block in enumerate(page.blocks):
        start, end = trim(page.text, block.start, block.end)
        before: tuple[str, ...] = ()
        for token, signs in search.found(page, blocks[index]) if cuts else ():
            at = blocks[index].starts[token]
            if not _bare(page, start, at) and not _bare(page, at, end):
                units.append(Unit(start, trim(page.text, start, at)[1], index, before, signs))
                start, before = at, signs
        units.append(Unit(start, end, index, before))
    return tuple(units)
