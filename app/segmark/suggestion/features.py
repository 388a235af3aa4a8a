"""The features of a page's units: short strings, each of which holds for the unit that has it.

Features mean the same on every site. What is special to one site, its words and its template, is in
keys, by which units of its pages are compared.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from sys import intern

from segmark.core.page import Page
from segmark.suggestion.evidence.declared_features import declared_names
from segmark.suggestion.evidence.markup_features import (
    MarkupFeatures,
    container,
    distance,
    markup_of,
    path_masses,
)
from segmark.suggestion.evidence.text_shape import (
    TextShape,
    bucket,
    common_words,
    place,
    shape_of,
    story,
)
from segmark.suggestion.evidence.wording import wording_of
from segmark.suggestion.units import NO_CUES, Cues, Unit, units_of

_TITLE_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_ENDS = (0, 1, 2, 4, 8, 16, 32, 64)
_RANKS = (0, 1, 2, 5)
#: How many characters are searched for fixed words.
_READ = 1_500
#: A line wider than this is a paragraph.
_PARAGRAPH = 100
#: The kinds of keys by which units of different pages are compared; units of plain text have only
#: the first five.
KEY_KINDS = (
    *("text", "opening", "closing", "above", "below"),
    *("chain", "path", "outer", "form", "start", "after", "before"),
)


#: For each unit, its keys.
UnitKeys = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """A page as the models see it; each tuple has one entry per unit. Compared by identity.

    Attributes:
        general: the names of the features.
        titled: whether the unit's text resembles the page's title.
        marked: whether the page has markup.
    """

    units: tuple[Unit, ...]
    general: tuple[tuple[str, ...], ...]
    titled: tuple[bool, ...]
    marked: bool
    _read_keys: Callable[[], UnitKeys] = field(repr=False)
    _keys: UnitKeys | None = field(default=None, init=False, repr=False)

    @property
    def keys(self) -> UnitKeys:
        """Hashes of what each unit may have in common with units of other pages.

        They are in the order of ``KEY_KINDS``. A site without finished pages needs none, so they
        are made when they are first asked for.
        """
        if self._keys is None:
            object.__setattr__(self, "_keys", self._read_keys())
        return self._keys or ()


@dataclass(frozen=True, slots=True)
class _Title:
    """How the units compare with the page's title.

    Attributes:
        overlaps: how many words each unit shares with the title, 0 to 1.
        parts: 2 if the title begins with the unit's text, 1 if it contains it, else 0.
        best: the index of the most similar unit; -1 if none is similar.
    """

    overlaps: Sequence[float]
    parts: Sequence[int]
    best: int


def _title(title: str, shapes: Sequence[TextShape]) -> _Title:
    words = [word.lower() for word in _TITLE_WORD.findall(title)]
    title_words, joined = set(words), " ".join(words)
    overlaps, parts = [], []
    for shape in shapes:
        own = set(shape.words)
        both = len(title_words & own) if own and len(shape.words) <= 40 else 0
        overlaps.append(2 * both / (len(title_words) + len(own)) if both else 0.0)
        line = " ".join(shape.words) if both else ""
        is_part = len(line) > 8 and line in joined
        parts.append((2 if joined.startswith(line) else 1) if is_part else 0)
    best = max(
        range(len(shapes)),
        key=lambda i: (min(1, parts[i]), round(overlaps[i], 3), -i),
        default=-1,
    )
    if best >= 0 and overlaps[best] < 0.3 and not parts[best]:
        best = -1
    return _Title(overlaps, parts, best)


def _ranks(chains: Sequence[str]) -> list[tuple[int, int]]:
    """Return, for each unit, how many with the same chain come before and after it."""
    total, before, ranks = Counter(chains), Counter[str](), []
    for chain in chains:
        ranks.append((before[chain], total[chain] - before[chain] - 1))
        before[chain] += 1
    return ranks


class _Reader:
    """Computes the features of one page."""

    def __init__(self, page: Page, units: tuple[Unit, ...]) -> None:
        self.page = page
        self.units = units
        self.shapes = [shape_of(page.text[unit.start : unit.end]) for unit in self.units]
        self.anchors = [page.blocks[unit.block].anchor for unit in self.units]
        self.markups = [markup_of(anchor) if anchor else None for anchor in self.anchors]
        self.story = story(self.shapes)
        self.title = _title(page.info.title, self.shapes)
        self.declared_titles = [_title(one, self.shapes) for one in page.declared.titles[:4]]
        texts = [page.text[unit.start : unit.end] for unit in self.units]
        self.declared = declared_names(page.declared, texts)
        self.wording = [
            wording_of(text[:_READ], shape.words)
            for text, shape in zip(texts, self.shapes, strict=True)
        ]
        self.sections = list(self._sections())
        self.repeated = Counter(shape.key for shape in self.shapes)
        self.common = common_words(self.shapes, self.story)
        self.gaps = [0, *self._gaps(), 0]
        self.container = container(self.markups, self.shapes)
        self.masses = path_masses(self.anchors, self.shapes)
        self.ranks = _ranks([markup.chain if markup else "" for markup in self.markups])
        self.longs = [0]
        for shape in self.shapes:
            self.longs.append(self.longs[-1] + (shape.width > _PARAGRAPH))

    def _gaps(self) -> Iterator[int]:
        for before, after in zip(self.units, self.units[1:], strict=False):
            yield min(3, self.page.text.count("\n", before.end, after.start))

    def _long_around(self, index: int, reach: int) -> int:
        last = len(self.units)
        return self.longs[min(last, index + reach + 1)] - self.longs[max(0, index - reach)]

    def general(self, index: int) -> Iterator[str]:
        shape, size = self.shapes[index], self.shapes[index].size
        yield from shape.names
        yield from self._position(index, size)
        yield from self._neighbours(index, shape)
        yield from self._story(index, shape)
        yield from self._title_names("T", self.title, index, size)
        if self.declared_titles:
            best = max(self.declared_titles, key=lambda one: self._fit(one))
            yield from self._title_names("O", best, index, size)
        yield from self.declared[index]
        yield from self._wording_names(index, size)
        yield from self._split_names(index)
        markup = self.markups[index]
        if markup:
            yield from markup.general
            yield from self._markup_names(index, markup, shape)

    def _position(self, index: int, size: int) -> Iterator[str]:
        first, count = bucket(index, _ENDS), len(self.units)
        yield f"P{first}"
        yield f"PL{first},{size // 2}"
        yield f"Z{bucket(count - 1 - index, _ENDS)}"
        yield f"R{index * 8 // count}"
        yield f"gap{self.gaps[index]}{self.gaps[index + 1]}"
        if self.repeated[self.shapes[index].key] > 1:
            yield "again"
            yield f"again{size // 2}"

    def _neighbours(self, index: int, shape: TextShape) -> Iterator[str]:
        for step in (-2, -1, 1, 2):
            other = index + step
            if not 0 <= other < len(self.units):
                yield f"{step}none"
                continue
            near = self.shapes[other]
            yield f"{step}L{near.size}"
            if step in (-1, 1):
                yield f"{step}E{near.end}"
                yield f"{step}S{near.start}"
                yield f"{step}LE{near.size // 2}{near.end},{shape.size // 2}{shape.end}"

    def _story(self, index: int, shape: TextShape) -> Iterator[str]:
        near, around = self._long_around(index, 3), self._long_around(index, 8)
        yield f"K{near}"
        yield f"KK{around // 2}"
        yield f"K{near}L{shape.size // 3}"
        where = place(index, self.story)
        yield f"I{where}"
        yield f"I{where},{shape.size // 2}"
        yield f"I{where}{shape.end}"
        long = {word for word in shape.words if len(word) > 3}
        least = 1 if where == "in" else 0
        both = sum(self.common[word] > least for word in long) * 4 // (len(long) or 1)
        yield f"B{both}"
        yield f"B{both},{shape.size // 2},{where[0]}"

    def _fit(self, title: _Title) -> float:
        return title.overlaps[title.best] if title.best >= 0 else -1.0

    def _sections(self) -> Iterator[str]:
        """Yield, for each unit, what the last heading before it announced."""
        announced, since = "", 0
        for shape, wording in zip(self.shapes, self.wording, strict=True):
            if shape.size <= 4:
                kinds = [kind for kind in ("comment", "more", "cue", "share") if kind in wording]
                if kinds:
                    announced, since = kinds[0], 0
            since += 1
            yield f"{announced}{bucket(since, (1, 2, 4, 8, 16))}" if announced else ""
            if since > 40 or (shape.width > _PARAGRAPH and announced != "comment"):
                announced = ""

    def _wording_names(self, index: int, size: int) -> Iterator[str]:
        for kind in self.wording[index]:
            yield f"w={kind}"
            yield f"w={kind},{size // 2}"
        for step in (-2, -1, 1):
            other = index + step
            if 0 <= other < len(self.units) and self.shapes[other].size <= 4:
                for kind in self.wording[other]:
                    yield f"{step}w={kind}"
        if self.sections[index]:
            yield f"sec={self.sections[index]}"
            yield f"sec={self.sections[index][:-1]},{size // 2}"

    def _title_names(self, kind: str, title: _Title, index: int, size: int) -> Iterator[str]:
        yield f"{kind}{int(title.overlaps[index] * 5)}"
        if title.parts[index]:
            yield f"{kind}P{title.parts[index]}"
        if title.best < 0:
            yield f"{kind}Lnone"
            return
        if index == title.best:
            where = "at"
        elif index < title.best:
            where = f"b{bucket(title.best - index, (1, 3, 8, 20))}"
        else:
            where = f"a{bucket(index - title.best, (1, 2, 3, 5, 10, 20, 50))}"
        yield f"{kind}L{where}"
        yield f"{kind}L{where},{size // 3}"

    def _split_names(self, index: int) -> Iterator[str]:
        unit = self.units[index]
        if unit.before:
            yield "cut<"
        if unit.after:
            yield "cut>"

    def _markup_names(self, index: int, markup: MarkupFeatures, shape: TextShape) -> Iterator[str]:
        anchor = self.anchors[index]
        tag, half = anchor.tag if anchor else "", shape.size // 2
        # Pages that declare no title are mostly old, and older pages are made otherwise.
        era = f"era{int(bool(self.page.declared.titles))}"
        yield from (era, f"{era}g={tag},{half}", f"{era}L{shape.size}")
        yield f"g={tag},{half}"
        yield f"g={tag}{shape.end}"
        if markup.link:
            yield "link"
            yield f"link{half}"
        up, down = distance(anchor.path if anchor else "", self.container)
        near = f"M{min(up, 4)},{min(down, 4)}"
        yield from (f"M{min(up, 6)}", near, f"{near},{tag}", f"{near}L{half}")
        yield f"mass{self.masses[index]}"
        first, last = self.ranks[index]
        yield f"rank{bucket(first, _RANKS)}"
        yield f"rest{bucket(last, _RANKS)}"
        for step in (-1, 1):
            other = index + step
            neighbour = self.markups[other] if 0 <= other < len(self.units) else None
            if neighbour:
                yield f"{step}g={neighbour.signature.partition('.')[0]},{tag}"
                yield f"{step}same{int(neighbour.parent == markup.parent)}"
                if neighbour.link:
                    yield f"{step}link"

    def keys(self, index: int) -> Iterator[str]:
        shape = self.shapes[index]
        above = self.shapes[index - 1].key[:60] if index else ""
        below = self.shapes[index + 1].key[:60] if index + 1 < len(self.units) else ""
        yield shape.key
        yield f"{' '.join(shape.words[:2])},{shape.size // 2}"
        yield f"{shape.words[-1] if shape.words else ''}{shape.end},{shape.size // 2}"
        yield above
        yield below
        markup, anchor = self.markups[index], self.anchors[index]
        if markup is None or anchor is None:
            return
        yield markup.chain
        yield anchor.path
        yield markup.outer
        yield f"{markup.chain},{shape.size // 2}{shape.end}"
        yield f"{markup.chain},{shape.words[0] if shape.words else shape.key[:3]}"
        yield f"{self._chain(index - 1)}>{markup.chain}"
        yield f"{markup.chain}>{self._chain(index + 1)}"

    def _chain(self, index: int) -> str:
        markup = self.markups[index] if 0 <= index < len(self.units) else None
        return markup.chain if markup else ""

    def titled(self, index: int) -> bool:
        return bool(self.title.parts[index]) or self.title.overlaps[index] >= 0.6


def _hashed(kind: str, key: str) -> int:
    digest = blake2b(f"{kind}={key}".encode(), digest_size=6).digest()
    return int.from_bytes(digest, "big")


@lru_cache(maxsize=96)
def features_of(page: Page, cues: Cues = NO_CUES) -> Features:
    """Return the features of a page; those of the latest few dozen are cached."""
    return features_in(page, units_of(page, cues))


@lru_cache(maxsize=96)
def features_in(page: Page, units: tuple[Unit, ...]) -> Features:
    """Return the features of a page's units; cached, as new cues leave most pages unchanged."""
    reader = _Reader(page, units)
    every = range(len(units))
    return Features(
        units,
        tuple(tuple(map(intern, reader.general(i))) for i in every),
        tuple(reader.titled(i) for i in every),
        any(reader.anchors),
        lambda: tuple(tuple(map(_hashed, KEY_KINDS, reader.keys(i))) for i in every),
    )
