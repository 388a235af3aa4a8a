"""Compressed data that grows to gigabytes: one line, little memory, and the rest is loaded."""

import bz2
import gzip
import lzma
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from segmark.loading.feed import Feed
from segmark.loading.loader import LoadedPage
from segmark.loading.rejection import LoadError
from segmark.loading.sources import SourceFiles

from tests.loading.containers.test_archives import tarred

_GIGABYTES = 4
_PIECE = bytes(1 << 24)
_MOST = 220 << 20  # bytes; a page may have 50 MB, and is in memory a few times


def _gzip_member(head: bytes = b"") -> bytes:
    """A gzip member of 16 MB of zeros, in 16 KB."""
    return gzip.compress(head + _PIECE, 9, mtime=0)


def gzip_bomb(head: bytes = b"") -> bytes:
    return _gzip_member(head) + _gzip_member() * (_GIGABYTES * 64 - 1)


def zstd_bomb(head: bytes = b"") -> bytes:
    zstandard = pytest.importorskip("zstandard")
    pack = zstandard.ZstdCompressor().compress
    return bytes(pack(head + _PIECE)) + bytes(pack(_PIECE)) * (_GIGABYTES * 64 - 1)


def brotli_bomb() -> bytes:
    brotli = pytest.importorskip("brotli")
    packer = brotli.Compressor(quality=5)
    pieces = [packer.process(_PIECE) for _ in range(_GIGABYTES * 8)]
    return b"".join([*pieces, packer.finish()])


def response(encoding: bytes, body: bytes, length: int | None = None) -> bytes:
    http = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: "
        + encoding + b"\r\n\r\n" + body
    )  # fmt: skip
    return (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://varn.example/\r\n"
        b"Content-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n"
        % (len(http) if length is None else length)
        + http + b"\r\n\r\n"
    )  # fmt: skip


GOOD = response(b"identity", b"<p>Good")


def outcome(folder: Path, name: str, data: bytes) -> tuple[list[str], list[str]]:
    """The texts and the errors of a file and of the page after it; little memory is used."""
    folder = folder / "dump"
    folder.mkdir()
    (folder / name).write_bytes(data)
    (folder / "zz.txt").write_bytes(b"After")
    del data
    texts, errors = list[str](), list[str]()
    tracemalloc.start()
    try:
        for item in Feed(SourceFiles([folder])):
            if isinstance(item, LoadedPage):
                texts.append(item.page.text)
            elif isinstance(item, LoadError):
                errors.append(str(item))
        assert tracemalloc.get_traced_memory()[1] < _MOST
    finally:
        tracemalloc.stop()
    return texts, errors


@pytest.mark.parametrize("bomb", [gzip_bomb, zstd_bomb])
@pytest.mark.parametrize("name", ["page.txt", "rows.jsonl", "rows.json", "rows.csv"])
def test_a_compressed_bomb_is_one_line(
    tmp_path: Path, bomb: Callable[[], bytes], name: str
) -> None:
    texts, errors = outcome(tmp_path, name, bomb())
    assert texts == ["After"]
    assert len(errors) <= 2
    assert all(line.startswith(f"dump/{name}") for line in errors)


@pytest.mark.parametrize("bomb", [gzip_bomb, zstd_bomb])
def test_a_tar_with_a_bomb_behind_its_pages_is_one_line(
    tmp_path: Path, bomb: Callable[[bytes], bytes]
) -> None:
    archive = tarred({"one.txt": b"One"})[:1024]
    header = bytearray(tarred({"two.txt": b""})[:512])
    header[124:136] = b"\x80" + (8 << 30).to_bytes(11, "big")
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    texts, errors = outcome(tmp_path, "news.tar", bomb(archive + bytes(header)))
    assert texts == ["One", "After"]
    assert [line.split(": ")[0] for line in errors] == ["dump/news.tar/two.txt", "dump/news.tar"]


@pytest.mark.parametrize(
    ("encoding", "bomb"), [(b"gzip", gzip_bomb), (b"zstd", zstd_bomb), (b"br", brotli_bomb)]
)
def test_a_bomb_in_a_crawl_is_one_line(
    tmp_path: Path, encoding: bytes, bomb: Callable[[], bytes]
) -> None:
    texts, errors = outcome(tmp_path, "crawl.warc", response(encoding, bomb()) + GOOD)
    assert texts == ["Good", "After"]
    [line] = errors
    assert line.startswith("dump/crawl.warc:1")


def test_a_deflated_bomb_in_a_crawl_is_one_line(tmp_path: Path) -> None:
    packer = zlib.compressobj(9)
    body = b"".join([packer.compress(_PIECE) for _ in range(16)]) + packer.flush()
    texts, errors = outcome(tmp_path, "crawl.warc", response(b"deflate", body) + GOOD)
    assert texts == ["Good", "After"]
    [line] = errors
    assert line.startswith("dump/crawl.warc:1")


@pytest.mark.parametrize("length", [2**62, 10**30, -1, -(2**40)])
def test_a_record_that_promises_more_than_there_is_ends(tmp_path: Path, length: int) -> None:
    data = GOOD + response(b"identity", b"<p>Odd", length) + GOOD
    texts, errors = outcome(tmp_path, "crawl.warc", data)
    assert texts[0] == "Good"
    assert texts[-1] == "After"
    assert errors


@pytest.mark.parametrize("size", [b"fffffffffffffffff", b"-1", b"7fffffff", b"", b"zz"])
def test_a_chunk_of_a_response_that_promises_more_than_there_is_ends(
    tmp_path: Path, size: bytes
) -> None:
    body = size + b"\r\n<p>Odd\r\n0\r\n\r\n"
    odd = response(b"identity", body).replace(
        b"Content-Encoding: identity", b"Transfer-Encoding: chunked"
    )
    texts, errors = outcome(tmp_path, "crawl.warc", odd + GOOD)
    assert texts[-2:] == ["Good", "After"] or errors
    assert texts[-1] == "After"


@pytest.mark.parametrize(("pack", "suffix"), [(bz2.compress, "bz2"), (lzma.compress, "xz")])
def test_what_is_packed_with_bzip2_or_xz_is_rejected_unread(
    tmp_path: Path, pack: Callable[[bytes], bytes], suffix: str
) -> None:
    texts, [line] = outcome(tmp_path, f"page.txt.{suffix}", pack(_PIECE))
    assert texts == ["After"]
    assert line.startswith(f"dump/page.txt.{suffix}")
