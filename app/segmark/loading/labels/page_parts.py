"""Predictions for parts of pages that Segmark exported, put together page by page.

A part is a row of tokens with tags, a line with its label, or a document with entities. It names
its page by id and checksum, and its offsets count code points of the page's text.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, groupby, islice
from typing import Any

from segmark.core.text.normalise import sha256_of, trim
from segmark.loading.labels.span_lists import model_of, read_span
from segmark.loading.labels.tags import tagged_spans
from segmark.loading.labels.token_rows import found_in, listed, tag_name, token_row
from segmark.loading.options import RecordFields
from segmark.loading.raw import RawSpan
from segmark.loading.rejection import NotAPageError

#: The text that a part quotes, at its offset in the page.
_Quote = tuple[int, str]

#: The column of a line that says whether a span with its label begins there.
BEGINS = "begins"
_FALSE = (False, "false", "False", "0")  # as tables have it

_NO_LABEL = ("", "O", "other")
# A tag that goes on, at the start of a part.
_GOES_ON = re.compile(r"[IEML]-")
_SCORES = ("scores", "score", "confidence")
_APART = (
    "the rows of page {} do not stand together, so only the first ones were read; sort the file "
    "by id"
)


@dataclass(frozen=True, slots=True)
class PagePart:
    """What was predicted for a part of a page; all offsets are the page's.

    Attributes:
        spans: those in the part, sorted, of which none reaches beyond it.
        quotes: the text that the part has, to be compared with the page's.
        goes_on: whether its first span goes on from the part before it, also from another line.
    """

    start: int
    end: int
    spans: tuple[RawSpan, ...]
    quotes: Sequence[_Quote] = ()
    goes_on: bool = False


def word_in(record: Mapping[str, Any], name: str) -> str:
    """Return a string that a record has itself or in its ``meta``; ``""`` if it has none."""
    meta = record.get("meta")
    found = record.get(name) or (meta.get(name) if isinstance(meta, Mapping) else "")
    return found if isinstance(found, str) else ""


def whole_pages(
    rows: Iterable[tuple[int, Any]], fields: RecordFields, text: str
) -> Iterator[tuple[int, Any]]:
    """Yield numbered records, with one record in place of all parts of a page.

    ``text`` is the column of the page's text. A page whose parts are wrong becomes one error.
    """
    if fields.stored is None:
        yield from rows
        return
    read = set[tuple[str, str]]()
    for key, group in groupby(rows, lambda row: _page_of(row[1], fields)):
        if key is None:
            yield from group
            continue
        number, first = next(group)
        try:
            if key in read:
                raise NotAPageError(_APART.format(key[0]))
            read.add(key)
            found = fields.stored(key[0], word_in(first, "sha256"))
            rest = (record for _, record in islice(group, len(found) + 1))
            checksum = sha256_of(found)
            parts = [_part(each, found, checksum, fields.tags) for each in chain([first], rest)]
            if len(parts) > len(found):
                raise NotAPageError(f"page {key[0]} has more rows than characters")
        except NotAPageError as error:
            yield number, error
            continue
        spans = [_as_object(span) for span in joined(found, parts)]
        model = model_of(first) or fields.model or ""
        yield number, {"id": key[0], text: found, "spans": spans, "model": model}


def _page_of(record: object, fields: RecordFields) -> tuple[str, str] | None:
    """Return the page and the annotator that a part of a page names; None for other records."""
    if not isinstance(record, Mapping) or not isinstance(record.get("id"), str):
        return None
    scored = any(name in record for name in _SCORES) or bool(model_of(record))
    if (fields.model is None and not scored) or not record["id"]:
        return None
    proven = "starts" in record or "start" in record or word_in(record, "sha256")
    if proven and _reader(record):
        return record["id"], word_in(record, "annotator")
    return None


_Reader = Callable[[Mapping[str, Any], str, Sequence[str]], PagePart]


def _reader(record: Mapping[str, Any]) -> _Reader | None:
    if token_row(record):
        return _tokens
    ranged = "start" in record and "end" in record
    if ranged and isinstance(record.get("ents"), list):
        return _document
    return _line if ranged and "label" in record else None


def _part(record: Mapping[str, Any], text: str, checksum: str, names: Sequence[str]) -> PagePart:
    """Return the part of a page in a record; ``checksum`` is that of the page's text.

    Raises:
        NotAPageError: it is not on the page, or has no text and no checksum that would show it.
    """
    reader = _reader(record)
    part = reader(record, text, names) if reader else PagePart(0, 0, ())
    for start, quote in part.quotes:
        if text[start : start + len(quote)] != quote:
            raise NotAPageError(
                f"it has {quote[:40]!r} where page {record['id']} has "
                f"{text[start : start + len(quote)][:40]!r}: it was made from another text"
            )
    said = word_in(record, "sha256")
    if said not in ("", checksum):
        raise NotAPageError(
            f"its sha256 is not that of page {record['id']}: it was made from another text"
        )
    if not part.quotes and not said:
        raise NotAPageError("it has neither a text nor the sha256 of its page; keep one of them")
    return part


def _tokens(record: Mapping[str, Any], text: str, names: Sequence[str]) -> PagePart:
    row = token_row(record)
    assert row
    if len(row.tokens) != len(row.tags):
        raise NotAPageError(
            f"it has {len(row.tokens)} {row.column!r} and {len(row.tags)} {row.tagged!r}"
        )
    ranges = row.ranges or found_in(row.tokens, text, _whole(record.get("start", 0)))
    if not ranges:
        raise NotAPageError(
            f"its {row.column!r} are not those of page {record['id']}; keep the columns starts and "
            "ends"
        )
    named = [tag_name(tag, names) for tag in row.tags]
    tagged = ((*each, tag) for each, tag in zip(ranges, named, strict=True) if each[0] < each[1])
    spans = tuple(tagged_spans(tagged))
    if scores := listed(record.get("scores")):
        if len(scores) != len(ranges):
            raise NotAPageError(f"it has {len(ranges)} {row.column!r} and {len(scores)} 'scores'")
        by_start = {start: at for at, (start, end) in enumerate(ranges) if start < end}
        by_end = {end: at for at, (start, end) in enumerate(ranges) if start < end}
        spans = tuple(
            _scored(span, _mean(scores[by_start[span.start] : by_end[span.end] + 1]))
            for span in spans
        )
    starts = (start for start, _ in ranges)
    quotes = [*zip(starts, row.tokens, strict=True)]
    goes_on = isinstance(named[0], str) and bool(_GOES_ON.match(named[0]))
    return PagePart(ranges[0][0], ranges[-1][1], spans, quotes, goes_on)


def _line(record: Mapping[str, Any], text: str, names: Sequence[str]) -> PagePart:
    start, end = _range(record, text)
    label = record["label"]
    if names and isinstance(label, str) and label.isdecimal():
        label = int(label)
    label = tag_name(label, names)
    said_nothing = label in _NO_LABEL or start == end
    spans = tuple[RawSpan, ...]() if said_nothing else (RawSpan(start, end, label),)
    score = next((_number(record[name]) for name in _SCORES if name in record), None)
    if score is not None:
        spans = tuple(_scored(span, score) for span in spans)
    goes_on = record.get(BEGINS) in _FALSE
    return PagePart(start, end, spans, _quoted(record, start), goes_on)


def _document(record: Mapping[str, Any], text: str, _names: Sequence[str]) -> PagePart:
    start, end = _range(record, text)
    spans = tuple(map(read_span, record["ents"]))
    for span in spans:
        if not (
            type(span.start) is type(span.end) is int and start <= span.start < span.end <= end
        ):
            raise NotAPageError(f"an entity does not lie in its text: {span.start!r:.20}")
    return PagePart(start, end, spans, _quoted(record, start))


def _quoted(record: Mapping[str, Any], start: int) -> Sequence[_Quote]:
    said = record.get("text")
    return [(start, said)] if isinstance(said, str) else []


def _range(record: Mapping[str, Any], text: str) -> tuple[int, int]:
    start, end = _whole(record["start"]), _whole(record["end"])
    if not 0 <= start <= end <= len(text):
        raise NotAPageError(
            f"it does not lie on page {record['id']}: {record['start']!r:.20} to "
            f"{record['end']!r:.20}"
        )
    return start, end


def _whole(value: object) -> int:
    """Return a number, which in a table is written as a string; -1 if it is none."""
    if isinstance(value, str) and value.isascii() and value.isdecimal():
        return int(value[:10])
    return value if type(value) is int else -1


def _number(value: object) -> object:
    try:
        return float(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _mean(scores: Sequence[Any]) -> object:
    return sum(scores) / len(scores) if all(map(_is_number, scores)) else scores


def _scored(span: RawSpan, score: object) -> RawSpan:
    return replace(span, score=score, scored=True)


def _as_object(span: RawSpan) -> dict[str, Any]:
    made = {"start": span.start, "end": span.end, "label": span.label}
    return {**made, "score": span.score} if span.scored else made


def joined(text: str, parts: Iterable[PagePart]) -> list[RawSpan]:
    """Return the spans of all parts; where parts overlap, each has the text that it is around most.

    A span that is cut where two parts meet is put together again: if it reaches beyond that place
    in both, or if one part follows the other on a line and it reaches up to it in both.
    """
    kept = list[PagePart]()
    for part in sorted(parts, key=lambda each: (each.start, -each.end)):
        if not kept or part.end > kept[-1].end:
            kept.append(part)
    found, left = list[RawSpan](), 0
    last: tuple[PagePart, RawSpan] | None = None  # of the spans found, before it was cut
    for at, part in enumerate(kept):
        right = max(left, _meeting(text, part, kept[at + 1])) if part is not kept[-1] else part.end
        for span in part.spans:
            if type(span.start) is not int or type(span.end) is not int:
                found.append(span)
                continue
            start, end = trim(text, max(span.start, left), min(span.end, right))
            if start >= end:
                continue
            cut = replace(span, start=start, end=end)
            if last and last[0] is not part and _goes_on(text, *last, part, span, left):
                cut = _together(found.pop(), cut)
            found.append(cut)
            last = part, span
        left = right
    return found


def _meeting(text: str, first: PagePart, second: PagePart) -> int:
    """Return where a part ends and the next one begins to count, at the start of a word."""
    if second.start >= first.end:
        return first.end
    middle = at = (second.start + first.end) // 2
    while at > second.start and not text[at - 1].isspace():
        at -= 1
    return at if at > second.start else middle


def _goes_on(
    text: str, before: PagePart, span: RawSpan, part: PagePart, following: RawSpan, meeting: int
) -> bool:
    """Whether a span of a part is the rest of a span of the part before it."""
    if span.label != following.label:
        return False
    if part.start < before.end:
        reaches_back = following.start < meeting or following.start == part.start
        return bool(span.end > meeting and reaches_back)
    first = part.goes_on and following is part.spans[0]
    gap = text[span.end : following.start]
    return not gap.strip() and (first or "\n" not in gap)


def _together(first: RawSpan, second: RawSpan) -> RawSpan:
    whole = replace(first, end=second.end)
    if not (_is_number(first.score) and _is_number(second.score)):
        return whole if first.scored else replace(whole, score=second.score, scored=second.scored)
    return _scored(whole, min(first.score, second.score))


def _is_number(value: object) -> bool:
    return type(value) in (int, float)
