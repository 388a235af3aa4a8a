"""How alike two texts are, article against article, whatever frame of links stands around them.

Only lines as long as a sentence count, because what changes from frame to frame is short: menus,
headlines of other articles, buttons. Of a text that has hardly any, such as one that is wrapped at
72 columns, shorter ones count, and more has to be the same. Two texts are compared by their runs of
four words (Broder's shingles and containment). To find those worth comparing without comparing each
with each, a sketch is kept of every text: the smallest of the hashed beginnings of its sentences,
of which two texts share the more the more alike they are (bottom-k MinHash; Broder, "On the
resemblance and containment of documents", 1997).
"""

from collections.abc import Set
from zlib import crc32

#: Texts are near-duplicates from this share of the smaller one's shingles on.
ALIKE = 0.7
_ALIKE_IN_SHORT_LINES = 0.9
#: Of texts with the same name or address, from which share on they are versions of one page. Other
#: articles of a site share less: 98 in 100 pairs of the pages that this was measured on.
KIN = 0.3
_FEWEST = 25  # shingles that a text has to have for being like another

_SKETCH_SIZE = 16
_LONG_LINE = 100  # bytes in UTF-8, as the other lengths
_LONG_SENTENCE = 60
_SOME_LINE, _SOME_SENTENCE = 40, 30  # of a text without long lines
_HARDLY_ANY = 400  # bytes in long lines
_BEGINNING = 48
_SPARSE = 20  # to a word, from which on a script is one that writes without spaces


def sketch(text: str) -> list[int]:
    """The sketch of a text: at most 16 hashes of 32 bits, ascending.

    It is stored in project files, so the same text has to give the same sketch for ever.
    """
    lines, are_long = _lines(text.replace("。", ". "))
    shortest = _LONG_SENTENCE if are_long else _SOME_SENTENCE
    sentences = b". ".join(lines).split(b". ")
    hashes = {crc32(each[:_BEGINNING]) for each in sentences if len(each) >= shortest}
    return sorted({each * 0x9E3779B97F4A7C15 >> 16 & 0xFFFFFFFF for each in hashes})[:_SKETCH_SIZE]


def shingles(text: str) -> frozenset[int]:
    """The shingles of a text, hashed; of a script without spaces, runs of pairs of characters."""
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
    """The share of the smaller text's shingles that the other has too; 0 for very short texts."""
    fewest = min(len(one), len(other))
    return len(one & other) / fewest if fewest >= _FEWEST else 0.0


def are_kin(one: Set[int], other: Set[int]) -> bool:
    """Whether texts with the same name or address are versions of one page; short ones always."""
    return min(len(one), len(other)) < _FEWEST or likeness(one, other) >= KIN


def share_needed(*texts: str) -> float:
    """From which likeness on these texts hold the same article."""
    return ALIKE if all(_lines(text)[1] for text in texts) else _ALIKE_IN_SHORT_LINES


def _lines(text: str) -> tuple[list[bytes], bool]:
    """The lines of a text that count, and whether they are long ones."""
    lines = text.casefold().encode().split(b"\n")
    long = [line for line in lines if len(line) >= _LONG_LINE]
    if sum(map(len, long)) >= _HARDLY_ANY:
        return long, True
    return [line for line in lines if len(line) >= _SOME_LINE], False


def _mixed(a: int, b: int, c: int, d: int) -> int:
    """One hash of 32 bits for four, by multiplication with odd constants."""
    mixed = a * 0x9E3779B1 + b * 0x85EBCA77 + c * 0xC2B2AE3D + d * 0x27D4EB2F
    return mixed * 0x9E3779B97F4A7C15 >> 32 & 0xFFFFFFFF
