"""The report after loading."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot
from segmark.gui.load.report import LoadReportWindow, show_left_out, summary
from segmark.jobs.loading.report import LoadReport
from segmark.loading.rejection import LoadError, PassedOver

_REJECTED = [LoadError("a/x.jpg", "it is a picture"), LoadError("a/y.txt", "it is empty")]


@pytest.mark.parametrize(
    ("report", "line"),
    [
        (LoadReport(1200, 3, _REJECTED), "1,200 pages added, 3 were already there, 2 rejected"),
        (LoadReport(1), "1 page added"),
        (LoadReport(0, 1), "1 was already there"),
        (
            LoadReport(3, changed=["a/x.txt"]),
            "3 pages added, 1 of them changed: a new page, linked to the old one",
        ),
        (
            LoadReport(3, changed=["a/x.txt", "a/y.txt"]),
            "3 pages added, 2 of them changed: new pages, linked to the old",
        ),
        (
            LoadReport(2, passed_over=[PassedOver("a/x.warc", "3 records that are no HTML pages")]),
            "2 pages added, passed over 3 records that are no HTML pages",
        ),
        (
            LoadReport(passed_over=[PassedOver("a", "a link"), PassedOver("b", "a link")]),
            "parts of 2 sources passed over",
        ),
        (LoadReport(), "Nothing to load was found"),
    ],
)
def test_the_report_in_a_sentence(report: LoadReport, line: str) -> None:
    assert summary(report) == line


def test_what_was_passed_over_is_shown_after_what_was_rejected(qtbot: QtBot) -> None:
    passed = PassedOver("a/x.warc", "3 records that are no HTML pages")
    window = LoadReportWindow(LoadReport(1, 0, _REJECTED[:1], passed_over=[passed]))
    qtbot.addWidget(window)
    window.copy_button.click()
    assert QGuiApplication.clipboard().text() == (
        "a/x.jpg: it is a picture\na/x.warc: passed over: 3 records that are no HTML pages"
    )


def test_no_window_opens_when_nothing_was_left_out(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    assert show_left_out(LoadReport(3), parent) is None


def test_the_window_shows_each_rejected_file_with_its_reason(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    window = show_left_out(LoadReport(3, 0, _REJECTED), parent)
    assert window is not None
    assert window.isVisible()
    assert not window.isModal()
    assert window.findChildren(QLabel)[0].text() == "3 pages added, 2 rejected."
    model = window.table.model()
    shown = [
        tuple(model.index(row, column).data() for column in range(model.columnCount()))
        for row in range(model.rowCount())
    ]
    assert shown == [("a/x.jpg", "it is a picture"), ("a/y.txt", "it is empty")]
    assert model.headerData(1, Qt.Orientation.Horizontal) == "Why it was not loaded"


def test_all_rows_are_copied_when_none_is_selected(qtbot: QtBot) -> None:
    window = LoadReportWindow(LoadReport(0, 0, _REJECTED))
    qtbot.addWidget(window)
    window.copy_button.click()
    assert QGuiApplication.clipboard().text() == "a/x.jpg: it is a picture\na/y.txt: it is empty"


def test_the_copy_key_takes_the_selected_rows(qtbot: QtBot) -> None:
    window = LoadReportWindow(LoadReport(0, 0, _REJECTED))
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    window.table.setFocus()
    window.table.setCurrentIndex(window.table.model().index(1, 0))
    QTest.keyClick(window.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "a/y.txt: it is empty"


def test_closing_it_does_away_with_it(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    window = show_left_out(LoadReport(0, 0, _REJECTED), parent)
    assert window is not None
    with qtbot.waitSignal(window.destroyed):
        window.close()
    assert not parent.findChildren(LoadReportWindow)
