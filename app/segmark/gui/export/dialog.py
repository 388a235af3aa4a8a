"""The dialog that exports a project: choices, a look at the first record, the work, the result."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from segmark.core.progress import Progress
from segmark.export.error import ExportError
from segmark.export.formats import registry as formats
from segmark.export.summary import Summary
from segmark.gui.base.tasks import Task, TaskProgress, TaskRunner
from segmark.gui.base.theme import Theme
from segmark.gui.export.folder import folder_notice, folder_warning
from segmark.gui.export.form import ExportForm
from segmark.gui.export.preset_bar import PresetBar
from segmark.gui.export.preview import OpenStore, Outlook, look
from segmark.gui.export.site_table import SiteTable
from segmark.jobs.exporting.exporting import (
    ExportChoice,
    choice_of,
    command_line,
    export,
    preset_of,
)
from segmark.store.errors import StoreError
from segmark.store.export_settings import ExportSettings

_PAUSE_IN_TYPING = 150  # milliseconds
_MOST_SITES = 500  # that are offered; any other one can be typed


def _export(open_store: OpenStore, choice: ExportChoice, progress: Progress) -> Summary:
    with open_store() as store:
        return export(store, choice, progress)


class ExportDialog(QDialog):
    """Exports a project.

    Signals:
        exported: an export was made by this ``ExportChoice``; to be kept for the next time.
    """

    exported = Signal(object)

    def __init__(
        self,
        open_store: OpenStore,
        choice: ExportChoice,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Export")
        self._open_store = open_store
        self._theme = theme
        self._background = TaskRunner(self)
        self._count: int | None = None
        self._running: Task | None = None
        with open_store() as store:
            self._project, self._labels = store.path, store.label_set
            self._annotators = store.annotators()
            self._known_sites = store.pages.sites(_MOST_SITES)
            self._adjudicator = store.exports.adjudicator
            self._presets = PresetBar(store.exports.presets, self)
        self._form = self._form_of(choice)
        self._notice = QLabel(self, wordWrap=True)
        self._state = QLabel(self, wordWrap=True)
        self._heading = QLabel("First &record", self)
        self._text = _fixed_width_text(self._heading, self)
        self._sites = SiteTable(self)
        self._command = QLineEdit(self, readOnly=True)
        self._copy = QPushButton("Cop&y", self)
        self._progress = TaskProgress(self)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        self._export = self._buttons.addButton("&Export", QDialogButtonBox.ButtonRole.AcceptRole)
        self._open = self._buttons.addButton("&Open folder", QDialogButtonBox.ButtonRole.ActionRole)
        self._lay_out()
        self._connect()
        self._on_change()

    def _form_of(self, choice: ExportChoice) -> ExportForm:
        folder = choice.folder or self._project.parent.absolute() / f"{self._project.stem}-export"
        form = ExportForm(
            self._labels,
            self._annotators,
            self._known_sites,
            formats.EXPORTERS,
            replace(choice, folder=folder),
            self._theme,
            self._adjudicator,
            self,
        )
        form.changed.connect(self._on_change)
        form.whose.adjudicator_chosen.connect(self._on_adjudicator)
        return form

    def _lay_out(self) -> None:
        left = self._left = QVBoxLayout()
        left.addWidget(self._form)
        left.addWidget(self._notice)
        left.addStretch(1)
        left.addWidget(self._state)
        record = QWidget(self)
        right = QVBoxLayout(record)
        right.setContentsMargins(0, 6, 0, 0)
        right.addWidget(self._heading)
        right.addWidget(self._text, 1)
        self._tabs = QTabWidget(self, documentMode=True)
        self._tabs.addTab(record, "Preview")
        self._tabs.addTab(self._sites, "Sites")
        columns = QHBoxLayout()
        columns.addLayout(left, 0)
        columns.addSpacing(12)
        columns.addWidget(self._tabs, 1)
        title = QLabel("The same on the command l&ine", self)
        title.setBuddy(self._command)
        command = QHBoxLayout()
        for widget in (title, self._command, self._copy):
            command.addWidget(widget)
        last = QHBoxLayout()
        last.addWidget(self._progress)
        last.addWidget(self._buttons, 1)
        rows = QVBoxLayout(self)
        rows.addWidget(self._presets)
        rows.addLayout(columns, 1)
        rows.addLayout(command)
        rows.addLayout(last)
        self._export.setDefault(True)
        self._open.hide()
        self._form.setFocus()
        self.resize(900, 560)

    def _connect(self) -> None:
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_IN_TYPING)
        self._pause.timeout.connect(self._look)
        self._sites.part_chosen.connect(self._on_part)
        self._presets.chosen.connect(self._on_preset)
        self._presets.saved.connect(self._on_save)
        self._presets.deleted.connect(self._on_delete)
        self._copy.clicked.connect(
            lambda: QGuiApplication.clipboard().setText(self._command.text())
        )
        self._buttons.accepted.connect(self._start)
        self._buttons.rejected.connect(self.reject)
        self._open.clicked.connect(
            lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.choice.folder)))
        )

    @property
    def choice(self) -> ExportChoice:
        """What is chosen now."""
        return self._form.choice

    def _on_preset(self, name: str) -> None:
        """Show what a preset says in the form."""
        try:
            with self._open_store() as store:
                choice = choice_of(store.exports.presets[name], self._project)
        except (KeyError, ExportError, StoreError) as error:
            self._say(str(error), bad=True)
            return
        form = self._form_of(choice)
        self._left.replaceWidget(self._form, form)
        self._form.deleteLater()
        self._form = form
        self._on_change()

    def _on_save(self, name: str) -> None:
        preset = preset_of(self.choice, self._project)
        self._keep(lambda exports: exports.keep_preset(name, preset), f"Kept as {name}.")
        self._show_presets(name)

    def _on_delete(self, name: str) -> None:
        self._keep(lambda exports: exports.keep_preset(name, None), f"Deleted {name}.")
        self._show_presets("")

    def _show_presets(self, shown: str) -> None:
        with self._open_store() as store:
            self._presets.show_names(store.exports.presets, shown)

    def _on_adjudicator(self, name: str) -> None:
        self._adjudicator = name
        self._keep(lambda exports: exports.keep_adjudicator(name), "")
        self._on_change()

    def _on_part(self, site: str, part: str) -> None:
        self._keep(lambda exports: exports.fix_part(site, part or None), "")
        self._on_change()

    def _keep(self, change: Callable[[ExportSettings], None], said: str) -> None:
        """Change what the project keeps for its exports, and say so, or why not."""
        try:
            with self._open_store() as store, store.write("this was not kept"):
                change(store.exports)
        except StoreError as error:
            self._say(str(error), bad=True)
        else:
            self._say(said)

    def _on_change(self) -> None:
        """Say at once what is wrong with the choice; look into the project a moment later."""
        choice, problem = self.choice, self._form.problem
        self._command.setText(command_line(choice, self._project))
        self._command.setCursorPosition(0)
        self._say_of_folder(None if problem else choice.folder)
        self._open.hide()
        self._count = None
        self._say(problem or "Counting …", bad=bool(problem))
        self._pause.start()

    def _say_of_folder(self, folder: Path | None) -> None:
        warning = folder_warning(folder) if folder else ""
        colour = self._theme.warning if warning else self._theme.muted
        self._notice.setStyleSheet(f"color: {colour}")
        self._notice.setText(warning or (folder_notice(folder) if folder else ""))

    def _say(self, text: str, bad: bool = False) -> None:
        self._state.setText(text[:1].upper() + text[1:])
        self._state.setStyleSheet(f"color: {self._theme.bad if bad else self._theme.text}")
        self._export.setEnabled(bool(self._count) and not self._running)

    def _look(self) -> None:
        choice = self.choice
        if self._running or self._form.problem:
            return
        self._background.do_in_background(
            "Counting",
            lambda _progress: look(self._open_store, choice),
            self._on_looked,
            failed=self._on_look_failed,
        )

    def _on_look_failed(self, reason: str) -> None:
        if not self._running:
            self._say(reason, bad=True)

    def _on_looked(self, outlook: Outlook) -> None:
        if self._running or outlook.choice != self.choice or self._form.problem:
            return
        count = self._count = outlook.count
        self._heading.setText("First &record")
        self._text.setPlainText(outlook.preview)
        self._sites.show_forecast(outlook.forecast)
        choice = outlook.choice
        alone = choice.annotator is not None or choice.adjudicated or len(self._annotators) < 2
        noun = "page" if alone else "record"
        self._say(
            f"{count:,} {noun}{'s' if count != 1 else ''} will be exported."
            if count
            else "No page to export: finish one first, or choose other pages."
        )

    def _start(self) -> None:
        choice = self.choice
        if self._running or not self._count:
            return
        if problem := self._form.problem:
            self._say(problem, bad=True)
            return
        self._running = self._background.do_in_background(
            "Exporting",
            lambda progress: _export(self._open_store, choice, progress),
            self._on_exported,
            failed=self._on_failed,
            cancelled=self._on_cancelled,
        )
        self._form.setEnabled(False)
        self._say("Exporting …")
        self._progress.follow(self._running)

    def _on_failed(self, reason: str) -> None:
        self._on_stopped(reason, bad=True)

    def _on_cancelled(self) -> None:
        self._on_stopped("Cancelled. The folder is as it was.")

    def _on_exported(self, summary: Summary) -> None:
        noun = summary.noun if summary.pages != 1 else summary.noun.removesuffix("s")
        self._on_stopped(f"Done: {summary.pages:,} {noun} exported.")
        self._heading.setText("What was expo&rted")
        self._text.setPlainText(summary.text())
        self._tabs.setCurrentIndex(0)
        self._notice.clear()
        self._open.show()
        self._open.setFocus(Qt.FocusReason.OtherFocusReason)
        self.exported.emit(self.choice)

    def _on_stopped(self, text: str, bad: bool = False) -> None:
        self._running = None
        self._form.setEnabled(True)
        self._say(text, bad)

    def done(self, result: int) -> None:
        """Close; an export that is running is cancelled instead, and the dialog stays."""
        if self._running:
            self._running.cancel()
            return
        self._pause.stop()
        self._background.close()
        super().done(result)


def _fixed_width_text(heading: QLabel, parent: QWidget) -> QPlainTextEdit:
    text = QPlainTextEdit(parent, readOnly=True, tabChangesFocus=True)
    text.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
    text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
    text.setAccessibleName("First record, or what was exported")
    heading.setBuddy(text)
    return text
