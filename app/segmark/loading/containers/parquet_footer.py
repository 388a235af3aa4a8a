"""What the footer of a Parquet file says about its size, read without pyarrow.

pyarrow aborts the process on some damaged footers when it is asked for the sizes of columns.
https://github.com/apache/parquet-format, Thrift's compact protocol.
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

_MAGIC = b"PAR1"
_DEEPEST = 20
_MOST_BYTES = 10  # of an integer
# Numbers of fields in the structures of the format.
_ROWS, _GROUPS, _COLUMNS, _GROUP_ROWS, _COLUMN, _VALUES, _SIZE = 3, 4, 1, 3, 3, 5, 6


@dataclass(frozen=True, slots=True)
class ColumnSize:
    """The size of a column in a group of rows: number of rows and values, decompressed bytes."""

    rows: int
    values: int
    bytes: int


def read_sizes(file: BinaryIO) -> tuple[int, list[ColumnSize]]:
    """Return the number of rows, and the sizes of all columns.

    Raises:
        ValueError: the footer is damaged.
    """
    end = file.seek(0, io.SEEK_END)
    file.seek(max(0, end - 8))
    tail = file.read(8)
    length = int.from_bytes(tail[:4], "little")
    if tail[4:] != _MAGIC or length + 8 > end:
        raise ValueError("it has no footer")
    file.seek(end - 8 - length)
    try:
        footer = _Compact(file.read(length)).structure(0)
        return _count(footer[_ROWS]), list(_columns(footer))
    except (IndexError, KeyError, TypeError, AttributeError):
        raise ValueError("its footer can't be understood") from None


def _columns(footer: dict[int, Any]) -> Iterator[ColumnSize]:
    for group in footer[_GROUPS]:
        for column in group[_COLUMNS]:
            sizes = column[_COLUMN]
            counts = (group[_GROUP_ROWS], sizes[_VALUES], sizes[_SIZE])
            yield ColumnSize(*map(_count, counts))


def _count(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError
    return value


class _Compact:
    """Reads Thrift's compact protocol."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0
        self._readers: dict[int, Callable[[int], Any]] = {
            1: lambda _: True, 2: lambda _: False, 3: lambda _: self._byte(),
            4: self._integer, 5: self._integer, 6: self._integer, 7: lambda _: self._bytes(8),
            8: lambda _: self._bytes(self._varint()), 9: self._items, 10: self._items,
            11: self._pairs, 12: self.structure,
        }  # fmt: skip

    def structure(self, depth: int) -> dict[int, Any]:
        """Return the fields of a structure by their numbers."""
        if depth > _DEEPEST:
            raise ValueError("its footer is nested too deeply")
        fields, number = dict[int, Any](), 0
        while head := self._byte():
            number = number + (head >> 4) if head >> 4 else self._integer(depth)
            fields[number] = self._value(head & 15, depth)
        return fields

    def _value(self, kind: int, depth: int) -> Any:  # noqa: ANN401 - whatever the field holds
        return self._readers[kind](depth + 1)

    def _items(self, depth: int) -> list[Any]:
        head = self._byte()
        size = self._varint() if head >> 4 == 15 else head >> 4
        kind = head & 15
        if kind in (1, 2):  # in a list, a boolean is a byte
            return [self._byte() for _ in range(size)]
        return [self._value(kind, depth) for _ in range(size)]

    def _pairs(self, depth: int) -> list[tuple[Any, Any]]:
        size = self._varint()
        kinds = self._byte() if size else 0
        return [
            (self._value(kinds >> 4, depth), self._value(kinds & 15, depth)) for _ in range(size)
        ]

    def _byte(self) -> int:
        self._at += 1
        return self._data[self._at - 1]

    def _bytes(self, size: int) -> bytes:
        if size > len(self._data) - self._at:
            raise ValueError("its footer is cut off")
        self._at += size
        return self._data[self._at - size : self._at]

    def _varint(self) -> int:
        value = 0
        for place in range(_MOST_BYTES):
            byte = self._byte()
            value |= (byte & 127) << 7 * place
            if byte < 128:
                return value
        raise ValueError("its footer has a number that is too long")

    def _integer(self, _depth: int) -> int:
        number = self._varint()
        return (number >> 1) ^ -(number & 1)
