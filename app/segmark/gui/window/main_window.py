"""The main window: it arranges its parts and connects them to the session and its acts."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from segmark.core.label import LabelSet
from segmark.core.progress import Progress
from segmark.environment import settings as stored_settings
from segmark.environment.settings import Settings
from segmark.gui.base import theme as themes
from segmark.gui.base.after_paint import AfterFirstPaint
from segmark.gui.base.fitting import text_size
from segmark.gui.base.plain_words import plain_words
from segmark.gui.base.tasks import Result, TaskProgress, TaskRunner
from segmark.gui.base.theme import Theme
from segmark.gui.keys.actions import Actions
from segmark.gui.keys.bindings import clash_message
from segmark.gui.keys.commands import all_commands
from segmark.gui.keys.keyboard import Keyboard
from segmark.gui.keys.layout_survey import layout_survey
from segmark.gui.page.find_bar import FindBar
from segmark.gui.page.overview import OverviewStrip
from segmark.gui.page.view import PageView
from segmark.gui.suggestions.service import SuggestionService
from segmark.gui.window import geometry
from segmark.gui.window.availability import enable, name_undo
from segmark.gui.window.bars import WindowBars
from segmark.gui.window.brush import Brush
from segmark.gui.window.bulk import run_bulk
from segmark.gui.window.file_drop import accept_files
from segmark.gui.window.finder import Finder
from segmark.gui.window.notice_bar import NoticeBar
from segmark.gui.window.open_session import OpenSession
from segmark.gui.window.page_acts import PageActs
from segmark.gui.window.session_display import SessionDisplay
from segmark.gui.window.side_panels import SidePanels
from segmark.gui.window.status_line import StatusLine
from segmark.gui.window.welcome_view import EmptyProjectView, WelcomeView
from segmark.jobs.page_folds import PageFolds
from segmark.jobs.suggesting.verdicts import Verdicts
from segmark.session.session import Session
from segmark.store.errors import DisplacedError, LabelsChangedError, StoreError
from segmark.store.store import Store

#: Events that count as time at work.
_ACTIVITY = frozenset({
    QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseMove, QEvent.Type.Wheel,
})  # fmt: skip

#: The size of the first window and the smallest one, in average characters and lines.
_USUAL_SIZE, _LEAST_SIZE = (213, 58), (20, 10)

Handlers = dict[str, Callable[[], object]]

#: What a key means while many pages are selected in the list.
_ON_MANY = {"page.skip": "list.skip", "page.reopen": "list.reopen", "page.flag": "list.flag"}
#: The commands that wait for suggestions that are still being made.
_WAITING = frozenset({"suggest.accept", "suggest.reject", "suggest.accept_all", "page.done_all"})


class MainWindow(QMainWindow):
    """The window on one project, or the welcome view if none is open.

    Attributes:
        view: the page's text.
        overview: the marks of the whole page, beside its text.
        labels: the labels of the open project, or of the last one, or the default labels.
        keyboard: what the keys of the annotator's keyboard mean.
        actions_by_id: the actions of all commands.
        after_paint: does what is not on the first picture after it.
        bars: menus and tool bar.
        notice: the notice about the project, at the top of the window.
        page_notice: the notice about the open page, above its text.

    Signals:
        files_dropped: a list of paths.
        closing: the window is closing; the project is still open.
        displaced: an act found that the project's file is no longer in its place.
    """

    files_dropped = Signal(list)
    closing = Signal()
    displaced = Signal()

    def __init__(self, application: QApplication, settings: Settings, labels: LabelSet) -> None:
        super().__init__()
        self._application = application
        self.settings = settings
        self.theme = themes.begin(application, settings.theme)
        self._open: OpenSession | None = None
        self.labels = labels
        self._session_handlers: Handlers = {}
        self._program_handlers: Handlers = {}
        self._connected: set[str] = set()
        self.after_paint = AfterFirstPaint(self)
        self.background = TaskRunner(self)
        self.view = PageView()
        self.overview = OverviewStrip(self.view)
        self.find_bar = FindBar(self.theme)
        self.notice = NoticeBar("Notice")
        self.page_notice = NoticeBar("Versions of the page")
        self.finder = Finder(self.view, self.find_bar, self._show_range)
        self.welcome = WelcomeView(self.theme)
        self.empty_project = EmptyProjectView(self.theme)
        self.status = StatusLine()
        self.task_progress = TaskProgress()
        self._set_font()
        self._arrange()
        self.panels = SidePanels(self, self.view)
        platform = application.platformName()
        self.keyboard = Keyboard(platform, self, layout_survey(platform))
        self.actions_by_id = Actions(
            all_commands(labels), settings.keys, self.view, self, self.keyboard, self.after_paint.do
        )
        self.bars = WindowBars(
            self, self.view, self.actions_by_id, self.panels.toggles,
            lambda: name_undo(self.actions_by_id, self.session),
        )  # fmt: skip
        self.view.customContextMenuRequested.connect(self.bars.show_page_menu)
        self.brush = Brush(self.view, self.panels.labels, self.attempt)
        self._display = SessionDisplay(
            self.view, self.finder, self.panels, self.status, self.actions_by_id
        )
        self._connect()
        self._apply_theme(themes.apply(application, settings.theme, self._apply_theme))
        self.end_session()
        self.show_project()

    def _arrange(self) -> None:
        area = QWidget()
        column = QVBoxLayout(area)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.page_notice)
        beside = QHBoxLayout()
        beside.setSpacing(0)
        beside.addWidget(self.view, 1)
        beside.addWidget(self.overview)
        column.addLayout(beside, 1)
        column.addWidget(self.find_bar)
        self._page_area = area
        self._stack = QStackedWidget()
        for widget in (self.welcome, self.empty_project, area):
            self._stack.addWidget(widget)
        whole = QWidget()
        rows = QVBoxLayout(whole)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.notice)
        rows.addWidget(self._stack, 1)
        self.setCentralWidget(whole)
        self.status.addPermanentWidget(self.task_progress)
        self.setStatusBar(self.status)
        accept_files(self, self.files_dropped.emit)
        self.resize(text_size(self, *_USUAL_SIZE))
        # Smaller than the layout needs with all panels, which fold.
        self.setMinimumSize(text_size(self, *_LEAST_SIZE))

    def _connect(self) -> None:
        self._display.titled.connect(self.setWindowTitle)
        self._display.pages_changed.connect(self.show_project)
        self._display.labels_changed.connect(self._use_labels)
        self._display.page_shown.connect(lambda: self._stack.setCurrentWidget(self._page_area))
        self.view.installEventFilter(self)
        self.view.viewport().installEventFilter(self)
        self.panels.spans.span_chosen.connect(self._go_to)
        self.overview.chosen.connect(self._go_to)
        self.view.label_pointed.connect(self.panels.guideline.show_label)
        self.panels.labels.label_pointed.connect(self.panels.guideline.show_label)
        self.panels.guideline.left.connect(self.view.setFocus)
        self.panels.pages.page_chosen.connect(self._open_page)
        self.panels.pages.message.connect(self.status.show_message)
        self.panels.pages.menu_wanted.connect(self.bars.show_list_menu)
        self.panels.pages.command_wanted.connect(self.run)
        self.panels.note.written.connect(self._write_note)
        self.panels.note.left.connect(self.view.setFocus)
        self.find_bar.closed.connect(self.view.setFocus)
        self.view.pointer.clicked.connect(self._open_fold)
        self.actions_by_id.rebuilt.connect(self._connect_actions)
        self.actions_by_id.keys_shown.connect(self._show_labels)
        self._connect_actions()

    def _connect_actions(self) -> None:
        self._connected &= set(self.actions_by_id)
        for name in set(self.actions_by_id) - self._connected:
            action = self.actions_by_id[name]
            action.triggered.connect(lambda _=False, name=name: self.run(name))
            self._connected.add(name)

    @property
    def session(self) -> Session | None:
        """What the annotator is doing; None when no project is open."""
        return self._open.session if self._open else None

    @property
    def suggestions(self) -> SuggestionService | None:
        """What makes suggestions for the open page; None when no project is open."""
        return self._open.suggestions if self._open else None

    def begin_session(self, store: Store, annotator: str) -> OpenSession:
        """Work on a project as this annotator. End the session before this one first."""
        verdicts = Verdicts(store, annotator)
        session = Session(
            store, annotator, in_transaction=verdicts.store,
            run_bulk=partial(run_bulk, self.background, self, store, annotator),
            queue_ready=self.panels.pages.wait, caret=lambda: self.view.selection[1],
        )  # fmt: skip
        session.opens_at_work = self.settings.opens_at_work
        self._display.set_shows_pace(self.settings.shows_pace)
        wanted = self.settings.wants_suggestions(annotator)
        suggestions = SuggestionService(
            session, verdicts, self, wanted=wanted, put_off=self.after_paint.do
        )
        folds = PageFolds(
            session, suggestions.suggesting, wanted=self.settings.folded,
            changed=self._display.show_folds,
        )  # fmt: skip
        acts = PageActs(
            session, suggestions.suggesting, folds, self.view, self.find_bar,
            self.status.show_message, self._key_of,
        )  # fmt: skip
        self._open = OpenSession(session, suggestions, folds, acts)
        self._session_handlers = acts.handlers()
        self._take_labels(session.store.label_set)
        self.brush.set_acts(acts)
        self._display.show_session(self._open)
        self.show_project()
        return self._open

    def _use_labels(self) -> None:
        """Go on with the label set of the open project, which has changed."""
        if self._open:
            self._session_handlers |= self._open.acts.handlers()
            self._take_labels(self._open.session.store.label_set)
            self.brush.use(None)
            self.show_project()

    def _take_labels(self, labels: LabelSet) -> None:
        changed, self.labels = labels != self.labels, labels
        self.actions_by_id.set_commands(all_commands(labels), self.settings.keys)
        if clashes := self.actions_by_id.clashes:
            self.status.show_message(clash_message(clashes))
        if changed:
            self._show_labels()

    def end_session(self) -> None:
        """End the session, if any, but leave its project open; store an unfinished note."""
        self.panels.note.store()
        if self._open:
            self._open.session.leave()
            self._open.suggestions.stop()
            self._open.suggestions.deleteLater()
        self._open, self._session_handlers = None, {}
        self.brush.set_acts(None)
        self.notice.show_notice(None)
        self.page_notice.show_notice(None)
        self._display.show_session(None)

    def stop_writing(self) -> None:
        """Show that the open project can no longer be written; what is on the screen stays."""
        if self._open:
            self._open.suggestions.stop()
        enable(self.actions_by_id, self.session)
        self._display.refresh_soon()

    def close_project(self) -> None:
        """End the session, if any, and close its project."""
        session = self.session
        self.end_session()
        if session:
            session.store.close()

    def session_on(self, project: Path) -> Session | None:
        """Return the session if this project is still open, else None."""
        session = self.session
        return session if session and session.store.path == project else None

    def show_project(self) -> None:
        """Show the project's pages as they are now; open a page if none is open."""
        session = self.session
        if session and session.open_page is None:
            self.attempt(session.open_first)
        self.panels.pages.reload()
        if session is None or session.open_page is None:
            self.view.show_page(None)
            start = self.empty_project if session else self.welcome
            self._stack.setCurrentWidget(start)
            start.focus_first()
        enable(self.actions_by_id, self.session)
        self._display.refresh()

    def add_handlers(self, handlers: Handlers) -> None:
        """Set the functions of commands that work without an open project."""
        self._program_handlers |= handlers

    def add_session_handlers(self, handlers: Handlers) -> None:
        """Set the functions of commands until the session ends."""
        self._session_handlers |= handlers

    @property
    def handlers(self) -> Handlers:
        """The functions of all commands that can run now, by the command's id."""
        self.after_paint.finish()
        return self._program_handlers | self._session_handlers

    def run(self, name: str) -> None:
        """Run a command; store an unfinished note first."""
        self.panels.note.store()
        if self.panels.pages.has_many:
            name = _ON_MANY.get(name, name)
        early = partial(self.run, name)
        if name in _WAITING and self.suggestions and self.suggestions.when_made(early):
            self.status.show_message("Waiting for the suggestions of this page …")
        elif handler := self.handlers.get(name):
            self.attempt(handler)

    def attempt(self, act: Callable[[], object]) -> None:
        """Run an act; if it can't be stored, show why."""
        try:
            act()
        except StoreError as error:
            self._display.refresh_soon()
            if isinstance(error, DisplacedError):
                self.displaced.emit()
            elif isinstance(error, LabelsChangedError):
                self.status.show_message(f"{error}.")
            else:
                self.warn("Segmark", str(error))

    def warn(self, title: str, words: str) -> None:
        """Show a warning in a message box."""
        from segmark.gui.base.message_box import MessageBox

        MessageBox.show_words(MessageBox.Icon.Warning, title, plain_words(words), self)

    # Work in the background

    def do_in_background(
        self,
        title: str,
        work: Callable[[Progress], Result],
        then: Callable[[Result], object] | None = None,
        *,
        failed: Callable[[str], object] | None = None,
        cancelled: Callable[[], object] | None = None,
        ended: Callable[[], object] | None = None,
        show_progress: bool = False,
    ) -> None:
        """Do some work in a thread, and call ``then`` with its result in the window's thread.

        Without ``failed``, a message box shows why the work failed. With ``show_progress``, the
        status line shows the progress and a button to cancel.
        """
        task = self.background.do_in_background(
            title,
            work,
            then,
            failed=failed or partial(self.warn, title),
            cancelled=cancelled,
            ended=ended,
        )
        if show_progress:
            self.task_progress.follow(task)

    def wait_for(self, title: str, work: Callable[[Progress], Result], words: str) -> Result | None:
        """Do some work in a thread, behind a dialog that shows these words until it is done.

        Raises:
            StoreError: the work failed; the message says why.
        """
        from segmark.gui.base.waiting import wait_for

        return wait_for(title, work, words, self.background, self)

    # Input

    def show_guideline(self) -> None:
        """Show what the guideline says on the label at the caret."""
        self.panels.show_guideline(self._open.acts.label_at_caret if self._open else None)

    def _key_of(self, command: str) -> str:
        """The first key of a command, or else its title."""
        keys = self.actions_by_id.keys_text(command)
        return keys[0] if keys else f"“{self.actions_by_id.command(command).title}”"

    def _go_to(self, offset: int) -> None:
        if self._open:
            self._open.acts.go_to(offset)
            self.view.setFocus()

    def _show_range(self, start: int, end: int) -> None:
        if self._open:
            self._open.acts.show_range(start, end)

    def _open_fold(self, point: QPoint) -> None:
        if self._open and not self.brush.label:
            self._open.acts.open_fold_under(point)

    def _open_page(self, number: int) -> None:
        if session := self.session:
            self.attempt(lambda: session.open(number))

    def _write_note(self, note: str) -> None:
        if session := self.session:
            before = session.state.note
            self.attempt(lambda: session.write_note(note))
            if session.state.note == before != note:
                self.panels.note.refuse()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc ends the brush, or else clears the selection and the mark of a hit."""
        if event.key() != Qt.Key.Key_Escape or self._open is None:
            super().keyPressEvent(event)
        elif self.brush.label:
            self.brush.use(None)
        else:
            self._open.acts.go_to(self._open.acts.selection.caret)
            self.finder.unmark()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Count input on the page as time at work."""
        if self._open and event.type() in _ACTIVITY:
            self._open.session.input()
        return super().eventFilter(watched, event)

    # Settings, theme and layout

    def apply_settings(self, settings: Settings) -> None:
        """Apply and store settings."""
        if settings == self.settings:
            return
        before, self.settings = self.settings, settings
        if settings.theme != before.theme:
            self._apply_theme(themes.apply(self._application, settings.theme, self._apply_theme))
        if (settings.font_family, settings.font_size) != (before.font_family, before.font_size):
            self._set_font()
        if settings.shows_pace != before.shows_pace:
            self._display.set_shows_pace(settings.shows_pace)
        if self._open:
            self._open.session.opens_at_work = settings.opens_at_work
            annotator = self._open.session.annotator
            wanted = settings.wants_suggestions(annotator)
            if wanted != before.wants_suggestions(annotator):
                self._open.suggestions.want(wanted)
            self._open.folds.wanted = settings.folded
        if settings.keys != before.keys:
            self.actions_by_id.set_keys(settings.keys)
            self._show_labels()
        try:
            stored_settings.save(settings)
        except stored_settings.SettingsError as error:
            self.status.show_message(str(error))

    def _set_font(self) -> None:
        if self.settings.font_family:
            self.view.set_font_family(self.settings.font_family)
        self.view.set_font_size(self.settings.font_size)

    def _apply_theme(self, theme: Theme) -> None:
        self.theme = theme
        self.actions_by_id.set_icons(lambda name: themes.icon(name, theme))
        for part in (self.find_bar, self.welcome, self.empty_project):
            part.set_theme(theme)
        self._show_labels()

    def _show_labels(self) -> None:
        keys = {
            label.id: " ".join(self.actions_by_id.keys_text(f"label.as.{label.id}"))
            for label in self.labels
        }
        self.view.set_labels(self.labels, self.theme)
        self.overview.set_labels(self.labels, self.theme)
        self.panels.set_labels(self.labels, self.theme, keys)
        self.panels.fit()
        self._display.show_counts()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold panels in a small window, so that the page keeps its width."""
        super().resizeEvent(event)
        self.panels.fit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close the project and store the layout of the window; the labels are saved already."""
        self.closing.emit()
        self.background.close()
        self.apply_settings(geometry.with_geometry(self, self.panels.folding, self.settings))
        super().closeEvent(event)
