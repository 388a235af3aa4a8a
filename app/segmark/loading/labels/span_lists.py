"""Spans in the columns of a record, in the shapes in which tools and scripts write them.

A list holds objects with a start, an end and a label, or rows ``[start, end, label]``. It may be
the value of a column, of a group in it (``{"entities": [...]}``), or a column of its own for each
part (``{"start": [...], "end": [...], "label": [...]}``). In a table it is written as JSON.
"""

import ast
import json
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from segmark.core.annotation import Status
from segmark.loading.raw import RawAnnotation, RawSpan

#: The columns that hold spans, by their usual names.
COLUMNS = ("spans", "ents", "entities", "annotations", "labels", "label")
#: Those of them whose empty list says that there is nothing on the page.
EMPTY_MEANS_NOTHING = frozenset({"spans", "ents"})

_STARTS = ("start", "begin", "start_offset", "start_char", "startOffset", "char_start", "from")
_ENDS = ("end", "stop", "end_offset", "end_char", "endOffset", "char_end", "to")
_NAMES = ("label", "labels", "type", "tag", "class", "category", "entity", "entity_group", "name")
_OFFSETS = frozenset((*_STARTS, *_ENDS, "offset", "length", "pos"))
# Columns of spaCy and Prodigy whose items have offsets and are no labels.
_NO_LABELS = frozenset({"tokens", "sents", "suggested"})
_CHECKED = 20  # items that show what a column holds
_DEEPEST = 6  # levels of a column that are searched for spans
_LONGEST_LITERAL = 1 << 20  # characters of a cell that is read as Python
_MIXED = (
    "{count} of {all} spans have no score, and the file has scores, so labels and predictions "
    "may be mixed; load it with --predictions to take all of them as predictions, or write no "
    "score at all to take them as labels"
)

#: Returns the text that an item of a list quotes; ``""`` if it quotes none.
QuoteOf = Callable[[Mapping[str, Any]], str]


def _no_quote(_item: Mapping[str, Any]) -> str:
    return ""


def read_spans(value: object, quote: QuoteOf = _no_quote) -> tuple[RawSpan, ...] | None:
    """Return the spans in a column; None if it holds something else.

    An item that is no span becomes an invalid span, to be reported.
    """
    items = _items(parsed_cell(value))
    if items is None or (items and not any(map(_has_offsets, items))):
        return None
    return tuple(read_span(item, quote) for item in items)


def read_span(item: object, quote: QuoteOf = _no_quote) -> RawSpan:
    """Return the span that an object or a row describes; an invalid one if it describes none."""
    if isinstance(item, Mapping):
        start, end, label = (_first(names, item) for names in (_STARTS, _ENDS, _NAMES))
        if isinstance(label, list) and len(label) == 1:
            label = label[0]
        score = item.get("score", item.get("confidence"))
        scored = "score" in item or "confidence" in item
        return RawSpan(start, end, label, quote(item), score, scored)
    if not (row := _row(item)):
        return RawSpan(None, None, None)
    scored = len(row) == 4
    return RawSpan(row[0], row[1], row[2], "", row[3] if scored else None, scored)


def unread_columns(record: Mapping[str, Any], read: Iterable[str]) -> Iterator[str]:
    """Yield the columns that look like spans, other than those that were read."""
    skipped = _NO_LABELS.union(read)
    start, end, label = (_column(names, record) for names in (_STARTS, _ENDS, _NAMES))
    if label and start and end and all(map(_is_whole, (record[start], record[end]))):
        yield start
    for column, value in record.items():
        if column not in skipped and _looks_like_spans(parsed_cell(value), _DEEPEST):
            yield column


def annotations(
    spans: Sequence[RawSpan], annotator: str = "", status: Status | None = None, model: str = ""
) -> Iterator[RawAnnotation]:
    """Yield what a list of spans says: labels, predictions, or that nothing was predicted.

    Spans with scores are predictions, and so are those of a named model. A list with scores for
    some spans only is marked as faulty: nobody can say which of them a person made.
    """
    scored = any(span.scored for span in spans)
    without = sum(span.score is None for span in spans)
    by_person = bool(annotator or status)
    if scored and without:
        fault = _MIXED.format(count=without, all=len(spans))
        yield RawAnnotation(tuple(spans), annotator, status, model=model, fault=fault)
    elif scored or (not by_person and (model or not spans)):
        yield RawAnnotation(tuple(spans), predicted=True, model=model)
    if not scored and (by_person or (spans and not model)) and (spans or status is not Status.NEW):
        yield RawAnnotation(tuple(spans), annotator, status)


def model_of(record: Mapping[str, Any]) -> str:
    """Return the model that a record names; ``""`` if it names none."""
    meta = record.get("meta")
    named = (record.get("model"), meta.get("model") if isinstance(meta, Mapping) else None)
    return next((" ".join(name.split()) for name in named if isinstance(name, str)), "")


def parsed_cell(value: object) -> object:
    """Return the value that a cell of a table holds, else the cell itself.

    It is written as JSON or, where a script wrote the table, as Python writes a list.
    """
    if isinstance(value, str) and value[:1] in ("[", "{"):
        with suppress(ValueError, RecursionError):
            return json.loads(value)
        if "'" in value and len(value) <= _LONGEST_LITERAL:
            with (
                suppress(ValueError, SyntaxError, RecursionError, MemoryError),
                warnings.catch_warnings(),
            ):
                warnings.simplefilter("ignore")  # about backslashes in the strings
                return ast.literal_eval(value)
    return value


def _items(value: object) -> list[object] | None:
    if isinstance(value, list | tuple):
        return list(value)
    if not isinstance(value, Mapping):
        return None
    lists = {key: each for key, each in value.items() if isinstance(each, list | tuple)}
    if len({len(each) for each in lists.values()}) == 1 and _has_names(lists):
        return [dict(zip(lists, row, strict=True)) for row in zip(*lists.values(), strict=True)]
    return [item for each in lists.values() for item in each] if lists else None


def _has_names(item: Mapping[str, Any]) -> bool:
    return any(name in item for name in _STARTS) and any(name in item for name in _ENDS)


def _has_offsets(item: object) -> bool:
    """Whether an item is a span, even if its values are invalid."""
    if isinstance(item, Mapping):
        return _has_names(item)
    row = _row(item)
    return bool(row) and all(map(_is_number, row[:2]))


def _looks_like_spans(value: object, depth: int) -> bool:
    """Whether a value holds, at most this many levels deep, something that looks like a span."""
    if _looks_like_span(value):
        return True
    if isinstance(value, Mapping):
        values = [*value.values()]
        if _has_names(value):
            values.append(_items(value))
    elif isinstance(value, list | tuple):
        values = list(value[:_CHECKED])
    else:
        return False
    return depth > 0 and any(_looks_like_spans(each, depth - 1) for each in values)


def _looks_like_span(item: object) -> bool:
    if isinstance(item, Mapping):
        numbers = sum(_is_number(item.get(name)) for name in _OFFSETS)
        return numbers > 1 and any(isinstance(each, str | list) for each in item.values())
    row = _row(item)
    return sum(map(_is_number, row)) > 1 and any(isinstance(each, str) for each in row)


def _row(item: object) -> Sequence[Any]:
    """Return a row of the length of a span, with or without a score; else an empty one."""
    return item if isinstance(item, list | tuple) and len(item) in (3, 4) else ()


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_whole(value: object) -> bool:
    return type(value) is int or (isinstance(value, str) and value.isdecimal())


def _column(names: Iterable[str], record: Mapping[str, Any]) -> str:
    return next((name for name in names if name in record), "")


def _first(names: Iterable[str], item: Mapping[str, Any]) -> Any:  # noqa: ANN401
    return next((item[name] for name in names if name in item), None)
