"""``segmark suggest`` and predictions made elsewhere: from a labelled project to a labeller."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from segmark.cli import program as cli
from segmark.core.annotation import Status
from segmark.store.store import Store
from segmark.store.suggestions import Offer

from tests.factories import alter, label, peek, settle
from tests.news_project import finish, gold, news_project, sure

PAGES = 50


@pytest.fixture
def labelled(project: Path) -> Path:
    """A project of many pages of a site, two of them finished."""
    news_project(project, pages=PAGES, finished=2).close()
    return project


def suggest(project: Path, out: Path, *options: str) -> list[dict[str, Any]]:
    assert cli.run(["suggest", str(project), str(out), *options]) == 0
    return [json.loads(line) for line in (out / "pages.jsonl").read_bytes().splitlines()]


def without_scores(spans: Sequence[dict[str, Any]]) -> list[tuple[int, int, str]]:
    return [(span["start"], span["end"], span["label"]) for span in spans]


def test_every_unfinished_page_becomes_a_record_with_scores(
    labelled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    records = suggest(labelled, tmp_path / "out", "--jobs", "1")
    assert [one["id"] for one in records] == [f"page{number}" for number in range(3, PAGES + 1)]
    first = records[0]
    assert list(first) == ["id", "text", "spans", "meta"]
    assert without_scores(first["spans"]) == [(s.start, s.end, s.label) for s in gold(3)]
    assert all(list(span) == ["start", "end", "label", "score"] for span in first["spans"])
    assert all(0 <= span["score"] <= 1 for one in records for span in one["spans"])
    assert (first["meta"]["annotator"], first["meta"]["status"]) == ("", "new")
    printed = capsys.readouterr().out
    assert str(PAGES - 2) in printed
    card = (tmp_path / "out" / "README.md").read_text("utf-8")
    assert "no person has checked them" in card
    assert "dtype: float64" in card


def test_more_processes_another_run_and_a_read_only_copy_give_the_same_bytes(
    labelled: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.segmark"
    copy.write_bytes(labelled.read_bytes())
    suggest(labelled, tmp_path / "alone", "--jobs", "1")
    suggest(labelled, tmp_path / "again", "--jobs", "2")
    suggest(copy, tmp_path / "copied", "--jobs", "2")
    once = (tmp_path / "alone" / "pages.jsonl").read_bytes()
    assert (tmp_path / "again" / "pages.jsonl").read_bytes() == once
    assert (tmp_path / "copied" / "pages.jsonl").read_bytes() == once


def test_less_sure_ones_than_the_threshold_are_left_out(labelled: Path, tmp_path: Path) -> None:
    all_of_them = suggest(labelled, tmp_path / "all", "--jobs", "1")
    scores = sorted(span["score"] for one in all_of_them for span in one["spans"])
    least = scores[len(scores) // 2] - 0.00005
    assert scores[0] < least < scores[-1]
    sure = suggest(labelled, tmp_path / "sure", "--jobs", "1", "--threshold", str(least))
    kept = [span for one in all_of_them for span in one["spans"] if span["score"] >= least]
    assert [span for one in sure for span in one["spans"]] == kept


def blind_pages(project: Path, *, first: int, count: int, confidence: float = 0.97) -> None:
    """Finish pages whose suggestions, all right, were kept back; each is of its own site."""
    with Store.open(project) as store:
        for number in range(first, first + count):
            with store.write():
                made = Offer(sure(*gold(number), confidence=confidence), blind=True)
                store.suggestions.keep_offer(number, "ada", made)
            finish(store, number, gold(number))
    alter(project, "UPDATE page SET site = 'site' || number WHERE number >= ?", first)


def test_blind_pages_tell_how_many_suggestions_are_right(
    labelled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    suggest(labelled, tmp_path / "before", "--jobs", "1")
    assert "expected: unknown, because no finished page is blind" in capsys.readouterr().out
    blind_pages(labelled, first=10, count=20)
    suggest(labelled, tmp_path / "after", "--jobs", "1")
    printed = capsys.readouterr().out
    assert "expected, by 20 blind pages of 20 sites" in printed
    assert f"{20 * len(gold(1))} of {20 * len(gold(1))}, 100.0% (83.2% to 100.0%)" in printed


def test_a_threshold_is_chosen_by_the_share_that_is_to_be_right(
    labelled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    blind_pages(labelled, first=10, count=40)
    suggest(labelled, tmp_path / "out", "--jobs", "1", "--at-least-right", "80%")
    assert "threshold 0: at least 80.0% of what is written is right" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["95%"], "no finished page is blind, so nothing tells how many are right; set a share"),
        (["95%", "--threshold", "0.5"], "chooses the threshold; leave out --threshold"),
        (["100%"], "'100%' is no share such as 95% or 0.95"),
        (["many"], "'many' is no share such as 95% or 0.95"),
    ],
)
def test_a_threshold_that_can_not_be_chosen_is_refused_before_anything_is_written(
    options: list[str],
    why: str,
    labelled: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = tmp_path / "out"
    assert cli.run(["suggest", str(labelled), str(out), "--at-least-right", *options]) == 2
    assert why in capsys.readouterr().err
    assert not out.exists()


def test_predictions_of_a_model_are_held_against_the_blind_pages(
    labelled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    blind_pages(labelled, first=10, count=5)
    with Store.open(labelled) as store, store.write():
        for number in (10, 11, 40):
            found = sure(gold(number)[0], gold(number)[1]._replace(label="comment"))
            store.suggestions.keep_predictions(number, found, "tagger")
    suggest(labelled, tmp_path / "out", "--jobs", "1", "--model", "tagger")
    assert "2 of 4, 50.0%" in capsys.readouterr().out


def test_whose_pages_are_learnt_from_can_be_chosen(labelled: Path, tmp_path: Path) -> None:
    with Store.open(labelled) as store:
        label(store, "jan", 5, "comment")
        settle(store, "jan", 5, Status.DONE)
    best = suggest(labelled, tmp_path / "best", "--jobs", "1")
    assert without_scores(best[0]["spans"]) == [(s.start, s.end, s.label) for s in gold(3)]
    records = suggest(labelled, tmp_path / "jan", "--jobs", "1", "--annotator", "jan")
    assert len(records) == PAGES - 1
    assert without_scores(records[2]["spans"]) != without_scores(best[0]["spans"])


def test_where_all_is_finished_or_the_annotator_unknown_one_line_says_so(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    news_project(project, pages=2, finished=2).close()
    assert cli.run(["suggest", str(project), str(tmp_path / "out")]) == 2
    assert "every page is done or skipped" in capsys.readouterr().err
    assert cli.run(["suggest", str(project), str(tmp_path / "out"), "--annotator", "zoe"]) == 2
    assert "zoe" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_where_nobody_has_finished_a_page_the_prior_suggests_and_a_warning_says_so(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    news_project(project, pages=2).close()
    assert all(one["spans"] for one in suggest(project, tmp_path / "out"))
    assert "no page is finished" in capsys.readouterr().out


# Predictions made elsewhere


def test_what_one_project_suggests_another_shows_as_suggestions(
    labelled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    records = suggest(labelled, tmp_path / "out", "--jobs", "1")
    other = tmp_path / "other.segmark"
    news_project(other, pages=PAGES).close()
    capsys.readouterr()
    assert cli.run(["load", str(other), str(tmp_path / "out" / "pages.jsonl")]) == 0
    said = f"0 added, {PAGES - 2} already there, 0 rejected, {PAGES - 2} with predictions"
    assert said in capsys.readouterr().out
    with Store.open(other) as store:
        found = [one.span for one in store.suggestions.predicted(3)]
    assert [(span.start, span.end, span.label) for span in found] == without_scores(
        records[0]["spans"]
    )
    assert suggest(other, tmp_path / "round", "--jobs", "1")[2]["spans"] == records[0]["spans"]


def test_predictions_for_pages_that_are_not_there_bring_the_pages(
    project: Path, tmp_path: Path
) -> None:
    news_project(project, pages=1).close()
    lines = [{"text": "Ship sails\nIt did.", "spans": [
        {"start": 0, "end": 10, "label": "headline", "score": 0.8}]}]  # fmt: skip
    predictions = tmp_path / "predictions.jsonl"
    predictions.write_text("\n".join(map(json.dumps, lines)))
    assert cli.run(["load", str(project), str(predictions)]) == 0
    with Store.open(project) as store:
        (one,) = store.suggestions.predicted(2)
    assert (one.span.end, one.confidence) == (10, 0.8)
    assert one.reason == "predicted by predictions.jsonl; 80%"


def test_predictions_that_make_no_sense_are_rejected_and_the_page_is_kept(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    news_project(project, pages=1).close()
    predictions = tmp_path / "predictions.jsonl"
    wrong = {"start": 0, "end": 99, "label": "body", "score": 0.8}
    predictions.write_text(json.dumps({"text": "Ship sails", "spans": [wrong]}))
    assert cli.run(["load", str(project), str(predictions)]) == 1
    captured = capsys.readouterr()
    assert "span 1 does not lie in the text: 0 to 99" in captured.err
    assert "1 added, 0 already there, 1 rejected" in captured.out
    assert peek(project, "SELECT count(*) FROM prediction") == [(0,)]


@pytest.fixture
def predicted_spans() -> list[dict[str, Any]]:
    return [{"start": s.start, "end": s.end, "label": s.label, "score": 0.5} for s in gold(1)]


@pytest.mark.parametrize("named", ["id", "sha256", "both", "meta"])
def test_a_record_may_name_its_page_instead_of_giving_its_text(
    project: Path, tmp_path: Path, named: str, predicted_spans: list[dict[str, Any]]
) -> None:
    with news_project(project, pages=2) as store:
        page = store.pages.get(1)
    both = {"id": page.id, "sha256": page.sha256}
    names: dict[str, dict[str, Any]] = {
        "both": both,
        "meta": {"id": page.id, "meta": {"sha256": page.sha256}},
    }
    name = names.get(named) or {named: both[named]}
    predictions = tmp_path / "predictions.jsonl"
    predictions.write_text(json.dumps({**name, "spans": predicted_spans}))
    assert cli.run(["load", str(project), str(predictions)]) == 0
    with Store.open(project) as store:
        assert tuple(one.span for one in store.suggestions.predicted(1)) == gold(1)
        assert store.pages.count() == 2


def test_a_record_that_names_no_page_of_the_project_or_another_text_is_rejected(
    project: Path,
    tmp_path: Path,
    predicted_spans: list[dict[str, Any]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    news_project(project, pages=2).close()
    predictions = tmp_path / "predictions.jsonl"
    lines = [
        {"id": "page7", "spans": predicted_spans},
        {"id": "page1", "sha256": "0" * 64, "spans": predicted_spans},
        {"id": "page1", "spans": [{**predicted_spans[0], "end": 99_999}]},
        {"id": "page2", "spans": []},
        {"id": "page1", "spans": predicted_spans},
    ]
    predictions.write_text("\n".join(map(json.dumps, lines)))
    assert cli.run(["load", str(project), str(predictions)]) == 1
    captured = capsys.readouterr()
    assert "3 rejected, 1 with predictions" in captured.out
    assert "predictions.jsonl:1: no page of the project is called 'page7'" in (captured.err)
    assert "predictions.jsonl:2: its sha256 is not that of page page1" in captured.err
    assert "span 1 does not lie in the text" in captured.err
    with Store.open(project) as store:
        assert tuple(one.span for one in store.suggestions.predicted(1)) == gold(1)
