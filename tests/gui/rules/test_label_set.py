"""The label set in the real window: each act first tells what it does, and undo takes it back."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox, QProgressDialog
from pytestqt.qtbot import QtBot
from segmark.core.annotation import Status
from segmark.core.caret import Selection
from segmark.core.guideline import read_examples
from segmark.core.label_acts import acts
from segmark.environment.label_sets import NEWS_LABELS, read_label_set
from segmark.gui.rules.act_dialogs import (
    AboutLabelSetDialog,
    ActDialog,
    AddLabelDialog,
    DeleteLabelDialog,
    ImportLabelsDialog,
    MergeLabelDialog,
)
from segmark.gui.rules.label_set_dialog import LabelSetDialog
from segmark.session.guideline_work import GuidelineWork
from segmark.store.safety.check import check
from segmark.store.store import Store

from tests.gui.modal import when_modal
from tests.gui.robot import Robot


@pytest.fixture
def robot(qtbot: QtBot, project: Path, tmp_path: Path) -> Robot:
    """Two pages; the first has a headline and two captions, and is done."""
    for site, text in (
        ("varn.example", "Ferry sails\nPhoto: Ada\nPhoto: Ben"),
        ("oder.example", "Court rules\nIt did."),
    ):
        (tmp_path / site).mkdir()
        (tmp_path / site / "page.txt").write_text(text)
    robot = Robot(qtbot).create(project, read_label_set(NEWS_LABELS))
    robot.load(tmp_path / "varn.example", tmp_path / "oder.example", show_first=True)
    robot.press("H C C Return Return A")
    assert robot.state.status is Status.DONE
    return robot


def use(robot: Robot, act: Callable[[LabelSetDialog], object]) -> None:
    """Open the label set, do something there, and close it."""
    errors = list[BaseException]()

    def guarded(dialog: LabelSetDialog) -> None:
        try:
            act(dialog)
        except BaseException as error:
            errors.append(error)
        finally:
            robot.qtbot.waitUntil(lambda: not robot.window.background.running)

    when_modal(LabelSetDialog, guarded)
    robot.window.run("project.labels")
    robot.settle()
    if errors:
        raise errors[0]


def choose(dialog: LabelSetDialog, name: str) -> None:
    names = [dialog.labels.item(row).text().split()[0] for row in range(dialog.labels.count())]
    dialog.labels.setCurrentRow(names.index(name))


def settled(robot: Robot, dialog: LabelSetDialog | ActDialog) -> str:
    """Wait for the forecast, and return it."""
    robot.qtbot.waitUntil(lambda: dialog.forecast.forecast is not None)
    return dialog.forecast.words.text()


def done(robot: Robot) -> None:
    """Wait until the change is made."""
    robot.qtbot.waitUntil(lambda: not robot.window.background.running)
    robot.settle()


def apply(robot: Robot, dialog: LabelSetDialog) -> str:
    forecast = settled(robot, dialog)
    dialog.apply.click()
    done(robot)
    return forecast


def listen(told: list[str]) -> None:
    """Keep the words of the next message box, and close it."""

    def look(box: QMessageBox) -> None:
        told.append(box.text())
        box.accept()

    when_modal(QMessageBox, look)


def names(robot: Robot) -> list[str]:
    return [label.name for label in robot.session.store.label_set]


def statuses(robot: Robot) -> list[Status]:
    return [row.status for row in robot.session.store.pages.rows("ada", [1, 2])]


def test_a_label_is_renamed_in_place_and_the_window_shows_it_at_once(robot: Robot) -> None:
    def rename(dialog: LabelSetDialog) -> None:
        choose(dialog, "caption")
        dialog.form.name.setText("picture_caption")
        assert (
            apply(robot, dialog)
            == "Rename caption to picture_caption: 2 spans on 1 page keep their place."
        )
        assert dialog.labels.currentItem().text().startswith("picture_caption   C   ×2")
        assert not dialog.apply.isEnabled()
        assert dialog.form.former.text() == "Called before: caption"

    use(robot, rename)
    assert [words for _, words in robot.labelled] == ["Ferry sails", "Photo: Ada", "Photo: Ben"]
    assert statuses(robot) == [Status.DONE, Status.NEW]
    button = robot.window.panels.labels.button("caption")
    assert button.text() == "Picture_caption"
    titles = [action.text() for action in robot.window.actions_by_id.menu("Label")]
    assert any("Label picture_caption" in title for title in titles)
    robot.press("Ctrl+Z")
    assert names(robot)[1] == "caption"
    assert robot.window.panels.labels.button("caption").text() == "Caption"
    assert check(robot.session.store.path).is_well


def test_contrast_and_clashes_are_told_while_one_chooses(robot: Robot) -> None:
    def edit(dialog: LabelSetDialog) -> None:
        choose(dialog, "caption")
        dialog.form.light.set_colour("#ffee00")
        assert dialog.form.light.seen.text() == "contrast 1.2, at least 3 is needed"
        assert "#ffee00 of caption is hard to see on a light page" in settled(robot, dialog)
        dialog.form.light.set_colour("#ffe")
        assert dialog.form.light.seen.text() == "a colour like #0072b2"
        assert not dialog.apply.isEnabled()
        dialog.discard.click()
        dialog.form.key.setText("H")
        assert dialog.forecast.words.text() == "Labels headline and caption share the key H."
        assert not dialog.apply.isEnabled()
        dialog.form.key.setText("G")
        assert "The key G" in settled(robot, dialog)
        dialog.discard.click()

    use(robot, edit)
    assert names(robot) == ["headline", "caption", "body", "ticker", "comment"]


def test_changes_are_applied_or_discarded_before_anything_else(robot: Robot) -> None:
    def edit(dialog: LabelSetDialog) -> None:
        choose(dialog, "caption")
        dialog.form.definition.setText("Words below a picture")
        assert not dialog.labels.isEnabled()
        assert not dialog.merge.isEnabled()
        dialog.discard.click()
        assert dialog.labels.isEnabled()
        assert dialog.form.definition.text() != "Words below a picture"

    use(robot, edit)
    assert robot.window.notice.isHidden()


def test_closing_says_once_that_changes_are_not_made(robot: Robot) -> None:
    def edit(dialog: LabelSetDialog) -> None:
        choose(dialog, "caption")
        dialog.form.name.setText("legend")
        settled(robot, dialog)
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        assert dialog.isVisible()
        assert dialog.forecast.words.text().startswith("These changes are not made yet")
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        assert not dialog.isVisible()

    use(robot, edit)
    assert names(robot)[1] == "caption"


def test_all_that_changed_in_the_fields_is_one_act(robot: Robot) -> None:
    def edit(dialog: LabelSetDialog) -> None:
        choose(dialog, "caption")
        dialog.form.name.setText("legend")
        dialog.form.key.setText("L")
        dialog.form.joins.setChecked(True)
        dialog.form.expected.setCurrentIndex(2)
        dialog.form.guideline.setPlainText("Only below pictures.")
        assert "1 span fewer, because touching ones become one." in apply(robot, dialog)

    use(robot, edit)
    label = robot.session.store.label_set["caption"]
    assert (label.name, label.key, label.joins, label.expected) == ("legend", "L", True, "some")
    assert label.guideline == "Only below pictures."
    assert robot.labelled[1:] == [("caption", "Photo: Ada\nPhoto: Ben")]
    robot.press("Ctrl+Z")
    assert robot.session.store.label_set["caption"].name == "caption"
    assert [words for _, words in robot.labelled[1:]] == ["Photo: Ada", "Photo: Ben"]


def test_a_label_is_merged_and_the_notice_undoes_it(robot: Robot) -> None:
    def merge(dialog: LabelSetDialog) -> None:
        def into_body(asked: MergeLabelDialog) -> None:
            asked.into.setCurrentText("body")
            assert settled(robot, asked).splitlines() == [
                "Merge caption into body: 2 spans on 1 page get the other label.",
                "1 span fewer, because touching ones become one.",
            ]
            asked.act.click()

        choose(dialog, "caption")
        when_modal(MergeLabelDialog, into_body)
        dialog.merge.click()
        done(robot)

    use(robot, merge)
    assert robot.labelled == [("headline", "Ferry sails"), ("body", "Photo: Ada\nPhoto: Ben")]
    assert "caption" not in names(robot)
    assert robot.window.notice.text == "Merge caption into body. 1 page changed."
    robot.window.notice.button.click()
    robot.settle()
    assert [label for label, _ in robot.labelled] == ["headline", "caption", "caption"]
    assert names(robot)[1] == "caption"
    assert robot.window.notice.isHidden()


def test_a_change_of_labels_can_be_cancelled_and_then_changes_nothing(robot: Robot) -> None:
    def start() -> None:
        robot.session.change_labels(
            acts.merge(robot.session.store.label_set, "caption", "body"), [], 1
        )

    def cancelled(act: Callable[[], object]) -> None:
        """Cancel the act before its end: a lock keeps it from starting."""
        timer, ended = QTimer(interval=10), list[bool]()

        def cancel() -> None:
            for dialog in robot.window.findChildren(QProgressDialog):
                if dialog.isVisible():
                    timer.stop()
                    dialog.canceled.emit()
                    other._db.execute("ROLLBACK")
                    ended.append(True)

        timer.timeout.connect(cancel)
        with Store.open(robot.session.store.path) as other, other.write():
            timer.start()
            act()
            other._db.execute("BEGIN")
        assert ended

    cancelled(start)
    assert "caption" in names(robot)
    start()
    assert "caption" not in names(robot)
    cancelled(lambda: robot.press("Ctrl+Z"))
    assert "caption" not in names(robot)
    robot.press("Ctrl+Z")
    assert "caption" in names(robot)


def test_deleting_a_label_clears_its_spans_and_lists_the_pages_that_go_back(robot: Robot) -> None:
    def delete(dialog: LabelSetDialog) -> None:
        def clear(asked: DeleteLabelDialog) -> None:
            assert "get the other label" in settled(robot, asked)
            asked.clear.click()
            robot.qtbot.waitUntil(lambda: "cleared" in asked.forecast.words.text())
            first, second, page = asked.forecast.words.text().splitlines()
            assert first == "Delete label caption: 2 spans on 1 page are cleared."
            assert second == "1 finished page is set back to started."
            assert page.endswith("varn.example/page.txt")
            asked.act.click()

        choose(dialog, "caption")
        when_modal(DeleteLabelDialog, clear)
        dialog.delete.click()
        done(robot)

    use(robot, delete)
    assert robot.labelled == [("headline", "Ferry sails")]
    assert statuses(robot) == [Status.STARTED, Status.NEW]
    robot.press("Ctrl+Z")
    assert len(robot.labelled) == 3
    assert statuses(robot) == [Status.DONE, Status.NEW]


@pytest.mark.parametrize(
    ("site", "words", "expected"),
    [("", "", Status.DONE), ("varn.example", "", Status.STARTED), ("", "sails", Status.STARTED),
     ("oder.example", "", Status.DONE), ("", "court", Status.DONE)],
)  # fmt: skip
def test_a_new_label_reopens_the_finished_pages_that_could_have_it(
    robot: Robot, site: str, words: str, expected: Status
) -> None:
    def add(dialog: LabelSetDialog) -> None:
        def fill(asked: AddLabelDialog) -> None:
            asked.name.setText("quote")
            if site:
                asked.site.setCurrentText(site)
            if words:
                QTest.keyClicks(asked.words, words)
            settled(robot, asked)
            QTest.keyClick(asked, Qt.Key.Key_Return)

        when_modal(AddLabelDialog, fill)
        dialog.add.click()
        done(robot)
        assert dialog.chosen is not None
        assert dialog.chosen.name == "quote"

    use(robot, add)
    assert names(robot)[-1] == "quote"
    assert statuses(robot)[0] is expected
    robot.press("Ctrl+End Q")
    assert robot.labelled[-1] == ("quote", "Photo: Ben")


def test_labels_are_reordered_and_the_digits_follow(robot: Robot) -> None:
    def move(dialog: LabelSetDialog) -> None:
        choose(dialog, "body")
        dialog.up.click()
        done(robot)
        dialog.up.click()
        done(robot)
        assert not dialog.up.isEnabled()

    use(robot, move)
    assert names(robot)[:3] == ["body", "headline", "caption"]
    robot.press("D Ctrl+Home 1")
    assert robot.labelled == [("body", "Court rules")]


def test_the_guideline_of_all_labels_is_edited(robot: Robot) -> None:
    def edit(dialog: LabelSetDialog) -> None:
        def write(asked: AboutLabelSetDialog) -> None:
            assert not asked.act.isEnabled()
            asked.guideline.setPlainText("Label whole lines.")
            settled(robot, asked)
            asked.act.click()

        when_modal(AboutLabelSetDialog, write)
        dialog.about.click()
        done(robot)

    use(robot, edit)
    assert robot.session.store.label_set.guideline == "Label whole lines."
    robot.press("Ctrl+Z")
    assert robot.session.store.label_set.guideline != "Label whole lines."


def test_labels_go_through_a_file_with_their_examples(robot: Robot, tmp_path: Path) -> None:
    work = GuidelineWork(robot.session)
    case = work.case_at(Selection.at(2))
    assert case
    work.add(case)
    file = tmp_path / "labels.toml"
    use(robot, lambda dialog: dialog.export_wanted.emit(file))
    assert read_label_set(file) == robot.session.store.label_set
    assert [one.text for one in read_examples(file.read_text("utf-8"))] == [case.text]
    renamed = 'name = "teaser"\nformer = ["ticker"]'
    words = file.read_text("utf-8").replace('name = "ticker"', renamed)
    other = words[words.index("\n[[example]]") :].replace("Ferry sails", "Train leaves")
    file.write_text(words + other, "utf-8")

    def bring_in(dialog: LabelSetDialog) -> None:
        def look(asked: ImportLabelsDialog) -> None:
            assert settled(robot, asked) == "Bring in the labels of news: no span changes."
            asked.act.click()

        when_modal(ImportLabelsDialog, look)
        dialog.import_labels(file)
        done(robot)

    use(robot, bring_in)
    assert names(robot) == ["headline", "caption", "body", "teaser", "comment"]
    texts = [one.text for one in robot.session.store.guideline.examples()]
    assert texts == ["Ferry sails", "Train leaves"]
    assert robot.window.status.message == "Guideline: 1 example added, 1 there already."


def test_a_file_that_is_no_label_set_is_refused(robot: Robot, tmp_path: Path) -> None:
    file = tmp_path / "labels.toml"
    file.write_text("name = 1")
    told = list[str]()

    def bring_in(dialog: LabelSetDialog) -> None:
        listen(told)
        dialog.import_labels(file)

    use(robot, bring_in)
    assert "lacks 'label'" in told[0]


def test_what_others_changed_meanwhile_is_told_and_shown(robot: Robot) -> None:
    told = list[str]()

    def edit(dialog: LabelSetDialog) -> None:
        choose(dialog, "caption")
        dialog.form.name.setText("legend")
        settled(robot, dialog)
        with robot.session.store.opener() as other:
            renamed = acts.rename(other.label_set, "ticker", "teaser")
            other.annotations("ben").change_labels(renamed)
        listen(told)
        dialog.apply.click()
        robot.qtbot.waitUntil(lambda: bool(told))
        done(robot)
        assert dialog.labels.item(3).text().startswith("teaser")

    use(robot, edit)
    assert names(robot) == ["headline", "caption", "body", "teaser", "comment"]


def test_examples_of_a_label_are_removed_there(robot: Robot) -> None:
    work = GuidelineWork(robot.session)
    case = work.case_at(Selection.at(2))
    assert case
    work.add(case)

    def remove(dialog: LabelSetDialog) -> None:
        choose(dialog, "headline")
        assert dialog.form.examples.count() == 1
        dialog.form.examples.setCurrentRow(0)
        dialog.form.remove.click()
        assert dialog.form.examples.count() == 0

    use(robot, remove)
    assert robot.session.store.guideline.examples() == ()


def test_a_project_that_can_only_be_read_shows_its_labels(robot: Robot) -> None:
    robot.session.store.read_only = "the file can't be written"

    def look(dialog: LabelSetDialog) -> None:
        assert dialog.forecast.words.text() == (
            "Nothing can be changed: the file can't be written."
        )
        assert not dialog.form.isEnabled()
        assert not dialog.add.isEnabled()
        assert dialog.write.isEnabled()

    use(robot, look)
