"""Rows of tokens and tags, as on Hugging Face and in Segmark's own export ``tokens``.

A tag is a string, or a number with a name in the features of the dataset
(https://huggingface.co/docs/datasets/about_dataset_features). The text is made from the tokens: a
space between two of them or, where the row has their offsets, what was between them at its length.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from segmark.core.annotation import Status
from segmark.loading.labels.span_lists import parsed_cell
from segmark.loading.labels.tags import tagged_spans
from segmark.loading.raw import RawAnnotation, RawLabels
from segmark.loading.rejection import NotAPageError

_TOKENS = ("tokens", "words")
# Names before numbers.
_TAGS = ("ner_tags_str", "ner_tags", "ner", "bio_tags", "iob_tags", "tags", "labels", "tag")
_OWN = frozenset({"starts", "ends", "start", "end", "spans", "extra"})
_STATUSES = tuple(map(str, Status))
_GAP = 1000  # characters; a longer gap must be a mistake


@dataclass(frozen=True, slots=True)
class TokenRow:
    """The tokens of a record, each with a tag.

    Attributes:
        column: the name of the column with the tokens.
        tagged: the name of the column with their tags.
        tags: strings or numbers.
        ranges: the offsets of the tokens that the record has; none unless all of them are sound.
    """

    column: str
    tagged: str
    tokens: Sequence[str]
    tags: Sequence[str | int]
    ranges: Sequence[tuple[int, int]]


def token_row(record: Mapping[str, Any]) -> TokenRow | None:
    """Return the tokens of a record, with their tags; None if it has none."""
    for column in _TOKENS:
        tokens = listed(record.get(column))
        if tokens and all(isinstance(token, str) for token in tokens):
            for tagged in _TAGS:
                tags = listed(record.get(tagged))
                if tags and all(isinstance(tag, str | int) for tag in tags):
                    return TokenRow(column, tagged, tokens, tags, _ranges_in(record, tokens))
    return None


def page_of(row: TokenRow, record: Mapping[str, Any], text: str) -> dict[str, Any]:
    """Return the record of the page in a row, with its text in the column ``text``."""
    columns = {row.column, row.tagged, *(_OWN if row.ranges else ())}
    kept = {key: value for key, value in record.items() if key not in columns}
    return kept if isinstance(record.get(text), str) else {**kept, text: _text_of(row)}


def read(
    row: TokenRow, record: Mapping[str, Any], origin: str, text: str, names: Sequence[str]
) -> RawLabels:
    """Read the tags of a row; ``names`` are those of tags that are numbers.

    Raises:
        NotAPageError: the tags are numbers without names.
    """
    if not names and any(type(tag) is int for tag in row.tags):
        raise NotAPageError(
            f"its {row.tagged!r} are numbers without names; name them in their order with --tags, "
            "as in --tags O,B-headline,I-headline"
        )
    given = record.get(text)
    ranges = found_in(row.tokens, given) if isinstance(given, str) else _ranges(row)
    fault = "" if ranges else f"its {row.column!r} are not those of its text"
    if len(row.tokens) != len(row.tags):
        fault = f"it has {len(row.tokens)} {row.column!r} and {len(row.tags)} {row.tagged!r}"
    if fault or not ranges:
        return RawLabels(origin, (RawAnnotation((), fault=fault),))
    named = (tag_name(tag, names) for tag in row.tags)
    made = (
        (start, end, tag) for (start, end), tag in zip(ranges, named, strict=True) if start < end
    )
    annotator, status = _made_by(record)
    return RawLabels(origin, (RawAnnotation(tuple(tagged_spans(made)), annotator, status),))


def listed(value: object) -> list[Any]:
    """Return a list, which in a table is written as JSON; an empty one if it is none."""
    found = parsed_cell(value)
    return found if isinstance(found, list) else []


def tag_name(tag: object, names: Sequence[str]) -> object:
    """Return the name of a tag that is a number; the tag itself if it has none."""
    return names[tag] if isinstance(tag, int) and 0 <= tag < len(names) else tag


def _text_of(row: TokenRow) -> str:
    gaps = [0, *(start - end for (_, end), (start, _) in pairwise(_ranges(row)))]
    return "".join(
        (" " if gap == 1 else "\n" * gap) + token
        for gap, token in zip(gaps, row.tokens, strict=True)
    )


def _ranges(row: TokenRow) -> list[tuple[int, int]]:
    """Return where the tokens are in the text that is made from them."""
    if row.ranges:
        first = row.ranges[0][0]
        return [(start - first, end - first) for start, end in row.ranges]
    ranges, at = list[tuple[int, int]](), 0
    for token in row.tokens:
        ranges.append((at, at + len(token)))
        at += len(token) + 1
    return ranges


def _ranges_in(record: Mapping[str, Any], tokens: Sequence[str]) -> list[tuple[int, int]]:
    """Return the offsets of the tokens that a row has; none unless all of them are sound."""
    starts, ends = listed(record.get("starts")), listed(record.get("ends"))
    if not len(tokens) == len(starts) == len(ends):
        return []
    ranges, last = list[tuple[int, int]](), None
    for token, start, end in zip(tokens, starts, ends, strict=True):
        if type(start) is not int or type(end) is not int or end - start != len(token):
            return []
        if last is not None and not 0 <= start - last <= _GAP:
            return []
        last = end
        ranges.append((start, end))
    return ranges


def found_in(tokens: Sequence[str], text: str, at: int = 0) -> list[tuple[int, int]] | None:
    """Return where the tokens are in a text, one after another; None if one is not there.

    ``at`` is where they begin.
    """
    ranges = list[tuple[int, int]]()
    for token in tokens:
        start = text.find(token, at)
        if start < 0 or text[at:start].strip():
            return None
        at = start + len(token)
        ranges.append((start, at))
    return ranges


def _made_by(record: Mapping[str, Any]) -> tuple[str, Status | None]:
    """Return annotator and status of a row of Segmark's own export."""
    meta = record.get("meta")
    if not isinstance(meta, Mapping):
        return "", None
    annotator, status = meta.get("annotator"), meta.get("status")
    if not isinstance(annotator, str) or status not in _STATUSES:
        return "", None
    return annotator, Status(str(status))
