"""``segmark review``: likely mistakes on finished pages, and texts labelled in two ways."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from segmark.cli import program as cli
from segmark.core.edit import change_state
from segmark.core.span import Span
from segmark.session.session import Session
from segmark.store.store import Store

from tests.factories import alter, peek
from tests.news_project import SPOILT_PAGES, SWAPPED, news_project, span_of, spoilt_project


@pytest.fixture
def spoilt(project: Path) -> Path:
    spoilt_project(project)
    return project


def rows(project: Path, capsys: pytest.CaptureFixture[str], *options: str) -> list[dict[str, Any]]:
    assert cli.run(["review", str(project), "--json", *options]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_likely_mistakes_are_listed_with_place_and_reason(
    spoilt: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = rows(spoilt, capsys)
    caption = span_of(SWAPPED, "caption")
    swapped = next(row for row in found if row["what"] == "mistakes" and row["label"] == "body")
    assert (swapped["likely"], swapped["kind"], swapped["annotator"]) == (
        "caption", "other label", "ada",
    )  # fmt: skip
    (place,) = swapped["places"]
    assert (place["page"], place["start"], place["end"]) == (
        f"page{SWAPPED}", caption.start, caption.end,
    )  # fmt: skip
    assert place["text"].endswith("Tidewire")
    assert "caption" in place["reason"]


def test_a_text_that_is_labelled_differently_is_listed_with_all_its_places(
    spoilt: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = [row for row in rows(spoilt, capsys) if row["what"] == "text"]
    (text,) = [row for row in texts if row["text"] == "Keep your comments civil."]
    assert text["labels"] == {"comment": SPOILT_PAGES - 1, "": 1}
    assert len(text["places"]) == SPOILT_PAGES


def test_people_read_the_same_in_lines(spoilt: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["review", str(spoilt)]) == 0
    printed = capsys.readouterr().out
    assert f"ada: {SPOILT_PAGES} pages looked at, 2 likely mistakes in 2 groups" in printed
    assert "labelled body, rather caption" in printed
    assert f"page{SWAPPED}" in printed
    assert "comment on 11, no label on 1" in printed


def test_a_limit_leaves_out_the_less_surprising_and_says_so(
    spoilt: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    everything = rows(spoilt, capsys)
    first = rows(spoilt, capsys, "--limit", "1")
    assert first[0] == everything[0]
    assert [row["what"] for row in first] == ["mistakes", "text"]
    assert cli.run(["review", str(spoilt), "--limit", "1"]) == 0
    assert "and 1 more groups; --limit shows more" in capsys.readouterr().out


def test_what_the_annotator_called_right_is_left_out(
    spoilt: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    caption = span_of(SWAPPED, "caption")
    with Store.open(spoilt) as store:
        annotations = store.annotations("ada")
        there = annotations.get(SWAPPED)
        state = replace(there.state, rejected=(Span(caption.start, caption.end, "caption"),))
        edit = change_state(there, "It is right", state)
        assert edit
        annotations.save(SWAPPED, edit)
    labels = [row["label"] for row in rows(spoilt, capsys) if row["what"] == "mistakes"]
    assert labels == [""]


def test_no_label_and_no_line_of_the_log_changes(
    spoilt: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    count = "SELECT count(*) FROM edit"
    before = peek(spoilt, count)
    rows(spoilt, capsys)
    assert peek(spoilt, count) == before


def test_a_site_and_an_annotator_must_exist(
    spoilt: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["review", str(spoilt), "--site", "none.example"]) == 2
    assert cli.run(["review", str(spoilt), "--annotator", "jan"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 2
    assert rows(spoilt, capsys, "--site", "news.example", "--annotator", "ada")


def test_a_project_without_finished_pages_is_an_error(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    news_project(project, pages=2).close()
    assert cli.run(["review", str(project)]) == 2
    assert "no page is done" in capsys.readouterr().err


def test_a_damaged_page_is_named_and_the_others_are_looked_at(
    spoilt: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    alter(spoilt, "UPDATE page_text SET text = text || ' more' WHERE page = 2")
    assert cli.run(["review", str(spoilt), "--json"]) == 1
    printed = capsys.readouterr()
    assert "page2" in printed.err
    assert "page2" not in printed.out
    assert f"page{SWAPPED}" in printed.out


def text_id(project: Path, capsys: pytest.CaptureFixture[str]) -> str:
    found = rows(project, capsys)
    ids = [str(row["id"]) for row in found if row.get("text") == "Keep your comments civil."]
    return ids[0]


def test_a_text_is_made_alike_and_is_not_listed_any_more(
    spoilt: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = text_id(spoilt, capsys)
    assert cli.run(["review", str(spoilt), "--alike", name, "comment"]) == 0
    assert capsys.readouterr().out == "ada: comment on 1 page\n"
    assert "comment" not in [row["likely"] for row in rows(spoilt, capsys) if "likely" in row]
    assert cli.run(["review", str(spoilt), "--alike", name, "comment"]) == 2
    assert "no text with the id" in capsys.readouterr().err


def test_a_dash_stands_for_no_label(spoilt: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = text_id(spoilt, capsys)
    assert cli.run(["review", str(spoilt), "--alike", name, "-", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "what": "alike", "annotator": "ada", "id": name, "label": "", "pages": SPOILT_PAGES - 1,
    }  # fmt: skip
    with Store.open(spoilt) as store:
        spans = store.annotations("ada").get(1).spans
    assert "comment" not in [span.label for span in spans]


def test_a_label_that_does_not_exist_is_refused(
    spoilt: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = text_id(spoilt, capsys)
    assert cli.run(["review", str(spoilt), "--alike", name, "advert"]) == 2
    assert "'advert'" in capsys.readouterr().err


def test_a_group_is_called_right_in_one_act_and_not_listed_any_more(
    spoilt: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    group = next(row for row in rows(spoilt, capsys) if row["what"] == "mistakes")
    assert cli.run(["review", str(spoilt), "--right", group["id"]]) == 0
    assert capsys.readouterr().out == f"ada: {group['id']} is right on 1 page\n"
    assert group["id"] not in [row["id"] for row in rows(spoilt, capsys)]
    with Store.open(spoilt) as store:
        session = Session(store, "ada")
        assert session.undo_title == "It is right: 1 place"
        session.undo()
    assert group["id"] in [row["id"] for row in rows(spoilt, capsys)]
    assert cli.run(["review", str(spoilt), "--right", "nothing"]) == 2
    assert "no group has the id 'nothing'" in capsys.readouterr().err
