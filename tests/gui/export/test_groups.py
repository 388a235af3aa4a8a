"""The choices of the export dialog: in groups, in plain words, and in reach in a small dialog."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QScrollArea,
    QWidget,
)
from pytestqt.qtbot import QtBot
from segmark.export.options import ExportOptions
from segmark.gui.base.theme import LIGHT
from segmark.gui.export.dialog import ExportDialog
from segmark.store.store import Store

from tests.news_project import news_project


@pytest.fixture
def dialog(qtbot: QtBot, project: Path) -> ExportDialog:
    news_project(project, pages=3, finished=2).close()
    made = ExportDialog(partial(Store.open, project), ExportOptions(), LIGHT)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(lambda: "will be exported" in made.message)
    return made


def _tabs(dialog: ExportDialog) -> Iterator[str]:
    """Show each group, one after the other."""
    groups = dialog.form.groups
    for at in range(groups.count()):
        groups.setCurrentIndex(at)
        QApplication.processEvents()
        yield groups.tabText(at).replace("&", "")


def _texts(dialog: ExportDialog) -> list[str]:
    """The texts of the visible buttons and labels."""
    buttons = [one.text() for one in dialog.findChildren(QAbstractButton) if one.isVisible()]
    return buttons + [one.text() for one in dialog.findChildren(QLabel) if one.isVisible()]


def _words(dialog: ExportDialog) -> set[str]:
    return {text.replace("&", "") for text in _texts(dialog)}


def test_the_choices_are_grouped_by_what_where_and_how(dialog: ExportDialog) -> None:
    seen = {title: _words(dialog) for title in _tabs(dialog)}
    assert list(seen) == ["What goes in", "How it is split", "How it is written"]
    what, split, how = seen.values()
    assert {"Pages", "Labels", "Minimum confidence", "Leave out near-duplicates"} <= what
    assert {"Split into train, dev and test", "Seed"} <= split
    assert {"Format", "Record where each span came from", "Compress the data files"} <= how
    for words in seen.values():
        assert {"Folder", "First record", "Export"} <= words
    assert not (what & split & how) & {"Pages", "Seed", "Format"}


def _cut(dialog: ExportDialog) -> list[QWidget]:
    """The visible fields that are not wholly within the dialog."""
    kinds = (QAbstractButton, QComboBox, QAbstractSpinBox, QLineEdit, QLabel)
    inside = dialog.rect()
    return [
        one
        for kind in kinds
        for one in dialog.findChildren(kind)
        if one.isVisible()
        and one.width() > 1
        and not inside.contains(QRect(one.mapTo(dialog, QPoint()), one.size()))
    ]


def _scrolled(dialog: ExportDialog) -> QScrollArea:
    area = dialog.form.groups.currentWidget()
    assert isinstance(area, QScrollArea)
    return area


def test_a_dialog_of_900_by_600_has_room_for_all_choices_and_the_preview(
    dialog: ExportDialog,
) -> None:
    dialog.resize(900, 600)
    for title in _tabs(dialog):
        area = _scrolled(dialog)
        assert (dialog.width(), dialog.height()) == (900, 600)
        assert area.verticalScrollBar().maximum() == 0, title
        assert area.horizontalScrollBar().maximum() == 0, title
        assert _cut(dialog) == [], title
        assert dialog.tabs.width() > 300


def test_a_dialog_of_640_by_400_scrolls_to_every_choice(dialog: ExportDialog) -> None:
    dialog.resize(640, 400)
    for title in _tabs(dialog):
        assert (dialog.width(), dialog.height()) == (640, 400), title
        area = _scrolled(dialog)
        for box in area.findChildren(QAbstractButton):
            if box.isVisible() and box.width() > 1:
                area.ensureWidgetVisible(box)
                assert not box.visibleRegion().isEmpty(), (title, box.text())
    assert dialog.export_button.isVisible()
    assert dialog.tabs.width() > 150


def test_the_tab_key_reaches_the_choices_of_a_group_and_scrolls_to_them(
    dialog: ExportDialog,
) -> None:
    dialog.resize(640, 400)
    dialog.activateWindow()
    dialog.form.folder.setFocus()
    reached = set[QWidget | None]()
    for _ in range(30):
        QTest.keyClick(QApplication.focusWidget() or dialog, Qt.Key.Key_Tab)
        reached.add(QApplication.focusWidget())
        if QApplication.focusWidget() is dialog.form.switches["unique"]:
            break
    assert not dialog.form.switches["unique"].visibleRegion().isEmpty()


def test_no_two_letters_of_a_group_are_the_same(dialog: ExportDialog) -> None:
    for title in _tabs(dialog):
        texts = [text for text in _texts(dialog) if "&" in text]
        groups, tabs = dialog.form.groups, dialog.tabs
        texts += [groups.tabText(at) for at in range(groups.count())]
        texts += [tabs.tabText(at) for at in range(tabs.count()) if "&" in tabs.tabText(at)]
        letters = [text[text.index("&") + 1].lower() for text in texts]
        assert sorted(letters) == sorted(set(letters)), title


def test_a_preset_leaves_the_group_that_is_shown(dialog: ExportDialog, qtbot: QtBot) -> None:
    dialog.form.groups.setCurrentIndex(2)
    dialog.presets.name.setEditText("mine")
    dialog.presets.save.click()
    dialog.presets.chosen.emit("mine")
    qtbot.waitUntil(lambda: "will be exported" in dialog.message)
    assert dialog.form.groups.currentIndex() == 2
