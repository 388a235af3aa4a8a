"""Carrying labels over: where the labelled text of one version of a page is in a newer one.

A span of a label that joins is looked for line by line, so that what was put between two of its
lines stays without a label; any other as a whole. Each part is, in this order:

1. where the alignment of both versions has it to the letter,
2. where else in the new version it stands to the letter, if it is a line that stands once in each,
3. where the alignment has at least half of it, with as little else,
4. nowhere.

A part that reached to the edge of its line does so in the new version too, unless what is there now
stood outside of it before. No span is put where there is a label already.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from segmark.core.label import LabelSet
from segmark.core.span import Span, overlapping
from segmark.core.text.alignment import MatchingRun, align
from segmark.core.text.normalise import is_blank, trim
from segmark.core.text.words import words

_LEAST = 0.5  # of the characters that are no white space, in the part and in its new place
_TELLING = 6  # code points from which on a line that stands once is known wherever it stands
_REACH = 60  # code points around an edge in which its word is looked for

TextRange = tuple[int, int]


class CarryOutcome(StrEnum):
    """What becomes of a span: its place has its very text, or another, or there is none."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    MISSING = "not found"
    TAKEN = "labelled already"


@dataclass(frozen=True, slots=True)
class Carried:
    """A span of the old version and the spans of the new one that stand for it.

    Attributes:
        new: one where it is ``UNCHANGED``, one or more where it is ``CHANGED``, else none.
    """

    old: Span
    new: tuple[Span, ...]
    fate: CarryOutcome


def carry(
    old: str, new: str, spans: Sequence[Span], labels: LabelSet, there: Sequence[Span] = ()
) -> tuple[Carried, ...]:
    """What becomes of each span of the old version in the new one.

    ``spans`` and ``there``, the spans that the new version has already, are sorted and disjoint;
    so are the new ones, with each other and with these.
    """
    parts = [
        _Part(number, start, end)
        for number, span in enumerate(spans)
        for start, end in _parts_of(old, span, joins=labels[span.label].joins)
    ]
    _Placing(old, new, there).place(parts)
    found: list[list[_Part]] = [[] for _ in spans]
    for part in parts:
        found[part.span].append(part)
    return tuple(_fate(old, new, *both) for both in zip(spans, found, strict=True))


@dataclass(slots=True)
class _Part:
    """A part of the span with this number: its range, and where that is in the new version."""

    span: int
    start: int
    end: int
    place: TextRange | None = None
    taken: bool = False


def _parts_of(text: str, span: Span, *, joins: bool) -> Iterator[TextRange]:
    at = span.start
    while joins and (line_end := text.find("\n", at, span.end)) >= 0:
        start, end = trim(text, at, line_end)
        if start < end:
            yield start, end
        at = line_end + 1
    yield trim(text, at, span.end)


def _fate(old: str, new: str, span: Span, parts: Sequence[_Part]) -> Carried:
    places = sorted(part.place for part in parts if part.place)
    if not places:
        taken = any(part.taken for part in parts)
        return Carried(span, (), CarryOutcome.TAKEN if taken else CarryOutcome.MISSING)
    joined = [places[0]]
    for start, end in places[1:]:
        if is_blank(new, joined[-1][1], start):
            joined[-1] = joined[-1][0], end
        else:
            joined.append((start, end))
    spans = tuple(Span(start, end, span.label) for start, end in joined)
    same = len(spans) == 1 and new[spans[0].start : spans[0].end] == old[span.start : span.end]
    return Carried(span, spans, CarryOutcome.UNCHANGED if same else CarryOutcome.CHANGED)


@dataclass(slots=True)
class _Placing:
    """Finds the places of parts, the surest first."""

    old: str
    new: str
    there: Sequence[Span]
    _runs: tuple[MatchingRun, ...] = ()
    _old_lines: dict[str, TextRange] = field(default_factory=dict)  # those that stand once
    _new_lines: dict[str, TextRange] = field(default_factory=dict)
    _given: list[TextRange] = field(default_factory=list)  # places that have been found, sorted

    def place(self, parts: Sequence[_Part]) -> None:
        """Find the place of each part that has one."""
        self._runs = align(self.old, self.new)
        self._old_lines, self._new_lines = _lines_once(self.old), _lines_once(self.new)
        for find in (self._by_alignment, self._elsewhere, self._in_part):
            for part in parts:
                if part.place is None:
                    self._give(part, find(part))
        for part in parts:
            if part.place:
                self._reach_edges(part, part.place)

    def _give(self, part: _Part, place: TextRange | None) -> None:
        if place is None or self._is_given(*place):
            return
        if overlapping(self.there, *place):
            part.taken = True
            return
        part.place = place
        self._given.insert(bisect_left(self._given, place), place)

    def _is_given(self, start: int, end: int) -> bool:
        at = bisect_left(self._given, (end,)) - 1
        return at >= 0 and self._given[at][1] > start

    def _runs_in(self, start: int, end: int) -> list[MatchingRun]:
        """What the alignment has of a range of the old version."""
        first = bisect_right(self._runs, start, key=lambda run: run.old_end)
        last = bisect_left(self._runs, end, key=lambda run: run.old)
        return [
            MatchingRun(low, run.new + low - run.old, min(run.old_end, end) - low)
            for run in self._runs[first:last]
            for low in [max(run.old, start)]
        ]

    def _by_alignment(self, part: _Part) -> TextRange | None:
        runs = self._runs_in(part.start, part.end)
        whole = len(runs) == 1 and runs[0].length == part.end - part.start
        return self._whole_words(part, runs[0].new, runs[0].new_end) if whole else None

    def _elsewhere(self, part: _Part) -> TextRange | None:
        text = self.old[part.start : part.end]
        if len(text) < _TELLING or self._old_lines.get(text) != (part.start, part.end):
            return None
        return self._new_lines.get(text)

    def _in_part(self, part: _Part) -> TextRange | None:
        """Where most of the part is, cut down to where it is dense enough."""
        runs = self._runs_in(part.start, part.end)
        least = _LEAST * _solid(self.old[part.start : part.end])
        while runs:
            kept = sum(_solid(self.old[run.old : run.old_end]) for run in runs)
            if kept < least:
                return None
            start, end = trim(self.new, runs[0].new, runs[-1].new_end)
            if kept >= _LEAST * _solid(self.new[start:end]):
                return self._whole_words(part, start, end)
            del runs[0 if runs[0].length < runs[-1].length else -1]
        return None

    def _whole_words(self, part: _Part, start: int, end: int) -> TextRange:
        """The place with the whole words at its edges, where the part had whole words there."""
        if _splits_word(self.new, start) and not _splits_word(self.old, part.start):
            start = _word_around(self.new, start)[0]
        if _splits_word(self.new, end) and not _splits_word(self.old, part.end):
            end = _word_around(self.new, end)[1]
        return trim(self.new, start, end)

    def _reach_edges(self, part: _Part, place: TextRange) -> None:
        """Let the place reach to the edges of its lines where the part reached to its own."""
        start, end = place
        line_start = self.old.rfind("\n", 0, part.start) + 1
        if is_blank(self.old, line_start, part.start):
            start = self._free(part, self.new.rfind("\n", 0, start) + 1, start)[0]
        line_end = self.old.find("\n", part.end)
        if is_blank(self.old, part.end, len(self.old) if line_end < 0 else line_end):
            line_end = self.new.find("\n", end)
            end = self._free(part, end, len(self.new) if line_end < 0 else line_end)[1]
        if (start, end) != place:
            self._given.remove(place)
            part.place = trim(self.new, start, end)
            self._given.insert(bisect_left(self._given, part.place), part.place)

    def _free(self, part: _Part, start: int, end: int) -> TextRange:
        """The range if nothing in it was outside the part, or has a label; else an empty one.

        An empty one stands at its own end and start, so that either edge stays where it was.
        """
        first = bisect_right(self._runs, start, key=lambda run: run.new_end)
        last = bisect_left(self._runs, end, key=lambda run: run.new)
        known = any(
            not is_blank(self.new, max(run.new, start), min(run.new_end, end))
            for run in self._runs[first:last]
            if run.old < part.start or run.old_end > part.end
        )
        if known or self._is_given(start, end) or overlapping(self.there, start, end):
            return end, start
        return start, end


def _lines_once(text: str) -> dict[str, TextRange]:
    """The lines that stand once in a text, without white space at their edges."""
    found, twice, at = dict[str, TextRange](), set[str](), 0
    for line in text.split("\n"):
        start, end = trim(text, at, at + len(line))
        if text[start:end] in found:
            twice.add(text[start:end])
        found[text[start:end]] = start, end
        at += len(line) + 1
    return {line: place for line, place in found.items() if line and line not in twice}


def _splits_word(text: str, at: int) -> bool:
    if not 0 < at < len(text) or text[at - 1].isspace() or text[at].isspace():
        return False
    first, last = _word_around(text, at)
    return first < at < last


def _word_around(text: str, at: int) -> TextRange:
    """The word that the offset is inside of; where it is inside of none, the offset twice."""
    near = words(text, max(0, at - _REACH), min(len(text), at + _REACH))
    return next(((first, last) for first, last in near if first < at < last), (at, at))


def _solid(text: str) -> int:
    """How many characters are no white space."""
    return len("".join(text.split()))
