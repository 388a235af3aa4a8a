import gzip
import io
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from segmark.loading.options import LoadOptions

from tests.loading.reading import loaded, passed_over, refusals, texts

pytest.importorskip("warcio")

HTML = b"Content-Type: text/html; charset=koi8-r\r\n"


def response(content: bytes, headers: bytes = HTML, status: bytes = b"200 OK") -> bytes:
    return b"HTTP/1.1 " + status + b"\r\n" + headers + b"\r\n" + content


def record(
    kind: str, content: bytes, url: str = "http://varn.example/", media: str = "application/http"
) -> bytes:
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\n"
        f"WARC-Date: 2024-05-06T07:08:09Z\r\nContent-Type: {media}\r\n"
        f"Content-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content + b"\r\n\r\n"


CRAWL = [
    record("warcinfo", b"software: x", media="application/warc-fields"),
    record("request", b"GET / HTTP/1.1\r\n\r\n"),
    record("response", response("<p>Первая".encode("koi8-r")), "https://www.varn.example/1"),
    record("response", response(b"\x89PNG", b"Content-Type: image/png\r\n")),
    record("response", response(b"<p>Not here", status=b"404 Not Found")),
    record("revisit", response(b"")),
    record("resource", b"<p>Two", "https://b.example/2", "text/html"),
    record("conversion", b"Three <p>", "https://c.example/3", "text/plain"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "crawls"
    folder.mkdir()
    return folder


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.warc", b"".join(CRAWL)),
        ("a.warc.gz", b"".join(gzip.compress(record, mtime=0) for record in CRAWL)),
        ("whole.warc.gz", gzip.compress(b"".join(CRAWL), mtime=0)),
        ("a", b"".join(CRAWL)),
    ],
)
def test_pages_of_a_crawl_have_address_date_and_encoding(
    folder: Path, name: str, data: bytes
) -> None:
    path = folder / name
    path.write_bytes(data)
    one, two, three = loaded(path)
    assert (one.page.text, one.page.info.encoding) == ("Первая", "koi8-r")
    assert one.page.info.url == "https://www.varn.example/1"
    assert (one.page.info.site, one.page.info.source) == ("varn.example", f"crawls/{name}:3")
    assert one.extra == {"date": "2024-05-06T07:08:09Z"}
    assert (two.page.text, two.page.info.site) == ("Two", "b.example")
    assert (three.page.text, three.page.info.media) == ("Three <p>", "text")
    assert refusals(path) == []
    assert passed_over(path) == ["5 records that are no HTML pages"]


def test_packed_and_chunked_responses_are_decoded(folder: Path) -> None:
    html = b"<p>Packed page"
    packed = HTML + b"Content-Encoding: gzip\r\n"
    chunked = HTML + b"Transfer-Encoding: chunked\r\n"
    contents = [
        response(gzip.compress(html), packed),
        response(html, packed),  # decoded by the crawler, which kept the header
        response(b"8\r\n<p>Chunk\r\n3\r\ned \r\n0\r\n\r\n", chunked),
        response(gzip.compress(html)[:-6], packed),
        response(b"x", HTML + b"Content-Encoding: sdch\r\n"),
    ]
    path = folder / "a.warc"
    path.write_bytes(b"".join(record("response", content) for content in contents))
    assert texts(path) == ["Packed page", "Packed page", "Chunked"]
    cut_off, unknown = refusals(path)
    assert cut_off == (
        "crawls/a.warc:4 (http://varn.example/): its gzip data is cut off; fetch it again"
    )
    assert "its content encoding 'sdch' is not supported" in unknown


@pytest.mark.parametrize("strip", [slice(None), slice(2, -4)])
def test_a_deflated_response_is_decoded(folder: Path, strip: slice) -> None:
    packed = zlib.compress(b"<p>Packed page")[strip]
    content = response(packed, HTML + b"Content-Encoding: deflate\r\n")
    (folder / "a.warc").write_bytes(record("response", content))
    assert texts(folder) == ["Packed page"]


def test_a_response_packed_by_brotli_is_decoded(folder: Path) -> None:
    brotli = pytest.importorskip("brotli")
    content = response(brotli.compress(b"<p>Packed page"), HTML + b"Content-Encoding: br\r\n")
    (folder / "a.warc").write_bytes(record("response", content))
    assert texts(folder) == ["Packed page"]


@pytest.mark.parametrize("cut", [3, 40, 120])
def test_of_a_crawl_that_is_cut_off_what_comes_before_is_taken(folder: Path, cut: int) -> None:
    one, two = (record("response", response(b"<p>" + name * 30)) for name in (b"One", b"Two"))
    (folder / "a.warc").write_bytes(one + two[:-cut])
    (folder / "a.warc.gz").write_bytes(gzip.compress(one) + gzip.compress(two)[:-cut])
    assert texts(folder / "a.warc") == ["One" * 30, "Two" * 30][: 2 if cut == 3 else 1]
    assert texts(folder / "a.warc.gz")[0] == "One" * 30
    lines = refusals(folder)
    assert len(lines) == (1 if cut == 3 else 2)
    assert all("cut off" in line for line in lines)


def test_after_a_damaged_record_the_next_one_is_read(folder: Path) -> None:
    good = [record("response", response(b"<p>" + name)) for name in (b"One", b"Two", b"Three")]
    path = folder / "a.warc"
    path.write_bytes(good[0] + b"rubbish rubbish\r\nmore\r\n" + good[1] + b"WARC/9\r\n" + good[2])
    assert texts(path)[0] == "One"
    assert texts(path)[-1] == "Three"
    assert all("the record is damaged" in line for line in refusals(path))


def test_the_predecessor_of_warc_is_read(folder: Path) -> None:
    version = b"1 0 InternetArchive\nURL IP-address Archive-date Content-type Archive-length\n"
    made = b"filedesc://a.arc 0.0.0.0 20240506070809 text/plain %d\n" % len(version)
    made += version + b"\n"
    for content in (b"<p>One", b"<p>Two"):
        body = response(content)
        made += b"http://varn.example/x 1.2.3.4 20240506070809 text/html %d\n" % len(body)
        made += body + b"\n"
    for name in ("a.arc", "b"):
        path = folder / name
        path.write_bytes(made)
        one, two = loaded(path)
        assert (one.page.text, two.page.text) == ("One", "Two")
        assert one.page.info.url == "http://varn.example/x"
        assert one.extra == {"date": "2024-05-06T07:08:09Z"}
        assert refusals(path) == []


def test_a_header_without_an_address_is_told_for_what_it_is(folder: Path) -> None:
    path = folder / "a.warc"
    nowhere = record("response", response(b"<p>One")).replace(b"WARC-Target-URI", b"WARC-Target")
    path.write_bytes(nowhere + CRAWL[2])
    [line] = refusals(path)
    assert line.endswith(":1: the record is damaged (its header can't be understood)")
    assert texts(path) == ["Первая"]


def test_a_crawl_without_a_page_is_refused(folder: Path) -> None:
    path = folder / "a.warc"
    path.write_bytes(CRAWL[0] + CRAWL[1])
    assert refusals(path) == ["crawls/a.warc: it holds 2 records that are no HTML pages"]
    path.write_bytes(b"")
    assert refusals(path) == ["crawls/a.warc: it has no record in it"]


def test_a_response_that_nobody_named_is_a_page_if_it_begins_as_html(folder: Path) -> None:
    contents = [
        response(content, b"HTTP/1.1 200 OK\r\nServer: x\r\n")
        for content in (b"<!doctype html><p>Unnamed page", b"body { color: red }")
    ]
    path = folder / "a.warc"
    path.write_bytes(b"".join(record("response", content) for content in contents))
    assert texts(path) == ["Unnamed page"]
    assert passed_over(path) == ["1 record that is no HTML page"]


def test_a_header_without_end_does_not_fill_the_memory(folder: Path) -> None:
    path = folder / "a.warc"
    with path.open("wb") as file:
        file.write(b"WARC/1.0\r\n")
        for number in range(300_000):
            file.write(b"X-%06d: aaaaaaaaaaaaaaaa\r\n" % number)
        file.write(b"\r\n" + CRAWL[2])
    assert texts(path) == ["Первая"]
    [line] = refusals(path)
    assert "its header has no end" in line


def test_pages_are_chosen_by_host_or_address(folder: Path) -> None:
    urls = [
        "https://www.varn.example/a", "https://news.varn.example/b", "https://varn.example.org/c",
        "https://other.example/sport/d",
    ]  # fmt: skip
    path = folder / "a.warc"
    path.write_bytes(
        b"".join(record("response", response(b"<p>" + url[-1:].encode()), url) for url in urls)
    )
    for pattern, chosen in (
        ("varn.example", ["a", "b"]),
        ("www.varn.example", ["a", "b"]),
        ("*.varn.example", ["b"]),
        ("https://*/sport/*", ["d"]),
        ("varn.example/*", ["a"]),
        ("www.varn.example/a", ["a"]),
        ("example", ["a", "b", "d"]),
        ("nowhere.example", []),
    ):
        choice = LoadOptions(match=(pattern,))
        assert texts(path, choice=choice) == chosen, pattern
    assert texts(path, choice=LoadOptions(match=("varn.example", "*/d"))) == ["a", "b", "d"]
    assert passed_over(path, choice=choice) == ["4 pages whose address does not fit"]


WHOLE = b"".join(map(gzip.compress, CRAWL)), b"".join(CRAWL)


@given(st.data())
def test_a_crawl_with_any_bytes_wrong_loads_or_is_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    spoilt = bytearray(data.draw(st.sampled_from(WHOLE)))
    for _ in range(data.draw(st.integers(1, 5))):
        spoilt[data.draw(st.integers(8, len(spoilt) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / "any.warc"
    path.write_bytes(spoilt[: data.draw(st.integers(0, len(spoilt)))])
    for line in refusals(path):
        assert "\n" not in line
    texts(path)


def test_reading_goes_on_in_small_pieces(folder: Path) -> None:
    page = b"<p>" + b"word " * 200_000
    path = folder / "a.warc"
    path.write_bytes(record("response", response(page)) + CRAWL[2])
    assert [len(text) for text in texts(path)] == [len(page) - 4, 6]
    assert len(page) > io.DEFAULT_BUFFER_SIZE


def test_a_crawl_of_revisits_says_so(folder: Path) -> None:
    path = folder / "a.warc"
    path.write_bytes(record("revisit", response(b"")) * 3 + record("request", b"GET / HTTP/1.1"))
    [line] = refusals(path)
    assert "only 4 records that are no HTML pages; 3 say that a page was as in an earlier" in line


def test_content_may_be_encoded_twice(folder: Path) -> None:
    brotli = pytest.importorskip("brotli")
    content = brotli.compress(gzip.compress(b"<p>Twice"))
    headers = b"Content-Type: text/html\r\nContent-Encoding: gzip, br\r\n"
    (folder / "a.warc").write_bytes(record("response", response(content, headers)))
    assert texts(folder / "a.warc") == ["Twice"]


@pytest.mark.parametrize("packed", [False, True])
def test_a_crawl_may_be_compressed_with_a_dictionary(folder: Path, packed: bool) -> None:
    zstandard = pytest.importorskip("zstandard")
    words = zstandard.ZstdCompressionDict(b"".join(CRAWL) * 4)
    data = zstandard.ZstdCompressor().compress(words.as_bytes()) if packed else words.as_bytes()
    frame = b"\x5d\x2a\x4d\x18" + len(data).to_bytes(4, "little") + data
    compressor = zstandard.ZstdCompressor(dict_data=words)
    path = folder / "a.warc.zst"
    path.write_bytes(frame + b"".join(map(compressor.compress, CRAWL)))
    assert texts(path) == ["Первая", "Two", "Three <p>"]
    path.write_bytes(frame[:-5])
    assert len(refusals(path)) == 1


def test_a_packed_crawl_is_read_with_the_titles_of_its_pages(folder: Path) -> None:
    path = folder / "a.wacz"
    pages = (
        b'{"format": "json-pages-1.0"}\n{"url": "https://b.example/2", "title": "Two it is"}\n!\n'
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/a.warc.gz", gzip.compress(b"".join(CRAWL)))
        archive.writestr("pages/pages.jsonl", pages)
        archive.writestr("indexes/index.cdx", b"x")
        archive.writestr("datapackage.json", b"{}")
    found = loaded(path)
    assert [page.page.text for page in found] == ["Первая", "Two", "Three <p>"]
    assert [page.page.info.title for page in found] == ["", "Two it is", ""]
    assert found[0].page.info.source == "crawls/a.wacz/archive/a.warc.gz:3"


def test_a_crawl_in_an_archive_is_read(folder: Path) -> None:
    with zipfile.ZipFile(folder / "a.zip", "w") as archive:
        archive.writestr("x/a.warc.gz", gzip.compress(b"".join(CRAWL)))
    assert texts(folder / "a.zip") == ["Первая", "Two", "Three <p>"]
