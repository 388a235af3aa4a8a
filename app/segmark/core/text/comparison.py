"""Comparison of two versions of a short text: common, removed and added pieces."""

from collections.abc import Iterator, Sequence
from enum import Enum, auto

from segmark.core.text.alignment import MatchingRun, align

_SHOWN = 120  # the longest common piece, in code points, that is shown without an ellipsis


class Side(Enum):
    """Which version has a piece of text."""

    BOTH = auto()
    OLD = auto()
    NEW = auto()


DiffPiece = tuple[Side, str]


def compare(old: str, new: str) -> list[DiffPiece]:
    """The pieces in order, by words; a long common piece has an ellipsis in its middle."""
    found = list[DiffPiece]()
    for side, text in _pieces(old, new, align(old, new, letters=False)):
        if found and found[-1][0] is side is Side.BOTH:
            found[-1] = side, found[-1][1] + text
        elif text:
            found.append((side, text))
    return [(side, _shortened(text) if side is Side.BOTH else text) for side, text in found]


def _pieces(old: str, new: str, runs: Sequence[MatchingRun]) -> Iterator[DiffPiece]:
    old_at = new_at = 0
    for run in (*runs, MatchingRun(len(old), len(new), 0)):
        went, came = old[old_at : run.old], new[new_at : run.new]
        if went == came:
            yield Side.BOTH, went
        else:
            yield Side.OLD, went
            yield Side.NEW, came
        yield Side.BOTH, old[run.old : run.old_end]
        old_at, new_at = run.old_end, run.new_end


def _shortened(text: str) -> str:
    half = _SHOWN // 2
    return text if len(text) <= _SHOWN else f"{text[:half].rstrip()} … {text[-half:].lstrip()}"
