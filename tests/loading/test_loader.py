import gzip
import hashlib
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from segmark.core.text.normalise import normalise
from segmark.loading.loader import load_bytes, load_raw, load_text
from segmark.loading.raw import RawPage
from segmark.loading.rejection import LoadError
from segmark.loading.sources import FoundFile, find

from tests.loading.reading import load_file

TEXT = "Tram line stays\r\n\r\nThe council voted.\u2028It was late.\n"


def first(path: Path) -> FoundFile:
    [found] = find([path])
    assert isinstance(found, FoundFile)
    return found


def test_a_text_file_becomes_a_page(tmp_path: Path) -> None:
    path = tmp_path / "news" / "tram.txt"
    path.parent.mkdir()
    path.write_bytes(TEXT.encode())
    loaded = load_file(first(path))
    assert loaded.source == TEXT.encode()
    assert loaded.page.text == "Tram line stays\n\nThe council voted.\nIt was late.\n"
    assert loaded.page.id == hashlib.sha256(TEXT.encode()).hexdigest()[:16]
    assert len(loaded.page.blocks) == 3
    info = loaded.page.info
    assert (info.source, info.site, info.media) == ("news/tram.txt", "news", "text")


def test_the_same_bytes_make_the_same_page_packed_or_not(tmp_path: Path) -> None:
    source = b"<p>Tram line stays</p>"
    (tmp_path / "a.html").write_bytes(source)
    (tmp_path / "b.html.gz").write_bytes(gzip.compress(source))
    plain, packed = load_file(first(tmp_path / "a.html")), load_file(first(tmp_path / "b.html.gz"))
    assert plain.page.id == packed.page.id
    assert plain.page.text == packed.page.text
    assert plain.source == packed.source == source


@pytest.mark.parametrize("name", ["a.html", "a.HTM", "a.xhtml", "a.html.gz"])
def test_a_suffix_makes_it_html(name: str) -> None:
    assert load_bytes(b"Q &amp; A", name).page.text == "Q & A"


@pytest.mark.parametrize("name", ["a.txt", "a.TEXT", "a.txt.gz"])
def test_a_text_file_with_tags_stays_text(name: str) -> None:
    page = load_bytes(b"<!doctype html><p>Q &amp; A", name).page
    assert (page.text, page.info.media) == ("<!doctype html><p>Q &amp; A", "text")
    assert page.blocks[0].anchor is None


@pytest.mark.parametrize(
    "start",
    [
        "<!DOCTYPE html>",
        "\n <HTML lang=en>",
        "<!-- saved --> <p>",
        '<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "x">',
        "Content of a dump:\n<html>",
        "<h1 class=x>",
    ],
)
def test_where_no_suffix_says_it_a_page_that_begins_as_html_is_html(start: str) -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        page = load_bytes(f"{start}<b>Q &amp; A".encode(encoding), "a").page
        assert page.info.media == "html"
        assert page.text.endswith("Q & A")


@pytest.mark.parametrize("text", ["a < b", "<note to self>", "Tags such as <p> and <b>"])
def test_text_that_speaks_of_tags_is_not_html(text: str) -> None:
    assert load_bytes(text.encode(), "a").page.text == text


@pytest.mark.parametrize(
    "source", [b"", b" \r\n\t", "\u2003\u00a0\u2028".encode(), b"\xef\xbb\xbf\n"]
)
def test_a_page_without_text_is_rejected(source: bytes) -> None:
    for name in ("news/a.txt", "news/a.html"):
        with pytest.raises(LoadError, match=f"^{name}: it (is empty|has no text|shows no text)$"):
            load_bytes(source, name)


def test_pasted_text_becomes_a_page() -> None:
    page = load_text("<p>One\r\n\ud800two").page
    assert page.text == "<p>One\n\ufffdtwo"
    assert (page.info.source, page.info.site, page.info.media) == ("pasted text", "", "text")
    assert load_text("One").page.id == load_bytes(b"One", "news/a.txt").page.id
    with pytest.raises(LoadError, match=r"^pasted text: it has no text$"):
        load_text(" \n")


def test_an_error_can_be_handed_to_another_process() -> None:
    error = pickle.loads(pickle.dumps(LoadError("news/a.txt", "it is empty")))
    assert (error.source, error.reason) == ("news/a.txt", "it is empty")


def test_html_is_only_loaded_where_it_is_needed() -> None:
    program = (
        "import sys; from segmark.loading.loader import load_bytes; load_bytes(b'text', 'a.txt');"
        "sys.exit(any(name in sys.modules for name in ('lxml', 'charset_normalizer', 'PySide6')))"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


NAMES = st.sampled_from(["news/a.txt", "news/a.html", "news/a", "a\ufffdb.html.gz"])
SOURCES = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=100).map(lambda text: text.encode()),
    st.text(max_size=100).map(lambda text: text.encode("utf-16")),
    st.text(st.characters(), max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.binary(max_size=60).map(lambda data: b"<meta charset=gb2312><p>" + data),
    st.binary(max_size=60).map(lambda data: b"\xef\xbb\xbf<html><p>" + data),
)


@given(SOURCES, NAMES)
def test_any_bytes_make_a_sound_page_or_are_rejected(source: bytes, name: str) -> None:
    try:
        loaded = load_bytes(source, name)
    except LoadError:
        return
    page = loaded.page
    again = normalise(page.text)
    assert page.text in (again, f"\ufeff{again}")
    assert set(page.anchors) <= {block.start for block in page.blocks}
    assert bool(page.anchors) == (page.info.media == "html")
    assert page.blocks
    page.text.encode()


@given(st.binary(max_size=100))
def test_any_file_loads_or_is_rejected(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes(b"\x1f\x8b" + data)
    with pytest.raises(LoadError, match="gzip data is"):
        load_file(first(path))


@pytest.mark.parametrize(
    ("name", "source", "what"),
    [
        ("a.pdf", b"%PDF-1.7", "a PDF document, not a page; convert it to text or HTML first"),
        ("a.pdf", b"odd", "a PDF document, not a page; convert it to text or HTML first"),
        ("a.rtf", b"{\\rtf1 x}", "an RTF document, not a page; convert it to text or HTML first"),
        ("a.rss", b"<?xml version='1.0'?><!-- x --> <rss version='2.0'>",
         "a feed, not a page; load the pages that it links to"),
        ("a.xml", b"<feed xmlns='x'>", "a feed, not a page; load the pages that it links to"),
        ("a.db", b"SQLite format 3\x00", "an SQLite database, not a page"),
        ("a.js", b"var x", "a script, not a page"),
        ("a.html.part", b"<p>x", "an unfinished download; fetch the page again"),
        ("a.html.crdownload", b"<p>x", "an unfinished download; fetch the page again"),
        ("Unconfirmed 1.crdownload", b"<p>x", "an unfinished download; fetch the page again"),
    ],
)  # fmt: skip
def test_a_file_in_a_folder_is_named_for_what_it_is(name: str, source: bytes, what: str) -> None:
    with pytest.raises(LoadError) as caught:
        load_raw(RawPage(source, f"news/{name}", listed=True))
    assert caught.value.reason == f"it is {what}"


def test_naming_a_file_is_advised_only_where_it_helps() -> None:
    def reason(source: bytes) -> str:
        with pytest.raises(LoadError) as caught:
            load_raw(RawPage(source, "news/a.story", listed=True))
        return caught.value.reason

    assert reason(b"A story") == ".story is not a page's suffix; to load it, name the file itself"
    assert load_raw(RawPage(b"A story", "news/a.story")).page.text == "A story"
    assert reason(bytes(range(30)) * 9) == "it is binary data, not text"
    feed = RawPage(b"<rss><item>x</item></rss>", "news/a.xml")
    with pytest.raises(LoadError, match="it is a feed"):
        load_raw(feed)


def test_a_page_after_many_comments_is_recognised_at_once() -> None:
    assert load_bytes(b"<!-- x -->" * 300 + b"<p>A story", "a").page.info.media == "html"
    assert load_bytes(b"<!-- x -->" * 300 + b"A story", "a").page.info.media == "text"


@pytest.mark.parametrize("folder", ["Downloads", "Téléchargements", "Te\u0301le\u0301chargements",
                                    "Загрузки", "下载", "tmp", "Desktop"])  # fmt: skip
def test_a_download_folder_is_no_site(folder: str) -> None:
    assert load_bytes(b"x", f"{folder}/a.txt").page.info.site == ""
    assert load_bytes(b"x", "varn.example/a.txt").page.info.site == "varn.example"


@pytest.mark.parametrize(
    "mark",
    [
        "<link rel=canonical href=https://www.varn.example/a>",
        "<meta property=og:url content=https://varn.example/a>",
        "<!-- saved from url=(0022)https://varn.example/a -->",
        "<!--\n Page saved with SingleFile \n url: https://varn.example/a \n saved date: x\n-->",
        "<!-- Mirrored from varn.example/a by HTTrack Website Copier/3.x [XR&CO'2014] -->",
    ],
)
def test_a_page_saved_without_an_address_says_its_site(mark: str) -> None:
    page = load_bytes(f"<!doctype html>{mark}<p>x".encode(), "Downloads/a.html").page
    assert page.info.site == "varn.example"
    assert page.info.url.endswith("varn.example/a")
