"""PageHistoryModel: the acts on a page as the rows of a table."""

from collections.abc import Mapping

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from segmark.core.history import PageHistory
from segmark.core.label import LabelSet
from segmark.gui.base.person_dot import person_dot
from segmark.gui.base.theme import Theme
from segmark.gui.history.table import HeadedModel
from segmark.reports.log_text import act_words, time_words

_Index = QModelIndex | QPersistentModelIndex
_HEAD = ("When", "By", "What")
_NOWHERE = QModelIndex()


class PageHistoryModel(HeadedModel):
    """The latest act is the first row; the last row stands for the page before all acts."""

    def __init__(
        self,
        history: PageHistory,
        labels: LabelSet,
        theme: Theme,
        colours: Mapping[str, str],
        parent: QObject | None = None,
    ) -> None:
        """Show a history; ``colours`` are those of people, by name."""
        super().__init__(_HEAD, parent)
        self._labels = labels
        self._history = history
        self._dots = {name: person_dot(colour) for name, colour in colours.items()}
        self._undone = QColor(theme.muted)

    def act_at(self, row: int) -> int | None:
        """The index of the act in a row; None for the page before all acts."""
        index = len(self._history.acts) - 1 - row
        return index if index >= 0 else None

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """The number of acts, and one."""
        return 0 if parent.isValid() else len(self._history.acts) + 1

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The words of a cell; acts that are undone are muted."""
        at = self.act_at(index.row())
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._undone if at is not None and self._history.acts[at].undone else None
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 1 and at is not None:
            return self._dots.get(self._history.acts[at].annotator)
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        if at is None:
            return ("", "", "Before the first act")[index.column()]
        act = self._history.acts[at]
        match index.column():
            case 0:
                return time_words(act.made_at)
            case 1:
                return act.annotator
            case _:
                return act_words(act, self._labels)
