"""CQDB: the table of strings in CRFsuite's models, which maps each string to its number and back.

The layout is that of CQDB 0.1 by Naoaki Okazaki, as CRFsuite 0.12 writes it: a header, 256 hash
tables, and an array of the strings' places by their numbers. All numbers are little-endian.
"""

import struct
from collections.abc import Sequence

_HEAD = struct.Struct("<4s5I")  # name, size, flag, byte order, and the array: its length, its place
_PAIR = struct.Struct("<2I")
_BYTE_ORDER = 0x62445371
_TABLES = 256
_START = _HEAD.size + _TABLES * _PAIR.size
_MASK = 0xFFFFFFFF


def write_strings(strings: Sequence[str]) -> bytes:
    """Return the table of these strings, whose numbers are their indexes."""
    records, places = bytearray(), list[int]()
    buckets: list[list[tuple[int, int]]] = [[] for _ in range(_TABLES)]
    for number, string in enumerate(strings):
        key = string.encode() + b"\0"
        place = _START + len(records)
        places.append(place)
        records += _PAIR.pack(number, len(key)) + key
        hashed = lookup3(key)
        buckets[hashed % _TABLES].append((hashed, place))
    references, tables = bytearray(), bytearray()
    for bucket in buckets:
        at = _START + len(records) + len(tables)
        references += _PAIR.pack(at if bucket else 0, 2 * len(bucket))
        tables += _hash_table(bucket)
    array = struct.pack(f"<{len(places)}I", *places)
    array_at = _START + len(records) + len(tables)
    size = array_at + len(array)
    head = _HEAD.pack(b"CQDB", size, 0, _BYTE_ORDER, len(places), array_at if places else 0)
    return head + references + records + tables + array


def _hash_table(bucket: Sequence[tuple[int, int]]) -> bytes:
    room = 2 * len(bucket)
    entries = [(0, 0)] * room
    for hashed, place in bucket:
        at = (hashed >> 8) % room
        while entries[at][1]:
            at = (at + 1) % room
        entries[at] = hashed, place
    return b"".join(_PAIR.pack(*entry) for entry in entries)


def read_strings(data: bytes) -> list[str]:
    """Return the strings of a table by number; only for bytes that CRFsuite wrote here."""
    _, _, _, _, count, at = _HEAD.unpack_from(data)
    strings = []
    for place in struct.unpack_from(f"<{count}I", data, at):
        _, size = _PAIR.unpack_from(data, place)
        start = place + _PAIR.size
        strings.append(data[start : start + size - 1].decode())
    return strings


def _rotated(value: int, by: int) -> int:
    return (value << by | value >> 32 - by) & _MASK


def lookup3(key: bytes) -> int:
    """Return the hash of a key that is not empty: ``hashlittle`` of Bob Jenkins' lookup3, seed 0.

    Source: http://burtleburtle.net/bob/c/lookup3.c (2006, public domain).
    """
    a = b = c = 0xDEADBEEF + len(key) & _MASK
    blocks = (len(key) - 1) // 12
    padded = key + b"\0" * (12 * (blocks + 1) - len(key))
    words: tuple[int, ...] = struct.unpack(f"<{3 * (blocks + 1)}I", padded)
    for block in range(blocks):
        x, y, z = words[3 * block : 3 * block + 3]
        a, b, c = a + x & _MASK, b + y & _MASK, c + z & _MASK
        a = (a - c & _MASK) ^ _rotated(c, 4)
        c = c + b & _MASK
        b = (b - a & _MASK) ^ _rotated(a, 6)
        a = a + c & _MASK
        c = (c - b & _MASK) ^ _rotated(b, 8)
        b = b + a & _MASK
        a = (a - c & _MASK) ^ _rotated(c, 16)
        c = c + b & _MASK
        b = (b - a & _MASK) ^ _rotated(a, 19)
        a = a + c & _MASK
        c = (c - b & _MASK) ^ _rotated(b, 4)
        b = b + a & _MASK
    x, y, z = words[3 * blocks :]
    a, b, c = a + x & _MASK, b + y & _MASK, c + z & _MASK
    c = (c ^ b) - _rotated(b, 14) & _MASK
    a = (a ^ c) - _rotated(c, 11) & _MASK
    b = (b ^ a) - _rotated(a, 25) & _MASK
    c = (c ^ b) - _rotated(b, 16) & _MASK
    a = (a ^ c) - _rotated(c, 4) & _MASK
    b = (b ^ a) - _rotated(a, 14) & _MASK
    return (c ^ b) - _rotated(b, 24) & _MASK
