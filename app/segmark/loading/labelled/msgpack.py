"""Decode MessagePack in plain Python, so that no data from outside reaches a parser written in C.

Sizes in the data are checked against the bytes that are there. Extensions are refused.
https://github.com/msgpack/msgpack/blob/master/spec.md.
"""

import struct
from typing import Any

_DEEPEST = 20
_NUMBERS = {0xCA: ">f", 0xCB: ">d", 0xCC: ">B", 0xCD: ">H", 0xCE: ">I", 0xCF: ">Q",
            0xD0: ">b", 0xD1: ">h", 0xD2: ">i", 0xD3: ">q"}  # fmt: skip
_SIZED = {0xC4: ">B", 0xC5: ">H", 0xC6: ">I", 0xD9: ">B", 0xDA: ">H", 0xDB: ">I",
          0xDC: ">H", 0xDD: ">I", 0xDE: ">H", 0xDF: ">I"}  # fmt: skip
_CONSTANTS = {0xC0: None, 0xC2: False, 0xC3: True}


def decode_msgpack(data: bytes) -> Any:  # noqa: ANN401 - whatever it holds
    """Return the value that the data holds.

    Raises:
        ValueError: it is damaged, nested too deeply, or has a key that can't be one.
    """
    return _Reader(data).value(0)


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def value(self, depth: int) -> Any:  # noqa: ANN401
        if depth > _DEEPEST:
            raise ValueError("it is nested too deeply")
        kind = self._bytes(1)[0]
        if kind < 0x80:
            return kind
        if kind >= 0xE0:
            return kind - 256
        if kind < 0x90:
            return self._map(kind & 0x0F, depth)
        if kind < 0xA0:
            return self._list(kind & 0x0F, depth)
        if kind < 0xC0:
            return self._text(kind & 0x1F)
        if kind in _CONSTANTS:
            return _CONSTANTS[kind]
        if kind in _NUMBERS:
            return self._number(_NUMBERS[kind])
        if kind not in _SIZED:
            raise ValueError(f"it has a value of kind {kind}")
        size = int(self._number(_SIZED[kind]))
        if kind >= 0xDE:
            return self._map(size, depth)
        if kind >= 0xDC:
            return self._list(size, depth)
        return self._text(size) if kind >= 0xD9 else self._bytes(size)

    def _bytes(self, size: int) -> bytes:
        if self._at + size > len(self._data):
            raise ValueError("it is cut off")
        self._at += size
        return self._data[self._at - size : self._at]

    def _number(self, form: str) -> int | float:
        number: int | float = struct.unpack(form, self._bytes(struct.calcsize(form)))[0]
        return number

    def _text(self, size: int) -> str:
        return self._bytes(size).decode("utf-8", "replace")

    def _list(self, size: int, depth: int) -> list[Any]:
        return [self.value(depth + 1) for _ in range(size)]

    def _map(self, size: int, depth: int) -> dict[Any, Any]:
        found = dict[Any, Any]()
        for _ in range(size):
            key = self.value(depth + 1)
            if isinstance(key, list):
                key = tuple(key)
            try:
                found[key] = self.value(depth + 1)
            except TypeError:
                raise ValueError("it has a key that can't be one") from None
        return found
