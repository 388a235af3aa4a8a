"""What changed between two exports."""

from pathlib import Path

import pytest
from segmark.core.label import LabelSet
from segmark.core.label_acts.acts import rename
from segmark.core.span import Span
from segmark.export.diff import Difference, difference
from segmark.export.error import ExportError
from segmark.export.options import ExportOptions
from segmark.export.reading import Export
from segmark.export.split import Split

from tests.export.made import LABELS, export, export_as, many, record


def between(folder: Path, old: str = "old", new: str = "new") -> Difference:
    return difference(Export(folder / old), Export(folder / new))


def test_two_exports_of_the_same_pages_do_not_differ_whatever_their_formats(tmp_path: Path) -> None:
    export(many(20), tmp_path / "old")
    for form in ("jsonl", "tokens", "conll", "lines"):
        export_as(form, many(20), tmp_path / form)
        found = between(tmp_path, new=form)
        assert not found
        assert list(found.lines()) == ["pages: 0 added, 0 removed, 0 changed, 20 the same"]


def test_pages_and_spans_that_came_or_went_are_told(tmp_path: Path) -> None:
    export([record("same"), record("gone"), record("cut")], tmp_path / "old")
    shorter = (Span(0, 13, "headline"), Span(14, 37, "body"))
    export([record("same"), record("cut", spans=shorter), record("new")], tmp_path / "new")
    found = between(tmp_path)
    assert found
    assert list(found.lines()) == [
        "pages: 1 added, 1 removed, 1 changed, 1 the same",
        "body: 2 added, 2 removed",
        "headline: 1 added, 1 removed",
        "- gone (mira)",
        "+ new (mira)",
        "~ cut (mira): -body 14:38, +body 14:37",
    ]


def test_a_page_that_moved_to_another_part_or_has_another_text_is_told(tmp_path: Path) -> None:
    split = ExportOptions(split=Split(60, 20, 20))
    export_as("jsonl", [record(site="a.example")], tmp_path / "old", split)
    pages = [record(text="Barge returns\nThe night barge is back.", site="varn.example")]
    export_as("jsonl", pages, tmp_path / "new", split)
    (change,) = between(tmp_path).changed
    assert str(change) == "a1 (mira): moved from test to train, has another text"


def test_two_annotators_of_a_page_are_told_apart(tmp_path: Path) -> None:
    export([record(annotator="mira"), record(annotator="tom")], tmp_path / "old")
    export([record(annotator="mira"), record(annotator="tom", spans=())], tmp_path / "new")
    found = between(tmp_path)
    assert (found.same, [change.annotator for change in found.changed]) == (1, ["tom"])


def test_an_export_that_is_broken_is_not_compared(tmp_path: Path) -> None:
    for name in ("old", "new"):
        export(many(3), tmp_path / name)
    (tmp_path / "new/pages.jsonl").write_text("{\n")
    with pytest.raises(ExportError, match=r"line 1: it is not JSON"):
        between(tmp_path)


def _renamed(was: str, name: str) -> LabelSet:
    return rename(LABELS, was, name).after


def test_a_renamed_label_is_one_line_and_changes_no_page(tmp_path: Path) -> None:
    kept, cut = (Span(0, 13, "headline"), Span(14, 38, "body")), (Span(0, 13, "headline"),)
    named = (Span(0, 13, "title"), Span(14, 38, "body"))
    export([record("same", spans=kept), record("more", spans=cut)], tmp_path / "old")
    pages = [record("same", spans=named), record("more", spans=named)]
    export(pages, tmp_path / "new", labels=_renamed("headline", "title"))
    found = between(tmp_path)
    assert found
    assert list(found.lines()) == [
        "pages: 0 added, 0 removed, 1 changed, 1 the same",
        "label headline → title: 2 spans on 2 pages",
        "body: 1 added, 0 removed",
        "~ more (mira): +body 14:38",
    ]
    assert [str(label) for label in between(tmp_path, "new", "old").renamed] == [
        "label title → headline: 2 spans on 2 pages"
    ]


def test_labels_that_swapped_their_names_are_told_apart(tmp_path: Path) -> None:
    export([record()], tmp_path / "old")
    swapped = _renamed("headline", "x")
    for was, name in (("body", "headline"), ("x", "body")):
        swapped = rename(swapped, was, name).after
    spans = (Span(0, 13, "body"), Span(14, 38, "headline"))
    export([record(spans=spans)], tmp_path / "new", labels=swapped)
    assert sorted(between(tmp_path).lines()) == [
        "label body → headline: 1 span on 1 page",
        "label headline → body: 1 span on 1 page",
        "pages: 0 added, 0 removed, 0 changed, 1 the same",
    ]


def test_a_span_that_got_another_label_of_the_set_is_no_rename(tmp_path: Path) -> None:
    export([record()], tmp_path / "old")
    spans = (Span(0, 13, "caption"), Span(14, 38, "body"))
    export([record(spans=spans)], tmp_path / "new")
    found = between(tmp_path)
    assert not found.renamed
    assert [str(page) for page in found.changed] == ["a1 (mira): -headline 0:13, +caption 0:13"]
