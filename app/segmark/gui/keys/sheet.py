"""The key sheet: all keys and mouse actions on one page."""

from collections.abc import Callable, Iterable, Sequence
from itertools import combinations, pairwise

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from segmark.core.label import LabelSet
from segmark.gui.base.fitting import FittedDialog, text_size
from segmark.gui.base.theme import Theme
from segmark.gui.keys.bindings import Overrides, bind, key_text
from segmark.gui.keys.commands import Command
from segmark.gui.keys.table import CARET, MOUSE, KeyRow, key_rows

_COLUMN = 66  # characters that a column of keys and words needs
_MOST_COLUMNS = 3
_FIRST = ("Label", "Go", "Page")  # the sections that annotators need most, before the others


class KeySheet(FittedDialog):
    """The current keys by menu, with the colours of labels, and the mouse actions.

    The key that opens the sheet also closes it. ``name`` returns how a key is shown.
    """

    def __init__(
        self,
        commands: Iterable[Command],
        overrides: Overrides,
        labels: LabelSet,
        theme: Theme,
        parent: QWidget | None = None,
        name: Callable[[str], str] = key_text,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        commands = tuple(commands)
        self._colours = {
            command: theme.label_colour(label)
            for label in labels
            for command in (f"label.as.{label.id}", f"label.fill.{label.id}")
        }
        by_menu = key_rows(commands, overrides, name)
        self.sections = [
            _Section(menu, [(row.keys, row.text, self._colour(row)) for row in by_menu[menu]])
            for menu in sorted(by_menu, key=_place)
        ]
        self.sections.append(_Section("Caret", [((act,), text, None) for act, text in CARET]))
        self.sections.append(_Section("Mouse", [((act,), text, None) for act, text in MOUSE]))
        self._shown_columns = 0
        self._columns: list[QVBoxLayout] = []
        self._lay_out(theme)
        for key in bind(commands, overrides).keys.get("help.keys", ()):
            QShortcut(QKeySequence.fromString(key), self, self.accept)
        self.prefer(_COLUMN * _MOST_COLUMNS + 6, 54)

    def sizeHint(self) -> QSize:
        """The size with all columns, if the parent's window is larger."""
        least, wanted = text_size(self, _COLUMN, 20), super().sizeHint()
        parent = self.parentWidget()
        return wanted.boundedTo(parent.window().size()).expandedTo(least) if parent else wanted

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use as many columns as fit."""
        super().resizeEvent(event)
        self._arrange(
            max(1, min(_MOST_COLUMNS, self.width() // text_size(self, _COLUMN, 0).width()))
        )

    def _colour(self, row: KeyRow) -> QColor | None:
        return self._colours.get(row.command.id)

    def _lay_out(self, theme: Theme) -> None:
        self.content = content = QWidget()
        content.setObjectName("keys")
        content.setStyleSheet(
            f"#keys {{ background: {theme.page}; }}"
            f"QLabel[kind='key'] {{ background: {theme.raised}; color: {theme.text};"
            f" border: 1px solid {theme.edge}; border-bottom: 2px solid {theme.edge};"
            " border-radius: 4px; padding: 1px 6px; }"
            f"QLabel[kind='title'] {{ color: {theme.muted}; font-weight: bold; }}"
        )
        self._across = across = QHBoxLayout(content)
        across.setContentsMargins(20, 16, 20, 16)
        across.setSpacing(28)
        for _ in range(_MOST_COLUMNS):
            column = QVBoxLayout()
            column.setSpacing(18)
            across.addLayout(column, 1)
            self._columns.append(column)
        self.scroller = QScrollArea()
        self.scroller.setWidget(content)
        self.scroller.setWidgetResizable(True)
        self.scroller.setFrameShape(QFrame.Shape.NoFrame)
        self.scroller.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scroller.setAccessibleName("Keys")
        self.scroller.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.scroller.verticalScrollBar().setSingleStep(40)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 12)
        column.addWidget(self.scroller)
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 0, 16, 0)
        foot.addWidget(QLabel("All keys can be changed in the settings."))
        foot.addWidget(buttons)
        column.addLayout(foot)
        self.scroller.setFocus()

    def _arrange(self, count: int) -> None:
        if count == self._shown_columns:
            return
        self._shown_columns = count
        for column in self._columns:
            while column.count():
                column.takeAt(0)
            self._across.setStretchFactor(column, 0)
        for index, sections in enumerate(_balanced(self.sections, count)):
            for section in sections:
                self._columns[index].addWidget(section)
            self._columns[index].addStretch()
            self._across.setStretchFactor(self._columns[index], 1)


class _Section(QWidget):
    """A heading and rows of keys with their meaning; ``rows`` is its height in rows."""

    def __init__(
        self, title: str, found: Sequence[tuple[Sequence[str], str, QColor | None]]
    ) -> None:
        super().__init__()
        self.rows = len(found) + 2
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(5)
        grid.setHorizontalSpacing(12)
        grid.setColumnStretch(1, 1)
        heading = QLabel(title)
        heading.setProperty("kind", "title")
        grid.addWidget(heading, 0, 0, 1, 2)
        for number, (keys, text, colour) in enumerate(found, start=1):
            grid.addWidget(_key_caps(keys, colour), number, 0, Qt.AlignmentFlag.AlignTop)
            words = QLabel(text)
            words.setWordWrap(True)
            words.setAlignment(Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(words, number, 1)


def _place(menu: str) -> int:
    return _FIRST.index(menu) if menu in _FIRST else len(_FIRST)


def _key_caps(keys: Sequence[str], colour: QColor | None) -> QWidget:
    caps = QWidget()
    caps.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    row = QHBoxLayout(caps)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(5)
    if colour is not None:
        swatch = QFrame()
        swatch.setFixedSize(6, 18)
        swatch.setStyleSheet(f"background: {colour.name()}; border-radius: 3px;")
        row.addWidget(swatch)
    for key in keys:
        cap = QLabel(key)
        cap.setTextFormat(Qt.TextFormat.PlainText)
        cap.setProperty("kind", "key")
        row.addWidget(cap)
    row.addStretch()
    return caps


def _balanced(sections: Sequence[_Section], count: int) -> list[Sequence[_Section]]:
    """The sections in order, divided into columns of nearly equal height."""

    def cut(at: tuple[int, ...]) -> list[Sequence[_Section]]:
        edges = (0, *at, len(sections))
        return [sections[start:end] for start, end in pairwise(edges)]

    cuts = map(cut, combinations(range(1, len(sections)), count - 1))
    return min(cuts, key=lambda columns: max(sum(s.rows for s in column) for column in columns))
