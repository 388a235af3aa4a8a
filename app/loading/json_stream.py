"""JSON objects one by one, from a line or from a file with one large array of them. RFC 8259."""

import codecs
import io
import json
import re
from collections.abc import Iterator
from typing import Any

from app.loading.rejection import NotAPageError
from app.loading.unpacking import SIZE_LIMIT

#: What JSON that can't be a record says of itself, instead of the record.
Parsed = dict[str, Any] | NotAPageError

_PIECE = 1 << 18
_SPACE = re.compile(r"[ \t\r\n]*")


def parsed(line: bytes) -> Parsed:
    """The object that a line holds, or why it holds none."""
    try:
        return _as_record(json.loads(line, object_pairs_hook=_as_object))
    except UnicodeDecodeError:
        return NotAPageError("it is not UTF-8; save the file as UTF-8")
    except ValueError as error:
        return NotAPageError(f"it is no JSON: {error}")
    except RecursionError:
        return NotAPageError("it is no JSON that can be read: it is nested too deeply")
    except NotAPageError as error:
        return error


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
        self._objects = json.JSONDecoder(object_pairs_hook=_as_object)
        self._text = ""
        self._at = 0
        self._taken = 0

    def at_end(self) -> bool:
        """Whether nothing but white space is left."""
        while True:
            found = _SPACE.match(self._text, self._at)
            self._at = found.end() if found else self._at
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
                value, end = self._objects.raw_decode(self._text, self._at)
            except RecursionError:
                raise NotAPageError("it is nested too deeply to be read") from None
            except NotAPageError as error:
                # The decoder stops where it is told of the key that is there twice.
                _, self._at = json.JSONDecoder().raw_decode(self._text, self._at)
                return error
            except ValueError as error:
                broken = self._broken(error)
                if len(self._text) - self._at > SIZE_LIMIT or not self._read_on(self._missing()):
                    raise broken from None
                continue
            # A number at the end of what is at hand may go on.
            if end == len(self._text) and self._read_on(_PIECE):
                continue
            self._at = end
            return _as_record(value)

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

    def _broken(self, error: ValueError) -> NotAPageError:
        at = self._taken + (error.pos if isinstance(error, json.JSONDecodeError) else self._at)
        said = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
        return NotAPageError(f"from character {at:,} on it is no JSON that can be read ({said})")


def _as_record(value: object) -> Parsed:
    return value if isinstance(value, dict) else NotAPageError("it is no object with columns")


def _as_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        seen = set[str]()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise NotAPageError(f"it has the key {twice[:40]!r} twice")
    return made
