"""Read JSON objects one by one, from a line or from a file with one large array. RFC 8259."""

import codecs
import io
import json
import re
from collections.abc import Iterator
from typing import Any

from segmark.loading.labels.rarer_records import as_record
from segmark.loading.rejection import NotAPageError
from segmark.loading.unpacking import SIZE_LIMIT

#: A record, or why the JSON can't be one.
Parsed = dict[str, Any] | NotAPageError

_PIECE = 1 << 18
_SPACE = re.compile(r"[ \t\r\n]*")


def parsed(line: bytes) -> Parsed:
    """Return the object in a line, or why there is none."""
    try:
        text = line.removeprefix(codecs.BOM_UTF8).decode("utf-8", "surrogatepass")
        value, end = _Decoder().decoded(text, _blank(text, 0))
        if (more := _blank(text, end)) < len(text):
            raise json.JSONDecodeError("Extra data", text, more)
    except UnicodeDecodeError:
        return NotAPageError("it is not UTF-8; save the file as UTF-8")
    except json.JSONDecodeError as error:
        return NotAPageError(
            f"it is not JSON: {error.msg.removesuffix(' at')} at character {error.pos + 1:,}"
        )
    except RecursionError:
        return NotAPageError("it is nested too deeply to be read")
    return value


def read_items(stream: io.BufferedReader) -> Iterator[tuple[int, Parsed]]:
    """Yield the objects of an array, or a sequence of objects, numbered from 1.

    Memory use is at most twice that of one object.

    Raises:
        NotAPageError: the rest of the file is not JSON.
    """
    text = _Text(stream)
    in_array = text.skip("[")
    number = 0
    while not text.at_end() and not (in_array and text.skip("]")):
        number += 1
        yield number, text.item()
        text.skip(",")


class _Text:
    """JSON while it is read: a buffer, and the position of what comes next in it."""

    def __init__(self, stream: io.BufferedReader) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._values = _Decoder()
        self._text = ""
        self._at = 0
        self._taken = 0

    def at_end(self) -> bool:
        """Whether only white space is left."""
        while True:
            self._at = _blank(self._text, self._at)
            if self._at < len(self._text):
                return False
            if not self._read_on(_PIECE):
                return True

    def skip(self, sign: str) -> bool:
        """Skip a character if it comes next, and return whether it did."""
        if self.at_end() or self._text[self._at] != sign:
            return False
        self._at += 1
        return True

    def item(self) -> Parsed:
        """Read the next value, whatever it is."""
        while True:
            try:
                value, end = self._values.decoded(self._text, self._at)
            except RecursionError:
                raise NotAPageError("it is nested too deeply to be read") from None
            except json.JSONDecodeError as error:
                broken = self._broken(error)
                if len(self._text) - self._at > SIZE_LIMIT or not self._read_on(self._missing()):
                    raise broken from None
                continue
            # A number at the end of the buffer may continue.
            if end == len(self._text) and self._read_on(_PIECE):
                continue
            self._at = end
            return value

    def _missing(self) -> int:
        """Return how much to read: as much again, so that a long value is not parsed too often."""
        return max(_PIECE, len(self._text) - self._at)

    def _read_on(self, size: int) -> bool:
        data = self._stream.read(size)
        try:
            text = self._decoder.decode(data, final=not data)
        except UnicodeDecodeError:
            raise NotAPageError("it is not UTF-8; save the file as UTF-8") from None
        self._taken += self._at
        self._text, self._at = self._text[self._at :] + text, 0
        return bool(data)

    def _broken(self, error: json.JSONDecodeError) -> NotAPageError:
        at = f"{self._taken + error.pos:,}"
        return NotAPageError(f"from character {at} on it is not valid JSON ({error.msg})")


class _Decoder:
    """Decodes JSON objects; an object with a duplicate key is rejected."""

    def __init__(self) -> None:
        self._twice: list[str] = []
        self._usual = json.JSONDecoder(object_pairs_hook=self._object)

    def decoded(self, text: str, at: int) -> tuple[Parsed, int]:
        """Return the record at an offset, or why it is none, and the offset of its end.

        Raises:
            json.JSONDecodeError: there is no JSON.
            RecursionError: it is nested too deeply.
        """
        self._twice.clear()
        try:
            value, end = self._usual.raw_decode(text, at)
        except json.JSONDecodeError:
            raise
        except ValueError:  # a number with more digits than Python converts
            patient = json.JSONDecoder(object_pairs_hook=self._object, parse_int=_number)
            value, end = patient.raw_decode(text, at)
        if self._twice:
            return NotAPageError(f"it has the key {self._twice[0][:40]!r} twice"), end
        record = as_record(value)
        if not isinstance(record, dict):
            return NotAPageError("it is not an object with columns"), end
        return record, end

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs):
            seen = set[str]()
            self._twice += [key for key, _ in pairs if key in seen or seen.add(key)]  # type: ignore[func-returns-value]
        return made


def _number(digits: str) -> int | str:
    """Return an integer, or its digits if there are too many to convert."""
    try:
        return int(digits)
    except ValueError:
        return digits


def _blank(text: str, at: int) -> int:
    """Return the end of the white space at an offset."""
    found = _SPACE.match(text, at)
    return found.end() if found else at
