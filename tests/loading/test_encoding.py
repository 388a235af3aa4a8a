import codecs
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from segmark.loading.encoding import decode
from segmark.loading.loader import load_bytes
from segmark.loading.rejection import LoadError, NotAPageError


def loaded(source: bytes, name: str = "news/a.txt") -> tuple[str, str]:
    page = load_bytes(source, name).page
    return page.text, page.info.encoding


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_byte_order_mark_decides_and_is_dropped(mark: bytes, encoding: str) -> None:
    text = "Café “Zum Löwen” 😀"
    assert loaded(mark + text.encode(encoding)) == (text, encoding)


def test_a_byte_order_mark_goes_before_a_declaration() -> None:
    source = codecs.BOM_UTF8 + "<meta charset=latin1><p>Café".encode()
    assert loaded(source, "news/a.html") == ("Café", "utf-8")


@pytest.mark.parametrize(
    ("label", "text", "codec", "stored"),
    [
        ("iso-8859-1", "Café “Löwe”", "cp1252", "windows-1252"),
        ("ISO-8859-2", "Łódź wygrała", "iso8859-2", "iso-8859-2"),
        ("windows-1251", "Новости дня", "cp1251", "windows-1251"),
        ("gb2312", "繁體新聞網頁", "gb18030", "gb18030"),
        ("x-sjis", "日本語①", "cp932", "cp932"),
        ("euc-kr", "뷁 한국어", "cp949", "cp949"),
        ("iso-8859-8-i", "חדשות", "iso8859-8", "iso-8859-8"),
        ("windows-874", "ข่าววันนี้", "cp874", "cp874"),
    ],
)
def test_a_declared_encoding_is_taken_as_browsers_take_it(
    label: str, text: str, codec: str, stored: str
) -> None:
    for declaration in (
        f"<meta charset='{label}'>",
        f'<META content="text/html; charset={label}" http-equiv=Content-Type>',
        f'<?xml version="1.0" encoding="{label}"?>',
    ):
        source = declaration.encode() + b"<p>" + text.encode(codec)
        assert loaded(source, "news/a.html") == (text, stored)


@pytest.mark.parametrize("label", ["utf-7", "hex", "rot13", "unicode_escape", "none", "a" * 300])
def test_a_declaration_that_no_page_should_have_counts_for_nothing(label: str) -> None:
    source = f"<meta charset={label}><p>Café +AGE- \\x41".encode()
    assert loaded(source, "news/a.html") == ("Café +AGE- \\x41", "utf-8")


def test_a_declaration_in_a_comment_counts_for_nothing() -> None:
    source = b"<!-- <meta charset=koi8-r> --><meta charset=windows-1252><p>Caf\xe9"
    assert loaded(source, "news/a.html") == ("Café", "windows-1252")


def test_utf8_that_is_declared_as_something_else_is_utf8() -> None:
    source = "<meta charset=iso-8859-1><p>Café".encode()
    assert loaded(source, "news/a.html") == ("Café", "utf-8")


def test_bytes_that_a_declared_encoding_lacks_are_replaced() -> None:
    source = b"<meta charset=gb2312><p>" + "新闻网页".encode("gb18030") + b"\xff!"
    assert loaded(source, "news/a.html") == ("新闻网页\ufffd!", "gb18030")


def test_an_encoding_that_nothing_names_is_detected() -> None:
    german = "Die Münchner Straßenbahn fährt künftig öfter, sagte der Bürgermeister gestern."
    russian = "Городской совет проголосовал за сохранение старой трамвайной линии в центре."
    assert loaded(german.encode("cp1252")) == (german, "windows-1252")
    assert loaded(russian.encode("cp1251")) == (russian, "windows-1251")


def test_utf8_with_a_few_broken_bytes_stays_utf8() -> None:
    source = "Café, naïve, “quoted” — and cut: ".encode() + "“".encode()[:2]
    assert loaded(source) == ("Café, naïve, “quoted” — and cut: \ufffd", "utf-8")


@pytest.mark.parametrize("broken", [b"", b" \xff caf\xc3\xa9 caf\xc3\xa9"])
def test_each_lone_surrogate_and_nul_is_replaced_by_one_character(broken: bytes) -> None:
    source = b"a\x00b \xed\xa0\x80 c\xed\xbf\xbf" + broken
    text, encoding = loaded(source)
    assert text.startswith("a\ufffdb \ufffd c\ufffd")
    assert len(text) == len("a.b . c.") + len(broken.decode("utf-8", "replace"))
    assert encoding == "utf-8"


def test_a_second_byte_order_mark_is_a_character_of_the_text() -> None:
    assert loaded(codecs.BOM_UTF8 * 2 + b"text")[0] == "\ufefftext"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (b"%PDF-1.7 text", "a PDF document"),
        (b"\x89PNG\r\n\x1a\n text", "a PNG image"),
        (b"PK\x03\x04 text", "a ZIP archive"),
        (bytes(range(256)) * 8, "binary data"),
        (b"\x7fELF\x02\x01\x01" + bytes(9), "binary data"),
        (b"caf\xe9 \x00 caf\xe9", "binary data"),
        (codecs.BOM_UTF16_LE + b"\x00\xd8" * 50, "can't be decoded|no text"),
        (codecs.BOM_UTF32_LE + b"text" * 50, "can't be decoded|no text"),
        (b"\x81\x8d\x8f\x90\x9d\xff" * 20, "encoding is unknown"),
    ],
)
def test_what_is_no_text_is_rejected(source: bytes, reason: str) -> None:
    with pytest.raises(LoadError, match=f"^news/a: .*({reason})"):
        load_bytes(source, "news/a")


@pytest.mark.parametrize(
    ("text", "encoding", "name"),
    [
        ("Größe", "latin-1", "windows-1252"),
        ("Il est né à la forêt.", "latin-1", "windows-1252"),
        ("Burmistrz ogłosił, że śnieg zamknął źle połączenie", "iso8859-2", "iso-8859-2"),
        ("Burmistrz ogłosił, że śnieg zamknął źle połączenie", "cp1250", "windows-1250"),
        ("Starosta oznámil, že most zůstane příští rok uzavřený", "iso8859-2", "iso-8859-2"),
        ("Starosta oznámil, že most zůstane příští rok uzavřený", "cp1250", "windows-1250"),
        ("市長は橋を閉鎖した。", "iso2022_jp", "iso2022_jp"),
        ("Two lines\nof English", "utf-16-le", "utf-16-le"),
        ("Мэр сказал: да, мост закроют", "utf-16-be", "utf-16-be"),
        ("市長は金曜日、橋を閉鎖すると発表した。", "utf-16-le", "utf-16-le"),
        ("가나다 라마바 사아자 차카타", "utf-16-be", "utf-16-be"),
    ],
)
def test_an_encoding_that_is_not_declared_is_found(text: str, encoding: str, name: str) -> None:
    assert decode(text.encode(encoding)) == (text, name)
    if encoding.startswith("utf-16"):
        source = f"<!doctype html><p>{text}</p>".encode(encoding)
        page = load_bytes(source, "news/a").page
        assert (page.text.split(), page.info.media) == (text.split(), "html")


@given(st.binary(max_size=200))
def test_any_bytes_are_decoded_or_refused(data: bytes) -> None:
    with suppress(NotAPageError):
        _, name = decode(data)
        assert codecs.lookup(name)


@pytest.mark.parametrize("text", ["aShip\0", "Ab\0\0", "Two words\0 and more\0"])
def test_text_with_a_few_zeros_is_not_taken_for_utf_16(text: str) -> None:
    assert decode(text.encode()) == (text, "utf-8")


@given(st.text(alphabet="aB \0\x1b$é\n"))
def test_characters_that_are_known_to_be_utf_8_come_back(text: str) -> None:
    assert decode(text.encode(), "utf-8") == (text, "utf-8")
