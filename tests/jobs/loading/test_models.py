"""Predictions of models: never taken for a person's labels, and kept by model."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from segmark.cli import program as cli
from segmark.core.span import Span
from segmark.store.store import Store

_ONE_OF_TWO = "1 of 2 spans have no score"
TEXT = "Ferry sails at last\nIt left at noon."
HEADLINE, BODY = Span(0, 19, "headline"), Span(20, 36, "body")


def load(project: Path, *records: dict[str, Any], options: Sequence[str] = ()) -> int:
    path = project.parent / "preds.jsonl"
    path.write_text("".join(f"{json.dumps(record)}\n" for record in records))
    return cli.run(["load", str(project), str(path), "--annotator", "mira", *options])


def record(*spans: Span, scores: Sequence[object] = (), **more: object) -> dict[str, Any]:
    listed = [span._asdict() for span in spans]
    for span, score in zip(listed, scores, strict=False):
        span |= {} if score == "none" else {"score": score}
    return {"text": TEXT, "spans": listed, **more}


def labels(project: Path) -> list[Span]:
    with Store.open(project) as store:
        return [span for who in store.annotators() for span in store.annotations(who).get(1).spans]


def shown(project: Path) -> list[Span]:
    with Store.open(project) as store:
        return [one.span for one in store.suggestions.predicted(1)]


def by_model(project: Path) -> dict[str, list[Span]]:
    with Store.open(project) as store:
        found = store.suggestions.predictions_by_model(1)
    return {model: [one.span for one in made] for model, made in found.items()}


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (record(HEADLINE, BODY, scores=[0.9, "none"]), _ONE_OF_TWO),
        (record(HEADLINE, BODY, scores=[0.9, None]), _ONE_OF_TWO),
        (record(HEADLINE, scores=[None]), "1 of 1 spans have no score"),
        (record(HEADLINE, BODY, scores=[0.9, "none"], answer="accept", _task_hash=1), _ONE_OF_TWO),
        ({"text": TEXT, "label": [[0, 19, "headline", 0.5], [20, 36, "body"]]}, _ONE_OF_TWO),
        ({"text": TEXT, "entities": [
            {"start_offset": 0, "end_offset": 19, "label": "headline", "score": 0.5},
            {"start_offset": 20, "end_offset": 36, "label": "body"}]}, _ONE_OF_TWO),
    ],
)  # fmt: skip
def test_spans_with_and_without_scores_are_refused(
    project: Path, capsys: pytest.CaptureFixture[str], made: dict[str, Any], reason: str
) -> None:
    assert load(project, made) == 1
    said = capsys.readouterr().err
    assert reason in said
    assert "--predictions" in said
    assert (labels(project), shown(project)) == ([], [])
    assert load(project, made, options=["--predictions"]) == 0
    assert labels(project) == []
    assert len(shown(project)) == len(made.get("spans") or made.get("label") or made["entities"])


def test_all_spans_can_be_taken_as_predictions(project: Path) -> None:
    region = {"type": "labels", "value": {"start": 0, "end": 19, "labels": ["headline"]}}
    made = {"completed_by": 1, "result": [region]}
    task = {"id": 1, "data": {"text": TEXT}, "annotations": [made]}
    tools = [record(BODY), record(BODY, answer="accept", _task_hash=1), task,
             {"text": TEXT, "label": [[20, 36, "body"]]}]  # fmt: skip
    for number, made in enumerate(tools):
        options = ["--predictions", "--model", f"m{number}"]
        assert load(project, made, options=options) == 0
    assert by_model(project) == {"m3": [BODY], "m2": [HEADLINE], "m1": [BODY], "m0": [BODY]}
    assert labels(project) == []


def test_a_record_that_names_its_model_holds_predictions(project: Path) -> None:
    assert load(project, record(HEADLINE, model="crf-2")) == 0
    assert labels(project) == []
    assert by_model(project) == {"crf-2": [HEADLINE]}
    assert load(project, record(BODY, meta={"model": "bert"}, scores=[0.5])) == 0
    assert by_model(project) == {"bert": [BODY], "crf-2": [HEADLINE]}


def test_a_newer_file_that_says_nothing_clears_the_predictions_of_that_model(
    project: Path,
) -> None:
    assert load(project, record(HEADLINE, scores=[0.9]), options=["--model", "a"]) == 0
    assert load(project, record(BODY, scores=[0.8]), options=["--model", "b"]) == 0
    assert load(project, record(), options=["--model", "b"]) == 0
    assert by_model(project) == {"a": [HEADLINE]}
    assert load(project, record(HEADLINE, scores=[0.9])) == 0
    assert load(project, record()) == 0
    assert by_model(project) == {"a": [HEADLINE]}
    task = {"id": 1, "data": {"text": TEXT}, "predictions": [{"model_version": "a", "result": []}]}
    assert load(project, task) == 0
    assert by_model(project) == {}


def test_rows_of_one_model_for_a_page_are_joined_within_a_load(project: Path) -> None:
    rows = [record(HEADLINE, scores=[0.9]), record(BODY, scores=[0.8]), record()]
    assert load(project, *rows) == 0
    assert by_model(project) == {"": [HEADLINE, BODY]}
    assert load(project, rows[1]) == 0
    assert by_model(project) == {"": [BODY]}


def test_the_model_loaded_last_is_shown_or_the_one_that_is_chosen(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert load(project, record(HEADLINE, scores=[0.9]), options=["--model", "a"]) == 0
    assert load(project, record(BODY, scores=[0.8]), options=["--model", "b"]) == 0
    assert shown(project) == [BODY]
    with Store.open(project) as store:
        policy = store.suggestions.policy
        with store.write():
            store.suggestions.keep_policy(replace(policy, model="a"))
        assert store.suggestions.models() == {"b": 1, "a": 1}
    assert shown(project) == [HEADLINE]
    capsys.readouterr()
    assert cli.run(["pages", str(project), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["predicted_by"] == ["b", "a"]
    for model, span in (("a", HEADLINE), ("b", BODY)):
        out = tmp_path / f"out-{model}"
        assert cli.run(["suggest", str(project), str(out), "--model", model]) == 0
        (line,) = (out / "pages.jsonl").read_text().splitlines()
        assert [each["label"] for each in json.loads(line)["spans"]] == [span.label]
    assert cli.run(["suggest", str(project), str(tmp_path / "no"), "--model", "c"]) == 2
    assert "no predictions of 'c'; the models are b, a" in capsys.readouterr().err
