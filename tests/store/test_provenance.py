"""Where each span came from, in the records and in the export."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from segmark.cli import program as cli
from segmark.core.annotation import Status
from segmark.core.caret import Selection
from segmark.core.record import RecordFilter
from segmark.core.span import Span
from segmark.core.suggestion import Suggestion
from segmark.jobs.carry_over import carry_over, plan
from segmark.session.session import Session
from segmark.store.store import Store
from segmark.store.suggestions import Offer

from tests.factories import add_pages, make_project
from tests.working import with_suggestions

TEXT = "Ship sails\nIt did.\nAnd on.\nMore\nLast"
HEADLINE, BODY, AND, MORE = (
    Suggestion(Span(0, 10, "headline"), 0.9, ""),
    Suggestion(Span(11, 18, "body"), 0.8, ""),
    Suggestion(Span(19, 26, "ticker"), 0.7, ""),
    Suggestion(Span(27, 31, "comment"), 0.2, ""),
)
ALL = (HEADLINE, BODY, AND, MORE)


@pytest.fixture
def store(project: Path) -> Iterator[Store]:
    with make_project(project, TEXT) as store:
        yield store


def work(store: Store, offer: Offer) -> None:
    """Accept the first, change the second, refuse the third and label it after all, and more."""
    session, suggesting = with_suggestions(store)
    session.open(1)
    suggesting.offer(1, offer)
    suggesting.accept(Selection.at(0))
    if offer.blind:
        session.label("headline", Selection(0, 10))
    session.label("body", Selection(11, 13))
    suggesting.reject(Selection.at(AND.span.start))
    session.label("caption", Selection(19, 26))
    session.label("comment", Selection(27, 31))
    session.label("ticker", Selection(32, 36))
    session.finish()


def sources(store: Store) -> list[object]:
    (record,) = store.records(RecordFilter(provenance=True))
    return [record.about[span.start]["source"] for span in record.spans]


def test_each_span_was_typed_accepted_or_changed(store: Store) -> None:
    work(store, Offer(ALL, threshold=0.5))
    assert sources(store) == ["accepted", "changed", "typed", "typed", "typed"]


def test_on_a_blind_page_and_without_suggestions_all_is_typed(store: Store) -> None:
    work(store, Offer(ALL, blind=True))
    assert set(sources(store)) == {"typed"}


def test_what_was_predicted_elsewhere_and_accepted_was_loaded(store: Store) -> None:
    with store.write():
        store.suggestions.keep_predictions(1, ALL)
    work(store, Offer(ALL))
    assert sources(store) == ["loaded", "changed", "typed", "loaded", "typed"]


def test_what_was_carried_over_says_so_and_whether_its_text_had_changed(store: Store) -> None:
    work(store, Offer(ALL))
    add_pages(store, TEXT.replace("Ship sails", "Ship sails on") + "\nEnd")
    with store.write():
        store.versions.link(2, 1)
    session = Session(store, "mira")
    session.open(2)
    planned = plan(store, "mira", 2)
    assert planned
    carry_over(session, planned)
    session.label("body", Selection(40, 43))
    session.finish()
    _, record = store.records(RecordFilter(provenance=True))
    assert [(span.label, record.about[span.start]["source"]) for span in record.spans] == [
        ("headline", "carried-changed"), ("body", "carried"), ("caption", "carried"),
        ("comment", "carried"), ("ticker", "carried"), ("body", "typed"),
    ]  # fmt: skip


def test_records_say_nothing_of_it_unless_asked(store: Store) -> None:
    work(store, Offer(ALL))
    (record,) = store.records(RecordFilter())
    assert record.about == {}


def test_the_export_tells_it_only_with_the_option(store: Store, tmp_path: Path) -> None:
    work(store, Offer(ALL))
    plain, told = tmp_path / "plain", tmp_path / "told"
    project = str(store.path)
    assert cli.run(["export", project, str(plain)]) == 0
    assert cli.run(["export", project, str(told), "--provenance"]) == 0
    lines = [json.loads((out / "pages.jsonl").read_bytes()) for out in (plain, told)]
    assert [list(span) for span in lines[0]["spans"]] == [["start", "end", "label"]] * 5
    assert [span.pop("source") for span in lines[1]["spans"]] == [
        "accepted", "changed", "typed", "accepted", "typed",
    ]  # fmt: skip
    assert lines[0] == lines[1]
    assert "- name: source" in (told / "README.md").read_text("utf-8").partition("segmark:")[0]
    assert "its `source`" in (told / "README.md").read_text("utf-8")
    assert "its `source`" not in (plain / "README.md").read_text("utf-8")
    assert cli.run(["verify", str(told), "--project", project]) == 0


@pytest.mark.parametrize("form", ["parquet", "tokens", "lines"])
def test_every_format_with_spans_in_its_rows_tells_it(
    store: Store, tmp_path: Path, form: str
) -> None:
    work(store, Offer(ALL))
    plain, told = tmp_path / "plain", tmp_path / "told"
    arguments = ["export", str(store.path), "--format", form]
    assert cli.run([*arguments[:2], str(plain), *arguments[2:]]) == 0
    assert cli.run([*arguments[:2], str(told), *arguments[2:], "--provenance"]) == 0
    found: dict[int, str] = {}
    for row, other in zip(rows(told), rows(plain), strict=True):
        for span in row["spans"]:
            found[span["start"]] = span.pop("source")
        assert row == other
    assert [found[start] for start in sorted(found)] == [
        "accepted", "changed", "typed", "accepted", "typed",
    ]  # fmt: skip
    card = (told / "README.md").read_text("utf-8")
    assert "- name: source" in card.partition("segmark:")[0]
    assert "its `source`" in card
    assert cli.run(["verify", str(told), "--project", str(store.path)]) == 0


def rows(folder: Path) -> list[dict[str, Any]]:
    """The rows of an export, as they are in its files."""
    if (folder / "pages.jsonl").is_file():
        return [json.loads(line) for line in (folder / "pages.jsonl").read_bytes().splitlines()]
    parquet = pytest.importorskip("pyarrow.parquet")
    (file,) = folder.glob("*.parquet")
    return list(parquet.read_table(file).to_pylist())


@pytest.mark.parametrize("form", ["conll", "spacy"])
def test_formats_that_can_not_tell_it_say_so(
    store: Store, tmp_path: Path, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    work(store, Offer(ALL))
    arguments = ["export", str(store.path), str(tmp_path / "out"), "--provenance"]
    assert cli.run([*arguments, "--format", form]) == 2
    said = capsys.readouterr().err
    assert f"the format {form} has no place for where a span came from" in said
    assert "jsonl, parquet, tokens, lines" in said
    assert not (tmp_path / "out").exists()


def test_skipped_pages_tell_it_too(store: Store) -> None:
    work(store, Offer(ALL))
    session = Session(store, "mira")
    session.open(1)
    session.skip()
    (record,) = store.records(RecordFilter(frozenset({Status.SKIPPED}), provenance=True))
    assert {about["source"] for about in record.about.values()} == {"accepted", "changed", "typed"}


def test_what_was_accepted_from_an_unsure_suggestion_can_be_left_out(store: Store) -> None:
    work(store, Offer(ALL, threshold=0.5))

    def kept(least: float) -> list[str]:
        (record,) = store.records(RecordFilter(min_confidence=least))
        return [span.label for span in record.spans]

    everything = ["headline", "body", "caption", "comment", "ticker"]
    assert kept(0) == kept(0.9) == everything
    # Only the headline was accepted as it was; the rest was typed, or changed by hand.
    assert kept(0.91) == everything[1:]


def test_on_a_blind_page_nothing_is_unsure(store: Store) -> None:
    work(store, Offer(ALL, blind=True))
    (record,) = store.records(RecordFilter(min_confidence=1.0))
    assert record.spans[0].label == "headline"
