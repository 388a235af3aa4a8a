"""The work of one person on one page: joined within a load, compared with the project."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from segmark.cli import program as cli
from segmark.core.annotation import Status
from segmark.core.caret import Selection
from segmark.core.record import RecordFilter
from segmark.core.span import Span
from segmark.session.session import Session
from segmark.store.store import Store

TEXT = "Ferry sails at last\nIt left at noon.\nIt came back.\nBreaking"
HEADLINE, FIRST, SECOND = Span(0, 19, "headline"), Span(20, 36, "body"), Span(37, 50, "body")
TICKER = Span(51, 59, "ticker")


def load(project: Path, *records: dict[str, Any], options: Sequence[str] = ()) -> int:
    path = project.parent / "work.jsonl"
    path.write_text("".join(f"{json.dumps(record)}\n" for record in records))
    return cli.run(["load", str(project), str(path), "--annotator", "mira", *options])


def spans_of(project: Path, annotator: str = "mira") -> list[Span]:
    with Store.open(project) as store:
        return list(store.annotations(annotator).get(1).spans)


def status_of(project: Path) -> Status:
    with Store.open(project) as store:
        return store.annotations("mira").get(1).state.status


def plain(*spans: Span) -> dict[str, Any]:
    return {"text": TEXT, "spans": [span._asdict() for span in spans]}


def prodigy(*spans: Span) -> dict[str, Any]:
    return {**plain(*spans), "answer": "accept", "_task_hash": 1, "_annotator_id": "mira"}


def doccano(*spans: Span) -> dict[str, Any]:
    return {"text": TEXT, "label": [list(span) for span in spans], "Comments": []}


def label_studio(*spans: Span) -> dict[str, Any]:
    results = [
        {"type": "labels", "value": {"start": s.start, "end": s.end, "labels": [s.label]}}
        for s in spans
    ]
    made = {"completed_by": {"email": "mira"}, "result": results}
    return {"id": 1, "data": {"text": TEXT}, "annotations": [made]}


TOOLS = [plain, prodigy, doccano, label_studio]


@pytest.mark.parametrize("tool", TOOLS)
def test_what_one_load_brings_for_a_page_is_joined(tool: Any, project: Path) -> None:  # noqa: ANN401
    rows = [tool(HEADLINE), tool(FIRST), tool(SECOND), tool(HEADLINE), tool(TICKER)]
    assert load(project, *rows) == 0
    joined = [HEADLINE, Span(20, 50, "body"), TICKER]
    assert spans_of(project) == joined
    assert load(project, *rows) == 0  # again: equal to what is here
    assert spans_of(project) == joined
    assert cli.run(["check", str(project)]) == 0


@pytest.mark.parametrize("tool", TOOLS)
def test_what_overlaps_an_earlier_row_is_rejected_with_a_reason(
    tool: Any,  # noqa: ANN401
    project: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert load(project, tool(HEADLINE), tool(Span(6, 19, "caption"), TICKER)) == 1
    assert spans_of(project) == [HEADLINE, TICKER]
    assert (
        "work.jsonl:2: some of its labels were left out: caption from 6 to 19 overlaps what mira "
        "labelled in"
    ) in capsys.readouterr().err
    assert status_of(project) is Status.STARTED  # to be checked again


def test_two_annotations_of_one_person_in_a_task_are_joined(project: Path) -> None:
    task, other = label_studio(HEADLINE), label_studio(TICKER)
    task["annotations"] += other["annotations"]
    assert load(project, task) == 0
    assert spans_of(project) == [HEADLINE, TICKER]
    assert status_of(project) is Status.DONE


def test_the_rows_of_a_page_are_joined_across_files(project: Path) -> None:
    folder = project.parent / "passes"
    folder.mkdir()
    for number, span in enumerate((HEADLINE, TICKER)):
        (folder / f"{number}.jsonl").write_text(json.dumps(prodigy(span)))
    assert cli.run(["load", str(project), str(folder)]) == 0
    assert spans_of(project) == [HEADLINE, TICKER]


@pytest.fixture
def relabelled(project: Path, tmp_path: Path) -> Path:
    """An export of work that was changed since in the project that it comes from."""
    assert load(project, plain(HEADLINE), options=["--done"]) == 0
    other = tmp_path / "other.segmark"
    other.write_bytes(project.read_bytes())
    with Store.open(other) as store:
        session = Session(store, "mira")
        session.open(1)
        session.label("ticker", Selection(51, 59))
        session.label("caption", Selection(0, 5))
    out = tmp_path / "out"
    assert cli.run(["export", str(other), str(out), "--annotator", "mira"]) == 0
    return out / "pages.jsonl"


NEWER = [Span(0, 5, "caption"), Span(6, 19, "headline"), TICKER]


def test_newer_work_of_the_same_person_is_never_passed_over_silently(
    project: Path, relabelled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert cli.run(["load", str(project), str(relabelled)]) == 1
    said = capsys.readouterr()
    assert said.out == "0 added, 1 already there, 1 rejected\n"
    assert (
        "pages.jsonl:1: mira labelled this page differently here (3 of its spans are not here, 1 "
        "of those here is not in the file), and that was kept; load it with --newer"
    ) in said.err
    assert spans_of(project) == [HEADLINE]


def test_newer_work_can_be_taken_as_one_act_that_can_be_undone(
    project: Path, relabelled: Path
) -> None:
    assert cli.run(["load", str(project), str(relabelled), "--newer"]) == 0
    assert spans_of(project) == NEWER
    assert cli.run(["load", str(project), str(relabelled)]) == 0
    with Store.open(project) as store:
        record = next(iter(store.records(RecordFilter(provenance=True))))
        assert [about["source"] for about in record.about.values()] == ["loaded"] * 3
        session = Session(store, "mira")
        session.open(1)
        session.undo()
        assert session.spans == (HEADLINE,)
        session.redo()
        assert session.spans == tuple(NEWER)
    assert cli.run(["check", str(project)]) == 0


def test_rows_that_make_up_newer_work_are_one_act(project: Path) -> None:
    assert load(project, prodigy(HEADLINE)) == 0
    assert load(project, prodigy(FIRST), prodigy(TICKER)) == 1
    assert spans_of(project) == [HEADLINE]
    assert load(project, prodigy(FIRST), prodigy(TICKER), options=["--newer"]) == 0
    assert spans_of(project) == [FIRST, TICKER]
    with Store.open(project) as store:
        session = Session(store, "mira")
        session.open(1)
        session.undo()
        assert session.spans == (HEADLINE,)


@pytest.mark.parametrize("tool", TOOLS)
def test_equal_work_of_another_tool_is_no_difference(tool: Any, project: Path) -> None:  # noqa: ANN401
    assert load(project, plain(HEADLINE, TICKER), options=["--done"]) == 0
    assert load(project, tool(HEADLINE, TICKER)) == 0
    assert load(project, tool(HEADLINE, TICKER), options=["--newer"]) == 0
    assert status_of(project) is Status.DONE


def test_another_status_alone_is_reported(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert load(project, plain(HEADLINE)) == 0
    assert load(project, prodigy(HEADLINE)) == 1
    assert "(the page is done there and started here)" in capsys.readouterr().err
    assert load(project, prodigy(HEADLINE), options=["--newer"]) == 0
    assert status_of(project) is Status.DONE
