"""Units: the pieces of a page that get one label each.

A unit is a block without the white space at its edges, or a piece of one where the finished pages
show that a label begins or ends inside a block. Where to cut is learnt from what stands at those
places: "Read more" glued to a headline, "/Tidewire" at the end of a caption, the page's title.
"""

import re
from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate
from sys import intern

from segmark.core.page import Page
from segmark.core.span import overlapping
from segmark.core.text.normalise import trim
from segmark.suggestion.example import Example

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


@dataclass(frozen=True, slots=True, eq=False)
class _Words:
    """The words of a page's blocks, and where each stands.

    Kept with the page, so that no finished page is read again for the signs of another.

    Attributes:
        firsts: for each block how many tokens stand in the blocks before it.
        at: for each word the numbers of its tokens, counted through all blocks.
        titles: the places before which the page's title begins or has ended, by the sign of it.
        counts: how often a sign stands inside the blocks, of those that were asked for.
    """

    blocks: tuple[_Tokens, ...]
    firsts: tuple[int, ...]
    at: dict[str, "array[int]"]
    titles: dict[str, list[tuple[int, int]]]
    counts: dict[str, int] = field(default_factory=dict)

    def places(self, sign: str) -> Iterator[tuple[int, int]]:
        """The tokens before which a sign stands, each with its block before it."""
        if sign in _TITLE_SIGNS:
            yield from self.titles.get(sign, ())
            return
        first, _, second = sign[1:].partition(" ")
        after = 0 if sign[0] == ">" else 2 if second else 1
        for token in self.at.get(first, ()):
            block = bisect_right(self.firsts, token) - 1
            words, index = self.blocks[block].words, token - self.firsts[block]
            if second and words[index + 1 : index + 2] != (second,):
                continue
            if 0 < index + after < len(words):
                yield block, index + after

    def count(self, sign: str) -> int:
        """How often a sign stands anywhere inside the blocks."""
        if sign not in self.counts:
            self.counts[sign] = sum(1 for _ in self.places(sign))
        return self.counts[sign]


def _tokens(page: Page, start: int, end: int) -> _Tokens:
    """The tokens of a block; none of one that is too long to be cut."""
    found = list(_TOKEN.finditer(page.text, start, end if end - start <= _LONGEST else start))
    words = ("0" if token[0].isdigit() else intern(token[0].lower()) for token in found)
    return _Tokens(start, end, tuple(words), tuple(token.start() for token in found))


@lru_cache(maxsize=64)
def _words(page: Page) -> _Words:
    """The words of a page."""
    blocks = tuple(_tokens(page, block.start, block.end) for block in page.blocks)
    firsts = tuple(accumulate((len(block.words) for block in blocks[:-1]), initial=0))
    at: defaultdict[str, array[int]] = defaultdict(lambda: array("L"))
    titles: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for number, word in enumerate(word for block in blocks for word in block.words):
        at[word].append(number)
    for number, block in enumerate(blocks):
        for index, sign in _title_edges(page, block).items():
            if 0 < index < len(block.words):
                titles[sign].append((number, index))
    return _Words(blocks, firsts, dict(at), dict(titles))


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
    seen = {sign: sum(_words(example.page).count(sign) for example in examples) for sign in edges}
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
        tokens = _words(example.page).blocks[block]
        for index in sorted(_edges(example, tokens)):
            yield tokens, index


def units_of(page: Page, cuts: Cuts = NO_CUTS) -> tuple[Unit, ...]:
    """The units of a page in text order; a page without cuts has one for each block."""
    units = []
    signs = _signs(page, cuts)
    for index, block in enumerate(page.blocks):
        start, end = trim(page.text, block.start, block.end)
        before: tuple[str, ...] = ()
        for token, here in sorted(signs.get(index, {}).items()):
            at = _words(page).blocks[index].starts[token]
            if not _bare(page, start, at) and not _bare(page, at, end):
                units.append(Unit(start, trim(page.text, start, at)[1], index, before, tuple(here)))
                start, before = at, tuple(here)
        units.append(Unit(start, end, index, before))
    return tuple(units)


def _signs(page: Page, cuts: Cuts) -> dict[int, dict[int, list[str]]]:
    """For the blocks of a page the tokens before which a sign of a cut stands, with the signs."""
    signs: dict[int, dict[int, list[str]]] = {}
    for sign in sorted(cuts):
        for block, token in _words(page).places(sign):
            signs.setdefault(block, {}).setdefault(token, []).append(sign)
    return signs
