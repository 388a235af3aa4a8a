"""Makes the data library of ICU smaller on Linux, where Qt's wheel brings all 32 MB of it.

Qt uses ICU to sort, to change case and to convert encodings. It has names of languages, currencies
and units in its own tables, so ICU's tables of names, spelled numbers and transliterations go.
"""

import re
import struct
import subprocess
from pathlib import Path

_UNUSED = ("curr", "lang", "rbnf", "region", "translit", "unit")
_MAGIC = re.compile(rb"..\xda\x27.{8}CmnD", re.DOTALL)
_ALIGNMENT = 16


def smaller_data(library: Path, folder: Path) -> Path:
    """Write the library with less data to the folder.

    Raises:
        ValueError: its data is not laid out as expected.
        OSError, subprocess.CalledProcessError: the linker is missing, or failed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    version = library.suffix.removeprefix(".")
    (folder / "data").write_bytes(_without_unused(library.read_bytes()))
    _run(folder, "ld", "-r", "-b", "binary", "-o", "data.o", "data")
    _run(
        folder, "objcopy", f"--set-section-alignment=.data={_ALIGNMENT}",
        "--rename-section=.data=.rodata,alloc,load,readonly,data,contents", "data.o",
    )  # fmt: skip
    _run(
        folder, "ld", "-shared", "-z", "noexecstack", "-soname", library.name,
        f"--defsym=icudt{version}_dat=_binary_data_start", "-o", library.name, "data.o",
    )  # fmt: skip
    return folder / library.name


def _without_unused(content: bytes) -> bytes:
    """ICU's package of data without the tables that nothing uses.

    The package is a header, a table of contents with the places of names and items, the names in
    order, and the items. What follows the last item in the library is taken along with it.
    """
    found = _MAGIC.search(content)
    if not found:
        raise ValueError("no package of ICU's data is in the library")
    start = found.start()
    (header_size,) = struct.unpack_from("<H", content, start)
    base = start + header_size
    (count,) = struct.unpack_from("<I", content, base)
    places = [struct.unpack_from("<II", content, base + 4 + 8 * entry) for entry in range(count)]
    ends = [data for _, data in places[1:]] + [len(content) - base]
    kept: list[tuple[bytes, bytes]] = []
    for (name, data), end in zip(places, ends, strict=True):
        full = content[base + name : content.index(b"\0", base + name)]
        if full.decode("ascii").split("/")[1] not in _UNUSED:
            kept.append((full, content[base + data : base + end]))
    return content[start:base] + _packed(kept)


def _packed(items: list[tuple[bytes, bytes]]) -> bytes:
    """The table of contents, the names and the items."""
    names, items_area, table = bytearray(), bytearray(), bytearray()
    names_at = 4 + 8 * len(items)
    items_at = _aligned(names_at + sum(len(name) + 1 for name, _ in items))
    for name, item in items:
        table += struct.pack("<II", names_at + len(names), items_at + len(items_area))
        names += name + b"\0"
        items_area += item.ljust(_aligned(len(item)), b"\0")
    listed = struct.pack("<I", len(items)) + table + names
    return listed.ljust(items_at, b"\0") + items_area


def _aligned(size: int) -> int:
    return -(-size // _ALIGNMENT) * _ALIGNMENT


def _run(folder: Path, *command: str) -> None:
    subprocess.run(command, cwd=folder, check=True)
