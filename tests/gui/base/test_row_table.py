"""The list that shows very many rows."""

from typing import Any

import pytest
from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from segmark.gui.base.row_table import RowTable

_MILLION = 1_000_000


class _Counted(QAbstractListModel):
    """A model of a million rows that records which were requested."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: set[int] = set()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008, N802
        return 0 if parent.isValid() else _MILLION

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> Any:  # noqa: ANN401
        self.asked.add(index.row())
        return str(index.row()) if role == Qt.ItemDataRole.DisplayRole else None


@pytest.fixture
def table(qtbot: QtBot) -> RowTable:
    table = RowTable(lines=2, padding=12)
    qtbot.addWidget(table)
    model = _Counted()
    model.setParent(table)
    table.setModel(model)
    table.resize(240, 400)
    table.show()
    table.setCurrentIndex(model.index(0))
    return table


def _asked(table: RowTable) -> set[int]:
    model = table.model()
    assert isinstance(model, _Counted)
    return model.asked


def test_only_rows_in_view_are_asked_for(table: RowTable, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: bool(_asked(table)))
    table.scrollTo(table.model().index(500_000, 0))
    qtbot.waitUntil(lambda: 500_000 in _asked(table))
    assert len(_asked(table)) < 100


def test_home_and_end_lead_to_the_first_and_last_row(table: RowTable) -> None:
    QTest.keyClick(table, Qt.Key.Key_End)
    assert table.currentIndex().row() == _MILLION - 1
    QTest.keyClick(table, Qt.Key.Key_Home)
    assert table.currentIndex().row() == 0


def test_a_letter_does_not_go_through_all_rows(table: RowTable) -> None:
    QTest.keyClick(table, Qt.Key.Key_9)
    assert table.currentIndex().row() == 0
    assert len(_asked(table)) < 100


def test_rows_grow_with_the_font(table: RowTable) -> None:
    before = table.rowHeight(0)
    font = table.font()
    font.setPointSize(font.pointSize() * 2)
    table.setFont(font)
    assert table.rowHeight(0) > before
