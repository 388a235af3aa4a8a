"""What was read of many pages, kept in a file on the disk instead of in memory."""

import json
from array import array
from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import Any

_NONE = -1


class Spool:
    """A nameless file for the tables of one job; closing it deletes it."""

    def __init__(self) -> None:
        self._file = TemporaryFile()  # noqa: SIM115 - ``close`` closes it

    def close(self) -> None:
        """Delete the file."""
        self._file.close()

    def append(self, value: object) -> int:
        """Write a value that JSON can hold, and return its place."""
        place = self._file.seek(0, 2)
        self._file.write(json.dumps(value, separators=(",", ":")).encode() + b"\n")
        return place

    def at(self, place: int) -> Any:  # noqa: ANN401 - whatever was written
        """Read the value at a place."""
        self._file.seek(place)
        return json.loads(self._file.readline())


class SpooledTable:
    """Values by the number of a page. Only their places are in memory, eight bytes a page."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._places = array("q")
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[int]:
        """The pages with a value, in the order of their numbers."""
        return (number for number, place in enumerate(self._places) if place != _NONE)

    def __contains__(self, number: int) -> bool:
        return number < len(self._places) and self._places[number] != _NONE

    def get(self, number: int) -> Any:  # noqa: ANN401 - whatever was kept
        """The value of a page; None without any."""
        return self._spool.at(self._places[number]) if number in self else None

    def keep(self, number: int, value: object) -> None:
        """Keep the value of a page, in place of an earlier one."""
        if number not in self:
            self._count += 1
            self._places.extend([_NONE] * (number + 1 - len(self._places)))
        self._places[number] = self._spool.append(value)
