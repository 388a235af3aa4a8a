"""Projects, pages and tables in other programs; the examples of the documentation."""

import os
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import segmark
from segmark.loading.loader import load_bytes
from segmark.store.store import Store

from tests.factories import LABELS, label, settle
from tests.news_project import finish, gold, news_project
from tests.places import ROOT

EXAMPLES = re.findall(
    r"^```python\n(.*?)^```", (ROOT / "docs/library.md").read_text("utf-8"), re.M | re.S
)
HTML = b"<title>Ferry</title><h1>Night ferry</h1><p>It is back.</p><p hidden>Not shown.</p>"


@pytest.fixture
def made(project: Path) -> Path:
    """Three pages of a site, the first finished by Ada, the second begun by Jan."""
    with news_project(project, pages=3, finished=1) as store:
        label(store, "jan", 2, "comment", 0, 4)
    return project


@pytest.fixture
def opened(made: Path) -> Iterator[segmark.Project]:
    with segmark.open(made) as project:
        yield project


def test_a_project_gives_its_pages_records_annotations_and_labels(opened: segmark.Project) -> None:
    assert [page.id for page in opened.pages()] == ["page1", "page2", "page3"]
    (record,) = opened.records()
    assert (record.id, tuple(record.spans), record.annotator) == ("page1", gold(1), "ada")
    ((page, annotation),) = opened.annotations("jan")
    assert (page, annotation.state.status) == ("page2", segmark.Status.STARTED)
    assert opened.labels == LABELS
    assert list(opened.annotators) == ["ada", "jan"]


def test_records_are_chosen_by_status_annotator_and_site(opened: segmark.Project) -> None:
    def ids(**chosen: object) -> list[str]:
        return [record.id for record in opened.records(**chosen)]  # type: ignore[arg-type]

    assert ids(status="started") == ["page2"]
    assert ids(status=["started", segmark.Status.DONE]) == ["page1", "page2"]
    assert ids(status="new", annotator="ada") == ["page2", "page3"]
    assert ids(annotator="jan") == []
    assert ids(site="news.example") == ["page1"]
    assert ids(site=["elsewhere.example"]) == []
    with pytest.raises(ValueError, match="finished"):
        ids(status="finished")


def test_pages_have_the_anchors_and_what_their_html_declares(project: Path) -> None:
    html = HTML.replace(b"<h1>", b'<meta property="og:title" content="Night ferry returns"><h1>')
    loaded = load_bytes(html, "varn/ferry.html")
    with Store.create(project, LABELS) as store, store.write():
        store.pages.add(loaded.page, loaded.source)
    with segmark.open(project) as opened:
        (page,) = opened.pages()
    assert page == segmark.read_html(html, site="varn", source="varn/ferry.html")
    assert page.declared.titles == ("Night ferry returns",)
    assert page.blocks[0].anchor == segmark.Anchor("/html/body/h1", ("", "", ""))


def test_an_unknown_annotator_and_a_file_that_is_no_project_are_named(
    opened: segmark.Project, tmp_path: Path
) -> None:
    with pytest.raises(segmark.StoreError, match="'zoe' has labelled nothing; known are: ada, jan"):
        next(opened.annotations("zoe"))
    with pytest.raises(segmark.StoreError, match=r"there\.segmark"):
        segmark.open(tmp_path / "there.segmark")


def test_a_project_that_is_read_stays_as_it_is_byte_for_byte(made: Path) -> None:
    before = {path.name: path.read_bytes() for path in made.parent.iterdir()}
    with segmark.open(str(made)) as project:
        record = next(iter(project.records()))
        with pytest.raises(segmark.StoreError, match="writable=True"):
            project.keep_predictions([record], "copy")
    assert {path.name: path.read_bytes() for path in made.parent.iterdir()} == before


def test_predictions_are_stored_for_their_pages_with_their_scores(made: Path) -> None:
    with segmark.open(made, writable=True) as project:
        (record,) = project.records()
        first = record.spans[0]
        scored = replace(record, about={first.start: {"score": 0.25}})
        assert project.keep_predictions([scored], "copy") == 1
    with Store.open(made) as store:
        found = store.suggestions.predictions_by_model(1)["copy"]
    assert tuple(one.span for one in found) == gold(1)
    assert [one.confidence for one in found] == [0.25, *[1.0] * (len(found) - 1)]


def test_predictions_that_do_not_fit_are_refused_and_nothing_of_them_is_stored(made: Path) -> None:
    with segmark.open(made, writable=True) as project:
        (record,) = project.records()
        for wrong, why in (
            (replace(record, id="other"), "there is no page other"),
            (replace(record, text=f"{record.text}x"), "its text is not that of the project"),
            (replace(record, spans=[segmark.Span(0, 10**6, "body")]), "does not lie in the text"),
            (replace(record, spans=[segmark.Span(0, 4, "advert")]), "label set lacks"),
        ):
            with pytest.raises(segmark.StoreError, match=why):
                project.keep_predictions([record, wrong], "copy")
    with Store.open(made) as store:
        assert store.suggestions.models() == {}


def test_html_becomes_the_page_that_loading_makes() -> None:
    page = segmark.read_html(HTML, "https://www.varn.example/ferry")
    assert page.text == load_bytes(HTML, "ferry.html").page.text == "Night ferry\n\nIt is back."
    assert (page.info.site, page.info.title) == ("varn.example", "Ferry")
    again = segmark.read_html("<p>Caf\u00e9 \U0001f30a</p>")
    assert again.text == "Caf\u00e9 \U0001f30a"


@pytest.mark.parametrize("source", [b"", b"\x89PNG\r\n\x1a\n\x00\x00", b"<p hidden>No</p>"])
def test_what_is_no_page_is_refused_with_its_name(source: bytes) -> None:
    with pytest.raises(segmark.LoadError, match=r"varn/x\.html: it"):
        segmark.read_html(source, source="varn/x.html")


# Tables


def test_records_become_tables_with_their_spans(opened: segmark.Project) -> None:
    pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    records = list(opened.records(status=["done", "started"]))
    frame = segmark.to_pandas(records)
    assert list(frame["id"]) == ["page1", "page2"]
    assert list(frame["annotator"]) == ["ada", "jan"]
    table = segmark.to_arrow(records)
    rows = table.to_pylist()
    assert rows[1]["spans"] == [{"start": 0, "end": 4, "label": "comment", "score": None}]
    assert rows[0]["meta"]["sha256"] == records[0].sha256
    assert segmark.to_dict(records[1])["spans"] == [{"start": 0, "end": 4, "label": "comment"}]


def test_no_records_become_empty_tables_with_the_same_columns() -> None:
    pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    assert list(segmark.to_pandas([]).columns)[:3] == ["id", "text", "spans"]
    assert segmark.to_arrow([]).column_names == ["id", "text", "spans", "meta"]


def test_records_become_a_data_set(opened: segmark.Project) -> None:
    pytest.importorskip("datasets")
    (row,) = segmark.to_datasets(opened.records())
    (record,) = opened.records()
    assert row["text"] == record.text
    assert [(span["start"], span["end"]) for span in row["spans"]] == [s[:2] for s in gold(1)]


def test_a_missing_library_is_named_with_what_installs_it(
    opened: segmark.Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match=r"pip install 'segmark\[pandas\]'"):
        segmark.to_pandas(opened.records())


# The documentation


def test_the_documentation_has_six_programs() -> None:
    assert len(EXAMPLES) == 6


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_of_the_documentation_runs_and_prints_something(
    example: str, made: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if "to_pandas" in example:
        pytest.importorskip("pandas")
    with Store.open(made) as store:
        finish(store, 3, gold(3))
        settle(store, "jan", 2, segmark.Status.SKIPPED)
    monkeypatch.chdir(made.parent)
    exec(compile(example, "docs/library.md", "exec"), {})
    assert capsys.readouterr().out
    assert os.listdir(made.parent)
