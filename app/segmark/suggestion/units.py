"""Units: the pieces of a page that get one label each.

A unit is a block without the white space at its edges, or a part of a block if finished pages show
that labels begin or end inside blocks. Where to split a block is learnt from boundary cues, the
words next to such places: "Read more" run together with a headline, "/Tidewire" at the end of a
caption, the page's title.
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
from segmark.suggestion.example import TrainingExample

#: A word up to its last lower-case letter ("againRead" is two tokens), a number or a punctuation
#: mark. A block may be split before any token but the first.
_TOKEN = re.compile(r"[A-ZÀ-ÖØ-ÞЀ-Я]*[^\W\d_A-ZÀ-ÖØ-ÞЀ-Я]+|[A-ZÀ-ÖØ-ÞЀ-Я]+|\d+|[^\w\s]|_")
_SEPARATOR = re.compile(r"\s+[-–—|:»·]+\s+|\s*\|\s*")
#: The cues that the page's title begins or ends.
_TITLE_CUES = (">title>", "<title<")
#: Of the places where a cue occurs, the share at which a label must begin or end.
_PRECISION = 0.1
#: The same if only one page shows it.
_PRECISE = 0.25
#: A block longer than this is not split: it is prose in one line, or the page is not a news page.
_LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class Unit:
    """A half-open range of the text without white space at its edges.

    Attributes:
        block: index of its block.
        before: the cues for which its start was split off; empty at the start of a block.
        after: the cues for which its end was split off.
    """

    start: int
    end: int
    block: int
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


#: Boundary cues: a cue is ``<`` followed by the words before the boundary, or ``>`` followed by the
#: words after it.
Cues = frozenset[str]
NO_CUES: Cues = frozenset()


@dataclass(frozen=True, slots=True)
class _Tokens:
    """The tokens of a block in lower case, numbers as 0, and where each starts."""

    start: int
    end: int
    words: tuple[str, ...]
    starts: tuple[int, ...]

    def cues(self, index: int) -> Iterator[str]:
        """Yield the cues at the boundary before a token, of two words and of one."""
        if index > 1:
            yield f"<{self.words[index - 2]} {self.words[index - 1]}"
        if index + 1 < len(self.words):
            yield f">{self.words[index]} {self.words[index + 1]}"
        yield f"<{self.words[index - 1]}"
        yield f">{self.words[index]}"


@dataclass(frozen=True, slots=True, eq=False)
class _Words:
    """An index of the words in a page's blocks.

    It is cached, so that finished pages are not read again for the cues of another page.

    Attributes:
        firsts: for each block, the number of tokens in all blocks before it.
        at: for each word, the numbers of its tokens, counted through all blocks.
        titles: the places before which the page's title begins or has ended, by cue.
        counts: how often a cue occurs inside the blocks, for those already looked up.
    """

    blocks: tuple[_Tokens, ...]
    firsts: tuple[int, ...]
    at: dict[str, "array[int]"]
    titles: dict[str, list[tuple[int, int]]]
    counts: dict[str, int] = field(default_factory=dict)

    def places(self, cue: str) -> Iterator[tuple[int, int]]:
        """Yield the boundaries where a cue occurs, each as a block and the token that follows."""
        if cue in _TITLE_CUES:
            yield from self.titles.get(cue, ())
            return
        first, _, second = cue[1:].partition(" ")
        after = 0 if cue[0] == ">" else 2 if second else 1
        for token in self.at.get(first, ()):
            block = bisect_right(self.firsts, token) - 1
            words, index = self.blocks[block].words, token - self.firsts[block]
            if second and words[index + 1 : index + 2] != (second,):
                continue
            if 0 < index + after < len(words):
                yield block, index + after

    def count(self, cue: str) -> int:
        """Return how often a cue occurs inside the blocks."""
        if cue not in self.counts:
            self.counts[cue] = sum(1 for _ in self.places(cue))
        return self.counts[cue]


def _tokens(page: Page, start: int, end: int) -> _Tokens:
    """Return the tokens of a block; none if it is too long to be split."""
    found = list(_TOKEN.finditer(page.text, start, end if end - start <= _LONGEST else start))
    words = ("0" if token[0].isdigit() else intern(token[0].lower()) for token in found)
    return _Tokens(start, end, tuple(words), tuple(token.start() for token in found))


@lru_cache(maxsize=64)
def _words(page: Page) -> _Words:
    """Return the index of a page's words."""
    blocks = tuple(_tokens(page, block.start, block.end) for block in page.blocks)
    firsts = tuple(accumulate((len(block.words) for block in blocks[:-1]), initial=0))
    at: defaultdict[str, array[int]] = defaultdict(lambda: array("L"))
    titles: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for number, word in enumerate(word for block in blocks for word in block.words):
        at[word].append(number)
    for number, block in enumerate(blocks):
        for index, cue in _title_edges(page, block).items():
            if 0 < index < len(block.words):
                titles[cue].append((number, index))
    return _Words(blocks, firsts, dict(at), dict(titles))


@lru_cache(maxsize=64)
def _title_parts(title: str) -> tuple[str, ...]:
    """Return the title and its parts between separators, as far as they are long enough to find."""
    parts = (part.strip() for part in (title, *_SEPARATOR.split(title)))
    return tuple(dict.fromkeys(part for part in parts if len(part) >= 12))


def _title_edges(page: Page, tokens: _Tokens) -> dict[int, str]:
    """Return the tokens of a block before which its page's title begins or has just ended."""
    edges = {}
    for part in _title_parts(page.info.title):
        at = page.text.find(part, tokens.start, tokens.end)
        if at >= 0:
            edges[bisect_left(tokens.starts, at + len(part))] = _TITLE_CUES[1]
            edges[bisect_left(tokens.starts, at)] = _TITLE_CUES[0]
    return edges


def _bare(page: Page, start: int, end: int) -> bool:
    """Whether a range has no letter and no digit, so that a boundary next to it means nothing."""
    return not any(char.isalnum() for char in page.text[start:end])


def _edges(example: TrainingExample, tokens: _Tokens) -> set[int]:
    """Return the tokens of a block before which a label begins or has ended."""
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


def learn_cues(examples: Sequence[TrainingExample]) -> Cues:
    """Learn the boundary cues at which labels begin or end inside blocks.

    A cue counts if it occurs at such edges on two pages, or several times on the only page that has
    any, and if a good part of its occurrences are edges. Once several pages have edges, a cue is
    left out if all its edges have a better one.
    """
    edges: defaultdict[str, set[tuple[int, int]]] = defaultdict(set)
    for number, example in enumerate(examples):
        inner = _inner_edges(example) if example.spans else ()
        for tokens, index in inner:
            titles = _title_edges(example.page, tokens)
            for cue in (*tokens.cues(index), *([titles[index]] if index in titles else ())):
                edges[cue].add((number, tokens.starts[index]))
    if not edges:
        return NO_CUES
    seen = {cue: sum(_words(example.page).count(cue) for example in examples) for cue in edges}
    pages = {cue: len({number for number, _ in places}) for cue, places in edges.items()}
    alone = len({number for places in edges.values() for number, _ in places}) == 1
    kept, explained = set(), set[tuple[int, int]]()
    for cue in sorted(edges, key=lambda c: (-pages[c], -len(edges[c]) / (seen[c] or 1), c)):
        share = len(edges[cue]) / (seen[cue] or 1)
        often = pages[cue] > 1 and share >= _PRECISION
        precise = share >= _PRECISE and (cue in _TITLE_CUES or (alone and seen[cue] > 1))
        if precise or (often and not edges[cue] <= explained):
            kept.add(cue)
            explained |= edges[cue]
    return frozenset(kept)


def _inner_edges(example: TrainingExample) -> Iterator[tuple[_Tokens, int]]:
    """Yield the edges of labels inside blocks: the block's tokens, and the token after the edge."""
    blocks = {example.page.block_at(at) for span in example.spans for at in (span.start, span.end)}
    for block in sorted(block for block in blocks if block is not None):
        tokens = _words(example.page).blocks[block]
        for index in sorted(_edges(example, tokens)):
            yield tokens, index


def units_of(page: Page, cues: Cues = NO_CUES) -> tuple[Unit, ...]:
    """Return the units of a page in text order; without cues, one for each block."""
    units = []
    splits = _splits(page, cues)
    for index, block in enumerate(page.blocks):
        start, end = trim(page.text, block.start, block.end)
        before: tuple[str, ...] = ()
        for token, here in sorted(splits.get(index, {}).items()):
            at = _words(page).blocks[index].starts[token]
            if not _bare(page, start, at) and not _bare(page, at, end):
                units.append(Unit(start, trim(page.text, start, at)[1], index, before, tuple(here)))
                start, before = at, tuple(here)
        units.append(Unit(start, end, index, before))
    return tuple(units)


def _splits(page: Page, cues: Cues) -> dict[int, dict[int, list[str]]]:
    """Return, for each block of a page, the tokens to split before, with the cues there."""
    splits: dict[int, dict[int, list[str]]] = {}
    for cue in sorted(cues):
        for block, token in _words(page).places(cue):
            splits.setdefault(block, {}).setdefault(token, []).append(cue)
    return splits
