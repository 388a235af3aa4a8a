import gzip
import io
import struct
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from segmark.loading.contents import read_file
from segmark.loading.raw import RawPage
from segmark.loading.rejection import PassedOver
from segmark.loading.sources import FoundFile
from segmark.loading.unpacking import SIZE_LIMIT

from tests.loading.reading import loaded, passed_over, refusals, texts


def zipped(files: dict[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", packing) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def tarred(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return made.getvalue()


PAGES = {
    "one.txt": b"One",
    "harbour/two.html": b"<p>Two &amp; a half",
    "harbour/three.txt.gz": gzip.compress(b"Three"),
    "harbour/.hidden.txt": b"No",
    "__MACOSX/harbour/._two.html": b"No",
    "rows.jsonl": b'{"text": "Four"}\n{"text": "Five"}\n',
}
ARCHIVES = {
    "news.zip": zipped(PAGES),
    "news.tar": tarred(PAGES),
    "news.tar.gz": gzip.compress(tarred(PAGES)),
    "news.tgz": gzip.compress(tarred(PAGES)),
    "news": zipped(PAGES),
}


@pytest.mark.parametrize("name", ARCHIVES)
def test_the_pages_of_an_archive_are_loaded_with_their_names_and_sites(
    tmp_path: Path, name: str
) -> None:
    path = tmp_path / "dumps" / name
    path.parent.mkdir()
    path.write_bytes(ARCHIVES[name])
    for pages in (loaded(path), loaded(path.parent)):
        found = [(each.page.info.source, each.page.info.site, each.page.text) for each in pages]
        assert found == [
            (f"dumps/{name}/one.txt", "news", "One"),
            (f"dumps/{name}/harbour/two.html", "harbour", "Two & a half"),
            (f"dumps/{name}/harbour/three.txt.gz", "harbour", "Three"),
            (f"dumps/{name}/rows.jsonl:1", "news", "Four"),
            (f"dumps/{name}/rows.jsonl:2", "news", "Five"),
        ]


@pytest.mark.parametrize("pack", [zipped, tarred])
@pytest.mark.parametrize(
    "inner", [zipped({"a.txt": b"A"}), tarred({"a.txt": b"A"})], ids=["zip", "tar"]
)
def test_an_archive_in_an_archive_is_one_line_and_the_rest_goes_on(
    tmp_path: Path, pack: object, inner: bytes
) -> None:
    assert callable(pack)
    path = tmp_path / "news.archive"
    path.write_bytes(pack({"a.txt": b"One", "in": inner, "packed": gzip.compress(inner)}))
    lines = refusals(path)
    assert [line.partition(": ")[2] for line in lines] == [
        "it is an archive inside an archive; unpack it and load that"
    ] * 2
    assert texts(path) == ["One"]


def test_files_that_are_no_pages_are_one_line_each(tmp_path: Path) -> None:
    path = tmp_path / "news.zip"
    path.write_bytes(zipped({"style.css": b"p {}", "a.txt": b"One", "b.txt": b" "}))
    css, blank = refusals(path)
    assert css.endswith("news.zip/style.css: it is a style sheet, not a page")
    assert blank.endswith("news.zip/b.txt: it has no text")
    assert texts(path) == ["One"]


@pytest.mark.parametrize(
    "data", [zipped({}), tarred({})[:1024].ljust(10240, b"\0")], ids=["zip", "tar"]
)
def test_an_empty_archive_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / ("news.zip" if data.startswith(b"PK") else "news.tar")
    path.write_bytes(data)
    [line] = refusals(path)
    assert line.endswith("the archive has no file in it")


def test_an_office_document_is_no_archive(tmp_path: Path) -> None:
    path = tmp_path / "letter.docx"
    path.write_bytes(zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<w/>"}))
    [line] = refusals(path)
    assert "it is a Word document, not an archive of pages; convert it to" in line


def test_a_zip_that_swells_beyond_measure_stops_at_the_limit(tmp_path: Path) -> None:
    part = bytes(SIZE_LIMIT // 4)
    path = tmp_path / "bomb.zip"
    path.write_bytes(zipped({"a.txt": b"One", **{f"{n}.txt": part for n in range(6)}}))
    lines = refusals(path)
    swollen = [line for line in lines if "more than 250 times its size" in line]
    # The member in which it shows, and the archive, of which no more is read.
    assert [line.partition(": ")[0].rpartition("/")[2] for line in swollen] == ["3.txt", "bomb.zip"]
    assert swollen == lines[-2:]
    assert texts(path) == ["One"]


def test_a_member_that_lies_about_its_size_is_one_line(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.txt": b"One", "b.txt": b"Two " * 50}))
    at = data.rfind(b"PK\x01\x02")
    struct.pack_into("<L", data, at + 16, 12345)  # the checksum that the content should have
    path = tmp_path / "news.zip"
    path.write_bytes(data)
    [line] = refusals(path)
    assert "b.txt: it is damaged in the archive (Bad CRC-32" in line
    assert texts(path) == ["One"]


def test_a_locked_member_is_one_line(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.txt": b"One", "b.txt": b"Two"}, zipfile.ZIP_STORED))
    for start, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.rfind(start) + flags] |= 1
    path = tmp_path / "news.zip"
    path.write_bytes(data)
    [line] = refusals(path)
    assert line.endswith("b.txt: it is protected by a password; unpack it yourself")
    assert texts(path) == ["One"]


def test_of_an_archive_that_is_cut_off_the_pages_before_the_cut_are_taken(tmp_path: Path) -> None:
    path = tmp_path / "news.tar"
    path.write_bytes(tarred({"a.txt": b"One", "b.txt": b"Two" * 1000})[:2000])
    assert texts(path) == ["One"]
    member, archive = refusals(path)
    assert "b.txt: it is damaged in the archive (unexpected end of data)" in member
    assert "its tar archive is damaged" in archive
    path = tmp_path / "news.zip"
    path.write_bytes(zipped({"a.txt": b"One"})[:-10])
    [line] = refusals(path)
    assert "its ZIP archive is damaged" in line


def test_links_in_an_archive_are_not_followed(tmp_path: Path) -> None:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        link = tarfile.TarInfo("passwords.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
        info = tarfile.TarInfo("../../a\nb.txt")
        info.size = 3
        archive.addfile(info, io.BytesIO(b"One"))
    (tmp_path / "news.tar").write_bytes(made.getvalue())
    [page] = loaded(tmp_path / "news.tar")
    assert page.page.text == "One"
    assert "\n" not in page.page.info.source
    assert passed_over(tmp_path / "news.tar") == ["a link or a device in the archive"]


@given(st.data())
def test_an_archive_with_any_byte_wrong_loads_or_is_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(["news.zip", "news.tar", "news.tar.gz"]))
    spoilt = bytearray(ARCHIVES[name])
    for _ in range(data.draw(st.integers(1, 4))):
        spoilt[data.draw(st.integers(0, len(spoilt) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(spoilt[: data.draw(st.integers(0, len(spoilt)))])
    for line in refusals(path):
        assert "\n" not in line
    texts(path)


def test_folders_that_a_browser_saved_with_pages_are_passed_over_in_one_line(
    tmp_path: Path,
) -> None:
    path = tmp_path / "news.zip"
    names = ("a.html", "a_files/f.html", "a_files/x/g.html", "b.htm", "b-Dateien/f.html")
    members = {f"s/{name}": b"<p>x" for name in (*names, "c_files/d.html")}
    path.write_bytes(zipped(members))
    found = list(read_file(FoundFile(path, "news.zip")))
    pages = [each.name for each in found if isinstance(each, RawPage)]
    assert pages == ["news.zip/s/a.html", "news.zip/s/b.htm", "news.zip/s/c_files/d.html"]
    passed = [each for each in found if isinstance(each, PassedOver)]
    assert passed == [PassedOver("news.zip", "2 folders that a browser saved with pages")]
