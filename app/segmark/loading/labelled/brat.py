"""Pairs of a text and its annotations, as brat has them: ``a.txt`` with ``a.ann``, ``a.a1``.

A line ``T1<TAB>Label 0 5;9 12<TAB>quote`` is a span of one or more fragments; offsets count code
points. Other lines are relations, events, attributes and notes.
https://brat.nlplab.org/standoff.html.
"""

import re
from collections import Counter, deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from posixpath import splitext
from typing import TypeAlias

from segmark.core.text.normalise import is_blank
from segmark.loading.encoding import decode
from segmark.loading.raw import RawAnnotation, RawLabels, RawPage, RawSpan
from segmark.loading.rejection import LoadError, PassedOver
from segmark.loading.unpacking import SIZE_LIMIT

_Source: TypeAlias = RawPage | LoadError | PassedOver

#: The suffixes of annotations.
SUFFIXES = (".ann", ".a1", ".a2")
#: The media of annotations in an archive, whose text is another file.
STANDOFF = "brat"
_TEXT = ".txt"
_LINE = re.compile(r"T\d+\t(\S+) (\d{1,9} \d{1,9}(?:;\d{1,9} \d{1,9})*)(?:\t(.*))?")
_OTHERS = {
    "R": "relations between labels", "*": "relations between labels", "E": "events",
    "A": "attributes of labels", "M": "attributes of labels", "N": "links of labels to databases",
    "#": "notes on labels",
}  # fmt: skip
_WINDOW = 8 << 20  # bytes of an archive in which a text and its annotations must be


def pairs(names: Collection[str]) -> dict[str, list[str]]:
    """Return the texts in a folder that have annotations, each with their names."""
    found = dict[str, list[str]]()
    there = frozenset(names)
    for name in sorted(names):
        stem, suffix = splitext(name)
        if suffix.lower() in SUFFIXES and stem + _TEXT in there:
            found.setdefault(stem + _TEXT, []).append(name)
    return found


def paired(items: Iterable[_Source]) -> Iterator[_Source]:
    """Yield the sources in an archive in their order, texts with their annotations.

    Annotations are sources with the media ``STANDOFF``. A text waits for those that come later,
    until much else has been read.
    """
    waiting, size, held = deque[_Source](), 0, 0
    standoffs = dict[str, list[RawPage]]()
    damage: Exception | None = None
    try:
        for item in items:
            if isinstance(item, RawPage) and item.media == STANDOFF:
                standoffs.setdefault(splitext(item.name)[0], []).append(item)
                held += _bytes_of(item)
            else:
                waiting.append(item)
                size += _bytes_of(item)
            while size > _WINDOW:
                size -= _bytes_of(waiting[0])
                yield _with_labels(waiting.popleft(), standoffs)
            if held > SIZE_LIMIT:
                held = sum(_bytes_of(one) for each in standoffs.values() for one in each)
            if held > SIZE_LIMIT:
                yield from _without_text(standoffs)
                standoffs, held = {}, 0
    except Exception as error:  # what comes before damaged data is not lost
        damage = error
    for each in waiting:
        yield _with_labels(each, standoffs)
    yield from _without_text(standoffs)
    if damage:
        raise damage


def _bytes_of(item: _Source) -> int:
    return len(item.source) if isinstance(item, RawPage) else 0


def _with_labels(item: _Source, standoffs: dict[str, list[RawPage]]) -> _Source:
    if not isinstance(item, RawPage) or not item.name.endswith(_TEXT):
        return item
    found = standoffs.pop(splitext(item.name)[0], [])
    return labelled(item, [each.source for each in found]) if found else item


def _without_text(standoffs: dict[str, list[RawPage]]) -> Iterator[LoadError]:
    for each in standoffs.values():
        for one in each:
            yield LoadError(one.name, text_is_missing(one.name))


def text_is_missing(name: str) -> str:
    """Return why annotations can't be loaded without their text."""
    text = splitext(name.rpartition("/")[2])[0] + _TEXT
    return f"it has annotations of brat, and their text {text} is not beside it"


def labelled(page: RawPage, standoffs: Iterable[bytes]) -> RawPage:
    """Return a page with the labels in its annotations."""
    text = decode(page.source, "utf-8")[0]
    notes, spans = Counter[str](), list[RawSpan]()
    for content in standoffs:
        for line in decode(content, "utf-8")[0].splitlines():
            if not line.strip():
                continue
            if found := _LINE.fullmatch(line):
                ranges = [tuple(map(int, part.split())) for part in found[2].split(";")]
                spans.append(_span(text, found[1], ranges, found[3] or ""))
            elif line[0] in _OTHERS:
                notes[_OTHERS[line[0]]] += 1
            else:
                spans.append(RawSpan(None, None, None, fault=f"is no annotation: {line:.40}"))
    folder = page.name.rpartition("/")[0]
    origin = f"{folder}/*.ann" if folder else "*.ann"
    made = (RawAnnotation(tuple(spans)),) if spans else ()
    return replace(page, media="text", labels=RawLabels(origin, made, tuple(notes.elements())))


def _span(text: str, label: str, ranges: Sequence[tuple[int, ...]], quote: str) -> RawSpan:
    """Return a span; its fragments are joined if only white space lies between them."""
    apart = any(
        not is_blank(text, end, start) for (_, end), (start, _) in pairwise(ranges) if start > end
    )
    fault = f"{label} is in {len(ranges)} pieces with other text between them" if apart else ""
    return RawSpan(ranges[0][0], ranges[-1][1], label, quote, fault=fault)
