"""Exporting from the window, on real projects and into real folders."""

import json
import sqlite3
import threading
from collections.abc import Generator
from contextlib import closing
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QDate, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog
from pytestqt.qtbot import QtBot
from segmark.core.annotation import Status
from segmark.core.caret import Selection
from segmark.core.edit import Edit
from segmark.core.record import Record, RecordFilter
from segmark.export.options import ExportOptions
from segmark.export.split import Split
from segmark.gui.base.theme import LIGHT
from segmark.gui.export.dialog import ExportDialog
from segmark.gui.export.preview import OpenStore
from segmark.session.session import Session
from segmark.store.store import Store

from tests.factories import make_project
from tests.news_project import news_project

_TEXTS = [f"Ferry {number} sails\n\nThe ferry\u00a0left. ⛴" for number in range(4)]


def _finish(store: Store, number: int, annotator: str) -> None:
    """Label the headline and the body of a page, and mark it done."""
    session = Session(store, annotator)
    session.open(number)
    selection = session.label("headline", Selection.at(0))
    session.label("body", selection)
    session.finish()


@pytest.fixture
def finished(project: Path) -> Path:
    """A project with four pages; Ann has done three of them, Bo one."""
    with make_project(project, *_TEXTS) as store:
        for number in (1, 2, 3):
            _finish(store, number, "Ann")
        _finish(store, 1, "Bo")
    return project


def _open(qtbot: QtBot, source: Path | OpenStore, **choice: object) -> ExportDialog:
    open_source = partial(Store.open, source) if isinstance(source, Path) else source
    chosen = ExportOptions(**choice)  # type: ignore[arg-type]
    dialog = ExportDialog(open_source, chosen, LIGHT)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def _wait_for(qtbot: QtBot, dialog: ExportDialog, words: str) -> None:
    qtbot.waitUntil(lambda: words in dialog.message)


def _lines(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_the_finished_pages_go_to_a_folder_beside_the_project(qtbot: QtBot, finished: Path) -> None:
    dialog = _open(qtbot, finished)
    out = finished.parent / "news-export"
    assert dialog.options.folder == out
    assert "will be made" in dialog.folder_message
    _wait_for(qtbot, dialog, "4 records will be exported.")
    with qtbot.waitSignal(dialog.exported) as exported:
        QTest.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
    assert exported.args == [ExportOptions(folder=out)]
    assert dialog.message == "Done: 4 records exported."
    assert "headline" in dialog.preview_text
    assert str(out / "pages.jsonl") in dialog.preview_text
    assert dialog.open_button.isVisible()
    assert dialog.open_button.hasFocus()
    spans = [[span["label"] for span in record["spans"]] for record in _lines(out / "pages.jsonl")]  # type: ignore[attr-defined]
    assert spans == [["headline", "body"]] * 4


def test_the_first_record_is_shown_as_it_will_be_written(qtbot: QtBot, finished: Path) -> None:
    dialog = _open(qtbot, finished)
    _wait_for(qtbot, dialog, "will be exported")
    shown = json.loads(dialog.preview_text)
    assert shown["text"].startswith("Ferry 0 sails")
    assert list(shown) == ["id", "text", "spans", "meta"]


def test_the_count_and_the_preview_follow_the_choice(qtbot: QtBot, finished: Path) -> None:
    dialog = _open(qtbot, finished)
    _wait_for(qtbot, dialog, "4 records will be exported.")
    dialog.form.whose.annotator.setCurrentText("Bo")
    _wait_for(qtbot, dialog, "1 page will be exported.")
    assert json.loads(dialog.preview_text)["meta"]["annotator"] == "Bo"
    dialog.form.pages.by_status[Status.DONE].click()
    dialog.form.pages.by_status[Status.NEW].click()
    _wait_for(qtbot, dialog, "3 pages will be exported.")
    dialog.form.pages.by_status[Status.NEW].click()
    dialog.form.pages.by_status[Status.SKIPPED].click()
    _wait_for(qtbot, dialog, "No page to export: none is skipped. There are 3 new and 1 done")
    assert not dialog.export_button.isEnabled()


def test_only_the_ticked_labels_are_exported(qtbot: QtBot, finished: Path, tmp_path: Path) -> None:
    dialog = _open(qtbot, finished, folder=tmp_path / "out", annotator="Ann")
    labels = dialog.form.labels
    labels.setCurrentRow(0)
    QTest.keyClick(labels, Qt.Key.Key_Space)
    assert dialog.options.labels == frozenset({"caption", "body", "ticker", "comment"})
    _wait_for(qtbot, dialog, "3 pages will be exported.")
    with qtbot.waitSignal(dialog.exported):
        dialog.export_button.click()
    for record in _lines(tmp_path / "out" / "pages.jsonl"):
        assert [span["label"] for span in record["spans"]] == ["body"]  # type: ignore[attr-defined]


def test_a_split_and_compressed_export_is_made_as_chosen(
    qtbot: QtBot, finished: Path, tmp_path: Path
) -> None:
    dialog = _open(qtbot, finished, folder=tmp_path / "out")
    dialog.form.split.on.click()
    dialog.form.switches["gzip"].click()
    assert dialog.options.split == Split(80, 10, 10)
    _wait_for(qtbot, dialog, "will be exported")
    with qtbot.waitSignal(dialog.exported):
        dialog.export_button.click()
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {"train.jsonl.gz", "dev.jsonl.gz", "test.jsonl.gz", "README.md"}


def test_shares_that_do_not_make_a_hundred_are_refused(qtbot: QtBot, finished: Path) -> None:
    dialog = _open(qtbot, finished, split=Split(80, 10, 10))
    dialog.form.split.shares[0].setValue(70)
    assert "make 90 %" in dialog.message
    assert not dialog.export_button.isEnabled()
    dialog.form.split.shares[2].setValue(20)
    _wait_for(qtbot, dialog, "will be exported")
    assert dialog.options.split == Split(70, 10, 20)


def test_what_can_not_be_exported_is_said_at_once(
    qtbot: QtBot, finished: Path, tmp_path: Path
) -> None:
    dialog = _open(qtbot, finished)
    dialog.form.pages.by_status[Status.DONE].click()
    assert "none of the four" in dialog.message
    dialog.form.pages.by_status[Status.DONE].click()
    for row in range(dialog.form.labels.count()):
        dialog.form.labels.item(row).setCheckState(Qt.CheckState.Unchecked)
    assert "at least one label" in dialog.message
    for folder, words in (("", "Choose a folder"), ("out", "whole path"), (finished, "is a file")):
        dialog.form.folder.setText(str(folder))
        assert words in dialog.message
        assert not dialog.export_button.isEnabled()


def test_somebody_else_s_readme_is_never_written_over(
    qtbot: QtBot, finished: Path, tmp_path: Path
) -> None:
    (tmp_path / "README.md").write_text("# My notes\n")
    dialog = _open(qtbot, finished, folder=tmp_path)
    assert "README.md was not written by Segmark" in dialog.message
    assert not dialog.export_button.isEnabled()


def test_other_files_in_the_folder_are_named(qtbot: QtBot, finished: Path) -> None:
    dialog = _open(qtbot, finished, folder=finished.parent)
    assert "Careful" in dialog.folder_message
    assert finished.name in dialog.folder_message


def test_an_earlier_export_is_replaced_and_that_is_said(qtbot: QtBot, finished: Path) -> None:
    dialog = _open(qtbot, finished)
    for _ in range(2):
        _wait_for(qtbot, dialog, "will be exported")
        with qtbot.waitSignal(dialog.exported):
            dialog.export_button.click()
        dialog.form.switches["gzip"].click()
    assert dialog.folder_message == "The earlier export in it will be replaced."
    assert (dialog.options.folder or Path()).joinpath("pages.jsonl.gz").exists()


def test_the_command_line_is_shown_and_can_be_copied(qtbot: QtBot, finished: Path) -> None:
    dialog = _open(qtbot, finished)
    dialog.form.switches["gzip"].click()
    dialog.copy_button.click()
    text = QGuiApplication.clipboard().text()
    assert text == dialog.command_line
    assert text.startswith("segmark export ")
    assert text.endswith(" --gzip")


def test_a_file_dialog_chooses_the_folder(
    qtbot: QtBot, finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = _open(qtbot, finished)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_args: str(tmp_path / "out"))
    dialog.form.browse.click()
    assert dialog.options.folder == tmp_path / "out"


def test_the_last_choice_is_offered_again(qtbot: QtBot, finished: Path, tmp_path: Path) -> None:
    last = ExportOptions(
        folder=tmp_path / "out",
        statuses=frozenset({Status.DONE, Status.SKIPPED}),
        annotator="Bo",
        labels=frozenset({"body"}),
        split=Split(60, 20, 20),
        gzip=True,
    )
    dialog = ExportDialog(partial(Store.open, finished), last, LIGHT)
    qtbot.addWidget(dialog)
    assert dialog.options == last


class _SlowStore(Store):
    """A project whose second record comes only when it is let go."""

    reached: threading.Event
    go: threading.Event

    def records(self, chosen: RecordFilter) -> Generator[Record]:
        for record in super().records(chosen):
            yield record
            self.reached.set()
            self.go.wait(30)


class _SlowCount(_SlowStore):
    """A project that takes long to count everybody's records."""

    def count_records(self, chosen: RecordFilter) -> int:
        if chosen.annotator is None:
            self.reached.set()
            self.go.wait(30)
        return super().count_records(chosen)


def test_a_count_that_comes_too_late_is_not_shown(qtbot: QtBot, finished: Path) -> None:
    reached, go = threading.Event(), threading.Event()

    def open_slowly() -> Store:
        store = _SlowCount.open(finished)
        assert isinstance(store, _SlowCount)
        store.reached, store.go = reached, go
        return store

    dialog = _open(qtbot, open_slowly)
    qtbot.waitUntil(reached.is_set)
    dialog.form.whose.annotator.setCurrentText("Bo")
    qtbot.waitUntil(lambda: "1 page will be exported." in dialog.message)
    go.set()
    qtbot.waitUntil(lambda: not dialog.busy)
    assert dialog.message == "1 page will be exported."


def test_closing_during_an_export_cancels_it_and_leaves_the_folder_as_it_was(
    qtbot: QtBot, finished: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    first = _open(qtbot, finished, folder=out)
    _wait_for(qtbot, first, "will be exported")
    with qtbot.waitSignal(first.exported):
        first.export_button.click()
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    reached, go = threading.Event(), threading.Event()

    def open_slowly() -> Store:
        store = _SlowStore.open(finished)
        assert isinstance(store, _SlowStore)
        store.reached, store.go = reached, go
        return store

    dialog = _open(qtbot, open_slowly, folder=out, gzip=True)
    _wait_for(qtbot, dialog, "will be exported")
    dialog.export_button.click()
    assert reached.wait(30)
    assert not dialog.form.isEnabled()
    assert dialog.progress.isVisible()
    dialog.close()
    assert dialog.isVisible()
    go.set()
    _wait_for(qtbot, dialog, "Cancelled.")
    assert dialog.form.isEnabled()
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    dialog.close()
    assert not dialog.isVisible()


def test_an_export_that_fails_says_why_in_one_line(
    qtbot: QtBot, finished: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    dialog = _open(qtbot, finished, folder=tmp_path / "file" / "out")
    _wait_for(qtbot, dialog, "will be exported")
    dialog.export_button.click()
    _wait_for(qtbot, dialog, "nothing there was changed")
    assert dialog.form.isEnabled()
    assert "\n" not in dialog.message


def test_a_folder_that_became_a_file_meanwhile_is_refused(
    qtbot: QtBot, finished: Path, tmp_path: Path
) -> None:
    dialog = _open(qtbot, finished, folder=tmp_path / "out")
    _wait_for(qtbot, dialog, "will be exported")
    (tmp_path / "out").write_text("now a file")
    dialog.export_button.click()
    assert "is a file: choose a folder" in dialog.message
    assert (tmp_path / "out").read_text() == "now a file"


def test_a_project_that_is_gone_is_told_of(qtbot: QtBot, finished: Path) -> None:
    dialog = _open(qtbot, finished)
    _wait_for(qtbot, dialog, "will be exported")
    finished.unlink()
    dialog.form.switches["gzip"].click()
    _wait_for(qtbot, dialog, finished.name)
    assert not dialog.export_button.isEnabled()


def test_a_format_offers_what_it_can_be_told_and_no_more(
    qtbot: QtBot, finished: Path, tmp_path: Path
) -> None:
    dialog = _open(qtbot, finished, folder=tmp_path / "out", gzip=True)
    fields = dialog.form.format
    dialog.form.groups.setCurrentIndex(2)
    assert not fields.unit.isVisible()
    fields.form.setCurrentText("conll")
    assert not dialog.form.switches["gzip"].isEnabled()
    assert not dialog.options.gzip
    assert [fields.unit.itemText(row) for row in range(2)] == ["page", "window"]
    assert not fields.window_size.isVisible()
    fields.unit.setCurrentText("window")
    assert fields.window_size.isVisible()
    fields.window_size.setValue(4)
    fields.stride.setValue(5)
    assert "leaves some out" in dialog.message
    fields.stride.setValue(2)
    assert dialog.command_line.endswith("--format conll --unit window --window 4 --stride 2")
    _wait_for(qtbot, dialog, "will be exported")
    assert dialog.preview_text.startswith("-DOCSTART- -X- O O")
    with qtbot.waitSignal(dialog.exported):
        dialog.export_button.click()
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "pages.conll", "pages.index.jsonl", "README.md",
    }  # fmt: skip


def test_the_last_format_and_its_options_are_offered_again(qtbot: QtBot, finished: Path) -> None:
    last = ExportOptions(
        folder=finished.parent / "out", form="tokens", unit="window", window=32, stride=8
    )
    dialog = ExportDialog(partial(Store.open, finished), last, LIGHT)
    qtbot.addWidget(dialog)
    assert dialog.options == last


def test_suggestions_go_along_where_the_format_has_a_place_for_them(
    qtbot: QtBot, project: Path, tmp_path: Path
) -> None:
    news_project(project, pages=4, finished=2).close()
    unfinished = frozenset({Status.NEW})
    dialog = _open(
        qtbot, project, folder=tmp_path / "out", form="label-studio", statuses=unfinished
    )
    _wait_for(qtbot, dialog, "2 pages will be exported.")
    assert json.loads(dialog.preview_text)["predictions"] == []
    dialog.form.switches["suggestions"].click()
    assert dialog.command_line.endswith(" --suggestions")
    qtbot.waitUntil(lambda: '"score"' in dialog.preview_text)
    with qtbot.waitSignal(dialog.exported):
        dialog.export_button.click()
    tasks = json.loads((tmp_path / "out" / "pages.json").read_text("utf-8"))
    assert [len(task["predictions"]) for task in tasks] == [1, 1]
    dialog.form.format.form.setCurrentText("jsonl")
    assert not dialog.form.switches["suggestions"].isEnabled()
    assert not dialog.options.suggestions


def _keep_sites(project: Path, *sites: str) -> None:
    """Give the pages of a project these sites, one after the other."""
    with closing(sqlite3.connect(project)) as database, database:
        for number, site in enumerate(sites, 1):
            database.execute("UPDATE page SET site = ? WHERE number = ?", [site, number])


def test_where_spans_came_from_is_told_where_the_format_has_a_place_for_it(
    qtbot: QtBot, finished: Path
) -> None:
    dialog = _open(qtbot, finished, form="html", provenance=True)
    assert not dialog.form.switches["provenance"].isEnabled()
    assert not dialog.form.options.provenance
    dialog.form.format.form.setCurrentText("lines")
    assert dialog.form.switches["provenance"].isEnabled()
    dialog.form.switches["unique"].click()
    assert dialog.command_line.endswith("--format lines --unique --provenance")


def test_the_sites_of_a_split_are_shown_and_their_parts_can_be_chosen(
    qtbot: QtBot, finished: Path, tmp_path: Path
) -> None:
    _keep_sites(finished, "a.example", "c.example", "varn.example")
    out = tmp_path / "out"
    dialog = _open(qtbot, finished, folder=out, split=Split(60, 20, 20), annotator="Ann")
    table = dialog.sites.table
    qtbot.waitUntil(lambda: table.rowCount() == 3)
    names = [item.text() for row in range(3) if (item := table.item(row, 0))]
    assert names == ["a.example", "c.example", "varn.example"]
    parts = table.cellWidget(0, 2)
    assert isinstance(parts, QComboBox)
    assert parts.currentText() == "automatic: test"
    few = "(33.3 %, which is few)"
    assert dialog.sites.shares.text() == f"train 1 {few}, dev 1 {few}, test 1 {few}"
    dialog.tabs.setCurrentIndex(1)
    wheel = QWheelEvent(QPointF(5, 5), parts.mapToGlobal(QPointF(5, 5)), QPoint(), QPoint(0, -120),
                        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
                        Qt.ScrollPhase.NoScrollPhase, False)  # fmt: skip
    QApplication.sendEvent(parts, wheel)
    assert parts.currentText() == "automatic: test"
    parts.setFocus()
    QTest.keyClicks(parts, "tr")
    parts.activated.emit(parts.currentIndex())
    qtbot.waitUntil(lambda: dialog.sites.shares.text().startswith("train 2 (66.7 %"))
    _wait_for(qtbot, dialog, "3 pages will be exported.")
    with qtbot.waitSignal(dialog.exported):
        dialog.export_button.click()
    sites = [record["meta"]["site"] for record in _lines(out / "train.jsonl")]  # type: ignore[index]
    assert sites == ["a.example", "varn.example"]
    with Store.open(finished) as store:
        assert store.exports.fixed_parts == {"a.example": "train"}


def test_without_a_split_the_table_of_sites_says_how_to_get_one(
    qtbot: QtBot, finished: Path
) -> None:
    dialog = _open(qtbot, finished)
    _wait_for(qtbot, dialog, "will be exported")
    assert dialog.sites.table.isHidden()
    assert "Tick Split" in dialog.sites.shares.text()


@pytest.mark.qt_log_ignore("does not support (raise|grabbing)", extend=True)
def test_sites_are_typed_with_help_and_only_their_pages_are_exported(
    qtbot: QtBot, finished: Path, tmp_path: Path
) -> None:
    _keep_sites(finished, "a.example", "c.example", "varn.example")
    out = tmp_path / "out"
    dialog = _open(qtbot, finished, folder=out, annotator="Ann")
    _wait_for(qtbot, dialog, "3 pages will be exported.")
    field = dialog.form.pages.sites
    field.setFocus()
    for word in ("VAR", ", a.ex"):
        QTest.keyClicks(field, word)
        popup = field.completer().popup()
        assert popup
        QTest.keyClick(popup, Qt.Key.Key_Down)
        QTest.keyClick(popup, Qt.Key.Key_Return)
    assert field.text() == "varn.example, a.example"
    _wait_for(qtbot, dialog, "2 pages will be exported.")
    assert "--site a.example --site varn.example" in dialog.command_line
    with qtbot.waitSignal(dialog.exported):
        QTest.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
    sites = [record["meta"]["site"] for record in _lines(out / "pages.jsonl")]  # type: ignore[index]
    assert sites == ["a.example", "varn.example"]
    field.setText("none.example")
    _wait_for(qtbot, dialog, "No page to export")
    field.clear()
    _wait_for(qtbot, dialog, "3 pages will be exported.")


def test_pages_without_a_site_and_names_with_a_comma_can_be_chosen(
    qtbot: QtBot, finished: Path
) -> None:
    dialog = _open(qtbot, finished, sites=frozenset({"", "b.example, c.example"}))
    assert dialog.options.sites == frozenset({"", "b.example, c.example"})
    dialog.form.pages.sites.setText(" (none) ,b.example,")
    assert dialog.options.sites == frozenset({"", "b.example"})
    dialog.form.pages.sites.setText(" , ")
    assert dialog.options.sites is None


def test_only_pages_worked_on_since_a_day_are_exported(qtbot: QtBot, finished: Path) -> None:
    with closing(sqlite3.connect(finished)) as database, database:
        database.execute("UPDATE annotation SET changed_at = '2020-02-29T12:00' WHERE page < 3")
    dialog = _open(qtbot, finished, annotator="Ann")
    _wait_for(qtbot, dialog, "3 pages will be exported.")
    assert dialog.form.pages.day.isHidden()
    dialog.form.pages.dated.click()
    dialog.form.pages.day.setDate(QDate(2020, 3, 1))
    _wait_for(qtbot, dialog, "1 page will be exported.")
    assert dialog.command_line.endswith("--since 2020-03-01")
    again = _open(qtbot, finished, since=date(2020, 2, 29))
    assert again.options.since == date(2020, 2, 29)
    assert not again.form.pages.day.isHidden()


def test_formats_of_several_files_can_be_told_how_large_these_are(
    qtbot: QtBot, finished: Path
) -> None:
    dialog = _open(qtbot, finished, form="parquet", shard=20)
    form = dialog.form.format
    assert (dialog.options.shard, form.shard.text()) == (20, "20 million characters")
    form.form.setCurrentText("jsonl")
    assert form.shard.isHidden()
    assert dialog.options.shard == 0
    form.form.setCurrentText("spacy")
    form.shard.setValue(5)
    assert dialog.command_line.endswith("--format spacy --shard 5")
    form.shard.setValue(0)
    assert "--shard" not in dialog.command_line


def test_a_choice_is_kept_as_a_preset_chosen_again_and_deleted(
    qtbot: QtBot, finished: Path, tmp_path: Path
) -> None:
    dialog = _open(qtbot, finished, folder=tmp_path / "out", sites=frozenset({"x"}))
    bar = dialog.presets
    assert not bar.save.isEnabled()
    dialog.form.switches["gzip"].click()
    dialog.form.switches["redact"].click()
    dialog.form.split.on.click()
    dialog.form.split.by.setCurrentIndex(2)
    dialog.form.confidence.setValue(80)
    kept = dialog.options
    assert (kept.redact, kept.min_confidence, kept.sites) == (True, 0.8, frozenset({"x"}))
    bar.name.setEditText("train")
    bar.save.click()
    assert "Kept as train" in dialog.message
    dialog.form.switches["gzip"].click()
    dialog.form.split.on.click()
    assert dialog.options != kept
    bar.name.activated.emit(0)
    assert dialog.options == kept
    words = "--min-confidence 0.8 --split 80/10/10 --split-by near-duplicate --gzip --redact"
    assert dialog.command_line.endswith(words)
    other = _open(qtbot, finished)
    assert other.presets.name.itemText(0) == "train"
    other.presets.name.setEditText("train")
    other.presets.delete.click()
    assert other.presets.name.count() == 0
    with Store.open(finished) as store:
        assert store.exports.presets == {}


def test_an_adjudicated_export_is_counted_and_the_adjudicator_is_remembered(
    qtbot: QtBot, finished: Path
) -> None:
    with Store.open(finished) as store:
        annotations = store.annotations("Bo")
        before = annotations.get(1)
        annotations.save(1, Edit("Clear", removed=before.spans[:1], before=before.state,
                                 after=before.state))  # fmt: skip
    dialog = _open(qtbot, finished)
    whose = dialog.form.whose
    assert whose.adjudicator.isHidden()
    whose.annotator.setCurrentIndex(1)
    assert not whose.adjudicator.isHidden()
    _wait_for(qtbot, dialog, "2 left out where fewer than 2 people finished it")
    assert "1 left out where whoever finished it labelled it differently" in dialog.message
    assert not dialog.export_button.isEnabled()
    whose.views.setValue(1)
    assert dialog.options.views == 1
    _wait_for(qtbot, dialog, "2 pages will be exported.")
    whose.adjudicator.setCurrentIndex(2)
    whose.adjudicator.activated.emit(2)
    _wait_for(qtbot, dialog, "3 pages will be exported.")
    assert dialog.command_line.endswith(" --views 1 --adjudicated")
    again = _open(qtbot, finished, adjudicated=True)
    assert again.form.whose.adjudicator.currentText() == "settled by Bo"


def test_what_can_not_be_kept_is_said(qtbot: QtBot, finished: Path) -> None:
    opened = partial(Store.open_for_reading, finished, "it was opened for reading only")
    dialog = _open(qtbot, opened)
    dialog.presets.name.setEditText("train")
    dialog.presets.save.click()
    assert "this was not kept: the file or its folder is read-only" in dialog.message


def test_what_is_said_for_publication_is_written_and_remembered(
    qtbot: QtBot, finished: Path, tmp_path: Path
) -> None:
    dialog = _open(qtbot, finished, folder=tmp_path / "out")
    fields = dialog.form.publication
    dialog.form.groups.setCurrentIndex(2)
    assert not fields.lines["title"].isVisible()
    fields.publish.click()
    _wait_for(qtbot, dialog, "Give the data set a title and an author")
    assert not dialog.export_button.isEnabled()
    for name, said in {"title": "Varn news", "authors": "Okonjo, Ada; Varn University"}.items():
        fields.lines[name].setFocus()
        QTest.keyClicks(fields.lines[name], said)
    fields.lines["released"].setText("soon")
    _wait_for(qtbot, dialog, "'soon' is no day")
    fields.lines["released"].setText("2026-01-31")
    assert "--publish" in dialog.command_line
    _wait_for(qtbot, dialog, "will be exported")
    with qtbot.waitSignal(dialog.exported):
        dialog.export_button.click()
    said = (tmp_path / "out/CITATION.cff").read_text("utf-8")
    assert 'title: "Varn news"' in said
    assert 'family-names: "Okonjo"' in said
    assert (tmp_path / "out/croissant.json").exists()
    again = _open(qtbot, finished, folder=tmp_path / "out")
    lines = again.form.publication.lines
    assert lines["authors"].text() == "Okonjo, Ada; Varn University"
    assert lines["released"].text() == "2026-01-31"
