import base64
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.loading.reading import loaded, refusals

HEAD = (
    b"From: <Saved by a browser>\r\nSnapshot-Content-Location: https://www.varn.example/a\r\n"
    b"Subject: Ship sails\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/related; boundary="==x"\r\n\r\n'
)
PICTURE = b"--==x\r\nContent-Type: image/png\r\nContent-Location: cid:1\r\n\r\nPNG\r\n"
PAGE = (
    b"--==x\r\nContent-Type: text/html; charset=windows-1251\r\n"
    b"Content-Transfer-Encoding: base64\r\nContent-Location: https://varn.example/b\r\n\r\n"
    + base64.encodebytes("<p>Корабль".encode("windows-1251"))
    + b"\r\n"
)
END = b"--==x--\r\n"


@pytest.mark.parametrize("name", ["a.mhtml", "a.mht"])
def test_a_page_saved_by_a_browser_is_its_first_html(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(HEAD + PICTURE + PAGE + PAGE + END)
    [page] = loaded(tmp_path)
    assert page.page.text == "Корабль"
    assert (page.page.info.url, page.page.info.site) == ("https://varn.example/b", "varn.example")
    assert page.page.info.encoding == "windows-1251"
    assert page.source == "<p>Корабль".encode("windows-1251")


def test_a_saved_page_without_html_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.mhtml").write_bytes(HEAD + PICTURE + END)
    (tmp_path / "b.mhtml").write_bytes(b"\xff\x00")
    for line in refusals(tmp_path):
        assert line.endswith("it has no HTML part, unlike a page that a browser saved")


@given(st.data())
def test_any_saved_page_loads_or_is_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    spoilt = bytearray(HEAD + PAGE + END)
    for _ in range(data.draw(st.integers(1, 6))):
        spoilt[data.draw(st.integers(0, len(spoilt) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / "any.mhtml"
    path.write_bytes(spoilt)
    assert len(loaded(path)) + len(refusals(path)) == 1
