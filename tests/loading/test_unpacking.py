import contextlib
import gzip
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from segmark.loading.rejection import NotAPageError
from segmark.loading.unpacking import RATIO_LIMIT, SIZE_LIMIT, is_packed, unpacked

from tests.loading.reading import refusals, texts


def unpack(data: bytes) -> bytes:
    assert is_packed(data)
    return unpacked(io.BytesIO(data), data[:4]).read()


def zeros(size: int) -> bytes:
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=9) as file:
        for _ in range(size // 2**20):
            file.write(bytes(2**20))
    return packed.getvalue()


@given(st.binary(max_size=3000), st.binary(max_size=50))
def test_what_was_packed_in_one_or_more_pieces_comes_back(data: bytes, more: bytes) -> None:
    assert unpack(gzip.compress(data) + gzip.compress(more)) == data + more


def test_a_gzip_bomb_is_refused_before_it_fills_the_memory() -> None:
    bomb = zeros(SIZE_LIMIT + 2**21)
    assert len(bomb) * RATIO_LIMIT < SIZE_LIMIT
    stream = unpacked(io.BytesIO(bomb), bomb[:4])
    with pytest.raises(NotAPageError, match="more than 250 times its size"):
        sum(map(len, iter(lambda: stream.read(2**20), b"")))


def test_a_page_packed_by_zstandard_loads(tmp_path: Path) -> None:
    zstandard = pytest.importorskip("zstandard")
    (tmp_path / "a.html.zst").write_bytes(zstandard.compress(b"<p>Q &amp; A"))
    (tmp_path / "b.txt").write_bytes(zstandard.compress(b"One") + zstandard.compress(b" page"))
    assert texts(tmp_path) == ["Q & A", "One page"]


def test_zstandard_that_is_cut_off_or_damaged_is_refused(tmp_path: Path) -> None:
    zstandard = pytest.importorskip("zstandard")
    whole = zstandard.compress(b"One page of text. " * 100)
    (tmp_path / "a.txt.zst").write_bytes(whole[:-3])
    (tmp_path / "b.txt.zst").write_bytes(whole[:9] + b"\xff\xff\xff" + whole[12:])
    cut_off, damaged = refusals(tmp_path)
    assert "its Zstandard data is cut off; fetch it again" in cut_off
    assert "its Zstandard data is damaged" in damaged


def test_a_zstandard_bomb_is_refused(tmp_path: Path) -> None:
    zstandard = pytest.importorskip("zstandard")
    packer = zstandard.ZstdCompressor().compressobj()
    bomb = b"".join(packer.compress(bytes(2**22)) for _ in range(25)) + packer.flush()
    (tmp_path / "a.txt.zst").write_bytes(bomb)
    (tmp_path / "b.jsonl.zst").write_bytes(bomb)
    page, records = refusals(tmp_path)
    assert "more than 250 times its size" in page or "larger than 50 MB" in page
    assert "more than 250 times its size" in records


def test_without_the_library_the_line_says_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "zstandard", None)
    (tmp_path / "a.txt.zst").write_bytes(b"\x28\xb5\x2f\xfd\x00\x00")
    (tmp_path / "b.txt").write_text("A page")
    [refusal] = refusals(tmp_path)
    assert refusal.endswith(
        "a.txt.zst: reading it needs zstandard, which is not installed: "
        "pip install 'segmark[zstd]' installs it"
    )
    assert texts(tmp_path) == ["A page"]


@given(st.binary(max_size=200), st.integers(0, 60))
def test_damaged_gzip_is_refused_or_read_and_nothing_else(data: bytes, cut: int) -> None:
    packed = bytearray(gzip.compress(data))
    packed[min(cut, len(packed) - 1)] ^= 0x55
    packed[:2] = b"\x1f\x8b"
    with contextlib.suppress(NotAPageError):
        unpack(bytes(packed))
