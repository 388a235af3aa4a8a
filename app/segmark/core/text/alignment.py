"""Alignment of two versions of a text.

Whole lines are matched first, then words in the gaps between them, then characters at the edges of
the remaining gaps. Lines and words that occur once in each version are anchors: the longest
sequence of anchors that has the same order in both versions is matched, and the gaps between them
are aligned in the same way (Bram Cohen's patience diff). Only small gaps without an anchor go to
``difflib``, which would be too slow for whole pages.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from segmark.core.text.shared_ends import shared_ends

_LINE = re.compile(r"[^\s](?:[^\n]*[^\s])?")
# A word, one character of a script written without spaces, or one punctuation mark.
_WORD = re.compile(
    "[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
    "|[^\\W\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+|[^\\w\\s]"
)
_ROWS = (1, 4)  # numbers of consecutive pieces that make an anchor
_SMALL = 40_000  # the largest product of both lengths for which difflib is always fast


@dataclass(frozen=True, slots=True)
class MatchingRun:
    """A piece of text in both versions: ``length`` code points from these two offsets."""

    old: int
    new: int
    length: int

    @property
    def old_end(self) -> int:
        """The offset in the old version where the run ends."""
        return self.old + self.length

    @property
    def new_end(self) -> int:
        """The offset in the new version where the run ends."""
        return self.new + self.length


@dataclass(frozen=True, slots=True)
class _Gap:
    """A part of the old version and the part of the new version in the same place."""

    old: int
    old_end: int
    new: int
    new_end: int

    @property
    def open(self) -> bool:
        """Whether both parts contain something to match."""
        return self.old < self.old_end and self.new < self.new_end


def align(old: str, new: str, *, letters: bool = True) -> tuple[MatchingRun, ...]:
    """The text that both versions have in common, as runs of maximal length in order.

    Without ``letters``, only whole lines and words are matched.
    """
    runs = list[MatchingRun]()
    for pattern in (_LINE, _WORD, None) if letters else (_LINE, _WORD):
        found = [run for gap in _gaps(runs, old, new) for run in _in_gap(old, new, gap, pattern)]
        runs = _joined(runs, found)
    return tuple(runs)


def _in_gap(
    old: str, new: str, gap: _Gap, pattern: re.Pattern[str] | None
) -> Iterator[MatchingRun]:
    """The runs in a gap: pieces that match the pattern, or without a pattern its two ends."""
    if pattern is None:
        yield from _ends(old, new, gap)
        return
    before = [match.span() for match in pattern.finditer(old, gap.old, gap.old_end)]
    after = [match.span() for match in pattern.finditer(new, gap.new, gap.new_end)]
    pairs = _pairs([old[a:b] for a, b in before], [new[a:b] for a, b in after])
    for one, other in pairs:
        start, end = before[one]
        yield MatchingRun(start, after[other][0], end - start)


def _gaps(runs: Sequence[MatchingRun], old: str, new: str) -> Iterator[_Gap]:
    """The gaps before, between and after the runs, where both versions have text."""
    old_at = new_at = 0
    for run in (*runs, MatchingRun(len(old), len(new), 0)):
        gap = _Gap(old_at, run.old, new_at, run.new)
        if gap.open:
            yield gap
        old_at, new_at = run.old_end, run.new_end


def _joined(runs: Sequence[MatchingRun], found: Sequence[MatchingRun]) -> list[MatchingRun]:
    """All runs in order; runs that are adjacent in both versions are merged."""
    joined = list[MatchingRun]()
    for run in sorted((*runs, *found), key=lambda run: run.old):
        last = joined[-1] if joined else None
        if last and last.old_end == run.old and last.new_end == run.new:
            joined[-1] = MatchingRun(last.old, last.new, last.length + run.length)
        else:
            joined.append(run)
    return joined


def _ends(old: str, new: str, gap: _Gap) -> Iterator[MatchingRun]:
    """The common prefix and suffix of both sides of a gap."""
    before, after = old[gap.old : gap.old_end], new[gap.new : gap.new_end]
    head, tail = shared_ends(before, after)
    if head:
        yield MatchingRun(gap.old, gap.new, head)
    if tail:
        yield MatchingRun(gap.old_end - tail, gap.new_end - tail, tail)


def _pairs(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int]]:
    """The pieces that match: pairs of their indexes, in order in both versions."""
    found = list[tuple[int, int]]()
    waiting = [_Gap(0, len(before), 0, len(after))]
    while waiting:
        gap, ends = _without_ends(before, after, waiting.pop())
        found += ends
        if not gap.open:
            continue
        anchors = _anchors(before, after, gap)
        if anchors:
            found += anchors
            edges = [(gap.old - 1, gap.new - 1), *anchors, (gap.old_end, gap.new_end)]
            waiting += [
                _Gap(edges[at - 1][0] + 1, edges[at][0], edges[at - 1][1] + 1, edges[at][1])
                for at in range(1, len(edges))
            ]
        elif (gap.old_end - gap.old) * (gap.new_end - gap.new) <= _SMALL:
            found += _compared(before, after, gap)
    return found


def _without_ends(
    before: Sequence[str], after: Sequence[str], gap: _Gap
) -> tuple[_Gap, list[tuple[int, int]]]:
    """The gap without the pieces that match at its start and end, and the pairs of those."""
    old, old_end, new, new_end = gap.old, gap.old_end, gap.new, gap.new_end
    ends = list[tuple[int, int]]()
    while old < old_end and new < new_end and before[old] == after[new]:
        ends.append((old, new))
        old, new = old + 1, new + 1
    while old < old_end and new < new_end and before[old_end - 1] == after[new_end - 1]:
        old_end, new_end = old_end - 1, new_end - 1
        ends.append((old_end, new_end))
    return _Gap(old, old_end, new, new_end), ends


def _anchors(before: Sequence[str], after: Sequence[str], gap: _Gap) -> list[tuple[int, int]]:
    """The longest sequence of anchors with the same order on both sides of the gap.

    An anchor is a piece that occurs once on each side; if there is none, the first piece of a
    group of consecutive ones that does.
    """
    for row in _ROWS:
        old = _rows(before, gap.old, gap.old_end, row)
        new = _rows(after, gap.new, gap.new_end, row)
        times, new_times = Counter(old), Counter(new)
        places = {each: at for at, each in enumerate(new, gap.new) if new_times[each] == 1}
        once = [
            (at, places[each])
            for at, each in enumerate(old, gap.old)
            if times[each] == 1 and each in places
        ]
        if once:
            return _longest_rising(once)
    return []


def _rows(pieces: Sequence[str], start: int, end: int, row: int) -> list[tuple[str, ...]]:
    return list(zip(*(pieces[start + ahead : end] for ahead in range(row)), strict=False))


def _longest_rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest subsequence of pairs that ascends in the second number.

    The pairs are sorted by the first number.
    """
    last = list[int]()  # for each length, the second number of the last pair of the best chain
    chains = list[int]()  # and the index of that pair
    before = list[int]()  # for each pair, the previous one in its chain; -1 for none
    for index, (_, number) in enumerate(pairs):
        length = bisect_left(last, number)
        before.append(chains[length - 1] if length else -1)
        last[length : length + 1] = [number]
        chains[length : length + 1] = [index]
    found, at = list[tuple[int, int]](), chains[-1] if chains else -1
    while at >= 0:
        found.append(pairs[at])
        at = before[at]
    return found[::-1]


def _compared(before: Sequence[str], after: Sequence[str], gap: _Gap) -> Iterator[tuple[int, int]]:
    matcher = SequenceMatcher(
        None, before[gap.old : gap.old_end], after[gap.new : gap.new_end], autojunk=False
    )
    for block in matcher.get_matching_blocks():
        for step in range(block.size):
            yield gap.old + block.a + step, gap.new + block.b + step
