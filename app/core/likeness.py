"""How alike two texts are, article against article, whatever frame of links stands around them.

Only lines as long as a sentence count, because what changes from frame to frame is short: menus,
headlines of other articles, buttons. What is compared are runs of four words (shingles). To find
texts that may be alike without comparing each with each, a sketch is kept of every text: the
smallest of its hashed shingles, which two texts share the more often the more alike they are
(bottom-k MinHash; Broder, "On the resemblance and containment of documents", 1997).
"""

from collections.abc import Iterator, Set
from zlib import crc32

#: Texts are near-duplicates from this share of the smaller one's shingles on.
ALIKE = 0.7
_FEWEST = 25  # shingles that a text has to have for being like another

_SKETCH_SIZE = 16
_SAMPLED = 16  # one shingle in so many is considered for the sketch
_LONG_LINE = 100  # bytes in UTF-8
_SPARSE = 20  # bytes to a word, from which on a script is one that writes without spaces


def sketch(text: str) -> list[int]:
    """The sketch of a text: at most 16 hashes of 32 bits, ascending.

    It is stored in project files, so the same text has to give the same sketch for ever.
    """
    sampled = set[int]()
    for hashes in _hashed_words(text):
        whole = len(hashes) - 3
        starts = [at for at, hash_ in enumerate(hashes) if hash_ % _SAMPLED == 0 and at < whole]
        sampled.update(_mixed(*hashes[at : at + 4]) for at in starts)
    return sorted(sampled)[:_SKETCH_SIZE]


def shingles(text: str) -> frozenset[int]:
    """The shingles of a text, hashed."""
    return frozenset(
        each
        for hashes in _hashed_words(text)
        for each in map(_mixed, hashes, hashes[1:], hashes[2:], hashes[3:])
    )


def likeness(one: Set[int], other: Set[int]) -> float:
    """The share of the smaller text's shingles that the other has too; 0 for very short texts."""
    fewest = min(len(one), len(other))
    return len(one & other) / fewest if fewest >= _FEWEST else 0.0


def _hashed_words(text: str) -> Iterator[list[int]]:
    """The words of each long line, hashed; of a script without spaces, pairs of characters."""
    for line in text.casefold().encode().split(b"\n"):
        if len(line) < _LONG_LINE:
            continue
        words = line.split()
        if len(words) * _SPARSE < len(line):
            written = line.decode()
            words = [written[at : at + 2].encode() for at in range(len(written))]
        yield list(map(crc32, words))


def _mixed(a: int, b: int, c: int, d: int) -> int:
    """One hash of 32 bits for four, by multiplication with odd constants."""
    mixed = a * 0x9E3779B1 + b * 0x85EBCA77 + c * 0xC2B2AE3D + d * 0x27D4EB2F
    return mixed * 0x9E3779B97F4A7C15 >> 32 & 0xFFFFFFFF
