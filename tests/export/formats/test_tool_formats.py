"""The formats for other labelling programs: ``prodigy``, ``doccano`` and ``label-studio``."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from segmark.cli import program as cli
from segmark.core.label import LabelSet
from segmark.core.record import Record
from segmark.core.span import Span
from segmark.core.suggestion import Suggestion
from segmark.export.error import ExportError
from segmark.export.formats import label_studio, prodigy
from segmark.export.options import ExportOptions

from tests.export.labelled import labelled_pages, nasty_record
from tests.export.made import LABELS, checked, export_as, record, rows_of
from tests.factories import LABELS as OTHER_LABELS
from tests.news_project import gold, news_project

FERRY = record(text="Ferry  sails 🎭\n\nIt left", spans=(Span(0, 14, "headline"),))
SUGGESTED = Suggestion(Span(16, 23, "body"), 0.75, "like the page before")
STARTED = replace(FERRY, id="b2", status="started", annotator="joe", suggestions=(SUGGESTED,))


def tasks(folder: Path) -> list[dict[str, Any]]:
    return list(json.loads((folder / "pages.json").read_bytes()))


def test_a_task_of_prodigy_has_tokens_that_make_the_text_and_spans_on_their_edges() -> None:
    task = prodigy.task(FERRY)
    assert [(t["text"], t["start"], t["end"], t["id"], t["ws"]) for t in task["tokens"]] == [
        ("Ferry", 0, 5, 0, True), (" ", 6, 7, 1, False), ("sails", 7, 12, 2, True),
        ("🎭", 13, 14, 3, False), ("\n\n", 14, 16, 4, False), ("It", 16, 18, 5, True),
        ("left", 19, 23, 6, False),
    ]  # fmt: skip
    assert task["spans"] == [
        {"start": 0, "end": 14, "token_start": 0, "token_end": 3, "label": "headline"}
    ]
    assert task["meta"]["id"] == "a1"
    assert (task["answer"], task["_annotator_id"]) == ("accept", "mira")


@given(labelled_pages())
def test_tokens_of_prodigy_make_any_text(page: Record) -> None:
    task = prodigy.task(page)
    assert "".join(t["text"] + " " * t["ws"] for t in task["tokens"]) == page.text
    for span in task["spans"]:
        first, last = task["tokens"][span["token_start"]], task["tokens"][span["token_end"]]
        assert (first["start"], last["end"]) == (span["start"], span["end"])


def test_hashes_of_prodigy_tell_texts_and_labels_apart_and_are_the_same_for_all() -> None:
    task, other = prodigy.task(FERRY), prodigy.task(replace(FERRY, spans=(), annotator="joe"))
    assert task["_input_hash"] == other["_input_hash"] == 1723824602
    assert task["_task_hash"] != other["_task_hash"]
    assert all(-(2**31) <= task[key] < 2**31 for key in ("_input_hash", "_task_hash"))


def test_only_a_finished_page_has_an_answer_for_prodigy() -> None:
    assert prodigy.task(replace(FERRY, status="skipped"))["answer"] == "ignore"
    assert "answer" not in prodigy.task(STARTED)
    suggested = prodigy.task(STARTED)["spans"][1]
    assert (suggested["source"], suggested["score"]) == ("suggestion", 0.75)


def test_doccano_counts_in_code_units_and_gets_the_labels_with_colours_and_keys(
    tmp_path: Path,
) -> None:
    export_as("doccano", [FERRY], tmp_path)
    (row,) = rows_of(tmp_path / "pages.jsonl")
    assert list(row) == [
        "id", "text", "label", "source", "url", "site", "annotator", "status", "sha256",
    ]  # fmt: skip
    assert row["label"] == [[0, 15, "headline"]]
    labels = json.loads((tmp_path / "label_config.json").read_text("utf-8"))
    assert [label["text"] for label in labels] == [label.name for label in LABELS]
    assert [label["suffix_key"] for label in labels] == ["h", "c", "b", "t", "m"]
    assert labels[0]["background_color"] == LABELS["headline"].light
    assert {label["text_color"] for label in labels} <= {"#000000", "#ffffff"}


def test_suggestions_stand_among_the_labels_for_doccano_and_are_named(tmp_path: Path) -> None:
    export_as("doccano", [FERRY, STARTED], tmp_path, ExportOptions(suggestions=True))
    plain, row = rows_of(tmp_path / "pages.jsonl")
    assert plain["suggested"] == []
    assert row["label"] == [[0, 15, "headline"], [17, 24, "body"]]
    assert row["suggested"] == [[17, 24, "body", 0.75]]


def test_label_studio_gets_a_task_a_page_with_an_annotation_for_each_annotator(
    tmp_path: Path,
) -> None:
    joe = replace(FERRY, annotator="joe", spans=(), status="skipped")
    export_as("label-studio", [FERRY, joe, STARTED], tmp_path, ExportOptions(suggestions=True))
    page, started = tasks(tmp_path)
    assert page["data"]["text"] == FERRY.text
    assert page["data"]["records"] == [
        {"annotator": "mira", "status": "done"}, {"annotator": "joe", "status": "skipped"},
    ]  # fmt: skip
    mira, skipped = page["annotations"]
    assert mira["result"] == [
        {
            "id": "a1-0-0", "from_name": "label", "to_name": "text", "type": "labels",
            "value": {"start": 0, "end": 14, "text": "Ferry  sails 🎭", "labels": ["headline"]},
        }
    ]  # fmt: skip
    assert (mira["was_cancelled"], skipped["was_cancelled"]) == (False, True)
    assert mira["ground_truth"] is False
    assert (page["predictions"], started["annotations"]) == ([], [])
    (prediction,) = started["predictions"]
    assert [region.get("score") for region in prediction["result"]] == [None, 0.75]
    assert prediction["score"] == pytest.approx(0.875)


def test_the_configuration_names_what_the_results_name(tmp_path: Path) -> None:
    export_as("label-studio", [FERRY], tmp_path)
    view = ElementTree.fromstring((tmp_path / "labeling_config.xml").read_text("utf-8"))
    labels, text = list(view)
    assert (labels.get("name"), labels.get("toName"), text.get("name")) == ("label", "text", "text")
    assert text.get("value") == "$text"
    assert [label.get("value") for label in labels] == [label.name for label in LABELS]
    assert [label.get("hotkey") for label in labels] == ["h", "c", "b", "t", "m"]


def test_a_label_with_a_letter_that_other_programs_lack_gets_its_digit() -> None:
    title = replace(OTHER_LABELS.labels[0], key="é")
    labels = LabelSet("two", (title, OTHER_LABELS.labels[1]))
    config = label_studio.config(labels)
    assert 'hotkey="1"' in config
    assert 'hotkey="c"' in config


def _move(row: dict[str, Any]) -> None:
    row["spans"][0]["end"] = 12


@pytest.mark.parametrize(
    ("form", "act", "said"),
    [
        ("prodigy", _move, "the tokens of the headline at 0 are others"),
        ("prodigy", lambda row: row["tokens"][2].update(start=6), "token 2 is not where"),
        ("prodigy", lambda row: row["tokens"].pop(), "its tokens do not make its text"),
        ("doccano", lambda row: row["label"][0].__setitem__(1, 14), "inside a character"),
        ("doccano", lambda row: row["label"][0].__setitem__(1, 16), "ends with white space"),
        ("label-studio", lambda row: row["annotations"][0]["result"][0]["value"].update(end=12),
         "the headline at 0 quotes another text"),
        ("label-studio", lambda row: row["data"].pop("records"), "no task of this format"),
    ],
)  # fmt: skip
def test_verify_finds_what_was_changed(
    form: str, act: Callable[[dict[str, Any]], object], said: str, tmp_path: Path
) -> None:
    export_as(form, [FERRY], tmp_path)
    assert checked(tmp_path).count == 0
    (path,) = (p for p in tmp_path.iterdir() if p.stem == "pages")
    rows = tasks(tmp_path) if form == "label-studio" else rows_of(path)
    act(rows[0])
    line = json.dumps(rows[0])
    path.write_text(f"[\n{line}\n]\n" if form == "label-studio" else line + "\n", "utf-8")
    assert any(said in fault for fault in checked(tmp_path).faults)


@pytest.mark.parametrize("form", ["prodigy", "doccano", "label-studio"])
def test_suggestions_are_no_labels_when_the_export_is_checked(form: str, tmp_path: Path) -> None:
    nasty = nasty_record()
    half = len(nasty.spans) // 2
    page = replace(
        nasty,
        status="started",
        spans=nasty.spans[:half],
        suggestions=tuple(Suggestion(span, 0.5, "") for span in nasty.spans[half:]),
    )
    export_as(form, [page], tmp_path, ExportOptions(suggestions=True))
    verdict = checked(tmp_path, lambda _, __: (page.text, list(page.spans)))
    assert (verdict.faults, verdict.spans) == ([], half)


def test_a_format_without_a_place_for_suggestions_refuses_them(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="leave out --suggestions"):
        export_as("jsonl", [FERRY], tmp_path, ExportOptions(suggestions=True))


def test_unfinished_pages_come_with_what_is_suggested_for_them(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    news_project(project, pages=6, finished=2).close()
    out, words = tmp_path / "out", ["--status", "all", "--suggestions", "--label", "body"]
    for name in ("out", "again"):
        export = ["export", str(project), str(tmp_path / name), "--format", "label-studio", *words]
        assert cli.run(export) == 0
    done, _, third = tasks(out)[:3]
    assert (len(done["annotations"]), done["predictions"]) == (1, [])
    (prediction,) = third["predictions"]
    assert [
        (region["value"]["start"], region["value"]["end"], *region["value"]["labels"])
        for region in prediction["result"]
    ] == [(span.start, span.end, span.label) for span in gold(3) if span.label == "body"]
    assert (tmp_path / "again" / "pages.json").read_bytes() == (out / "pages.json").read_bytes()
    assert cli.run(["verify", str(out), "--project", str(project)]) == 0
    assert "all is right (pages 6," in capsys.readouterr().out
