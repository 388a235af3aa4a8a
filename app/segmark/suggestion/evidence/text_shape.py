"""Features of a unit that follow from its text and from the text of the units around it."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_DIGIT = re.compile(r"\d")
_DATE = re.compile(
    r"\b(?:19|20)\d\d\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b\d{1,2}:\d\d\b|\d年|\d월"
)
_ADDRESS = re.compile(r"https?:|www\.|@\w")
_SENTENCE_ENDS = frozenset(".!?…。！？।")
_OPENERS = frozenset("\"'“„«‘»「『")
_CLOSERS = "\"'”’»)]）」』 "
_BULLETS = frozenset("(-–—•|>*©·")
#: How many characters of a unit are read; the rest of a paragraph adds nothing.
_READ = 1_500
_WIDTHS = (3, 8, 15, 25, 40, 60, 90, 140, 220, 400)
_COUNTS = (1, 2, 3, 5, 8, 12, 20, 35, 60)
#: A unit narrower than this is not prose, whatever its last character is.
_NARROW = 20


def bucket(number: float, steps: Sequence[float]) -> int:
    """Return the index of the first step that the number does not exceed."""
    return bisect_left(steps, number)


def text_key(text: str) -> str:
    """Return the text as compared between pages: lower case, single spaces, every digit 0."""
    return _DIGIT.sub("0", " ".join(text.lower().split()))


@dataclass(frozen=True, slots=True)
class TextShape:
    """What one unit's text looks like.

    Attributes:
        words: in lower case.
        width: the length; an ideograph, kana or hangul counts as two.
        size: the bucket of the width.
        end: class of the last character, closing quotes and brackets aside.
        start: class of the first character.
        key: the ``text_key``.
        prose: how much it looks like a sentence of a story; below 0 it does not.
        names: the names of its features.
    """

    words: tuple[str, ...]
    width: int
    size: int
    end: str
    start: str
    key: str
    prose: float
    names: tuple[str, ...]


def _width(text: str) -> int:
    if text.isascii():
        return len(text)
    return len(text) + sum("\u2e80" <= c <= "\u9fff" or "\uac00" <= c <= "\ud7ff" for c in text)


def _end(text: str) -> str:
    last = text.rstrip(_CLOSERS)[-1:]
    if not last:
        return "#"
    if last in _SENTENCE_ENDS:
        return "."
    if last in ":,;-|>»":
        return last
    return "a" if last.isalpha() else "0" if last.isdigit() else "#"


def _start(first: str) -> str:
    if first.isupper():
        return "A"
    if first.islower():
        return "a"
    if first.isdigit():
        return "0"
    if first in _OPENERS:
        return '"'
    return first if first in _BULLETS else "x"


def _prose(width: int, end: str) -> float:
    if width <= _NARROW:
        return -25.0
    return max(-60.0, min(150.0, float(width - 25) if end == "." else (width - 60) / 2))


def shape_of(text: str) -> TextShape:
    """Return the shape of a unit's text."""
    read = text[:_READ]
    width = _width(text)
    size, end, start = bucket(width, _WIDTHS), _end(text[-40:]), _start(text[0])
    tokens = read.split()
    capitals = sum(token[0].isupper() for token in tokens) * 4 // (len(tokens) or 1)
    names = [
        f"L{size}",
        f"E{end}",
        f"S{start}",
        f"LE{size}{end}",
        f"LES{size // 2}{end}{start}",
        f"C{capitals}",
        f"LC{size // 2},{capitals}",
        f"W{bucket(len(tokens), _COUNTS)}",
        f"D{sum(map(str.isdigit, read)) * 5 // len(read)}",
    ]
    if read.isupper():
        names.append("upper")
    if _DATE.search(read):
        names += ["date", f"date{size // 2}"]
    if _ADDRESS.search(read):
        names.append("address")
    if "|" in read:
        names.append("bar")
    words = tuple(word.lower() for word in _WORD.findall(read))
    key = text_key(read)
    return TextShape(words, width, size, end, start, key, _prose(width, end), tuple(names))


def story(shapes: Sequence[TextShape]) -> tuple[int, int]:
    """Return the range of units that looks most like a story: first, and one past the last."""
    best, total, first, found = 0.0, 0.0, 0, (0, 0)
    for index, shape in enumerate(shapes):
        if total <= 0:
            total, first = 0.0, index
        total += shape.prose
        if total > best:
            best, found = total, (first, index + 1)
    return found


def place(index: int, units: tuple[int, int]) -> str:
    """Return where a unit is relative to a range of units: in it, or how far before or after."""
    first, end = units
    if first <= index < end:
        return "in"
    if index < first:
        return f"b{bucket(first - index, (1, 2, 4, 8, 16))}"
    return f"a{bucket(index - end + 1, (1, 2, 4, 8, 16))}"


def common_words(shapes: Sequence[TextShape], units: tuple[int, int]) -> Counter[str]:
    """Return, for each longer word in a range of units, how many of these units contain it."""
    counts: Counter[str] = Counter()
    for shape in shapes[slice(*units)]:
        counts.update({word for word in shape.words if len(word) > 3})
    return counts
