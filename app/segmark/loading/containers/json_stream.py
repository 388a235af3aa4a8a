"""JSON objects one by one, from a line or from a file with one large array of them. RFC 8259."""

import codecs
import io
import json
import re
from collections.abc import Iterator
from typing import Any

from segmark.loading.rejection import NotAPageError
from segmark.loading.unpacking import SIZE_LIMIT

#: What JSON that can't be a record says of itself, instead of the record.
Parsed = dict[str, Any] | NotAPageError

_PIECE = 1 << 18
_SPACE = re.compile(r"[ \t\r\n]*")


def parsed(line: bytes) -> Parsed:
    """The object that a line holds, or why it holds none."""
    try:
        text = line.removeprefix(codecs.BOM_UTF8).decode("utf-8", "surrogatepass")
        value, end = _Decoder().decoded(text, _blank(text, 0))
        if (more := _blank(text, end)) < len(text):
            raise json.JSONDecodeError("Extra data", text, more)
    except UnicodeDecodeError:
        return NotAPageError("it is not UTF-8; save the file as UTF-8")
    except json.JSONDecodeError as error:
        return NotAPageError(
            f"it is no JSON: {error.msg.removesuffix(' at')} at character {error.pos + 1:,}"
        )
    except RecursionError:
        return NotAPageError("it is no JSON that can be read: it is nested too deeply")
    return value


def read_items(stream: io.BufferedReader) -> Iterator[tuple[int, Parsed]]:
    """The objects of an array, or objects that merely follow one another, numbered from 1.

    No more of the file is in memory than one object takes, twice.

    Raises:
        NotAPageError: from some object on it is no JSON.
    """
    text = _Text(stream)
    in_array = text.skip("[")
    number = 0
    while not text.at_end() and not (in_array and text.skip("]")):
        number += 1
        yield number, text.item()
        text.skip(",")


class _Text:
    """JSON as it is read: the part of it that is at hand, and how far that has been taken."""

    def __init__(self, stream: io.BufferedReader) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._values = _Decoder()
        self._text = ""
        self._at = 0
        self._taken = 0

    def at_end(self) -> bool:
        """Whether nothing but white space is left."""
        while True:
            self._at = _blank(self._text, self._at)
            if self._at < len(self._text):
                return False
            if not self._read_on(_PIECE):
                return True

    def skip(self, sign: str) -> bool:
        """Take the sign if it comes next."""
        if self.at_end() or self._text[self._at] != sign:
            return False
        self._at += 1
        return True

    def item(self) -> Parsed:
        """Take the value that comes next, whatever it is."""
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
            # A number at the end of what is at hand may go on.
            if end == len(self._text) and self._read_on(_PIECE):
                continue
            self._at = end
            return value

    def _missing(self) -> int:
        """As much again as was not enough, so that a long value is not parsed too often."""
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
        return NotAPageError(f"from character {at} on it is no JSON that can be read ({error.msg})")


class _Decoder:
    """Makes a record of a JSON object; one that has a key twice is none."""

    def __init__(self) -> None:
        self._twice: list[str] = []
        self._usual = json.JSONDecoder(object_pairs_hook=self._object)

    def decoded(self, text: str, at: int) -> tuple[Parsed, int]:
        """The record that begins there, or why it is none, and where it ends.

        Raises:
            json.JSONDecodeError: there is no JSON.
            RecursionError: it is nested too deeply.
        """
        self._twice.clear()
        try:
            value, end = self._usual.raw_decode(text, at)
        except json.JSONDecodeError:
            raise
        except ValueError:  # a number of more digits than Python makes a number of
            patient = json.JSONDecoder(object_pairs_hook=self._object, parse_int=_number)
            value, end = patient.raw_decode(text, at)
        if self._twice:
            return NotAPageError(f"it has the key {self._twice[0][:40]!r} twice"), end
        if not isinstance(value, dict):
            return NotAPageError("it is no object with columns"), end
        return value, end

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs):
            seen = set[str]()
            self._twice += [key for key, _ in pairs if key in seen or seen.add(key)]  # type: ignore[func-returns-value]
        return made


def _number(digits: str) -> int | str:
    """A whole number; one with more digits than can be read stays as it is written."""
    try:
        return int(digits)
    except ValueError:
        return digits


def _blank(text: str, at: int) -> int:
    """Where the white space ends that begins there, if any does."""
    found = _SPACE.match(text, at)
    return found.end() if found else at
