"""Documents of spaCy in its binary format: ``doc.ents`` and all groups in ``doc.spans``.

https://spacy.io/api/docbin. The data is decoded here and not by spaCy, whose code in C trusts it;
spaCy only computes the numbers that stand for strings.
"""

import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class _Docs:
    """What all documents of a file share."""

    attributes: Sequence[int]
    strings: Mapping[int, str]


def read_docbin(source: bytes, name: str, folder: str) -> Iterator[RawPage | LoadError]:
    """Yield the documents in a file, counted from 1.

    Raises:
        NotAPageError: it is damaged or a decompression bomb, or spaCy is not installed.
    """
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
        groups, flags = found.get("span_groups", ()), found.get("flags", ())
    except (ValueError, KeyError, TypeError, zlib.error, struct.error) as error:
        raise NotAPageError(f"{damaged} ({error})") from None
    at = 0
    for number, length in enumerate(lengths):
        place = f"{name}:{number + 1}"
        rows = tokens[at * width : (at + length) * width]
        apart = spaces[at : at + length]
        at += length
        unknown = number < len(flags) and dict(flags[number]).get("has_unknown_spaces")
        try:
            group = groups[number] if number < len(groups) else b""
            text, spans = _document(docs, rows, b"\1" * length if unknown else apart, group)
        except (ValueError, KeyError, TypeError, IndexError, struct.error) as error:
            yield LoadError(place, f"the document is damaged ({error})")
            continue
        made = (RawAnnotation(tuple(dict.fromkeys(spans))),) if spans else ()
        labels = RawLabels(name, made)
        source = text.encode("utf-8", "surrogatepass")
        yield RawPage(source, place, folder, media="text", characters=True, labels=labels)


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


def _document(
    docs: _Docs,
    rows: bytes,
    spaces: bytes,
    group: Any,  # noqa: ANN401 - from outside
) -> tuple[str, list[RawSpan]]:
    """Return the text of a document and its spans."""
    numbers = struct.unpack(f"<{len(rows) // _ATTRIBUTE}Q", rows)
    width = len(docs.attributes)
    columns = {attribute: numbers[place::width] for place, attribute in enumerate(docs.attributes)}
    pieces, ranges, at = list[str](), list[tuple[int, int]](), 0
    for orth, space in zip(columns[_ORTH], spaces, strict=True):
        word = docs.strings[orth] if orth else ""
        pieces.append(word + " " * bool(space))
        ranges.append((at, at + len(word)))
        at += len(pieces[-1])
    spans = list[RawSpan]()
    if _IOB in columns and _TYPE in columns:
        spans += _entities(docs, columns, ranges)
    for packed in _groups_in(group):
        label, _first, _last, start, end = _SPAN.unpack(packed)[2:]
        spans.append(RawSpan(start, end, docs.strings.get(label)))
    return "".join(pieces), spans


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


def _groups_in(group: object) -> Iterator[bytes]:
    """Yield the packed spans of all groups of a document."""
    packed = decode_msgpack(group) if isinstance(group, bytes) and group else []
    for each in packed:  # a list, or the keys of a map
        yield from decode_msgpack(each)["spans"]
