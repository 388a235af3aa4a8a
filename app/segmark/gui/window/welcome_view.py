"""What the window shows without a page: no project is open, or the project has no pages."""

import os
from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCommandLinkButton,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from segmark.gui.base.fitting import text_size
from segmark.gui.base.plain_words import plain_words
from segmark.gui.base.theme import Theme, icon

_WIDTH = 93  # average characters
_RECENT_SEEN = 5
_PATH = Qt.ItemDataRole.UserRole


class _StartView(QScrollArea):
    """A centred column with a title, a line below it and big buttons; it scrolls if needed."""

    def __init__(self, title: str, line: str, hint: str, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._icons: dict[QCommandLinkButton, str] = {}
        self._title = QLabel(title)
        font = self._title.font()
        font.setPointSizeF(font.pointSizeF() * 1.8)
        font.setBold(True)
        self._title.setFont(font)
        self._quiet = [QLabel(line, wordWrap=True), QLabel(hint, wordWrap=True)]
        self.column = QVBoxLayout()
        self.column.setSpacing(6)
        self.column.addWidget(self._title)
        self.column.addWidget(self._quiet[0])
        self.column.addSpacing(12)
        self._frame()

    def _frame(self) -> None:
        inner = QWidget()
        inner.setLayout(self.column)
        inner.setMaximumWidth(text_size(self, _WIDTH, 0).width())
        inner.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        outer = QWidget()
        across = QHBoxLayout(outer)
        across.addStretch(1)
        across.addWidget(inner, 100)
        across.addStretch(1)
        self.setWidget(outer)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def add_button(self, text: str, line: str, icon_name: str, signal: SignalInstance) -> None:
        """Add a big button that emits the signal."""
        button = QCommandLinkButton(text, line)
        button.setIconSize(QSize(24, 24))
        button.setAutoDefault(True)  # Enter presses it, as Space does
        button.clicked.connect(lambda: signal.emit())
        button.setAccessibleDescription(line)
        self._icons[button] = icon_name
        self.column.addWidget(button)

    def finish(self) -> None:
        """Add the hint at the bottom, and apply the theme."""
        self.column.addSpacing(12)
        self.column.addWidget(self._quiet[1])
        self.column.addStretch(1)
        self.column.insertStretch(0, 1)
        self.set_theme(self._theme)

    def set_theme(self, theme: Theme) -> None:
        """Apply a theme."""
        self._theme = theme
        for button, icon_name in self._icons.items():
            button.setIcon(icon(icon_name, theme))
        for label in self._quiet:
            label.setStyleSheet(f"color: {theme.muted}")

    def focus_first(self) -> None:
        """Focus the first button."""
        next(iter(self._icons)).setFocus(Qt.FocusReason.OtherFocusReason)


class EmptyProjectView(_StartView):
    """A project without pages.

    Signals:
        load_requested, folder_requested, paste_requested: a button was pressed.
    """

    load_requested = Signal()
    folder_requested = Signal()
    paste_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            "No pages yet",
            "Add the raw pages to label, or pages that were labelled in another tool.",
            "Or drop files and folders anywhere on this window.",
            theme,
        )
        self.add_button("Load files…", "Text, HTML, archives, tables of records, crawls", "load",
                        self.load_requested)  # fmt: skip
        self.add_button("Load a folder…", "All pages in it and in its folders", "open",
                        self.folder_requested)  # fmt: skip
        self.add_button("Paste text…", "The text on the clipboard becomes a page", "paste",
                        self.paste_requested)  # fmt: skip
        self.finish()


class WelcomeView(_StartView):
    """No project is open.

    Signals:
        new_requested, open_requested, samples_requested: a button was pressed.
        recent_requested: the ``Path`` of a recent project to open.
        recent_removed: the ``Path`` of a project to remove from the list; its file stays.
    """

    new_requested = Signal()
    open_requested = Signal()
    samples_requested = Signal()
    recent_requested = Signal(Path)
    recent_removed = Signal(Path)

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            "Segmark",
            "Label headline, caption, body, ticker and comment of raw news pages.",
            "A project, or pages to label, can also be dropped anywhere on this window.",
            theme,
        )
        self.add_button("Try the sample pages", "A few invented news pages to practise on",
                        "brush", self.samples_requested)  # fmt: skip
        self.add_button("New project…", "Choose a file for it and the labels", "new",
                        self.new_requested)  # fmt: skip
        self.add_button("Open project…", "A file that ends in .segmark", "open",
                        self.open_requested)  # fmt: skip
        self._recent = _RecentList()
        self._remove = QPushButton("&Remove from the list", autoDefault=True)
        self._heading = QLabel("Recent &projects")
        self._heading.setBuddy(self._recent)
        head = QHBoxLayout()
        head.addWidget(self._heading, 1)
        head.addWidget(self._remove)
        self.column.addSpacing(12)
        self.column.addLayout(head)
        self.column.addWidget(self._recent)
        self._recent.opened.connect(self.recent_requested)
        self._recent.removed.connect(self.recent_removed)
        self._remove.clicked.connect(self._recent.remove_current)
        self._recent.currentRowChanged.connect(lambda row: self._remove.setEnabled(row >= 0))
        self.finish()
        self.set_recent(())

    def set_recent(self, projects: Iterable[str | Path]) -> None:
        """List these projects, the newest first; missing ones are greyed."""
        self._recent.show_projects([Path(project) for project in projects])
        for widget in (self._heading, self._recent, self._remove):
            widget.setVisible(self._recent.count() > 0)
        self._remove.setEnabled(False)


class _RecentList(QListWidget):
    """Recent projects: Enter or a click opens one, Delete removes it from the list."""

    opened = Signal(Path)
    removed = Signal(Path)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Recent projects")
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.itemClicked.connect(self._open)

    def show_projects(self, projects: list[Path]) -> None:
        self.clear()
        for path in projects:
            there = os.path.isfile(path)
            item = QListWidgetItem(f"{path.stem}   {path.parent}", self)
            item.setData(_PATH, str(path))
            item.setToolTip(plain_words(str(path)))
            if not there:
                item.setText(f"{path.stem}   not there any more: {path.parent}")
                item.setForeground(self.palette().placeholderText())
        row = max(self.sizeHintForRow(0), self.fontMetrics().height())
        self.setFixedHeight(row * min(_RECENT_SEEN, max(1, self.count())) + 2 * self.frameWidth())

    def remove_current(self) -> None:
        """Remove the current project from the list."""
        if item := self.currentItem():
            self.removed.emit(Path(item.data(_PATH)))

    def _open(self, item: QListWidgetItem) -> None:
        self.opened.emit(Path(item.data(_PATH)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open with Enter, remove with Delete."""
        item = self.currentItem()
        if item and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(item)
        elif item and event.key() == Qt.Key.Key_Delete:
            self.remove_current()
        else:
            super().keyPressEvent(event)
