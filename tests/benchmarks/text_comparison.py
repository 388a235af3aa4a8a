"""Compare the text of a page with the text that a browser shows, line by line."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate


@dataclass(slots=True)
class Comparison:
    """Counts over some pages.

    Attributes:
        pages: how many were compared.
        identical: how many of them have the same lines.
        missing: lines that only the browser shows.
        extra: lines that only the program has.
        merged: line breaks that only the browser shows.
        split: line breaks that only the program has.
        glued: places where only the browser has white space.
        hidden: pages with more than 5 % of text that the browser does not show.
    """

    pages: int = 0
    identical: int = 0
    missing: int = 0
    extra: int = 0
    merged: int = 0
    split: int = 0
    glued: int = 0
    hidden: int = 0

    def add(self, ours: str, theirs: str) -> None:
        """Count one page."""
        our, their = _lines(ours), _lines(theirs)
        self.pages += 1
        self.identical += our == their
        matcher, surplus = SequenceMatcher(None, our, their, autojunk=False), 0
        for tag, i, j, k, m in matcher.get_opcodes():
            if tag != "equal":
                surplus += self._differing(our[i:j], their[k:m])
        self.hidden += surplus > 0.05 * max(1, sum(len(_ink(line)) for line in our))

    def _differing(self, ours: Sequence[str], theirs: Sequence[str]) -> int:
        """Count lines that differ, and return the number of characters that only ours have."""
        our_ink, their_ink = (_ink("".join(lines)) for lines in (ours, theirs))
        if our_ink != their_ink:
            extra = [line for line in ours if _ink(line) not in their_ink]
            missing = [line for line in theirs if _ink(line) not in our_ink]
            ours = [line for line in ours if line not in extra]
            theirs = [line for line in theirs if line not in missing]
            self.extra += len(extra)
            self.missing += len(missing)
            surplus = sum(len(_ink(line)) for line in extra)
            if _ink("".join(ours)) != _ink("".join(theirs)):
                return surplus
        else:
            surplus = 0
        our_ends, their_ends = _ends(ours), _ends(theirs)
        self.merged += len(their_ends - our_ends)
        self.split += len(our_ends - their_ends)
        self.glued += len(_gaps(theirs) - _gaps(ours))
        return surplus


def _lines(text: str) -> list[str]:
    """The lines with text; cells of tables are apart, and white space counts once.

    Case does not count: a browser applies ``text-transform``.
    """
    lines = (" ".join(line.casefold().split()) for line in re.split("[\t\n]", text))
    return [line for line in lines if line]


def _ink(text: str) -> str:
    return "".join(text.split())


def _ends(lines: Sequence[str]) -> set[int]:
    return set(accumulate(len(_ink(line)) for line in lines))


def _gaps(lines: Sequence[str]) -> set[int]:
    return set(accumulate(len(word) for line in lines for word in line.split()))
