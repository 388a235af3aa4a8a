"""ErrorDialog and ErrorReporter: show unexpected errors."""

from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QObject, Qt, Signal
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from segmark.environment.log import Unforeseen
from segmark.gui.base.fitting import FittedDialog, text_size
from segmark.store.errors import DamagedError

_PAUSE = 2000  # milliseconds after a dialog during which the same error is not shown again


_UNEXPECTED = "An unexpected error occurred."
_GO_ON = (
    "Every label was saved when you gave it, so no labels are lost. "
    "You can go on. If it happens again, restart Segmark."
)
_DAMAGED = "A part of the project can't be read."
_RESTORE = (
    "Restore a backup by File › Restore a backup…, which keeps a copy of the damaged file. "
    "The undamaged part of the file can be saved to a new project."
)


class ErrorDialog(FittedDialog):
    """Shows what happened, that no labels are lost, and where the log file is."""

    def __init__(self, error: Unforeseen, log: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Something went wrong")
        self._error = error
        damaged = issubclass(error.kind, DamagedError)
        heading = QLabel(f"<b>{_DAMAGED if damaged else _UNEXPECTED}</b>")
        advice = QLabel(_RESTORE if damaged else _GO_ON)
        self.what = QLabel(error.summary)
        self.what.setTextFormat(Qt.TextFormat.PlainText)
        where = QLabel(f"The log file has the details, without any text of a page:\n{log}")
        where.setTextFormat(Qt.TextFormat.PlainText)
        for label in (advice, self.what, where):
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
        self.details.setMinimumHeight(text_size(self.details, 0, 13).height())
        self.details.hide()
        column = QVBoxLayout(self)
        column.setSpacing(12)
        for widget in (heading, self.what, advice, where, self.details, self._buttons()):
            column.addWidget(widget)
        self.prefer(87, 0)
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
        self.take_room()


class ErrorReporter(QObject):
    """Shows unexpected errors of any thread, one dialog at a time.

    An error that immediately occurs again, such as one in painting, is not shown again.
    """

    _reported = Signal(object)

    def __init__(self, log: Path, window: QWidget | None = None) -> None:
        super().__init__(window)
        self._log = log
        self._window = window
        self._last = ""
        self._since = QElapsedTimer()
        self.dialog: ErrorDialog | None = None
        self._reported.connect(self._show)

    def report(self, error: Unforeseen) -> None:
        """Show an error; may be called from any thread, and returns immediately."""
        self._reported.emit(error)

    def _show(self, error: Unforeseen) -> None:
        again = error.summary == self._last and self._since.isValid()
        if self.dialog is not None or (again and not self._since.hasExpired(_PAUSE)):
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
