"""Documents of spaCy in its binary format: ``doc.ents`` and all groups in ``doc.spans``.

https://spacy.io/api/docbin. The data is decoded here and not by spaCy, whose code in C trusts it;
spaCy only computes the numbers that stand for strings.
"""

import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import repeat
from typing import Any

from segmark.environment.extras import library
from segmark.loading.labelled.msgpack import decode_msgpack
from segmark.loading.raw import RawAnnotation, RawLabels, RawPage, RawSpan
from segmark.loading.rejection import LoadError, NotAPageError
from segmark.loading.unpacking import refuse_bomb

_ORTH, _IOB, _TYPE = 65, 77, 78  # numbers of attributes, which never change
_BEGINS, _INSIDE = 3, 1
_SPAN = struct.Struct(">QQQllll")
_INTEGER, _ATTRIBUTE = 4, 8  # bytes
_PIECE = 1 << 20
_KEY = "segmark"  # of what an export of Segmark says about a document
_DAMAGE = (ValueError, KeyError, TypeError, IndexError, struct.error)


@dataclass(frozen=True, slots=True)
class _Docs:
    """What all documents of a file share."""

    attributes: Sequence[int]
    strings: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class _Packed:
    """A document as the file has it: rows of attributes, and what is kept beside them."""

    rows: bytes
    spaces: bytes
    group: Any
    about: Any


def read_docbin(source: bytes, name: str, folder: str) -> Iterator[RawPage | LoadError]:
    """Yield the documents in a file, counted from 1.

    Raises:
        NotAPageError: it is damaged or a decompression bomb, or spaCy is not installed.
    """
    docs, packed = _opened(source)
    for number, document in enumerate(packed, start=1):
        place = f"{name}:{number}"
        try:
            text, entities, grouped = _document(docs, document)
        except _DAMAGE as error:
            yield LoadError(place, f"the document is damaged ({error})")
            continue
        spans = tuple(dict.fromkeys(replace(each, score=None) for each in (*entities, *grouped)))
        labels = RawLabels(name, (RawAnnotation(spans),) if spans else ())
        content = text.encode("utf-8", "surrogatepass")
        yield RawPage(content, place, folder, media="text", characters=True, labels=labels)


def predicted_rows(
    source: bytes,
) -> Iterator[tuple[int, dict[str, Any] | NotAPageError]] | None:
    """Return the documents of Segmark's own export as parts of their pages, counted from 1.

    What was predicted are the spans with scores, as spaCy's span categoriser makes them, and
    otherwise the entities. None if a document does not say which page it is from.

    Raises:
        NotAPageError: it is damaged or a decompression bomb, or spaCy is not installed.
    """
    docs, packed = _opened(source)
    named = [_named(document.about) for document in packed]
    if not named or not all(named):
        return None
    each = zip(packed, filter(None, named), strict=True)
    return enumerate((_predicted(docs, *pair) for pair in each), start=1)


def _named(about: object) -> dict[str, Any] | None:
    """Return what an export says about the page of a document; None if it says nothing."""
    try:
        found = decode_msgpack(about)[_KEY] if isinstance(about, bytes) else None
    except (ValueError, KeyError, TypeError, struct.error):
        return None
    return found if isinstance(found, dict) and type(found.get("start")) is int else None


def _predicted(
    docs: _Docs, document: _Packed, about: Mapping[str, Any]
) -> dict[str, Any] | NotAPageError:
    try:
        text, entities, grouped = _document(docs, document)
    except _DAMAGE as error:
        return NotAPageError(f"the document is damaged ({error})")
    start = about["start"]
    ents = [
        {"start": start + span.start, "end": start + span.end, "label": span.label}
        | ({} if span.score is None else {"score": span.score})
        for span in [each for each in grouped if each.score is not None] or entities
    ]
    kept = {key: about.get(key) for key in ("id", "meta")}
    return {**kept, "start": start, "end": start + len(text), "text": text, "ents": ents}


def _opened(source: bytes) -> tuple[_Docs, list[_Packed]]:
    damaged = "it is not a sound DocBin of spaCy; save it again"
    try:
        found = decode_msgpack(_unpacked(source))
        attributes, lengths = found["attrs"], _integers(found["lengths"])
        tokens, spaces = found["tokens"], found["spaces"]
        width = len(attributes) * _ATTRIBUTE
        if (
            _ORTH not in attributes
            or min(lengths, default=0) < 0
            or sum(lengths) * width != len(tokens)
        ):
            raise NotAPageError(damaged)
        docs = _Docs(attributes, _numbered(found["strings"]))
        beside = [
            [*found.get(key, ()), *[None] * len(lengths)]
            for key in ("flags", "span_groups", "user_data")
        ]
    except (*_DAMAGE, zlib.error) as error:
        raise NotAPageError(f"{damaged} ({error})") from None
    packed, at = list[_Packed](), 0
    for length, flags, group, about in zip(lengths, *beside, strict=False):
        unknown = isinstance(flags, Mapping) and flags.get("has_unknown_spaces")
        apart = b"\1" * length if unknown else spaces[at : at + length]
        rows = tokens[at * width : (at + length) * width]
        packed.append(_Packed(rows, apart, group or b"", about))
        at += length
    return docs, packed


def _unpacked(source: bytes) -> bytes:
    unpacker, found, left = zlib.decompressobj(), bytearray(), source
    while left and not unpacker.eof:
        found += unpacker.decompress(left, _PIECE)
        left = unpacker.unconsumed_tail
        refuse_bomb(len(source), len(found))
    return bytes(found)


def _numbered(strings: Sequence[object]) -> dict[int, str]:
    hashed = library("spacy.strings", "spacy", "reading it", NotAPageError).hash_string
    return {int(hashed(each)): each for each in strings if isinstance(each, str)}


def _integers(data: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(data) // _INTEGER}i", data))


def _document(docs: _Docs, document: _Packed) -> tuple[str, list[RawSpan], list[RawSpan]]:
    """Return the text of a document, its entities and the spans of its groups.

    Raises:
        _DAMAGE: it is damaged.
    """
    rows = document.rows
    numbers = struct.unpack(f"<{len(rows) // _ATTRIBUTE}Q", rows)
    width = len(docs.attributes)
    columns = {attribute: numbers[place::width] for place, attribute in enumerate(docs.attributes)}
    pieces, ranges, at = list[str](), list[tuple[int, int]](), 0
    for orth, space in zip(columns[_ORTH], document.spaces, strict=True):
        word = docs.strings[orth] if orth else ""
        pieces.append(word + " " * bool(space))
        ranges.append((at, at + len(word)))
        at += len(pieces[-1])
    entities = list[RawSpan]()
    if _IOB in columns and _TYPE in columns:
        entities += _entities(docs, columns, ranges)
    grouped = list[RawSpan]()
    for packed, score in _groups_in(document.group):
        label, _first, _last, start, end = _SPAN.unpack(packed)[2:]
        grouped.append(RawSpan(start, end, docs.strings.get(label), score=score))
    return "".join(pieces), entities, grouped


def _entities(
    docs: _Docs, columns: Mapping[int, Sequence[int]], ranges: Sequence[tuple[int, int]]
) -> Iterator[RawSpan]:
    begun: tuple[int, int] | None = None  # its start, and the number of its label
    end = 0
    for iob, kind, (start, stop) in zip(columns[_IOB], columns[_TYPE], ranges, strict=True):
        if begun and not (iob == _INSIDE and kind == begun[1]):
            yield RawSpan(begun[0], end, docs.strings.get(begun[1]))
            begun = None
        if iob in (_BEGINS, _INSIDE) and not begun:
            begun = start, kind
        end = stop
    if begun:
        yield RawSpan(begun[0], end, docs.strings.get(begun[1]))


def _groups_in(group: object) -> Iterator[tuple[bytes, float | None]]:
    """Yield the packed spans of all groups of a document, with their scores if they have some."""
    packed = decode_msgpack(group) if isinstance(group, bytes) and group else []
    for each in packed:  # a list, or the keys of a map
        found = decode_msgpack(each)
        spans = found["spans"]
        scores = _scores_in(found.get("attrs"))
        yield from zip(spans, scores if len(scores) == len(spans) else repeat(None), strict=False)


def _scores_in(attributes: object) -> Sequence[float]:
    """Return the scores of a group, an array of ``numpy`` of 4 bytes each; none if it has none."""
    array = attributes.get("scores") if isinstance(attributes, dict) else None
    if not isinstance(array, dict) or array.get(b"type") != "<f4":
        return ()
    data = array.get(b"data")
    return struct.unpack(f"<{len(data) // 4}f", data) if isinstance(data, bytes) else ()
