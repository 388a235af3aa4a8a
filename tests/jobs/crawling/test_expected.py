"""``segmark label`` says how many spans are right, as far as the project's blind pages tell."""

import json
from pathlib import Path

import pytest
from segmark.cli import program as cli

from tests.crawls import BLIND, learn_from_blind_pages, lines, pages


@pytest.fixture(scope="session")
def known(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A labeller of a project with blind pages of as many sites: what is unsure is wrong there."""
    folder = tmp_path_factory.mktemp("known")
    return learn_from_blind_pages(folder, folder / "news.labeller")


def label(tmp_path: Path, labeller: Path, *options: str) -> int:
    if not (tmp_path / "crawl.jsonl").exists():
        (tmp_path / "crawl.jsonl").write_bytes(lines(pages(3)))
    words = [str(tmp_path / "crawl.jsonl"), str(tmp_path / "out"), "--labeller", str(labeller)]
    return cli.run(["label", *words, "--processes", "1", *options])


def test_what_is_expected_stands_below_the_report(
    known: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert label(tmp_path, known) == 0
    printed = capsys.readouterr().out
    assert "expected, by 30 blind pages of 30 sites" in printed
    assert "30 of 30, 100.0% (88.4% to 100.0%)" in printed
    assert "0 of 30, 0.0% (0.0% to 11.6%)" in printed


def test_the_threshold_is_chosen_and_no_span_below_it_is_written(
    known: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert label(tmp_path, known, "--at-least-right", "80%") == 0
    assert "threshold 0.7: at least 80.0% of what is written is right" in capsys.readouterr().out
    assert all(span["score"] >= 0.7 for span in written(tmp_path))


def test_programs_get_the_bands(
    known: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert label(tmp_path, known, "--json") == 0
    bands = {band["from"]: band for band in json.loads(capsys.readouterr().out)["expected"]}
    low, high = bands[0.5], bands[0.95]
    assert (low["right"], low["suggested"], high["share"]) == (0, BLIND, 1.0)
    assert high["interval"] == pytest.approx([0.8843, 1.0], abs=1e-4)
    assert sum(band["written"] for band in bands.values()) == len(written(tmp_path)) > 0


def test_what_an_earlier_run_wrote_is_counted_too(
    known: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        assert label(tmp_path, known, "--json") == 0
    first, again = map(json.loads, _objects(capsys.readouterr().out))
    assert again["done_before"] == 1
    assert again["expected"] == first["expected"]


def _objects(printed: str) -> list[str]:
    return [f"{part}}}" for part in printed.split("\n}") if part.strip()]


def written(tmp_path: Path) -> list[dict[str, float]]:
    """All spans of the output."""
    (out,) = (tmp_path / "out").rglob("crawl.jsonl*.jsonl")
    return [
        span for row in out.read_text("utf-8").splitlines() for span in json.loads(row)["spans"]
    ]


def test_a_labeller_without_enough_blind_pages_refuses_and_writes_nothing(
    known: Path, labeller: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert label(tmp_path, labeller, "--at-least-right", "95%") == 2
    assert "no finished page is blind" in capsys.readouterr().err
    assert label(tmp_path, known, "--at-least-right", "95%") == 2
    assert "as much as 104 spans drawn one by one" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
