"""The dialog that exports a project: its options, a preview, the export itself, the result."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
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

from segmark.core.annotation import Status
from segmark.core.progress import Progress
from segmark.export.error import ExportError
from segmark.export.options import ExportOptions
from segmark.export.publication import Publication
from segmark.export.summary import Summary
from segmark.gui.base.fitting import FittedDialog
from segmark.gui.base.tasks import Task, TaskProgress, TaskRunner
from segmark.gui.base.theme import Theme
from segmark.gui.export.folder import folder_notice, folder_warning
from segmark.gui.export.form import ExportForm
from segmark.gui.export.preset_bar import PresetBar
from segmark.gui.export.preview import ExportPreview, OpenStore, preview_of
from segmark.gui.export.site_table import SiteTable
from segmark.jobs.exporting.exporting import export
from segmark.jobs.exporting.presets import command_line, options_of, preset_of
from segmark.store.errors import StoreError
from segmark.store.export_settings import ExportSettings

_TYPING_PAUSE = 150  # milliseconds
_MOST_SITES = 500  # offered for completion; any other can be typed


def _export(open_store: OpenStore, options: ExportOptions, progress: Progress) -> Summary:
    with open_store() as store:
        return export(store, options, progress)


class ExportDialog(FittedDialog):
    """Exports a project.

    Signals:
        exported: an export was made with these ``ExportOptions``.

    Attributes:
        form: the fields of the options; another one after a preset is chosen.
        presets: the presets of the project.
        sites: the table of the sites of a split.
        tabs: the preview and the table of sites.
        export_button: starts the export.
        copy_button: copies the command line.
        open_button: opens the folder; visible after an export.
        progress: of a running export.
    """

    exported = Signal(object)

    def __init__(
        self,
        open_store: OpenStore,
        options: ExportOptions,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Export")
        self._open_store = open_store
        self._theme = theme
        self._tasks = TaskRunner(self)
        self._count: int | None = None
        self._running: Task | None = None
        with open_store() as store:
            self._project, self._labels = store.path, store.label_set
            colours = store.people.colours()
            self._annotators = {name: colours[name] for name in store.annotators()}
            if options.annotator is not None:
                options = replace(options, annotator=store.people.known_name(options.annotator))
            self._known_sites = store.pages.sites(_MOST_SITES)
            self._adjudicator = store.exports.adjudicator
            self._about = Publication.of(store.exports.publication)
            self.presets = PresetBar(store.exports.presets, self)
        self.form = self._form_of(options)
        self._notice = QLabel(self, wordWrap=True)
        self._state = QLabel(self, wordWrap=True)
        self._heading = QLabel("First &record", self)
        self._text = _fixed_width_text(self._heading, self)
        self.sites = SiteTable(self)
        self._command = QLineEdit(self, readOnly=True)
        self.copy_button = QPushButton("Cop&y", self)
        self.progress = TaskProgress(self)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        roles = QDialogButtonBox.ButtonRole
        self.export_button = self._buttons.addButton("&Export", roles.AcceptRole)
        self.open_button = self._buttons.addButton("&Open folder", roles.ActionRole)
        self._lay_out()
        self._connect()
        self._on_change()

    def _form_of(self, options: ExportOptions) -> ExportForm:
        folder = options.folder or self._project.parent.absolute() / f"{self._project.stem}-export"
        form = ExportForm(
            self._labels,
            self._annotators,
            self._known_sites,
            replace(options, folder=folder),
            self._theme,
            self._adjudicator,
            self._about,
            self,
        )
        form.changed.connect(self._on_change)
        form.publication.told.connect(self._on_told)
        form.whose.adjudicator_chosen.connect(self._on_adjudicator)
        return form

    def _lay_out(self) -> None:
        left = self._left = QVBoxLayout()
        left.addWidget(self.form, 1)
        left.addWidget(self._notice)
        left.addWidget(self._state)
        record = QWidget(self)
        right = QVBoxLayout(record)
        right.setContentsMargins(0, 6, 0, 0)
        right.addWidget(self._heading)
        right.addWidget(self._text, 1)
        self.tabs = QTabWidget(self, documentMode=True)
        self.tabs.addTab(record, "Preview")
        self.tabs.addTab(self.sites, "Sites")
        columns = QHBoxLayout()
        columns.addLayout(left, 1)
        columns.addSpacing(6)
        columns.addWidget(self.tabs, 1)
        title = QLabel("T&he same on the command line", self)
        title.setBuddy(self._command)
        command = QHBoxLayout()
        for widget in (title, self._command, self.copy_button):
            command.addWidget(widget)
        last = QHBoxLayout()
        last.addWidget(self.progress)
        last.addWidget(self._buttons, 1)
        rows = QVBoxLayout(self)
        rows.addWidget(self.presets)
        rows.addLayout(columns, 1)
        rows.addLayout(command)
        rows.addLayout(last)
        self.export_button.setDefault(True)
        self.open_button.hide()
        self.form.setFocus()
        self.prefer(150, 40)

    def _connect(self) -> None:
        self._pause = QTimer(self, singleShot=True, interval=_TYPING_PAUSE)
        self._pause.timeout.connect(self._preview)
        self.sites.part_chosen.connect(self._on_part)
        self.presets.chosen.connect(self._on_preset)
        self.presets.saved.connect(self._on_save)
        self.presets.deleted.connect(self._on_delete)
        self.copy_button.clicked.connect(
            lambda: QGuiApplication.clipboard().setText(self.command_line)
        )
        self._buttons.accepted.connect(self._start)
        self._buttons.rejected.connect(self.reject)
        self.open_button.clicked.connect(
            lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.options.folder)))
        )

    @property
    def options(self) -> ExportOptions:
        """The chosen options."""
        return self.form.options

    @property
    def message(self) -> str:
        """The line that says how many pages will be exported, what was done, or what is wrong."""
        return self._state.text()

    @property
    def folder_message(self) -> str:
        """The line about the folder."""
        return self._notice.text()

    @property
    def preview_text(self) -> str:
        """The first record, or what was exported."""
        return self._text.toPlainText()

    @property
    def command_line(self) -> str:
        """The command that makes the same export."""
        return self._command.text()

    @property
    def busy(self) -> bool:
        """Whether the project is being read in the background."""
        return bool(self._tasks.running)

    def _on_preset(self, name: str) -> None:
        """Show a form with the options of a preset."""
        try:
            with self._open_store() as store:
                options = options_of(store.exports.presets[name], self._project)
        except (KeyError, ExportError, StoreError) as error:
            self._show(str(error), bad=True)
            return
        form = self._form_of(options)
        form.groups.setCurrentIndex(self.form.groups.currentIndex())
        self._left.replaceWidget(self.form, form)
        self.form.deleteLater()
        self.form = form
        self._on_change()

    def _on_save(self, name: str) -> None:
        preset = preset_of(self.options, self._project)
        self._keep(lambda exports: exports.keep_preset(name, preset), f"Kept as {name}.")
        self._show_presets(name)

    def _on_delete(self, name: str) -> None:
        self._keep(lambda exports: exports.keep_preset(name, None), f"Deleted {name}.")
        self._show_presets("")

    def _show_presets(self, shown: str) -> None:
        with self._open_store() as store:
            self.presets.show_names(store.exports.presets, shown)

    def _on_adjudicator(self, name: str) -> None:
        self._adjudicator = name
        self._keep(lambda exports: exports.keep_adjudicator(name), "")
        self._on_change()

    def _on_told(self, about: Publication) -> None:
        if about != self._about:
            self._about = about
            self._keep(lambda exports: exports.keep_publication(about.kept), "")

    def _on_part(self, site: str, part: str) -> None:
        self._keep(lambda exports: exports.fix_part(site, part or None), "")
        self._on_change()

    def _keep(self, change: Callable[[ExportSettings], None], message: str) -> None:
        """Change a setting that the project keeps, and show the message, or why it failed."""
        try:
            with self._open_store() as store, store.write("this was not kept"):
                change(store.exports)
        except StoreError as error:
            self._show(str(error), bad=True)
        else:
            self._show(message)

    def _on_change(self) -> None:
        """Show at once what is wrong with the options; read the project after a short pause."""
        options, problem = self.options, self.form.problem
        self._command.setText(command_line(options, self._project, self._labels))
        self._command.setCursorPosition(0)
        self._show_folder_message(None if problem else options.folder)
        self.open_button.hide()
        self._count = None
        self._show(problem or "Counting …", bad=bool(problem))
        self._pause.start()

    def _show_folder_message(self, folder: Path | None) -> None:
        warning = folder_warning(folder) if folder else ""
        colour = self._theme.warning if warning else self._theme.muted
        self._notice.setStyleSheet(f"color: {colour}")
        self._notice.setText(warning or (folder_notice(folder) if folder else ""))

    def _show(self, text: str, bad: bool = False) -> None:
        self._state.setText(text[:1].upper() + text[1:])
        self._state.setStyleSheet(f"color: {self._theme.bad if bad else self._theme.text}")
        self.export_button.setEnabled(bool(self._count) and not self._running)

    def _preview(self) -> None:
        options = self.options
        if self._running or self.form.problem:
            return
        self._tasks.do_in_background(
            "Counting",
            lambda _progress: preview_of(self._open_store, options),
            self._on_previewed,
            failed=self._on_preview_failed,
        )

    def _on_preview_failed(self, reason: str) -> None:
        if not self._running:
            self._show(reason, bad=True)

    def _on_previewed(self, preview: ExportPreview) -> None:
        options = preview.options
        if self._running or options != self.options or self.form.problem:
            return
        count = self._count = preview.count
        self._heading.setText("First &record")
        self._text.setPlainText(preview.text)
        self.sites.show_forecast(preview.forecast)
        alone = options.annotator is not None or options.adjudicated or len(self._annotators) < 2
        noun = "page" if alone else "record"
        text = f"{count:,} {noun}{'s' if count != 1 else ''} will be exported."
        if not count:
            text = _nothing(preview)
        left_out = (f"{each:,} left out where {why}." for why, each in preview.left_out.items())
        self._show(" ".join([text, *left_out]))

    def _start(self) -> None:
        options = self.options
        if self._running or not self._count:
            return
        if problem := self.form.problem:
            self._show(problem, bad=True)
            return
        self._on_told(self.form.publication.about)
        self._running = self._tasks.do_in_background(
            "Exporting",
            lambda progress: _export(self._open_store, options, progress),
            self._on_exported,
            failed=self._on_failed,
            cancelled=self._on_cancelled,
        )
        self.form.setEnabled(False)
        self._show("Exporting …")
        self.progress.follow(self._running)

    def _on_failed(self, reason: str) -> None:
        self._on_stopped(reason, bad=True)

    def _on_cancelled(self) -> None:
        self._on_stopped("Cancelled. The folder is unchanged.")

    def _on_exported(self, summary: Summary) -> None:
        noun = summary.noun if summary.pages != 1 else summary.noun.removesuffix("s")
        self._on_stopped(f"Done: {summary.pages:,} {noun} exported.")
        self._heading.setText("What was expo&rted")
        self._text.setPlainText(summary.text())
        self.tabs.setCurrentIndex(0)
        self._notice.clear()
        self.open_button.show()
        self.open_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.exported.emit(self.options)

    def _on_stopped(self, text: str, bad: bool = False) -> None:
        self._running = None
        self.form.setEnabled(True)
        self._show(text, bad)

    def done(self, result: int) -> None:
        """Close; if an export is running, cancel it instead and stay open."""
        if self._running:
            self._running.cancel()
            return
        self._pause.stop()
        self._tasks.close()
        super().done(result)


def _nothing(preview: ExportPreview) -> str:
    """Why there is no page to export, and what can be chosen instead."""
    others = [f"{count:,} {status}" for status, count in preview.others.items()]
    if preview.left_out:
        return "No page to export."
    if not others:
        return "No page to export: load pages, or choose other sites or another first day."
    chosen = " or ".join(status for status in Status if status in preview.options.statuses)
    return (
        f"No page to export: none is {chosen}. There are {' and '.join(others)}: "
        "tick their status under What goes in."
    )


def _fixed_width_text(heading: QLabel, parent: QWidget) -> QPlainTextEdit:
    text = QPlainTextEdit(parent, readOnly=True, tabChangesFocus=True)
    text.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
    text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
    text.setAccessibleName("First record, or what was exported")
    heading.setBuddy(text)
    return text
