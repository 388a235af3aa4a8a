"""HelpWindow: shows the help, the Markdown pages of one folder."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut, QTextCursor
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from segmark.gui.base.fitting import FittedDialog, text_size
from segmark.gui.dialogs.help_pages import HelpPages
from segmark.gui.dialogs.help_text import HelpText


class HelpWindow(FittedDialog):
    """The help with a table of contents, back and forward, and find."""

    def __init__(self, parent: QWidget | None = None, folder: Path | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Segmark help")
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.pages = HelpPages(folder)
        self._back: list[str] = []
        self._forward: list[str] = []
        self.current = ""
        self.contents = QListWidget()
        self.text = HelpText(self.pages)
        self.search = QLineEdit()
        self.back = _arrow(Qt.ArrowType.LeftArrow, "Back", self.go_back)
        self.forward = _arrow(Qt.ArrowType.RightArrow, "Forward", self.go_forward)
        self.message = QLabel()
        self.copy = QPushButton("Copy the address")
        self._address = ""
        self._lay_out()
        self._connect()
        self.prefer(163, 50)
        self.open_page("index.md")
        self.text.setFocus()

    def open_page(self, name: str, section: str = "") -> None:
        """Show a page, scrolled to a section given by its heading as in a link."""
        if name not in self.pages:
            return
        if self.current and name != self.current:
            self._back.append(self.current)
            self._forward.clear()
        self._show(name, section)

    def go_back(self) -> None:
        """Show the previous page of the history."""
        if self._back:
            self._forward.append(self.current)
            self._show(self._back.pop())

    def go_forward(self) -> None:
        """Show the next page of the history."""
        if self._forward:
            self._back.append(self.current)
            self._show(self._forward.pop())

    def find_next(self) -> None:
        """Go to the next match of the text in the search field, on this page or a later one."""
        wanted = self.search.text()
        if not wanted or not self.current or self.text.find(wanted):
            return
        names = list(self.pages)
        at = names.index(self.current)
        for name in (*names[at + 1 :], *names[: at + 1]):
            if wanted.casefold() in self.pages.text(name).casefold():
                self.open_page(name)
                self.text.moveCursor(QTextCursor.MoveOperation.Start)
                if self.text.find(wanted):
                    return
        self._show_message(f"“{wanted}” is not in the help.")

    def _lay_out(self) -> None:
        for name in self.pages:
            item = QListWidgetItem(self.pages.title(name), self.contents)
            item.setData(Qt.ItemDataRole.UserRole, name)
        self.contents.setAccessibleName("Contents")
        self.contents.setStyleSheet("QListView::item { padding: 5px 6px; }")
        self.search.setPlaceholderText("Find in the help")
        self.search.setAccessibleName("Find in the help")
        self.search.setClearButtonEnabled(True)
        self.search.setMaximumWidth(text_size(self.search, 46, 0).width())
        self.message.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.message.setAccessibleName("Message")
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        self.copy.setAutoDefault(False)
        top = QHBoxLayout()
        top.addWidget(self.back)
        top.addWidget(self.forward)
        top.addStretch()
        top.addWidget(self.search)
        foot = QHBoxLayout()
        foot.addWidget(self.message, 1)
        foot.addWidget(self.copy)
        sides = QSplitter()
        sides.addWidget(self.contents)
        sides.addWidget(self.text)
        sides.setStretchFactor(1, 1)
        sides.setSizes([text_size(self, wide, 0).width() for wide in (33, 130)])
        column = QVBoxLayout(self)
        column.addLayout(top)
        column.addWidget(sides, 1)
        column.addLayout(foot)
        self._show_message("")

    def _connect(self) -> None:
        self.contents.currentItemChanged.connect(self._open_item)
        self.text.anchorClicked.connect(self._follow)
        self.search.returnPressed.connect(self.find_next)
        self.search.textChanged.connect(lambda: self._show_message(""))
        self.copy.clicked.connect(self._copy)
        for key, act in (
            (QKeySequence.StandardKey.Back, self.go_back),
            (QKeySequence.StandardKey.Forward, self.go_forward),
            (QKeySequence.StandardKey.Find, self.search.setFocus),
            (QKeySequence.StandardKey.FindNext, self.find_next),
        ):
            for sequence in QKeySequence.keyBindings(key):
                QShortcut(sequence, self, act)

    def _show(self, name: str, section: str = "") -> None:
        self.current = name
        self.text.show_markdown(self.pages.text(name))
        if section:
            self.text.scroll_to(section)
        self._show_message("")
        self.back.setEnabled(bool(self._back))
        self.forward.setEnabled(bool(self._forward))
        row = list(self.pages).index(name)
        self.contents.blockSignals(True)
        self.contents.setCurrentRow(row)
        self.contents.blockSignals(False)

    def _open_item(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.open_page(item.data(Qt.ItemDataRole.UserRole))

    def _follow(self, url: QUrl) -> None:
        if url.scheme() or url.host():
            self._show_message(f"Outside of the help: {url.toString()}", url.toString())
        else:
            self.open_page(url.path() or self.current, url.fragment())

    def _show_message(self, text: str, address: str = "") -> None:
        self.message.setText(text)
        self._address = address
        self.copy.setVisible(bool(address))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._address)
        self.message.setText("The address has been copied.")


def _arrow(direction: Qt.ArrowType, title: str, act: Callable[[], None]) -> QToolButton:
    button = QToolButton()
    button.setArrowType(direction)
    button.setToolTip(title)
    button.setAccessibleName(title)
    button.clicked.connect(act)
    return button
