"""What this program exports for other programs can be loaded again, labels and all."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from segmark.cli import program as cli
from segmark.core.annotation import Status
from segmark.core.span import Span
from segmark.store.store import Store

from tests.export.labelled import nasty_record
from tests.factories import LABELS, label, make_page, settle
from tests.news_project import gold, news_project

FERRY = "Ferry 🎭 sails\n\nIt left\n\nMore of it"

#: By text and annotator: how far the page is, and the spans.
Known = Mapping[tuple[str, str], tuple[Status, list[Span]]]


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    """A project with pages of two annotators in every status, one of them of nasty Unicode."""
    path = tmp_path / "old.segmark"
    nasty = nasty_record()
    with Store.create(path, LABELS) as store:
        with store.write():
            for number, text in enumerate((FERRY, nasty.text, "Two 🎭 lines", "Skipped", "New")):
                page = make_page(text, source=f"web/{number}.txt", site="varn.example")
                store.pages.add(page, text.encode())
        label(store, "mira", 1, "headline", 0, 13)
        label(store, "mira", 1, "body", 15, 22)
        label(store, "nils", 1, "caption", 6, 7)
        for span in nasty.spans:
            label(store, "mira", 2, span.label, span.start, span.end)
        label(store, "mira", 3, "ticker", 0, 5)
        for who, number in (("mira", 1), ("nils", 1), ("mira", 2)):
            settle(store, who, number, Status.DONE)
        settle(store, "mira", 4, Status.SKIPPED)
    return path


def known(project: Path) -> Known:
    with Store.open(project) as store:
        return {
            (store.pages.get(number).text, who): (found.state.status, list(found.spans))
            for who in store.annotators()
            for number in range(1, store.pages.count() + 1)
            if (found := store.annotations(who).get(number)).state.status is not Status.NEW
        }


def trip(old: Path, form: str, *options: str) -> Path:
    out, new = old.with_name(f"out-{form}"), old.with_name(f"{form}.segmark")
    words = ["export", str(old), str(out), "--format", form, *options]
    assert cli.run(words) == 0
    with Store.create(new, LABELS):
        pass
    (data,) = (path for path in out.iterdir() if path.stem == "pages")
    assert cli.run(["load", str(new), str(data)]) == 0
    return new


@pytest.mark.parametrize("form", ["jsonl", "prodigy", "doccano", "label-studio"])
def test_labels_annotators_and_statuses_come_back(form: str, labelled: Path) -> None:
    new = trip(labelled, form, "--status", "all")
    assert known(new) == known(labelled)
    with Store.open(new) as store:
        assert store.pages.count() == 5
        assert {store.pages.get(number).info.site for number in range(1, 6)} == {"varn.example"}


@pytest.mark.parametrize("form", ["jsonl", "parquet", "prodigy", "doccano", "label-studio"])
def test_the_whole_folder_of_an_export_can_be_loaded(
    form: str, labelled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, new = tmp_path / "out", tmp_path / "folder.segmark"
    assert cli.run(["export", str(labelled), str(out), "--format", form]) == 0
    with Store.create(new, LABELS):
        pass
    assert cli.run(["load", str(new), str(out)]) == 0
    passed = {line.split()[3] for line in capsys.readouterr().err.splitlines()}
    data = {path.name for path in out.iterdir() if path.stem.startswith("pages")}
    assert passed == {f"out/{path.name}:" for path in out.iterdir() if path.name not in data}
    done = {key: made for key, made in known(labelled).items() if made[0] is Status.DONE}
    assert known(new) == done


@pytest.mark.parametrize("form", ["prodigy", "doccano", "label-studio"])
def test_suggestions_come_back_as_predictions(form: str, tmp_path: Path) -> None:
    old = tmp_path / "old.segmark"
    news_project(old, pages=4, finished=2).close()
    new = trip(old, form, "--status", "all", "--suggestions")
    assert known(new) == known(old)
    with Store.open(new) as store:
        for number in (3, 4):
            predicted = store.suggestions.predicted(number)
            assert [one.span for one in predicted] == list(gold(number))
            assert all(0 < one.confidence <= 1 for one in predicted)
        assert not store.suggestions.predicted(1)


def test_what_is_begun_and_what_is_suggested_beside_it_come_back_apart(tmp_path: Path) -> None:
    old = tmp_path / "old.segmark"
    with news_project(old, pages=4, finished=2) as store:
        first = gold(3)[0]
        label(store, "ada", 3, first.label, first.start, first.end)
    for form in ("prodigy", "doccano", "label-studio"):
        new = trip(old, form, "--status", "started", "--suggestions")
        with Store.open(new) as store:
            annotation = store.annotations("ada").get(1)
            assert (annotation.state.status, annotation.spans) == (Status.STARTED, (first,))
            predicted = store.suggestions.predicted(1)
            assert [one.span for one in predicted] == list(gold(3))[1:], form


def test_spans_come_back_through_conll_line_by_line_on_a_text_made_of_the_tokens(
    labelled: Path,
) -> None:
    new = trip(labelled, "conll", "--annotator", "mira")
    with Store.open(new) as store:
        who = store.annotators()[-1]
        for number, old in enumerate((FERRY, nasty_record().text), 1):
            text, spans = store.pages.get(number).text, store.annotations(who).get(number).spans
            assert text.split() == old.split()
            lines = [
                line.split()
                for span in known(labelled)[old, "mira"][1]
                for line in old[span.start : span.end].split("\n")
                if line.strip()
            ]
            assert [text[span.start : span.end].split() for span in spans] == lines
