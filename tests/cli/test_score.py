"""``segmark score``: from files and stored predictions to figures."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from segmark.cli import program as cli
from segmark.core.annotation import Status
from segmark.core.suggestion import Suggestion
from segmark.store.store import Store

from tests.factories import label, settle
from tests.news_project import gold, news_project

PAGES = 8
#: Scores predictions, and gives what ``--json`` prints.
Scored = Callable[..., dict[str, Any]]


@pytest.fixture
def finished(project: Path) -> Path:
    """A project whose pages are all done."""
    news_project(project, pages=PAGES, finished=PAGES).close()
    return project


@pytest.fixture
def scored(finished: Path, capsys: pytest.CaptureFixture[str]) -> Scored:
    def score(*words: object, status: int = 0) -> dict[str, Any]:
        capsys.readouterr()
        assert cli.run(["score", str(finished), *map(str, words), "--json"]) == status
        found: dict[str, Any] = json.loads(capsys.readouterr().out)
        return found

    return score


def records(project: Path, *, without: str = "", score: float | None = 0.9) -> list[dict[str, Any]]:
    """The labels of all pages as predictions, without those of one label."""
    with Store.open(project) as store:
        pages = [store.pages.get(number) for number in range(1, PAGES + 1)]
    scores = {} if score is None else {"score": score}
    return [
        {
            "id": page.id,
            "text": page.text,
            "spans": [
                {"start": s.start, "end": s.end, "label": s.label, **scores}
                for s in gold(number)
                if s.label != without
            ],
        }
        for number, page in enumerate(pages, 1)
    ]


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    return path


def test_predictions_that_are_the_labels_are_all_right(
    finished: Path, scored: Scored, tmp_path: Path
) -> None:
    found = scored(write(tmp_path / "same.jsonl", records(finished)))
    (model,) = found["models"]
    assert (found["pages"], model["model"], model["missing"]) == (PAGES, "same.jsonl", 0)
    for measure in ("exact", "overlap", "characters", "lines"):
        assert model["total"][measure]["f1"] == {"value": 1.0, "low": 1.0, "high": 1.0}
    assert (model["worst"], found["partings"], found["differences"]) == ([], [], [])


def test_models_stand_side_by_side_with_the_pages_where_they_part(
    finished: Path, scored: Scored, tmp_path: Path
) -> None:
    same = write(tmp_path / "same.jsonl", records(finished))
    less = write(tmp_path / "less.jsonl", records(finished, without="headline"))
    found = scored(same, less)
    one, other = found["models"]
    assert other["labels"]["headline"]["exact"]["recall"]["value"] == 0
    assert other["labels"]["body"]["exact"]["f1"]["value"] == 1
    assert other["parts"] == []
    (gap,) = found["differences"]
    assert (gap["model"], gap["minus"]) == ("less.jsonl", "same.jsonl")
    assert gap["f1"]["exact"]["value"] < 0
    assert {each["id"] for each in found["partings"]} == {row["id"] for row in records(finished)}
    assert [each["id"] for each in other["worst"]] == [each["id"] for each in found["partings"]]
    assert one["worst"] == []


def test_stored_predictions_are_scored_by_the_name_of_their_model(
    finished: Path, scored: Scored
) -> None:
    with Store.open(finished) as store, store.write():
        spans = [Suggestion(span, 0.8, "predicted by tagger; 80%") for span in gold(1)]
        store.suggestions.keep_predictions(1, spans, "tagger")
    (model,) = scored("tagger")["models"]
    assert (model["model"], model["missing"]) == ("tagger", PAGES - 1)
    assert model["total"]["exact"]["precision"]["value"] == 1


@pytest.mark.parametrize(
    "form",
    ["tokens", "tokens --window 8 --stride 4", "conll", "lines", "spacy", "jsonl --gzip"],
)
def test_predictions_in_every_format_of_a_trainer_come_back(
    form: str, finished: Path, scored: Scored, tmp_path: Path
) -> None:
    out = tmp_path / "predicted"
    assert cli.run(["export", str(finished), str(out), "--format", *form.split()]) == 0
    (model,) = scored(out)["models"]
    assert (model["model"], model["missing"]) == ("predicted", 0)
    assert model["total"]["exact"]["f1"]["value"] == 1


def test_a_tag_that_was_predicted_counts_and_not_the_labels_of_the_export(
    finished: Path, scored: Scored, tmp_path: Path
) -> None:
    out = tmp_path / "tokens"
    assert cli.run(["export", str(finished), str(out), "--format", "tokens"]) == 0
    rows = [json.loads(line) for line in (out / "pages.jsonl").read_text("utf-8").splitlines()]
    for row in rows:
        tags = [tag if "headline" not in tag else "O" for tag in row.pop("ner_tags")]
        row |= {"ner_tags": tags}
    (model,) = scored(write(tmp_path / "tags.jsonl", rows))["models"]
    assert model["labels"]["headline"]["exact"]["recall"]["value"] == 0
    assert model["labels"]["body"]["exact"]["f1"]["value"] == 1


def test_a_record_without_spans_found_nothing_and_is_not_missing(
    finished: Path, scored: Scored, tmp_path: Path
) -> None:
    rows = [{**row, "spans": []} for row in records(finished)]
    (model,) = scored(write(tmp_path / "none.jsonl", rows))["models"]
    assert (model["missing"], model["total"]["exact"]["recall"]["value"]) == (0, 0)


def test_labels_in_a_file_can_be_compared_with(
    finished: Path, scored: Scored, tmp_path: Path
) -> None:
    assert cli.run(["export", str(finished), str(tmp_path / "out")]) == 0
    rows = records(finished, without="headline")
    predicted = write(tmp_path / "less.jsonl", rows)
    found = scored(predicted, "--gold", tmp_path / "out" / "pages.jsonl")
    assert found["labels"] == "labels in pages.jsonl"
    assert found["models"][0]["labels"]["headline"]["exact"]["recall"]["value"] == 0
    plain = scored(predicted)
    assert plain["models"] == found["models"]


def test_several_people_need_a_choice(
    finished: Path, scored: Scored, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Store.open(finished) as store:
        label(store, "jan", 1, "comment")
        settle(store, "jan", 1, Status.DONE)
    predicted = write(tmp_path / "same.jsonl", records(finished))
    assert cli.run(["score", str(finished), str(predicted)]) == 2
    assert "ada, jan have finished pages; choose one with --annotator" in capsys.readouterr().err
    assert scored(predicted, "--annotator", "ada")["pages"] == PAGES
    adjudicated = scored(predicted, "--adjudicated", "--views", "1")
    assert (adjudicated["labels"], adjudicated["pages"]) == ("adjudicated labels", PAGES - 1)
    assert sum(adjudicated["left_out"].values()) == 1


def test_what_can_not_be_used_is_said_and_the_rest_is_scored(
    finished: Path, scored: Scored, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = records(finished)
    rows[0]["spans"][0]["end"] = 10**6
    rows.append({"id": "x", "text": "A page of elsewhere.", "spans": rows[1]["spans"][:1]})
    predicted = write(tmp_path / "some.jsonl", rows)
    assert scored(predicted, status=1)["models"][0]["missing"] == 1
    assert cli.run(["score", str(finished), str(predicted)]) == 1
    said = capsys.readouterr()
    assert "does not lie in the text" in said.err
    assert "the project has no page with its text" in said.err
    assert f"no prediction for 1 of {PAGES} pages" in said.out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nowhere.jsonl"], "there is no such file, and no such model in the project; it has none"),
        (["{same}", "--part", "test"], "--part needs --split"),
        (["{same}", "--annotator", "ada", "--adjudicated"], "choose one of --annotator"),
        (["{same}", "--split", "50/50"], "give the shares of train, dev and test"),
        (["{empty}"], "it has no predictions for pages of the project"),
    ],
)
def test_what_can_not_be_done_says_what_to_do(
    words: list[str],
    message: str,
    finished: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    same = write(tmp_path / "same.jsonl", records(finished))
    empty = write(tmp_path / "empty.jsonl", [{"text": "Elsewhere."}])
    filled = [word.format(same=same, empty=empty) for word in words]
    assert cli.run(["score", str(finished), *filled]) == 2
    assert message in capsys.readouterr().err


def test_a_report_is_written_beside_what_is_printed(
    finished: Path, scored: Scored, tmp_path: Path
) -> None:
    same = write(tmp_path / "same.jsonl", records(finished))
    scored(same, "--html", tmp_path / "report.html")
    assert "Scores of same.jsonl" in (tmp_path / "report.html").read_text("utf-8")


def test_the_project_is_not_changed(finished: Path, scored: Scored, tmp_path: Path) -> None:
    before = finished.read_bytes()
    scored(write(tmp_path / "same.jsonl", records(finished)))
    assert finished.read_bytes() == before
