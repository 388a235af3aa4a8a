"""Spans in every shape in which tools and scripts write them: read, or reported, never lost."""

import json
from pathlib import Path
from typing import Any

import pytest
from segmark.cli import program as cli
from segmark.core.span import Span
from segmark.store.store import Store

TEXT = "Ferry sails at last\n\nIt left at noon.\nIt came back."
HEADLINE, BODY = Span(0, 19, "headline"), Span(21, 51, "body")
_ROW = [0, 19, "headline"]
_OBJECT = {"start": 0, "end": 19, "label": "headline"}


def load(project: Path, *records: dict[str, Any], name: str = "rows.jsonl") -> int:
    path = project.parent / name
    path.write_text("".join(f"{json.dumps(record)}\n" for record in records))
    return cli.run(["load", str(project), str(path), "--annotator", "mira"])


def spans_of(project: Path, number: int = 1) -> list[Span]:
    with Store.open(project) as store:
        return list(store.annotations("mira").get(number).spans)


@pytest.mark.parametrize(
    "columns",
    [
        {"spans": [_OBJECT]},
        {"spans": [_ROW]},
        {"spans": [{"begin": 0, "end": 19, "type": "headline"}]},
        {"spans": {"start": [0], "end": [19], "label": ["headline"]}},
        {"spans": {"sc": [_OBJECT]}},
        {"spans": json.dumps([_OBJECT])},
        {"ents": [_OBJECT], "tokens": [{"id": 0, "start": 0, "end": 5, "tag": "NN"}]},
        {"entities": [_ROW]},
        {"entities": [_OBJECT]},
        {"label": [], "entities": [_ROW]},
        {"label": [], "spans": [_ROW]},
        {"labels": [{"start": 0, "end": 19, "labels": ["headline"]}]},
        {"annotations": [_OBJECT]},
        {"annotations": {"entities": [_ROW]}},
        {"annotations": [{"start_offset": 0, "end_offset": 19, "tag": "headline"}]},
        {"spans": [_OBJECT], "answer": "accept", "_task_hash": 1},
        {"spans": [_ROW], "answer": "accept", "_task_hash": 1},
    ],
    ids=str,
)
def test_spans_of_a_known_shape_are_labels(project: Path, columns: dict[str, Any]) -> None:
    assert load(project, {"text": TEXT, **columns}) == 0
    assert spans_of(project) == [HEADLINE]


@pytest.mark.parametrize("column", ["spans", "ents", "annotations", "entities", "labels"])
def test_a_bad_span_is_named_and_the_good_ones_are_kept(
    project: Path, capsys: pytest.CaptureFixture[str], column: str
) -> None:
    assert load(project, {"text": TEXT, column: [_OBJECT, {"start": 21, "end": 40}]}) == 1
    assert "span 2 names no label" in capsys.readouterr().err
    assert spans_of(project) == [HEADLINE]


@pytest.mark.parametrize(
    "columns",
    [
        {"regions": [{"start": 0, "end": 19, "label": "headline"}]},
        {"marks": [{"offset": 0, "length": 19, "tag": "headline"}]},
        {"highlights": [[0, 19, "headline"]]},
        {"spans": [{"offset": 0, "length": 19, "tag": "headline"}]},
        {"result": {"found": [{"from": 0, "to": 19, "what": "headline"}]}},
        {"annotations": [{"result": [{"value": {"start": 0, "end": 19, "labels": ["headline"]}}]}]},
        {"start": 0, "end": 19, "label": "headline"},
    ],
    ids=str,
)
def test_a_column_that_looks_like_spans_and_is_not_understood_is_reported(
    project: Path, capsys: pytest.CaptureFixture[str], columns: dict[str, Any]
) -> None:
    assert load(project, {"text": TEXT, **columns}, {"text": f"{TEXT}!", **columns}) == 1
    said = capsys.readouterr()
    column = next(iter(columns))
    assert f"rows.jsonl: 2 records have a column '{column}' that looks like labels" in said.err
    assert said.out.startswith("2 added")  # the pages are there


@pytest.mark.parametrize(
    "columns",
    [
        {"label": "sports", "labels": ["a", "b"], "tags": [1, 2, 3]},
        {
            "links": [{"href": "/a", "text": "a"}],
            "images": [{"width": 1, "height": 2, "src": ""}],
        },
        {"spans": [], "ents": [], "annotations": [], "entities": None},
        {"authors": [{"name": "Mira", "id": 5}], "annotations": {"checked": True}},
    ],
    ids=str,
)
def test_other_columns_are_not_taken_for_labels(project: Path, columns: dict[str, Any]) -> None:
    assert load(project, {"text": TEXT, **columns}) == 0
    assert spans_of(project) == []


def test_a_table_holds_spans_as_json(project: Path) -> None:
    path = project.parent / "rows.csv"
    path.write_text('text,spans\nFerry sails,"[[0, 5, ""headline""]]"\n')
    assert cli.run(["load", str(project), str(path), "--annotator", "mira"]) == 0
    assert spans_of(project) == [Span(0, 5, "headline")]
