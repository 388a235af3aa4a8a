"""Similarity of two texts by their article, regardless of the links around it.

Only lines as long as a sentence count, because what differs from page to page is short: menus,
headlines of other articles, buttons. In a text with hardly any long lines, such as one wrapped at
72 columns, shorter lines count and the threshold is higher. Two texts are compared by their
sequences of four words (Broder's shingles and containment). To find candidates without comparing
all pairs, a sketch of each text is stored: the smallest hashes of the beginnings of its sentences.
The more similar two texts are, the more hashes they share (bottom-k MinHash; Broder, "On the
resemblance and containment of documents", 1997).
"""

from collections.abc import Set
from zlib import crc32

#: The least share of the smaller text's shingles that near-duplicates have in common.
ALIKE = 0.7
_ALIKE_IN_SHORT_LINES = 0.9
#: The same for two versions of one page, which have the same name or address. Different articles
#: of a site share less: 98 % of the pairs on which this was measured.
KIN = 0.3
_FEWEST = 25  # shingles that a text needs to be compared

_SKETCH_SIZE = 16
_LONG_LINE = 100  # bytes in UTF-8, like the other lengths
_LONG_SENTENCE = 60
_SOME_LINE, _SOME_SENTENCE = 40, 30  # in a text without long lines
_HARDLY_ANY = 400  # bytes in long lines
_BEGINNING = 48
_SPARSE = 20  # bytes a word; a line with more is in a script written without spaces


def sketch(text: str) -> list[int]:
    """The sketch of a text: at most 16 hashes of 32 bits, ascending.

    It is stored in project files, so the sketch of a text must never change.
    """
    lines, are_long = _lines(text.replace("。", ". "))
    shortest = _LONG_SENTENCE if are_long else _SOME_SENTENCE
    sentences = b". ".join(lines).split(b". ")
    hashes = {crc32(each[:_BEGINNING]) for each in sentences if len(each) >= shortest}
    return sorted({each * 0x9E3779B97F4A7C15 >> 16 & 0xFFFFFFFF for each in hashes})[:_SKETCH_SIZE]


def shingles(text: str) -> frozenset[int]:
    """The hashed shingles of a text; without spaces in the script, of pairs of characters."""
    found = set[int]()
    for line in _lines(text)[0]:
        words = line.split()
        if len(words) * _SPARSE < len(line):
            written = line.decode()
            words = [written[at : at + 2].encode() for at in range(len(written))]
        hashes = list(map(crc32, words))
        found.update(map(_mixed, hashes, hashes[1:], hashes[2:], hashes[3:]))
    return frozenset(found)


def likeness(one: Set[int], other: Set[int]) -> float:
    """The share of the smaller text's shingles that the other one has; 0 for very short texts."""
    fewest = min(len(one), len(other))
    return len(one & other) / fewest if fewest >= _FEWEST else 0.0


def are_kin(one: Set[int], other: Set[int]) -> bool:
    """Whether texts with the same name or address are versions of one page.

    Very short texts always are.
    """
    return min(len(one), len(other)) < _FEWEST or likeness(one, other) >= KIN


def share_needed(*texts: str) -> float:
    """The least similarity at which these texts contain the same article."""
    return ALIKE if all(_lines(text)[1] for text in texts) else _ALIKE_IN_SHORT_LINES


def _lines(text: str) -> tuple[list[bytes], bool]:
    """The lines of a text that count, and whether they are long."""
    lines = text.casefold().encode().split(b"\n")
    long = [line for line in lines if len(line) >= _LONG_LINE]
    if sum(map(len, long)) >= _HARDLY_ANY:
        return long, True
    return [line for line in lines if len(line) >= _SOME_LINE], False


def _mixed(a: int, b: int, c: int, d: int) -> int:
    """One 32-bit hash of four, by multiplication with odd constants."""
    mixed = a * 0x9E3779B1 + b * 0x85EBCA77 + c * 0xC2B2AE3D + d * 0x27D4EB2F
    return mixed * 0x9E3779B97F4A7C15 >> 32 & 0xFFFFFFFF
