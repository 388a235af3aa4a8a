"""What the window shows when something happens that nobody foresaw."""

from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QObject, Qt, Signal
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from segmark.environment.log import Unforeseen
from segmark.store.errors import DamagedError

_CALM = 2000  # milliseconds after a dialog in which the same error is not told again


_UNFORESEEN = "Something went wrong that should not have."
_GO_ON = (
    "Every label was saved when you gave it, so nothing labelled is lost. "
    "You can go on. If it happens again, start Segmark anew."
)
_DAMAGED = "Not all of the project can be read."
_GO_BACK = (
    "Go back to a backup by File › Restore a backup…, which keeps the file as it is beside it. "
    "What is healthy in it can be saved to a new project."
)


class ErrorDialog(QDialog):
    """Says calmly what happened, that no label is lost, and where the log is."""

    def __init__(self, error: Unforeseen, log: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Something went wrong")
        self._error = error
        damaged = issubclass(error.kind, DamagedError)
        heading = QLabel(f"<b>{_DAMAGED if damaged else _UNFORESEEN}</b>")
        calm = QLabel(_GO_BACK if damaged else _GO_ON)
        self.what = QLabel(error.summary)
        self.what.setTextFormat(Qt.TextFormat.PlainText)
        where = QLabel(f"The log file has the details, without any text of a page:\n{log}")
        where.setTextFormat(Qt.TextFormat.PlainText)
        for label in (calm, self.what, where):
            label.setWordWrap(True)
        for label in (self.what, where):
            label.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse
                | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
        self.details = QPlainTextEdit(error.details)
        self.details.setReadOnly(True)
        self.details.setTabChangesFocus(True)
        self.details.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.details.setAccessibleName("Details")
        self.details.setMinimumHeight(180)
        self.details.hide()
        column = QVBoxLayout(self)
        column.setSpacing(12)
        for widget in (heading, self.what, calm, where, self.details, self._buttons()):
            column.addWidget(widget)
        self.setMinimumWidth(520)
        self.go_on.setFocus()

    def _buttons(self) -> QDialogButtonBox:
        box = QDialogButtonBox()
        self.go_on = QPushButton("&Go on")
        self.copy = QPushButton("&Copy details")
        self.show_details = QPushButton("&Show details")
        self.show_details.setCheckable(True)
        box.addButton(self.go_on, QDialogButtonBox.ButtonRole.AcceptRole)
        box.addButton(self.copy, QDialogButtonBox.ButtonRole.ActionRole)
        box.addButton(self.show_details, QDialogButtonBox.ButtonRole.ActionRole)
        self.go_on.setDefault(True)
        box.accepted.connect(self.accept)
        self.copy.clicked.connect(self._copy)
        self.show_details.toggled.connect(self._toggle)
        return box

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._error.details)
        self.copy.setText("Copied")

    def _toggle(self, wanted: bool) -> None:
        self.details.setVisible(wanted)
        self.adjustSize()


class ErrorTeller(QObject):
    """Shows unforeseen errors of any thread in the window's thread, one dialog at a time.

    An error that comes again at once, as one in painting does, is not told again.
    """

    _came = Signal(object)

    def __init__(self, log: Path, window: QWidget | None = None) -> None:
        super().__init__(window)
        self._log = log
        self._window = window
        self._last = ""
        self._since = QElapsedTimer()
        self.dialog: ErrorDialog | None = None
        self._came.connect(self._show)

    def tell(self, error: Unforeseen) -> None:
        """Show an error; may be called from any thread, and gives back at once."""
        self._came.emit(error)

    def _show(self, error: Unforeseen) -> None:
        again = error.summary == self._last and self._since.isValid()
        if self.dialog is not None or (again and not self._since.hasExpired(_CALM)):
            return
        self._last = error.summary
        self.dialog = ErrorDialog(error, self._log, self._window)
        self.dialog.finished.connect(self._closed)
        self.dialog.open()

    def _closed(self) -> None:
        self._since.start()
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None
