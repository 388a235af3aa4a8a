import pytest
from segmark.core.page import PageInfo
from segmark.loading.loader import load_bytes

BODY = "<body><p>Text</p></body>"


def info(head: str, start: str = "<html>") -> PageInfo:
    return load_bytes(f"{start}<head>{head}</head>{BODY}".encode(), "wire/2024/a.html").page.info


def test_the_title_is_the_first_one_on_one_line() -> None:
    head = "<title>\n Old  tram &amp; new\u2028line </title><title>Other</title>"
    assert info(head).title == "Old tram & new line"
    assert info("<svg><title>Logo</title></svg>").title == ""


@pytest.mark.parametrize(
    ("head", "url"),
    [
        (
            "<link rel='Canonical' href=' https://www.Example.org:443/a '>",
            "https://www.Example.org:443/a",
        ),
        ("<meta property=og:url content=https://example.org/b>", "https://example.org/b"),
        (
            "<meta property=og:url content=https://example.org/b>"
            "<link rel='canonical' href='https://example.org/a'>",
            "https://example.org/a",
        ),
        (
            "<base href=https://example.org/x/><link rel=canonical href=../a>",
            "https://example.org/a",
        ),
        ("<link rel=canonical href=/a>", ""),
        (
            "<link rel=canonical href=/a><meta name=og:url content=http://example.org/b>",
            "http://example.org/b",
        ),
        ("<link rel=canonical href='http://[bad'>", ""),
        ("<link rel=canonical href='javascript:alert(1)'>", ""),
        ("<link rel=stylesheet href=https://example.org/a>", ""),
    ],
)
def test_the_address_is_the_one_the_page_names(head: str, url: str) -> None:
    assert info(head).url == url


def test_the_address_a_browser_saved_the_page_from_is_taken() -> None:
    source = f"<!DOCTYPE html>\n<!-- saved from url=(0021)https://example.org/a -->{BODY}"
    assert load_bytes(source.encode(), "a.html").page.info.url == "https://example.org/a"


def test_the_site_is_the_host_without_www_else_the_folder() -> None:
    assert (
        info("<link rel=canonical href=https://WWW.News.Example.org:8080/a>").site
        == "news.example.org"
    )
    assert info("").site == "2024"
    assert load_bytes(BODY.encode(), "a.html").page.info.site == ""


@pytest.mark.parametrize(
    ("start", "head", "language"),
    [
        ("<html lang=en-GB>", "<meta property=og:locale content=de_DE>", "en-GB"),
        ("<html xml:lang=pt>", "", "pt"),
        ("<html>", "<meta http-equiv=Content-Language content='fr, en'>", "fr"),
        ("<html>", "<meta property=og:locale content=de_DE>", "de-DE"),
        ("<html lang=''>", "", ""),
        ("<html lang='not a language'>", "", ""),
        ("<html lang=utf-8>", "", ""),
        ("<html lang=utf-8>", "<meta property=og:locale content=de_DE>", "de-DE"),
    ],
)
def test_the_language_is_the_one_the_page_names(start: str, head: str, language: str) -> None:
    assert info(head, start).language == language
