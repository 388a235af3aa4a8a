"""Records of labelling tools: spans exact, or a reason."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from segmark.cli import program as cli
from segmark.core.annotation import Status
from segmark.loading.labels.quoting import QuoteFinder
from segmark.store.store import Store

from tests.loading.reading import quoted

TEXT = "Storm 🎭 hits Varn\nIt rained."
HTML = "<script>Storm</script><p>Storm</p><h1>Big <b>storm</b></h1><p>It rained.</p><p>Storm</p>"
HEADLINE = {"start": 0, "end": 17, "label": "headline"}
FOUND = [("headline", "Storm 🎭 hits Varn")]


def load(project: Path, name: str, content: object, *options: str) -> int:
    path = project.parent / name
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return cli.run(["load", str(project), str(path), "--annotator", "mira", *options])


def labelled(project: Path) -> dict[str, list[tuple[str, str]]]:
    """The labels and quotes of a page, by annotator."""
    with Store.open(project) as store:
        return {who: found for who in store.annotators() if (found := quoted(store, who))}


def predicted(project: Path) -> list[tuple[str, str, float]]:
    with Store.open(project) as store:
        text = store.pages.get(1).text
        return [
            (one.span.label, text[one.span.start : one.span.end], one.confidence)
            for one in store.suggestions.predicted(1)
        ]


REGION = {"start": 0, "end": 17, "text": "Storm 🎭 hits Varn", "labels": ["Headline"]}


@pytest.mark.parametrize("suffix", ["csv", "tsv"])
@pytest.mark.parametrize("cell", [json.dumps([REGION]), ""], ids=["labelled", "nothing"])
def test_tables_of_label_studio(project: Path, tmp_path: Path, suffix: str, cell: str) -> None:
    path = tmp_path / f"export.{suffix}"
    with path.open("w", newline="") as file:
        rows = csv.writer(file, delimiter="," if suffix == "csv" else "\t")
        rows.writerow(["text", "id", "label", "annotator", "annotation_id", "lead_time"])
        rows.writerow([TEXT, "7", cell, "4", "11", "2.5"])
    assert cli.run(["load", str(project), str(path)]) == 0
    with Store.open(project) as store:
        annotation = store.annotations("label studio 4").get(1)
    assert annotation.state.status is Status.DONE
    assert labelled(project) == ({"label studio 4": FOUND} if cell else {})


def hypertext(quote: str, start: int | None, label: str = "Headline") -> dict[str, Any]:
    offsets = {} if start is None else {"globalOffsets": {"start": start, "end": start + 5}}
    value = {"start": "/h1[1]/text()[1]", "end": "/h1[1]/b[1]/text()[1]", "startOffset": 0,
             "endOffset": 5, "text": quote, "hypertextlabels": [label], **offsets}  # fmt: skip
    return {"type": "hypertextlabels", "from_name": "l", "to_name": "t", "value": value}


@pytest.mark.parametrize("column", ["text", "html"])
def test_labels_in_hypertext_are_found_by_their_quotations(
    project: Path, capsys: pytest.CaptureFixture[str], column: str
) -> None:
    results = [hypertext("Big storm", 10), hypertext("It\\n rained.", 19, "Body")]
    relation = {"type": "relation", "from_id": "a", "to_id": "b", "direction": "right"}
    task = {"id": 1, "data": {column: HTML}, "annotations": [{"result": [*results, relation]}]}
    assert load(project, "a.json", [task]) == 0
    assert labelled(project)["mira"] == [("headline", "Big storm"), ("body", "It rained.")]
    assert "1 relation between labels" in capsys.readouterr().err


def test_flat_labels_in_hypertext_are_found_too(project: Path) -> None:
    region = hypertext("Big storm", None)["value"]
    task = {"html": HTML, "label": [region], "annotation_id": 1, "annotator": 1, "lead_time": 2}
    assert load(project, "a.json", [task]) == 0
    assert labelled(project)["label studio 1"] == [("headline", "Big storm")]


@pytest.mark.parametrize(
    ("quote", "start", "said"),
    [("Storm", None, "is 2 times on the page"), ("Calm", 3, "is not on the page: 'Calm'")],
)
def test_a_quotation_in_no_one_place_is_reported(
    project: Path, capsys: pytest.CaptureFixture[str], quote: str, start: int | None, said: str
) -> None:
    results = [hypertext("Big storm", None), hypertext(quote, start, "Body")]
    assert load(project, "a.json", [{"data": {"html": HTML}, "annotations": [{"result": results}]}])
    assert said in capsys.readouterr().err
    assert labelled(project)["mira"] == [("headline", "Big storm")]


def test_the_offset_tells_which_of_several_quotations_is_meant(project: Path) -> None:
    html = HTML.partition("</script>")[2]
    result = hypertext("Storm", len("StormBig stormIt rained."), "Body")
    task = {"data": {"html": html}, "annotations": [{"result": [result]}]}
    assert load(project, "a.json", [task]) == 0
    with Store.open(project) as store:
        page = store.pages.get(1)
        (span,) = store.annotations("mira").get(1).spans
    assert span.start == page.text.rindex("Storm")


ARGILLA_FLAT = {
    "text": TEXT, "parts.responses": [[HEADLINE], []], "parts.responses.users": ["u1", "u2"],
    "parts.responses.status": ["submitted", "draft"], "parts.suggestion": [HEADLINE],
    "parts.suggestion.score": [0.75], "parts.suggestion.agent": "bert",
}  # fmt: skip
ARGILLA_2 = {
    "id": "a", "fields": {"text": TEXT}, "metadata": {"url": "http://varn.example/a"},
    "responses": {"parts": [{"value": [HEADLINE], "user_id": "u1"}]},
    "suggestions": {"parts": {"value": [HEADLINE], "score": 0.75, "agent": "bert"}},
    "status": "completed", "vectors": {},
}  # fmt: skip
ARGILLA_1 = {
    "text": TEXT, "tokens": ["Storm", "🎭", "hits", "Varn", "It", "rained."],
    "annotation": [["headline", 0, 17]], "annotation_agent": "u1", "status": "Validated",
    "prediction": [["headline", 0, 17, 0.75]], "prediction_agent": "bert", "metrics": None,
}  # fmt: skip
ARGILLA_1_OBJECTS = {
    **ARGILLA_1, "annotation": [HEADLINE], "prediction": [{**HEADLINE, "score": 0.75}]
}  # fmt: skip


@pytest.mark.parametrize("record", [ARGILLA_FLAT, ARGILLA_2, ARGILLA_1, ARGILLA_1_OBJECTS])
def test_records_of_argilla(project: Path, record: dict[str, Any]) -> None:
    assert load(project, "a.json", [record]) == 0
    assert labelled(project) == {"u1": FOUND}
    assert predicted(project) == [("headline", "Storm 🎭 hits Varn", 0.75)]
    with Store.open(project) as store:
        assert store.annotations("u1").get(1).state.status is Status.DONE


def test_a_project_of_lighttag(project: Path) -> None:
    by = [{"annotator": "jo", "annotator_id": 1}]
    given = {"start": 0, "end": 17, "tag": "headline", "value": FOUND[0][1], "annotated_by": by}
    wrong = {**given, "start": 18, "end": 20, "value": "It", "correct": False}
    example = {"example_id": 1, "content": TEXT, "metadata": {}, "annotations": [given, wrong]}
    other = {"example_id": 2, "content": "Another", "annotations": []}
    assert load(project, "a.json", {"name": "p", "examples": [example, other]}) == 0
    assert labelled(project) == {"jo": FOUND}
    with Store.open(project) as store:
        assert store.pages.count() == 2


def test_lines_of_dataturks_whose_ends_are_inclusive(project: Path) -> None:
    point = {"start": 0, "end": 16, "text": FOUND[0][1]}
    record = {"content": TEXT, "annotation": [{"label": ["headline"], "points": [point]}],
              "extras": None, "metadata": {"status": "done"}}  # fmt: skip
    none = {"content": "Nothing", "annotation": None, "extras": None}
    assert load(project, "a.json", f"{json.dumps(record)}\n{json.dumps(none)}\n") == 0
    assert labelled(project) == {"mira": FOUND}
    with Store.open(project) as store:
        assert store.annotations("mira").get(1).state.status is Status.DONE
        assert store.pages.count() == 2


@pytest.mark.parametrize(
    "content",
    [
        {"text": TEXT, "entities": {"headline": [{"indices": [0, 17], "rule": "x"}]}},
        [[TEXT, {"entities": [[0, 17, "headline"]]}]],
        {"classes": ["headline"], "annotations": [[TEXT, {"entities": [[0, 17, "headline"]]}]]},
        {"text": TEXT, "ents": [HEADLINE], "sents": [{"start": 0, "end": 17}], "tokens": []},
        {"text": TEXT, "spans": {"sc": [{**HEADLINE, "kb_id": ""}]}, "tokens": []},
        {"text": TEXT, "labels": [[0, 17, "headline"]]},
        {"id": 1, "text": TEXT, "label": [[0, 17, "headline"]], "Comments": []},
        {"id": 1, "text": TEXT, "annotations": [
            {"label": "headline", "start_offset": 0, "end_offset": 17, "user": 1}]},
    ],
    ids=str,
)  # fmt: skip
def test_shapes_of_gate_spacy_and_doccano(project: Path, content: object) -> None:
    assert load(project, "a.json", content, "--offsets", "codepoint") == 0
    assert labelled(project) == {"mira": FOUND}


BAD: list[Any] = [
    {**ARGILLA_1, "annotation": [["headline", 0, 900]]},
    {**ARGILLA_2, "responses": {"parts": [{"value": [{"start": "x"}]}]}},
    {"content": TEXT, "annotation": [{"label": [], "points": [3]}], "extras": None},
    {"text": TEXT, "entities": {"headline": [{"indices": [1]}]}},
]


@pytest.mark.parametrize("record", BAD, ids=str)
def test_what_is_wrong_is_reported_and_the_page_is_loaded(
    project: Path, capsys: pytest.CaptureFixture[str], record: dict[str, Any]
) -> None:
    assert load(project, "a.json", [record]) == 1
    assert "span 1" in capsys.readouterr().err
    with Store.open(project) as store:
        assert store.pages.get(1).text == TEXT


@given(st.text("ab \n🎭", max_size=30), st.data())
def test_a_quotation_is_found_wherever_it_is(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    quote = " ".join(text[start:end].split())
    found = QuoteFinder(text).ranges(quote)
    assert bool(found) == bool(quote)
    for first, last in found:
        assert "".join(text[first:last].split()) == "".join(quote.split())
        assert not text[first].isspace()
        assert not text[last - 1].isspace()
