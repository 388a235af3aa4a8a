"""Work from other tools, labels and all, loaded as scripts do it, into a real project."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from segmark.cli import program as cli
from segmark.core.annotation import Status
from segmark.core.caret import Selection
from segmark.core.page_change import remove_pages
from segmark.core.record import RecordFilter
from segmark.core.span import Span
from segmark.core.text.normalise import sha256_of
from segmark.session.session import Session
from segmark.store.store import Store

from tests.factories import make_project

TEXT = "Menu\nShip sails\nIt did.\nIt did so."
SPANS = [Span(5, 15, "headline"), Span(16, 34, "body")]


def run(*arguments: object) -> int:
    return cli.run([str(argument) for argument in arguments])


def write(folder: Path, name: str, *records: object) -> Path:
    path = folder / "work" / name
    path.parent.mkdir(exist_ok=True)
    if name.endswith(".json"):
        path.write_text(json.dumps(list(records)))
    else:
        path.write_text("".join(f"{json.dumps(record)}\n" for record in records))
    return path


def spans_of(project: Path, annotator: str, number: int = 1) -> list[Span]:
    with Store.open(project) as store:
        return list(store.annotations(annotator).get(number).spans)


def status_of(project: Path, annotator: str, number: int = 1) -> Status:
    with Store.open(project) as store:
        return store.annotations(annotator).get(number).state.status


def own(text: str = TEXT, spans: Sequence[Span] = SPANS, **meta: str) -> dict[str, Any]:
    about = {"source": "a/b.txt", "url": "", "site": "varn.example"}
    about |= {"annotator": "mira", "status": "done", "sha256": sha256_of(text)} | meta
    listed = [{"start": s.start, "end": s.end, "label": s.label} for s in spans]
    return {"id": "0" * 16, "text": text, "spans": listed, "meta": about}


def prodigy(answer: str, *, label: str = "HEADLINE", **more: object) -> dict[str, Any]:
    span = {"start": 5, "end": 15, "token_start": 1, "token_end": 2, "label": label}
    tokens = [
        {"text": "Menu\n", "start": 0, "end": 5, "id": 0, "ws": False},
        {"text": "Ship", "start": 5, "end": 9, "id": 1, "ws": True},
        {"text": "sails", "start": 10, "end": 15, "id": 2, "ws": False},
    ]
    return {
        "text": f"Menu\nShip sails\n{answer}",
        "_input_hash": 1,
        "_task_hash": -2,
        "_view_id": "ner_manual",
        "spans": [span],
        "tokens": tokens,
        "answer": answer,
        **more,
    }


def label_studio(*results: dict[str, Any], **annotation: object) -> dict[str, Any]:
    made = {"id": 9, "completed_by": 3, "was_cancelled": False, "result": list(results)}
    return {"id": 1, "data": {"text": TEXT}, "annotations": [made | annotation], "predictions": []}


def region(
    start: object, end: object, *labels: str, quote: str = "", **more: object
) -> dict[str, Any]:
    value = {"start": start, "end": end, "labels": list(labels), "text": quote}
    return {"from_name": "label", "to_name": "text", "type": "labels", "value": value, **more}


# Each tool


def test_this_programs_own_export_comes_back_with_whose_it_is_and_how_far(
    tmp_path: Path, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nobodys = own("Nobody looked", [], annotator="", status="new")
    skipped = own("Not worth it", [], annotator="jo", status="skipped")
    path = write(tmp_path, "pages.jsonl", own(), nobodys, skipped)
    assert run("load", project, path) == 0
    assert capsys.readouterr().out == "3 added, 0 already there, 0 rejected, 2 labelled\n"
    assert spans_of(project, "mira") == SPANS
    assert status_of(project, "mira") is Status.DONE
    assert status_of(project, "jo", 3) is Status.SKIPPED
    with Store.open(project) as store:
        assert store.annotators() == ["jo", "mira"]
        assert store.pages.get(1).info.site == "varn.example"


def test_of_the_labels_of_doccano_what_is_none_is_told_and_the_rest_is_taken(
    tmp_path: Path, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = [[5, 15, "headline"], [0, 4, None], ["a", 3, "body"], "x", [16.0, 23.0, "body"]]
    objects = [{"id": 1, "label": "headline", "start_offset": 0, "end_offset": 4}, {"id": 2}]
    path = write(tmp_path, "a.jsonl", {"text": TEXT, "label": odd},
                 {"text": "Ship and more", "entities": objects})  # fmt: skip
    assert run("load", project, path, "--annotator", "mira") == 1
    assert spans_of(project, "mira") == SPANS[:1]
    assert spans_of(project, "mira", 2) == [Span(0, 4, "headline")]
    first, second = capsys.readouterr().err.splitlines()
    assert "span 2 names no label: None; span 3 does not lie in the text: 'a' to 3" in first
    assert first.endswith("and 1 more")
    assert second.endswith("some of its labels were left out: span 2 names no label: None")


def test_the_short_export_of_label_studio_brings_its_labels(tmp_path: Path, project: Path) -> None:
    labels = [{"start": 5, "end": 15, "text": "Ship sails", "labels": ["Headline"]}]
    task = {"id": 1, "text": TEXT, "label": labels, "annotator": 3, "annotation_id": 9}
    assert run("load", project, write(tmp_path, "min.json", task)) == 0
    assert spans_of(project, "label studio 3") == SPANS[:1]
    assert status_of(project, "label studio 3") is Status.DONE


def test_an_export_whose_text_was_altered_gives_no_labels(
    tmp_path: Path, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path, "pages.jsonl", own(sha256="0" * 64))
    assert run("load", project, path) == 1
    said = capsys.readouterr()
    assert "work/pages.jsonl:1: its labels were not loaded: the text is not the one" in said.err
    assert said.out == "1 added, 0 already there, 1 rejected\n"
    assert spans_of(project, "mira") == []


def test_of_prodigy_what_was_accepted_is_labelled_and_the_rest_only_loaded(
    tmp_path: Path, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = ("accept", "reject", "ignore")
    lines = [prodigy(answer, _session_id="news-mira") for answer in answers]
    assert run("load", project, write(tmp_path, "news.jsonl", *lines)) == 0
    said = capsys.readouterr()
    assert said.out == "3 added, 0 already there, 0 rejected, 1 labelled\n"
    assert said.err.splitlines() == [
        f"segmark: passed over work/news.jsonl: 1 record whose answer is {answer}"
        for answer in ("reject", "ignore")
    ]
    assert spans_of(project, "news-mira") == SPANS[:1]
    assert status_of(project, "news-mira") is Status.DONE
    assert status_of(project, "news-mira", 2) is Status.NEW


def test_a_span_that_is_not_what_its_tokens_say_is_left_out(
    tmp_path: Path, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = prodigy("accept")
    wrong["spans"].append({"start": 0, "end": 4, "token_start": 1, "token_end": 1, "label": "body"})
    path = write(tmp_path, "news.jsonl", wrong)
    assert run("load", project, path, "--annotator", "mira") == 1
    assert "span 2 quotes 'Ship ', and 'Menu' is there" in capsys.readouterr().err
    assert spans_of(project, "mira") == SPANS[:1]
    assert status_of(project, "mira") is Status.STARTED  # somebody has to look at it again


def test_an_answer_that_was_given_in_prodigy_counts_before_what_was_exported(
    tmp_path: Path, project: Path
) -> None:
    begun = {"annotator": "mira", "status": "started", "sha256": ""}
    lines = [prodigy(answer, meta=begun, _session_id="jo") for answer in ("accept", "reject")]
    assert run("load", project, write(tmp_path, "news.jsonl", *lines)) == 0
    assert status_of(project, "jo") is Status.DONE
    assert spans_of(project, "jo") == SPANS[:1]
    assert status_of(project, "mira", 2) is Status.NEW


def test_of_doccano_both_shapes_are_read(
    tmp_path: Path, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    entity = {"id": 9, "label": "headline", "start_offset": 5, "end_offset": 15}
    lines = [
        {"id": 1, "text": TEXT, "label": [[5, 15, "headline"], [16, 34, "body"]], "Comments": []},
        {"id": 2, "text": f"{TEXT}!", "entities": [entity], "relations": [{}, {}], "Comments": []},
        {"id": 3, "text": "Nothing", "label": [], "Comments": []},
    ]
    path = write(tmp_path, "all.jsonl", *lines)
    assert run("load", project, path, "--annotator", "mira") == 0
    said = capsys.readouterr()
    assert said.out == "3 added, 0 already there, 0 rejected, 2 labelled\n"
    assert said.err == "segmark: passed over work/all.jsonl: 2 relations between labels\n"
    assert spans_of(project, "mira") == SPANS
    assert spans_of(project, "mira", 2) == SPANS[:1]
    # doccano does not say whether a document is finished.
    assert status_of(project, "mira") is Status.STARTED
    assert status_of(project, "mira", 3) is Status.NEW


def test_work_that_does_not_say_how_far_it_is_can_be_taken_as_finished(
    tmp_path: Path, project: Path
) -> None:
    path = write(tmp_path, "all.jsonl", {"text": TEXT, "label": [[5, 15, "headline"]]})
    assert run("load", project, path, "--annotator", "mira", "--done") == 0
    assert status_of(project, "mira") is Status.DONE


def test_of_label_studio_annotations_are_labels_and_predictions_are_suggestions(
    tmp_path: Path, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    task = label_studio(
        region(5, 15, "Headline", quote="Ship sails"), {"type": "choices", "value": {}}
    )
    task["annotations"].append(
        {"completed_by": {"email": "jo@varn.example"}, "was_cancelled": True, "result": []}
    )
    task["predictions"] = [
        {"model_version": "1", "score": 0.9, "result": [region(16, 34, "Body")]},
        {"model_version": "2", "result": [region(0, 4, "Ticker", score=0.25)]},
    ]
    assert run("load", project, write(tmp_path, "export.json", task)) == 0
    said = capsys.readouterr()
    assert said.out == "1 added, 0 already there, 0 rejected, 2 labelled, 1 with predictions\n"
    assert said.err == "segmark: passed over work/export.json: 1 result that is no label\n"
    assert spans_of(project, "label studio 3") == SPANS[:1]
    assert status_of(project, "label studio 3") is Status.DONE
    assert status_of(project, "jo@varn.example") is Status.SKIPPED
    with Store.open(project) as store:
        models = store.suggestions.predictions_by_model(1)
    found = {name: [(one.span, one.confidence) for one in made] for name, made in models.items()}
    assert found == {"2": [(Span(0, 4, "ticker"), 0.25)], "1": [(Span(16, 34, "body"), 0.9)]}


def test_a_quotation_may_differ_in_white_space_only(
    tmp_path: Path, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    task = label_studio(
        region(5, 15, "headline", quote="Shipsails"),
        region(16, 34, "body", quote="It did.\\nIt did so."),
        region(0, 4, "ticker", quote="Ship"),
    )
    assert run("load", project, write(tmp_path, "export.json", task)) == 1
    assert "span 3 quotes 'Ship', and 'Menu' is there" in capsys.readouterr().err
    assert spans_of(project, "label studio 3") == SPANS


def test_tokens_with_tags_become_a_page_whose_text_is_made_of_them(
    tmp_path: Path, project: Path
) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    lines = (
        "-DOCSTART- -X- O O", "", "Ship NNP B-NP B-headline", "sails VBZ B-VP I-headline", "",
        "It PRP B-NP I-body", "did VBD B-VP I-body", ". . O O", "", "-DOCSTART- -X- O O", "",
        "# a = comment", "End\tNN\tB-NP\tS-CAPTION",
    )  # fmt: skip
    path = folder / "eng.train"
    path.write_text("\n".join(lines))
    assert run("load", project, path, "--annotator", "mira") == 0
    with Store.open(project) as store:
        assert [store.pages.get(n).text for n in (1, 2)] == ["Ship sails\nIt did .", "End"]
    assert spans_of(project, "mira") == [Span(0, 10, "headline"), Span(11, 17, "body")]
    assert spans_of(project, "mira", 2) == [Span(0, 3, "caption")]
    assert status_of(project, "mira") is Status.DONE


# Labels


def test_unknown_labels_are_listed_and_refused_before_anything_is_loaded(
    tmp_path: Path, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    labels = [[0, 4, "Teaser"], [5, 15, "TITLE"], [16, 34, "Body"]]
    late = [{"text": f"Row {n}", "label": []} for n in range(30)]
    path = write(tmp_path, "all.jsonl", *late, {"text": TEXT, "label": labels})
    other = write(tmp_path, "other.jsonl", {"text": "Other"})
    assert run("load", project, path, other) == 1
    said = capsys.readouterr()
    assert said.out == "1 added, 0 already there, 1 rejected\n"
    assert said.err == (
        "segmark: rejected work/all.jsonl: the project lacks its labels TITLE, Teaser, it has "
        "headline, caption, body, ticker, comment; say which is which with --map TITLE=headline, "
        "or leave the unknown ones out with --drop-unknown\n"
    )
    names = ["--map", "title=headline", "--map", "Teaser=", "--annotator", "mira"]
    assert run("load", project, path, *names) == 0
    said = capsys.readouterr()
    assert said.out == "31 added, 0 already there, 0 rejected, 1 labelled\n"
    assert said.err == "segmark: passed over work/all.jsonl: 1 label 'Teaser'\n"
    assert spans_of(project, "mira", 32) == SPANS


def test_unknown_labels_can_be_left_out(
    tmp_path: Path, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path, "all.jsonl", {"text": TEXT, "label": [[0, 4, "X"], [5, 15, "headline"]]})
    assert run("load", project, path, "--drop-unknown", "--annotator", "mira", "--done") == 0
    assert capsys.readouterr().err == "segmark: passed over work/all.jsonl: 1 label 'X'\n"
    assert spans_of(project, "mira") == SPANS[:1]
    assert status_of(project, "mira") is Status.DONE


@pytest.mark.parametrize(
    ("option", "said"),
    [("X=advert", "there is no label 'advert'"), ("X", "does not name two")],
)
def test_a_map_that_makes_no_sense_is_refused(
    tmp_path: Path, project: Path, capsys: pytest.CaptureFixture[str], option: str, said: str
) -> None:
    path = write(tmp_path, "all.jsonl", {"text": TEXT, "label": [[0, 4, "X"]]})
    assert run("load", project, path, "--map", option) == 2
    assert said in capsys.readouterr().err


# Places


def test_what_overlaps_or_falls_outside_is_told_and_not_guessed(
    tmp_path: Path, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spans = [(5, 15, "headline"), (5, 15, "headline"), (16, 20, "body"), (18, 34, "ticker"),
             (30, 99, "comment"), (15, 16, "caption"), (9, 5, "caption")]  # fmt: skip
    record = own()
    record["spans"] = [{"start": s, "end": e, "label": label} for s, e, label in spans]
    assert run("load", project, write(tmp_path, "pages.jsonl", record)) == 1
    assert capsys.readouterr().err == (
        "segmark: rejected work/pages.jsonl:1: some of its labels were left out: span 5 does not "
        "lie in the text: 30 to 99; span 6 holds nothing but white space; span 7 does not lie in "
        "the text: 9 to 5; and 2 more\n"
    )
    assert spans_of(project, "mira") == SPANS[:1]
    assert status_of(project, "mira") is Status.STARTED


def test_offsets_go_through_the_line_ends_and_the_byte_order_mark(
    tmp_path: Path, project: Path
) -> None:
    raw = "\ufeffMenu\r\nShip sails\r\n\r\nIt did.\r\n"
    start = raw.index("Ship")
    label = [[start, start + 12, "headline"], [raw.index("It"), len(raw), "body"]]
    path = write(tmp_path, "all.jsonl", {"text": raw, "label": label})
    options = ("--annotator", "mira", "--offsets", "codepoint")
    assert run("load", project, path, *options) == 0
    with Store.open(project) as store:
        text = store.pages.get(1).text
    quoted = [text[span.start : span.end] for span in spans_of(project, "mira")]
    assert quoted == ["Ship sails", "It did."]


def test_touching_spans_are_one_where_the_label_joins(tmp_path: Path, project: Path) -> None:
    label = [[16, 23, "body"], [24, 34, "body"], [0, 4, "caption"], [5, 15, "caption"]]
    path = write(tmp_path, "all.jsonl", {"text": TEXT, "label": label})
    assert run("load", project, path, "--annotator", "mira") == 0
    captions = [Span(0, 4, "caption"), Span(5, 15, "caption")]
    assert spans_of(project, "mira") == [*captions, Span(16, 34, "body")]


def test_labels_of_a_page_that_is_made_from_html_are_not_taken(
    tmp_path: Path, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path, "all.jsonl", {"html": "<p>Ship", "label": [[0, 4, "body"]]})
    assert run("load", project, path) == 1
    assert "the page was made from HTML" in capsys.readouterr().err


# The project


def test_what_the_project_has_is_never_overwritten(
    tmp_path: Path, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with make_project(project, TEXT) as store:
        session = Session(store, "mira")
        session.open(1)
        session.flag()
    report = tmp_path / "report.csv"
    path = write(tmp_path, "pages.jsonl", own(), own(annotator="jo"))
    assert run("load", project, path, "--report", report) == 1
    said = capsys.readouterr()
    assert said.out == "0 added, 2 already there, 1 rejected, 1 labelled\n"
    assert "mira labelled this page differently here" in said.err
    assert spans_of(project, "mira") == []
    assert spans_of(project, "jo") == SPANS
    told = report.read_text().splitlines()
    assert told[1].endswith("the same bytes as pages/page.txt; labelled differently here by mira")
    assert told[2].endswith("the same bytes as pages/page.txt; labelled by jo")


def test_a_page_that_was_removed_stays_so_and_the_rest_goes_on(
    tmp_path: Path, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with make_project(project, TEXT) as store:
        store.annotations("jo").change_pages([1], remove_pages(1, removed=True))
    other = own("Ship", [Span(0, 4, "headline")])
    report = tmp_path / "report.csv"
    path = write(tmp_path, "pages.jsonl", own(), other)
    assert run("load", project, path, "--report", report) == 0
    assert "1 labelled, 1 already labelled" in capsys.readouterr().out
    assert "removed here, not labelled by mira" in report.read_text()
    assert spans_of(project, "mira", 2) == [Span(0, 4, "headline")]


def test_loaded_labels_are_one_act_a_page_that_can_be_undone_and_loaded_again(
    tmp_path: Path, project: Path
) -> None:
    path = write(tmp_path, "pages.jsonl", own(), own("Ship", [Span(0, 4, "headline")]))
    assert run("load", project, path) == 0
    with Store.open(project) as store:
        session = Session(store, "mira")
        assert session.undo_title == "Load labels"
        session.undo()
        assert session.open_page
        assert (session.open_page.page.text, session.spans) == ("Ship", ())
        assert session.state.status is Status.NEW
        session.redo()
        assert session.spans == (Span(0, 4, "headline"),)
        session.undo()
    assert run("load", project, path) == 0
    assert spans_of(project, "mira", 2) == [Span(0, 4, "headline")]
    assert run("check", project) == 0


def test_an_export_tells_which_labels_were_loaded_and_which_of_them_were_altered(
    tmp_path: Path, project: Path
) -> None:
    run("load", project, write(tmp_path, "pages.jsonl", own()))
    with Store.open(project) as store:
        session = Session(store, "mira")
        session.open(1)
        session.label("ticker", Selection(0, 4))
        session.label("comment", Selection(24, 34))
        records = list(store.records(RecordFilter(provenance=True)))
    assert [(span.label, *records[0].about[span.start].values()) for span in records[0].spans] == [
        ("ticker", "typed"), ("headline", "loaded"), ("body", "changed"), ("comment", "changed"),
    ]  # fmt: skip
