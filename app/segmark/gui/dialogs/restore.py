"""RestoreDialog: the backups of a project, and what restoring one would change."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from segmark.core.progress import Progress
from segmark.gui.base.fitting import FittedDialog
from segmark.gui.base.tasks import TaskRunner
from segmark.store.file.backup import Backup, Reason, list_backups
from segmark.store.safety.restoring import Differences, differences

_WHY = {
    Reason.DAILY: "daily",
    Reason.ASKED: "made by you",
    Reason.MIGRATION: "before an update",
    Reason.RESTORE: "before a restore",
}


class RestoreDialog(FittedDialog):
    """Lets the user choose a backup; once accepted, ``path`` is the backup."""

    def __init__(
        self, project: Path, background: TaskRunner, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Restore a backup")
        self._project = project
        self._background = background
        self._wanted: Path | None = None
        self.list = QListWidget()
        self.list.setAccessibleName("Backups")
        self.preview = QLabel()
        self.preview.setAccessibleName("What would change")
        self.preview.setTextFormat(Qt.TextFormat.PlainText)
        self.preview.setWordWrap(True)
        self.preview.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.preview.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.go_back = buttons.addButton("&Restore", QDialogButtonBox.ButtonRole.AcceptRole)
        self.go_back.setEnabled(False)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        columns = QHBoxLayout()
        columns.addWidget(self.list, 1)
        columns.addWidget(self.preview, 1)
        note = QLabel("The current project is backed up first, so you can undo the restore.")
        note.setWordWrap(True)
        rows = QVBoxLayout(self)
        rows.addLayout(columns, 1)
        rows.addWidget(note)
        rows.addWidget(buttons)
        # Not the button that replaces the project, which Qt would choose.
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setDefault(True)
        self.prefer(127, 27)
        self.list.currentRowChanged.connect(self._compare)
        self._fill()

    @property
    def path(self) -> Path | None:
        """The chosen backup."""
        item = self.list.currentItem()
        return Path(item.data(Qt.ItemDataRole.UserRole)) if item else None

    def _fill(self) -> None:
        for backup in list_backups(self._project):
            item = QListWidgetItem(_title(backup))
            item.setData(Qt.ItemDataRole.UserRole, str(backup.path))
            self.list.addItem(item)
        if self.list.count():
            self.list.setCurrentRow(0)
        else:
            self.preview.setText("There is no backup yet.")

    def _compare(self) -> None:
        path, project = self.path, self._project
        self._wanted = path
        self.go_back.setEnabled(False)
        if path is None:
            return
        self.preview.setText("Comparing …")

        def compare(_progress: Progress) -> Differences:
            return differences(project, path)

        self._background.do_in_background(
            "Comparing", compare, partial(self._show, path), failed=partial(self._failed, path)
        )

    def _show(self, path: Path, found: Differences) -> None:
        if path == self._wanted:
            self.preview.setText("\n\n".join(found.lines()))
            self.go_back.setEnabled(not found.none)

    def _failed(self, path: Path, line: str) -> None:
        if path == self._wanted:
            self.preview.setText(line)

    def done(self, result: int) -> None:
        """Close, and ignore the result of a comparison that is still running."""
        self._wanted = None
        super().done(result)


def _title(backup: Backup) -> str:
    made = backup.made.astimezone()
    size = backup.path.stat().st_size / 1_000_000
    ahead = " (dated ahead)" if backup.is_dated_ahead(datetime.now(UTC)) else ""
    return f"{made:%A, %d %B %Y, %H:%M}{ahead} – {_WHY[backup.reason]}, {size:,.1f} MB"
