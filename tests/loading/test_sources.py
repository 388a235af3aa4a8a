import gzip
import os
from pathlib import Path

import pytest
from segmark.loading.rejection import LoadError, PassedOver
from segmark.loading.sources import FoundFile, find
from segmark.loading.unpacking import SIZE_LIMIT

from tests.loading.reading import load_file


def names(*paths: Path) -> list[str]:
    return [found.name for found in find(paths) if isinstance(found, FoundFile)]


def errors(*paths: Path) -> list[str]:
    return [str(found) for found in find(paths) if isinstance(found, LoadError)]


def refusal(path: Path) -> str:
    [found] = find([path])
    assert isinstance(found, FoundFile)
    with pytest.raises(LoadError) as caught:
        load_file(found)
    return str(caught.value)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    return folder


def test_a_folder_is_searched_in_sorted_order_at_every_depth(folder: Path) -> None:
    (folder / "b").mkdir()
    for name in ("c.txt", "b/2.html", "b/10.html", "a.txt.gz"):
        (folder / name).write_bytes(b"x")
    assert names(folder) == ["news/a.txt.gz", "news/b/10.html", "news/b/2.html", "news/c.txt"]


def test_a_name_is_the_folder_and_the_file_wherever_the_user_stands(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a.txt").write_text("x")
    monkeypatch.chdir(folder)
    assert names(Path("a.txt"), Path()) == ["news/a.txt", "news/a.txt"]


def test_hidden_files_and_folders_are_left_out(folder: Path) -> None:
    (folder / ".git").mkdir()
    for name in (".git/a.txt", ".hidden.txt", "a.txt"):
        (folder / name).write_text("x")
    assert names(folder) == ["news/a.txt"]


def test_a_folder_with_nothing_in_it_is_rejected(folder: Path) -> None:
    (folder / "deep" / "deeper").mkdir(parents=True)
    assert errors(folder) == ["news: the folder has no file in it"]


def test_what_is_not_there_is_rejected_and_the_rest_goes_on(folder: Path) -> None:
    (folder / "a.txt").write_text("x")
    gone, there = find([folder / "gone.txt", folder / "a.txt"])
    assert str(gone) == "news/gone.txt: there is no such file or folder"
    assert isinstance(there, FoundFile)


def test_links_in_a_circle_end(folder: Path) -> None:
    (folder / "a.txt").write_text("x")
    (folder / "again").symlink_to(folder)
    (folder / "self").symlink_to(folder / "self")
    assert names(folder) == ["news/a.txt"]
    [error] = errors(folder)
    assert error.startswith("news/self: it can't be read")
    [passed] = (each for each in find([folder]) if isinstance(each, PassedOver))
    assert passed == PassedOver("news/again", "a link to a folder that was searched already")


def test_a_link_to_nothing_is_rejected(folder: Path) -> None:
    (folder / "a.txt").symlink_to(folder / "gone.txt")
    assert errors(folder) == ["news/a.txt: there is no such file or folder"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the platform has no named pipes")
def test_a_pipe_is_rejected_and_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "pipe.txt")
    expected = "news/pipe.txt: it is neither a file nor a folder"
    assert errors(folder, folder / "pipe.txt") == [expected, expected]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all")
def test_what_may_not_be_read_is_rejected(folder: Path) -> None:
    (folder / "a.txt").write_text("x")
    (folder / "a.txt").chmod(0)
    assert "not permitted" in refusal(folder / "a.txt")


def test_a_name_with_a_line_end_is_shown_on_one_line(folder: Path) -> None:
    try:
        (folder / "a\nb.txt").write_text(" ")
    except OSError:
        pytest.skip("the platform has no such names")
    assert refusal(folder / "a\nb.txt") == "news/a\N{REPLACEMENT CHARACTER}b.txt: it has no text"


def test_a_file_that_vanishes_before_it_is_read_is_rejected(folder: Path) -> None:
    (folder / "a.txt").write_text("x")
    [found] = find([folder / "a.txt"])
    (folder / "a.txt").unlink()
    assert isinstance(found, FoundFile)
    with pytest.raises(LoadError, match="no such file"):
        load_file(found)


def test_a_file_over_the_limit_is_rejected_without_reading_it(folder: Path) -> None:
    with (folder / "a.txt").open("wb") as file:
        file.truncate(SIZE_LIMIT + 1)
    assert refusal(folder / "a.txt") == "news/a.txt: it is larger than 50 MB"


def test_a_small_file_that_unpacks_to_more_than_the_limit_is_rejected(folder: Path) -> None:
    with gzip.open(folder / "a.txt.gz", "wb", compresslevel=1) as file:
        for _ in range(SIZE_LIMIT // 2**20 + 1):
            file.write(b"a" * 2**20)
    assert "larger than 50 MB" in refusal(folder / "a.txt.gz")


def test_gzip_is_known_by_its_content(folder: Path) -> None:
    (folder / "a.txt").write_bytes(gzip.compress("A café.".encode()))
    [found] = find([folder / "a.txt"])
    assert isinstance(found, FoundFile)
    assert load_file(found).page.text == "A café."


@pytest.mark.parametrize("size", [2, 10, 25, -1])
def test_cut_off_gzip_is_rejected(folder: Path, size: int) -> None:
    (folder / "a.txt.gz").write_bytes(gzip.compress(b"One page of text.")[:size])
    assert "gzip data is" in refusal(folder / "a.txt.gz")


def test_damaged_gzip_is_rejected(folder: Path) -> None:
    data = bytearray(gzip.compress(b"One page of text."))
    data[-6] ^= 0xFF
    (folder / "a.txt.gz").write_bytes(data)
    assert "gzip data is damaged" in refusal(folder / "a.txt.gz")


def test_in_a_folder_a_file_that_is_no_page_is_rejected_but_may_be_named(folder: Path) -> None:
    (folder / "style.css").write_text("p { color: red }")
    (folder / "story.php").write_text("<!doctype html><p>A page")
    php, css = (found for found in find([folder]) if isinstance(found, FoundFile))
    assert load_file(php).page.text == "A page"
    with pytest.raises(LoadError, match=r"^news/style\.css: it is a style sheet, not a page$"):
        load_file(css)
    [named] = find([folder / "style.css"])
    assert isinstance(named, FoundFile)
    assert load_file(named).page.info.media == "text"


@pytest.mark.parametrize(
    "added", ["_files", "-Dateien", "_fichiers", "_archivos", "_pliki", "_файлы", "_ファイル"]
)
def test_what_a_browser_saved_with_a_page_is_passed_over(folder: Path, added: str) -> None:
    for name in ("a.html", f"a{added}/frame.html", f"b{added}/page.html"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("<p>x")
    assert names(folder) == ["news/a.html", f"news/b{added}/page.html"]
    [passed] = (found for found in find([folder]) if isinstance(found, PassedOver))
    assert passed == PassedOver("news", f"the folder a{added}, which a browser saved with a page")
    assert names(folder / f"a{added}") == [f"a{added}/frame.html"]


def test_the_folders_of_many_saved_pages_are_one_line(folder: Path) -> None:
    for number in range(9):
        (folder / f"a_b{number}.htm").write_text("<p>x")
        (folder / f"a_b{number}_files").mkdir()
    [passed] = (found for found in find([folder]) if isinstance(found, PassedOver))
    assert passed == PassedOver("news", "9 folders that a browser saved with pages")


def test_in_an_unknown_language_the_page_tells_what_was_saved_with_it(folder: Path) -> None:
    for each in ("a_failai", "a_more", "a_2024"):
        (folder / each).mkdir()
        (folder / each / "p.html").write_text("<p>x")
    (folder / "a.html").write_text("<img src='a_failai/x.png'><a href='a_2024/p.html'>x")
    assert names(folder) == ["news/a.html", "news/a_2024/p.html", "news/a_more/p.html"]


def test_a_link_does_not_give_its_name_to_what_it_leads_to(folder: Path) -> None:
    (folder / "site").mkdir()
    (folder / "site/a.html").write_text("<p>x")
    (folder / "site/b.html").write_text("<p>y")
    (folder / "a-link").symlink_to(folder / "site")
    (folder / "a-page.html").symlink_to(folder / "site/b.html")
    assert names(folder) == ["news/site/a.html", "news/site/b.html", "news/a-page.html"]
    [passed] = (found for found in find([folder]) if isinstance(found, PassedOver))
    assert passed.source == "news/a-link"


def test_named_annotations_stand_for_their_text(folder: Path) -> None:
    text, annotations = folder / "story.txt", folder / "story.ann"
    text.write_text("A storm hits Varn.")
    annotations.write_text("T1\tbody 0 7\tA storm\n" * 9)
    assert [*find([annotations])] == [*find([text])]
