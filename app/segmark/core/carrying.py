"""Carrying labels over from one version of a page to a newer one.

A span of a joining label is located line by line, so that text inserted between two of its lines
stays without a label; other spans are located as a whole. Each part is located, in this order:

1. where the alignment of both versions has exactly its text,
2. where the new version has exactly its text, if it is a line that occurs once in each version,
3. where the alignment has at least half of it, with as little other text,
4. nowhere.

A part that reached to the edge of its line does so in the new version too, unless the text there
was outside of it before. Text that has a label already gets no other one.
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

_LEAST = 0.5  # of the characters other than white space, in the part and in its new place
_DISTINCT = 6  # least code points of a line that is recognised anywhere if it occurs once
_REACH = 60  # code points around an edge that are searched for its word

TextRange = tuple[int, int]


class CarryOutcome(StrEnum):
    """The outcome of carrying a span over."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    MISSING = "not found"
    TAKEN = "labelled already"


@dataclass(frozen=True, slots=True)
class Carried:
    """A span of the old version and the spans of the new version that replace it.

    Attributes:
        new: one span if ``UNCHANGED``, one or more if ``CHANGED``, else none.
    """

    old: Span
    new: tuple[Span, ...]
    outcome: CarryOutcome


def carry(
    old: str, new: str, spans: Sequence[Span], labels: LabelSet, there: Sequence[Span] = ()
) -> tuple[Carried, ...]:
    """Carry each span of the old version over to the new one.

    ``spans`` and ``there``, the spans that the new version has already, are sorted and disjoint.
    So are the resulting spans, also with ``there``.
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
    return tuple(_outcome(old, new, *both) for both in zip(spans, found, strict=True))


@dataclass(slots=True)
class _Part:
    """A part of the span with this number: its range, and its place in the new version."""

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


def _outcome(old: str, new: str, span: Span, parts: Sequence[_Part]) -> Carried:
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
    """Locates parts, the most certain ones first."""

    old: str
    new: str
    there: Sequence[Span]
    _runs: tuple[MatchingRun, ...] = ()
    _old_lines: dict[str, TextRange] = field(default_factory=dict)  # lines that occur once
    _new_lines: dict[str, TextRange] = field(default_factory=dict)
    _given: list[TextRange] = field(default_factory=list)  # places of located parts, sorted

    def place(self, parts: Sequence[_Part]) -> None:
        """Locate each part, if it is there."""
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
        """The parts of the new version that are aligned with a range of the old one."""
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
        if len(text) < _DISTINCT or self._old_lines.get(text) != (part.start, part.end):
            return None
        return self._new_lines.get(text)

    def _in_part(self, part: _Part) -> TextRange | None:
        """The range that holds most of the part, shortened until it is dense enough."""
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
        """The place, extended to whole words where the part had whole words at its edges."""
        if _splits_word(self.new, start) and not _splits_word(self.old, part.start):
            start = _word_around(self.new, start)[0]
        if _splits_word(self.new, end) and not _splits_word(self.old, part.end):
            end = _word_around(self.new, end)[1]
        return trim(self.new, start, end)

    def _reach_edges(self, part: _Part, place: TextRange) -> None:
        """Extend the place to the edges of its lines where the part reached those of its own."""
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
    """The lines that occur once in a text, trimmed of white space."""
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
    """The range of the word around the offset; the offset twice if there is none."""
    near = words(text, max(0, at - _REACH), min(len(text), at + _REACH))
    return next(((first, last) for first, last in near if first < at < last), (at, at))


def _solid(text: str) -> int:
    """The number of characters other than white space."""
    return len("".join(text.split()))
