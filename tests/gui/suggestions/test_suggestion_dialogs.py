"""The dialogs about suggestions: the project's policy and the accuracy."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot
from segmark.gui.base.theme import DARK, LIGHT, Theme
from segmark.gui.suggestions.accuracy_dialog import AccuracyDialog
from segmark.gui.suggestions.accuracy_plot import MOST_SITES, AccuracyPlot, AccuracySites
from segmark.gui.suggestions.accuracy_text import sentences
from segmark.gui.suggestions.dialog import SuggestionDialog
from segmark.store.figures.accuracy import Accuracy, JudgedPage, Stamps, Tally
from segmark.store.store import Store
from segmark.store.suggestions import Offer, Policy

from tests.factories import LABELS
from tests.gui.modal import when_modal
from tests.gui.robot import Robot, wait_for
from tests.news_project import finish, gold, news_project, sure

JUDGED = [(0.2, False), (0.4, True), (0.6, False), (0.9, True)]


def judged_page(*, blind: bool, right: int, wrong: int) -> JudgedPage:
    counts = {"body": Tally(right + wrong, right, right)}
    return JudgedPage("news.example", "ada", "2026-01-31", blind, counts)


def opened(qtbot: QtBot, policy: Policy) -> tuple[SuggestionDialog, list[Policy]]:
    dialog, heard = SuggestionDialog(policy, wanted=True, annotator="ada"), list[Policy]()
    dialog.policy_changed.connect(heard.append)
    qtbot.addWidget(dialog)
    with qtbot.waitActive(dialog):
        dialog.show()
        dialog.activateWindow()
    return dialog, heard


def in_dialog(act: Callable[[QDialog], None]) -> None:
    """Act in the next dialog, and close it."""

    when_modal(QDialog, act)


# The project's policy


def test_the_slider_says_what_it_would_have_kept_and_how_many_were_right(qtbot: QtBot) -> None:
    dialog, _ = opened(qtbot, Policy())
    assert "Counting" in dialog.kept.text()
    dialog.show_judged(JUDGED)
    assert dialog.kept.text() == (
        "Of the 4 suggestions on finished pages it would have kept 4; 2 of these were right (50%)."
    )
    dialog.threshold.setValue(41)
    assert "would have kept 2; 1 of these were right (50%)" in dialog.kept.text()
    dialog.threshold.setValue(100)
    assert dialog.kept.text().endswith("it would have kept 0.")
    dialog.show_judged([])
    assert "No finished page" in dialog.kept.text()


def test_the_threshold_counts_once_the_slider_rests_or_the_dialog_closes(qtbot: QtBot) -> None:
    dialog, heard = opened(qtbot, Policy())
    dialog.threshold.setValue(20)
    dialog.threshold.setValue(30)
    assert heard == []
    qtbot.waitUntil(lambda: heard == [Policy(threshold=0.3)])
    dialog.threshold.setValue(40)
    dialog.reject()
    assert heard[1:] == [Policy(threshold=0.4)]


def test_every_other_change_is_told_at_once(qtbot: QtBot) -> None:
    dialog, heard = opened(qtbot, Policy())
    dialog.on.click()
    dialog.blind.setValue(10)
    dialog.order.setCurrentIndex(1)
    assert heard[-1] == Policy(on=False, blind_share=0.1, least_sure_first=True)
    assert len(heard) == 3


def test_it_opens_as_the_policy_is_and_closing_it_changes_nothing(qtbot: QtBot) -> None:
    policy = Policy(on=False, threshold=0.35, blind_share=0.2, least_sure_first=True)
    dialog, heard = opened(qtbot, policy)
    assert (dialog.on.isChecked(), dialog.threshold.value()) == (False, 35)
    assert (dialog.blind.value(), dialog.order.currentIndex()) == (20, 1)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert heard == []


def test_the_command_changes_what_the_page_shows_at_once(qtbot: QtBot, project: Path) -> None:
    with news_project(project, pages=4, finished=2) as store, store.write():
        store.suggestions.keep_policy(Policy(blind_share=0))
    robot = Robot(qtbot).open(project)
    suggestions = robot.window.suggestions
    assert suggestions
    wait_for(robot, lambda: bool(suggestions.suggesting.open))

    def switch_off(dialog: QDialog) -> None:
        assert isinstance(dialog, SuggestionDialog)
        dialog.on.click()
        assert suggestions.suggesting.open == ()
        dialog.on.click()
        dialog.wanted.click()

    in_dialog(switch_off)
    robot.window.run("suggest.settings")
    robot.settle()
    assert suggestions.suggesting.open == ()
    assert robot.session.store.suggestions.policy.on
    assert robot.window.settings.without_suggestions == ("ada",)


def test_a_project_that_can_only_be_read_keeps_its_policy(qtbot: QtBot, project: Path) -> None:
    news_project(project, pages=3, finished=2).close()
    robot = Robot(qtbot)
    robot.program.projects.show_store(Store.open_for_reading(project, "it lies on a CD"))

    def look(dialog: QDialog) -> None:
        assert isinstance(dialog, SuggestionDialog)
        assert not dialog.on.isEnabled()
        assert not dialog.threshold.isEnabled()
        assert "CD" in dialog.on.toolTip()
        assert dialog.wanted.isEnabled()

    in_dialog(look)
    robot.window.run("suggest.settings")


def test_the_model_whose_predictions_are_shown_can_be_chosen(qtbot: QtBot) -> None:
    dialog = SuggestionDialog(
        Policy(model="a"), wanted=True, annotator="ada", models=("b", "a", "")
    )
    qtbot.addWidget(dialog)
    heard = list[Policy]()
    dialog.policy_changed.connect(heard.append)
    words = [dialog.model.itemText(at) for at in range(dialog.model.count())]
    assert words == ["of the model that was loaded last", "of b", "of a"]
    assert dialog.model.currentText() == "of a"
    dialog.model.setCurrentIndex(1)
    dialog.model.setCurrentIndex(0)
    assert heard == [Policy(model="b"), Policy()]


# Accuracy


def test_blind_pages_are_the_honest_measure_in_words() -> None:
    pages = [judged_page(blind=True, right=9, wrong=1) for _ in range(10)]
    pages += [judged_page(blind=False, right=10, wrong=0) for _ in range(50)]
    said = list(sentences(Accuracy(pages), {"ada": Stamps(50, 50, 3), "jan": Stamps(0, 0, 0)}))
    assert said[0].startswith("Measured on 10 pages where none was shown: 90 of 100")
    assert "(90%), with 95 % confidence between 83% and 94%" in said[0]
    assert said[1].startswith("Where they were shown, on 50 pages: 500 of 500")
    assert said[2].startswith("Warning")
    assert "About 10 in 100" in said[2]
    assert said[3].startswith("ada: 50 of 50 pages")
    assert "warning: 3 of them faster than they can be read" in said[3]
    assert len(said) == 4


def test_few_blind_pages_prove_nothing_and_like_ones_raise_no_alarm() -> None:
    shown = [judged_page(blind=False, right=9, wrong=1) for _ in range(50)]
    few = [judged_page(blind=True, right=1, wrong=4)]
    assert "at least 30" in list(sentences(Accuracy(shown + few), {}))[2]
    many = [judged_page(blind=True, right=9, wrong=1) for _ in range(20)]
    assert "no more often" in list(sentences(Accuracy(shown + many), {}))[2]
    assert "no unbiased measure" in next(sentences(Accuracy(shown), {}))
    assert "No finished page" in next(sentences(Accuracy([]), {}))


def test_the_view_counts_the_project_and_shows_words_plot_and_table(
    qtbot: QtBot, project: Path
) -> None:
    with news_project(project, pages=3) as store:
        for number in (1, 2):
            with store.write():
                offer = Offer(sure(*gold(number)), blind=number == 1)
                store.suggestions.keep_offer(number, "ada", offer)
            finish(store, number, gold(number))
    robot = Robot(qtbot).open(project)

    def look(dialog: QDialog) -> None:
        assert isinstance(dialog, AccuracyDialog)
        qtbot.waitUntil(lambda: dialog.table.rowCount() > 0)
        assert "Measured on 1 page" in dialog.words.text()
        rows = [dialog.table.item(row, 0) for row in range(dialog.table.rowCount())]
        names = [item.text() for item in rows if item]
        assert names == ["all", *(label.name for label in LABELS), "news.example", "ada"]
        assert "body: precision 100%, recall 100%" in dialog.plot.accessibleDescription()
        assert list(dialog.sites.sites) == ["news.example"]

    in_dialog(look)
    robot.window.run("suggest.accuracy")


def test_a_view_that_is_closed_before_all_is_counted_is_calm(qtbot: QtBot, project: Path) -> None:
    news_project(project, pages=3, finished=2).close()
    robot = Robot(qtbot).open(project)
    for command in ("suggest.accuracy", "suggest.settings"):
        in_dialog(lambda _dialog: None)
        robot.window.run(command)
    qtbot.waitUntil(lambda: not robot.window.background.running)
    robot.settle()


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("count", [0, 1, 7, 40])
def test_the_plot_draws_any_number_of_pages(qtbot: QtBot, theme: Theme, count: int) -> None:
    pages = [judged_page(blind=at % 3 == 0, right=at % 4, wrong=at % 2) for at in range(count)]
    plot = AccuracyPlot(Accuracy(pages), LABELS, theme)
    qtbot.addWidget(plot)
    plot.resize(plot.sizeHint())
    image = plot.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    colour = theme.label_colour(LABELS["body"]).rgb()
    drawn = {
        image.pixel(x, y) for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)
    }
    assert (colour in drawn) == (count > 1)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("count", [0, 1, 8, 11])
def test_the_sites_with_the_most_suggestions_are_plotted(
    qtbot: QtBot, theme: Theme, count: int
) -> None:
    plot = AccuracySites(theme)
    qtbot.addWidget(plot)
    pages = [
        replace(judged_page(blind=False, right=1 + at, wrong=1), site=f"site{at}.example")
        for at in range(count)
    ]
    plot.show_accuracy(Accuracy(pages))
    assert plot.isHidden() == (count == 0)
    assert list(plot.sites) == [f"site{at}.example" for at in reversed(range(count))][:MOST_SITES]
    if count:
        assert f"site{count - 1}.example: precision" in plot.accessibleDescription()
        plot.resize(plot.sizeHint())
        image = plot.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
        colours = {image.pixel(x, y) for x in range(image.width()) for y in range(image.height())}
        assert QColor(theme.accent).rgb() in colours


def test_the_sites_are_measured_on_blind_pages_where_there_are_any(qtbot: QtBot) -> None:
    plot = AccuracySites(LIGHT)
    qtbot.addWidget(plot)
    shown = judged_page(blind=False, right=4, wrong=0)
    plot.show_accuracy(Accuracy([shown]))
    before = dict(plot.sites)
    plot.show_accuracy(Accuracy([shown, judged_page(blind=True, right=1, wrong=3)]))
    assert plot.sites != before
    assert [tally.precision for tally in plot.sites.values()] == [0.25]
