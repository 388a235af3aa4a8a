import json
from itertools import islice
from pathlib import Path

import pytest
from segmark.loading.feed import Feed
from segmark.loading.options import LoadOptions
from segmark.loading.rejection import LoadError
from segmark.loading.sources import SourceFiles

from tests.loading.reading import refusals, texts


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Thirty pages: ten files, and twenty records in another."""
    folder = tmp_path / "news"
    (folder / "deep").mkdir(parents=True)
    for number in range(10):
        (folder / "deep" / f"{number}.txt").write_text(f"file {number}")
    rows = [{"text": f"row {n}", "url": f"http://{n % 2}.example/"} for n in range(20)]
    (folder / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)))
    return folder


@pytest.mark.parametrize(
    ("pattern", "pages"),
    [("*.jsonl", 20), ("deep/*.txt", 10), ("deep/[0-3].txt", 4), ("**/*.txt", 10), ("d*", 10)],
)
def test_a_pattern_stands_for_what_it_fits(folder: Path, pattern: str, pages: int) -> None:
    assert len(texts(folder / pattern)) == pages


def test_a_pattern_that_fits_nothing_is_refused(folder: Path) -> None:
    assert refusals(folder / "*.html") == ["news/*.html: there is no such file or folder"]


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(folder: Path) -> None:
    (folder / "[0].txt").write_text("odd name")
    (folder / "0.txt").write_text("plain name")
    assert texts(folder / "[0].txt") == ["odd name"]


def test_a_limit_takes_the_first_pages(folder: Path) -> None:
    assert texts(folder, choice=LoadOptions(limit=3)) == ["file 0", "file 1", "file 2"]
    assert len(texts(folder, choice=LoadOptions(limit=12))) == 12


def test_a_sample_is_drawn_from_all_pages_and_depends_on_the_seed_alone(folder: Path) -> None:
    drawn = [texts(folder, choice=LoadOptions(sample=8, seed=seed)) for seed in (0, 0, 1)]
    assert drawn[0] == drawn[1] != drawn[2]
    everything = texts(folder)
    assert [text for text in everything if text in drawn[0]] == drawn[0]
    assert len(set(drawn[0])) == 8
    assert texts(folder, choice=LoadOptions(sample=100)) == everything


def test_a_larger_sample_holds_the_smaller_one(folder: Path) -> None:
    few, more = (texts(folder, choice=LoadOptions(sample=size)) for size in (4, 9))
    assert set(few) < set(more)


def test_a_sample_is_drawn_from_the_pages_that_fit(folder: Path) -> None:
    choice = LoadOptions(match=("1.example",), sample=5)
    drawn = texts(folder, choice=choice)
    assert len(drawn) == 5
    assert all(int(text.removeprefix("row ")) % 2 for text in drawn)


def test_how_many_there_are_is_known_of_files_and_guessed_of_records(folder: Path) -> None:
    assert Feed(SourceFiles([folder / "deep"])).total(0) == 10
    feed = Feed(SourceFiles([folder]))
    assert feed.total(0) is None
    for done, _ in enumerate(islice(feed, 25), start=1):
        total = feed.total(done)
        assert total is None or total >= done
    assert Feed(SourceFiles([folder]), LoadOptions(limit=7)).total(0) == 7


def test_what_is_rejected_does_not_hold_on_to_its_source(folder: Path) -> None:
    (folder / "z.html").write_text(f"<script>{'x' * 1000}</script>")
    [error] = [item for item in Feed(SourceFiles([folder])) if isinstance(item, LoadError)]
    assert error.reason == "it shows no text"
    assert error.__traceback__ is None
    assert error.__context__ is None
