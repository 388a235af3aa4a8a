"""Hostile and odd files: each gets one clear line, and everything beside it is loaded."""

import io
import json
import struct
import subprocess
import sys
import tarfile
import tracemalloc
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from segmark.loading.feed import Feed
from segmark.loading.sources import SourceFiles

from tests.loading.containers.test_archives import tarred, zipped
from tests.loading.reading import loaded, refusals, texts
from tests.places import ROOT

#: One compressed block of zeros, repeated, is a bomb that is made quickly.
MEGABYTE = bytes(1 << 20)


def write(folder: Path, name: str, data: bytes) -> Path:
    path = folder / "dump" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    return path


@contextmanager
def peak_memory() -> Iterator[list[int]]:
    """The most bytes that Python took meanwhile; set at the end."""
    peak = [0]
    tracemalloc.start()
    try:
        yield peak
        peak[0] = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def tar_with(name: str, size: int, kind: bytes = tarfile.REGTYPE, data: bytes = b"") -> bytes:
    """A tar archive of one good page and then a header that promises so many bytes."""
    info = tarfile.TarInfo(name)
    info.size, info.type = size, kind
    header = info.tobuf(tarfile.GNU_FORMAT)
    padded = data + bytes(-len(data) % 512)
    return tarred({"one.txt": b"One"})[:1024] + header + padded


# tar


@pytest.mark.parametrize("size", [2**62, 2**63 - 512, 10**12])
@pytest.mark.parametrize("name", ["two.txt", "two.jsonl", ".hidden.txt"])
def test_a_tar_that_promises_more_than_it_has_ends(tmp_path: Path, name: str, size: int) -> None:
    path = write(tmp_path, "a.tar", tar_with(name, size, data=b"Two"))
    assert texts(path)[:1] == ["One"]
    assert any("damaged" in line or "cut off" in line for line in refusals(path))


@pytest.mark.parametrize("kind", [tarfile.GNUTYPE_LONGNAME, tarfile.XHDTYPE, tarfile.XGLTYPE])
def test_a_tar_header_of_many_megabytes_is_refused(tmp_path: Path, kind: bytes) -> None:
    path = write(tmp_path, "a.tar", tar_with("x", 80 << 20, kind, bytes(80 << 20)))
    with peak_memory() as peak:
        assert texts(path) == ["One"]
    assert peak[0] < 70 << 20
    [line] = refusals(path)
    assert "its tar archive is damaged (a header is too long)" in line


def sparse_tar(size: int) -> bytes:
    """A tar archive with a member that is said to be so large and is nearly all holes."""
    info = tarfile.TarInfo("holes.txt")
    info.type, info.size = tarfile.GNUTYPE_SPARSE, 512
    header = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    header[386:410] = b"%011o\x00%011o\x00" % (0, 512)
    header[483:495] = b"\x80" + (0).to_bytes(3, "big") + size.to_bytes(8, "big")
    header[148:156] = b"        "
    header[148:156] = b"%06o\x00 " % sum(header)
    pages = tarred({"one.txt": b"One"})
    return bytes(header) + b"x" * 512 + pages


def test_a_sparse_member_is_refused_and_the_next_page_is_loaded(tmp_path: Path) -> None:
    path = write(tmp_path, "a.tar", sparse_tar(5 << 30))
    assert texts(path) == ["One"]
    assert refusals(path) == ["dump/a.tar/holes.txt: it is larger than 50 MB"]


def test_a_damaged_header_in_the_middle_of_a_tar_is_named(tmp_path: Path) -> None:
    data = bytearray(tarred({"one.txt": b"One", "two.txt": b"Two", "three.txt": b"Three"}))
    data[1024 + 3] ^= 1
    path = write(tmp_path, "a.tar", bytes(data))
    assert texts(path) == ["One"]
    [line] = refusals(path)
    assert line.startswith("dump/a.tar: its tar archive is damaged")


# ZIP


def with_method(method: int) -> bytes:
    """A ZIP archive whose first member claims to be packed by another method."""
    made = bytearray(zipped({"one.txt": b"One", "two.txt": b"Two"}, zipfile.ZIP_STORED))
    struct.pack_into("<H", made, 8, method)
    struct.pack_into("<H", made, made.index(b"PK\x01\x02") + 10, method)
    return bytes(made)


@pytest.mark.parametrize(("method", "name"), [(9, "Deflate64"), (98, "PPMd"), (77, "method 77")])
def test_a_packing_method_that_python_lacks_is_called_that(
    tmp_path: Path, method: int, name: str
) -> None:
    path = write(tmp_path, "a.zip", with_method(method))
    assert texts(path) == ["Two"]
    [line] = refusals(path)
    assert line == (
        f"dump/a.zip/one.txt: it is packed with {name}, which Segmark can't read; unpack it "
        "yourself"
    )


def test_a_member_without_a_name_leaves_the_others(tmp_path: Path) -> None:
    made = zipped({"x": b"One", "two.txt": b"Two"}, zipfile.ZIP_STORED)
    start = made.index(b"PK\x01\x02")
    entry = bytearray(made[start : start + 46] + made[start + 47 :])
    struct.pack_into("<H", entry, 28, 0)
    struct.pack_into("<I", entry, len(entry) - 10, int.from_bytes(made[-10:-6], "little") - 1)
    path = write(tmp_path, "a.zip", made[:start] + bytes(entry))
    assert texts(path)[-1] == "Two"
    assert all("unexpected" not in line for line in refusals(path))


def test_a_password_is_called_a_password(tmp_path: Path) -> None:
    made = bytearray(zipped({"one.txt": b"One", "two.txt": b"Two"}, zipfile.ZIP_STORED))
    struct.pack_into("<H", made, 6, 1)
    struct.pack_into("<H", made, made.index(b"PK\x01\x02") + 8, 1)
    path = write(tmp_path, "a.zip", bytes(made))
    assert texts(path) == ["Two"]
    assert refusals(path) == [
        "dump/a.zip/one.txt: it is protected by a password; unpack it yourself"
    ]


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("at", [0, 3, 4, 12, 30])
def test_a_damaged_member_leaves_the_others(tmp_path: Path, method: int, at: int) -> None:
    text = b"".join(b"Line %d of the page.\n" % number for number in range(50))
    made = bytearray(zipped({"one.txt": text, "two.txt": b"Two"}, method))
    start = 30 + len("one.txt")
    made[start + at : start + at + 3] = b"\xff\xff\xff"
    path = write(tmp_path, "a.zip", bytes(made))
    after = write(tmp_path, "b.txt", b"After")
    assert texts(path, after) == ["Two", "After"]
    [line] = refusals(path, after)
    assert line.startswith("dump/a.zip/one.txt: it is damaged in the archive")


@pytest.mark.parametrize(
    ("method", "name"),
    [
        (zipfile.ZIP_LZMA, "bomb.txt"),
        (zipfile.ZIP_BZIP2, "bomb.txt"),
        (zipfile.ZIP_DEFLATED, "bomb.txt"),
        (zipfile.ZIP_BZIP2, "bomb.jsonl"),
        (zipfile.ZIP_DEFLATED, "bomb.csv"),
    ],
)
def test_a_bomb_in_a_zip_takes_little_memory_and_one_line(
    tmp_path: Path, method: int, name: str
) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        archive.writestr("one.txt", b"One")
        with archive.open(name, "w") as bomb:
            for _ in range(300):
                bomb.write(MEGABYTE)
    path = write(tmp_path, "a.zip", made.getvalue())
    with peak_memory() as peak:
        assert texts(path) == ["One"]
    assert peak[0] < 200 << 20
    assert 1 <= len(refusals(path)) <= 2


def test_a_member_whose_reading_fails_in_an_unforeseen_way_leaves_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fail_on(monkeypatch, b"bad")
    path = write(tmp_path, "a.zip", zipped({"1.mht": b"bad", "2.txt": b"Two"}))
    other = write(tmp_path, "b.tar", tarred({"1.mht": b"bad", "2.txt": b"Three"}))
    after = write(tmp_path, "c.mht", b"bad")
    assert texts(path, other, after, write(tmp_path, "d.txt", b"Four")) == ["Two", "Three", "Four"]
    assert refusals(path, after) == [
        f"dump/{name}: it can't be read: an unexpected error (TypeError: odd); the log has the "
        "details"
        for name in ("a.zip/1.mht", "c.mht")
    ]


def _fail_on(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    """Have a reader fail as if a library had a fault."""

    def read(source: bytes, name: str, folder: str) -> object:
        raise TypeError("odd")

    monkeypatch.setattr("segmark.loading.containers.mhtml.read_mhtml", read)


# Records


@pytest.mark.parametrize("depth", [150, 600, 750, 950, 5_000, 100_000])
@pytest.mark.parametrize("brackets", [("[", "]"), ('{"a":', "}")])
@pytest.mark.parametrize("suffix", ["jsonl", "json"])
def test_deeply_nested_json_rejects_its_record_alone(
    tmp_path: Path, depth: int, brackets: tuple[str, str], suffix: str
) -> None:
    before = write(tmp_path, "a.txt", b"Before")
    deep = brackets[0] * depth + "1" + brackets[1] * depth
    rows = [f'{{"text": "Row {n}", "extra": {deep if n == 2 else 1}}}' for n in range(4)]
    data = "\n".join(rows) if suffix == "jsonl" else f"[{','.join(rows)}]"
    path = write(tmp_path, f"b.{suffix}", data.encode())
    after = write(tmp_path, "c.txt", b"After")
    found = texts(before, path, after)
    assert found[:3] == ["Before", "Row 0", "Row 1"]
    assert found[-1] == "After"
    assert suffix == "json" or found[3] == "Row 3"
    [line] = refusals(path)
    assert line.endswith("it is nested too deeply to be read")


def test_json_nested_a_little_is_kept(tmp_path: Path) -> None:
    deep = "[" * 50 + "]" * 50
    path = write(tmp_path, "b.jsonl", f'{{"text": "One", "more": {deep}}}'.encode())
    [page] = loaded(path)
    assert json.dumps(page.extra["more"]) == deep


# Parquet


def parquet_of(folder: Path, columns: Mapping[str, object], **options: object) -> Path:
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    path = write(folder, "a.parquet", b"")
    parquet.write_table(arrow.table(columns), path, **options)
    return path


def test_times_with_nanoseconds_are_kept(tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow")
    times = arrow.array([1_600_000_000_123_456_789, None, 0], arrow.timestamp("ns"))
    zoned = arrow.array([1_600_000_000_123_456_789, None, 0], arrow.timestamp("ns", "UTC"))
    of_day = arrow.array([1_001, None, 2_000], arrow.time64("ns"))
    path = parquet_of(
        tmp_path,
        {"text": ["One", "Two", "Three"], "at": times, "zoned": zoned, "clock": of_day,
         "list": arrow.array([[1], [], None], arrow.list_(arrow.timestamp("ns")))},
    )  # fmt: skip
    pages = loaded(path)
    assert refusals(path) == []
    assert [page.extra["at"] for page in pages] == [
        "2020-09-13T12:26:40.123456789", None, "1970-01-01T00:00:00",
    ]  # fmt: skip
    assert pages[0].extra["zoned"] == "2020-09-13T12:26:40.123456789+00:00"
    assert pages[0].extra["clock"] == "00:00:00.000001001"
    assert pages[0].extra["list"] == ["1970-01-01T00:00:00.000000001"]


@pytest.mark.parametrize("unit", ["ms", "us"])
def test_dates_that_python_does_not_have_leave_their_rows_readable(
    tmp_path: Path, unit: str
) -> None:
    arrow = pytest.importorskip("pyarrow")
    far = [253_402_300_800, -62_135_596_801, 2**62, 1_600_000_000]
    scale = {"ms": 1_000, "us": 1_000_000}[unit]
    values = [min(value * scale, 2**63 - 1) for value in far]
    days = arrow.array([2_932_897, -719_163, 2**31 - 1, 0], arrow.date32())
    path = parquet_of(
        tmp_path,
        {"text": ["One", "Two", "Three", "Four"],
         "at": arrow.array(values, arrow.timestamp(unit)), "day": days},
    )  # fmt: skip
    before, after = write(tmp_path, "0.txt", b"Before"), write(tmp_path, "z.txt", b"After")
    assert texts(before, path, after) == ["Before", "One", "Two", "Three", "Four", "After"]
    assert refusals(path) == []
    pages = loaded(path)
    assert pages[3].extra["at"] == "2020-09-13T12:26:40"
    assert pages[3].extra["day"] == "1970-01-01"
    assert all(isinstance(page.extra["day"], str) for page in pages)


def test_a_row_that_can_t_be_read_is_rejected_alone(tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow")
    offsets, data = struct.pack("<4i", 0, 3, 6, 9), b"One\xff\xfe\xfdTwo"
    buffers = [None, arrow.py_buffer(offsets), arrow.py_buffer(data)]
    text = arrow.Array.from_buffers(arrow.string(), 3, buffers)
    path = parquet_of(tmp_path, {"text": text})
    assert texts(path) == ["One", "Two"]
    [line] = refusals(path)
    assert line.startswith("dump/a.parquet:2: ")


def test_a_large_value_in_many_rows_takes_the_memory_of_one(tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow")
    size, rows = 5 << 20, 60
    once = arrow.DictionaryArray.from_arrays([0] * rows, ["x" * size])
    path = parquet_of(
        tmp_path, {"text": once, "n": range(rows)}, compression="zstd", store_schema=False
    )
    assert path.stat().st_size < 100_000
    before = arrow.total_allocated_bytes()
    most = 0
    for _ in Feed(SourceFiles([path])):
        most = max(most, arrow.total_allocated_bytes() - before)
    assert most < 100 << 20


@pytest.mark.parametrize("nested", [False, True])
def test_a_parquet_file_that_unpacks_to_far_more_is_refused(tmp_path: Path, nested: bool) -> None:
    arrow = pytest.importorskip("pyarrow")
    if nested:
        column = arrow.array([[0] * 30_000_000])
        path = parquet_of(tmp_path, {"text": ["One"], "n": column}, compression="zstd")
    else:
        text = arrow.array(["x" * (60 << 20)])
        path = parquet_of(tmp_path, {"text": text}, compression="zstd", use_dictionary=False)
    assert path.stat().st_size < 200_000
    [line] = refusals(path)
    assert "it unpacks to more than 250 times its size" in line


def test_a_parquet_file_with_any_bytes_wrong_loads_or_is_refused(tmp_path: Path) -> None:
    """In a process of its own: pyarrow aborts the process on some damaged footers."""
    arrow = pytest.importorskip("pyarrow")
    path = parquet_of(
        tmp_path,
        {"text": ["One", "Two", None], "at": arrow.array([1, 2, 3], arrow.timestamp("ns")),
         "list": [[1, 2], [], None], "struct": [{"a": "x"}, None, {"a": "y"}]},
    )  # fmt: skip
    words = [sys.executable, "-m", "tests.loading.containers.damaged_parquet", str(path), "400"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "400 read\n"), done.stderr[-500:]


@pytest.mark.parametrize(
    "footer",
    [
        b"\x00", b"", b"\x36\x02\x19\x0c\x00", b"\x3c\x00\x00", b"\x19\xfc" + b"\xff" * 9 + b"\x01",
        b"\x1c" * 5_000, b"\x36" + b"\xff" * 12, b"\x18\xff\xff\xff\x07",
    ],
)  # fmt: skip
def test_a_footer_that_is_none_is_refused_as_damaged(tmp_path: Path, footer: bytes) -> None:
    pytest.importorskip("pyarrow")
    data = b"PAR1" + footer + struct.pack("<I", len(footer)) + b"PAR1"
    [line] = refusals(write(tmp_path, "a.parquet", data))
    assert line.startswith("dump/a.parquet: its Parquet data is damaged (")


# MHTML


def semicolons(size: int) -> bytes:
    return b'MIME-Version: 1.0\r\nContent-Type: text/html; a="' + b";" * size + b"\r\n\r\nOne"


def test_a_long_header_is_refused_and_not_searched_again_and_again(tmp_path: Path) -> None:
    path = write(tmp_path, "a.mht", semicolons(5_000_000))
    assert refusals(path) == ["dump/a.mht: a header in it is too long"]


def test_parts_within_parts_without_end_are_refused(tmp_path: Path) -> None:
    parts = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n)
        for n in range(300)
    )
    path = write(tmp_path, "a.mht", b"MIME-Version: 1.0\r\n" + parts + b"x\r\n" * 1_000_000)
    assert refusals(path) == ["dump/a.mht: its parts are nested too deeply"]
