"""The window: it arranges the views and passes on what happens; it decides nothing itself."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QMainWindow,
    QMessageBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from segmark.core.label import LabelSet
from segmark.environment import settings as stored_settings
from segmark.environment.settings import Settings
from segmark.gui.base import theme as themes
from segmark.gui.base.plain_words import plain_words
from segmark.gui.base.tasks import TaskProgress, TaskRunner
from segmark.gui.base.theme import Theme
from segmark.gui.keys.actions import Actions
from segmark.gui.keys.bindings import told
from segmark.gui.keys.commands import all_commands
from segmark.gui.page.find_bar import FindBar
from segmark.gui.page.view import PageView
from segmark.gui.suggestions.service import SuggestionService
from segmark.gui.window import geometry
from segmark.gui.window.availability import enable, name_undo
from segmark.gui.window.bars import WindowBars
from segmark.gui.window.brush import Brush
from segmark.gui.window.file_drop import accept_files
from segmark.gui.window.finder import Finder
from segmark.gui.window.notice_bar import NoticeBar
from segmark.gui.window.page_acts import PageActs
from segmark.gui.window.session_display import SessionDisplay
from segmark.gui.window.side_panels import ROOMY, SidePanels
from segmark.gui.window.status_line import StatusLine
from segmark.gui.window.welcome_view import EmptyProjectView, WelcomeView
from segmark.session.events import SessionEvent
from segmark.session.session import Session
from segmark.store.errors import StoreError

_WORK = frozenset(
    {
        QEvent.Type.ShortcutOverride,
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
    }
)

Handlers = dict[str, Callable[[], object]]

#: What a key means while many pages are selected in the list.
_ON_MANY = {"page.skip": "list.skip", "page.flag": "list.flag"}


class MainWindow(QMainWindow):
    """The window on one project, or the welcome view when none is open.

    Attributes:
        session: what the annotator is doing; None when no project is open.
        acts: the commands on the open page; None when no project is open.
        suggestions: makes suggestions for the open page; None when no project is open.
        view: the page's text.
        labels: the project's, or the program's own when none is open.
        actions_by_id: the actions of all commands.
        bars: menus and tool bar.
        notice: what the person has to know of the project, above the page.

    Signals:
        files_dropped: a list of paths.
        session_changed: another project is open, another annotator works on it, or none is open.
        happened: what the session has told since, an event.
    """

    files_dropped = Signal(list)
    session_changed = Signal()
    happened = Signal(object)

    def __init__(self, application: QApplication, settings: Settings, labels: LabelSet) -> None:
        super().__init__()
        self._application = application
        self.settings = settings
        self.theme = themes.begin(application, settings.theme)
        self.session: Session | None = None
        self.acts: PageActs | None = None
        self.suggestions: SuggestionService | None = None
        self.labels = labels
        self._page_handlers: Handlers = {}
        self._program_handlers: Handlers = {}
        self._connected: set[str] = set()
        self.background = TaskRunner(self)
        self.view = PageView()
        self.find_bar = FindBar(self.theme)
        self.notice = NoticeBar()
        self.finder = Finder(self.view, self.find_bar)
        self.welcome = WelcomeView(self.theme)
        self.empty_project = EmptyProjectView(self.theme)
        self.status = StatusLine()
        self.task_progress = TaskProgress()
        self._set_font()
        self._arrange()
        self.panels = SidePanels(self)
        self.actions_by_id = Actions(all_commands(labels), settings.keys, self.view, self)
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
        self._dress(themes.apply(application, settings.theme, self._dress))
        self.set_session(None)

    def _arrange(self) -> None:
        area = QWidget()
        self._page_column = column = QVBoxLayout(area)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.view, 1)
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
        self.resize(1280, 820)
        self.setMinimumSize(640, 400)

    def _connect(self) -> None:
        self._display.titled.connect(self.setWindowTitle)
        self._display.pages_changed.connect(self.show_project)
        self._display.page_shown.connect(lambda: self._stack.setCurrentWidget(self._page_area))
        self.view.installEventFilter(self)
        self.view.viewport().installEventFilter(self)
        self.panels.spans.span_chosen.connect(self._go_to)
        self.panels.pages.page_chosen.connect(self._open_page)
        self.panels.note.written.connect(self._write_note)
        self.panels.note.left.connect(self.view.setFocus)
        self.find_bar.closed.connect(self.view.setFocus)
        self.actions_by_id.rebuilt.connect(self._connect_actions)
        self._connect_actions()

    def _connect_actions(self) -> None:
        self._connected &= set(self.actions_by_id)
        for name in set(self.actions_by_id) - self._connected:
            action = self.actions_by_id[name]
            action.triggered.connect(lambda _=False, name=name: self.run(name))
            self._connected.add(name)

    # The project

    def set_session(self, session: Session | None) -> None:
        """Show what this session works on; None for the welcome view."""
        self.session, self.acts, self._page_handlers = session, None, {}
        before, self.labels = self.labels, session.labels if session else self.labels
        self._stop_suggestions()
        if session:
            wanted = self.settings.wants_suggestions(session.annotator)
            self.suggestions = SuggestionService(session, self, wanted=wanted)
            self.acts = PageActs(session, self.suggestions.suggesting, self.view, self.status.tell)
            self._page_handlers = self.acts.handlers()
        self.actions_by_id.set_commands(all_commands(self.labels), self.settings.keys)
        if clashes := self.actions_by_id.clashes:
            self.status.tell(told(clashes))
        if self.labels != before:
            self._show_labels()
        self.brush.set_acts(self.acts)
        self._display.show_session(session, self.acts, self.suggestions)
        self.show_project()
        self.session_changed.emit()
        if session:
            session.subscribe(lambda event: self._pass_on(session, event))

    def _pass_on(self, session: Session, event: SessionEvent) -> None:
        if session is self.session:
            self.happened.emit(event)

    def _stop_suggestions(self) -> None:
        if self.suggestions:
            self.suggestions.stop()
            self.suggestions.deleteLater()
            self.suggestions = None

    def show_project(self) -> None:
        """Show the project's pages as they are now, and the first one where none is open."""
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
        """Have commands about projects and the program done by these functions."""
        self._program_handlers |= handlers

    def add_above_page(self, strip: QWidget) -> None:
        """Give a strip its place between the notice and the page's text."""
        self._page_column.insertWidget(0, strip)

    def run(self, name: str) -> None:
        """Do what a command says; a note that is being written is stored first."""
        self.panels.note.store()
        if self.panels.pages.has_many:
            name = _ON_MANY.get(name, name)
        handler = self._page_handlers.get(name) or self._program_handlers.get(name)
        if handler:
            self.attempt(handler)

    def attempt(self, act: Callable[[], object]) -> None:
        """Do something that the store may refuse; what it says is shown."""
        try:
            act()
        except StoreError as error:
            self._display.refresh_soon()
            QMessageBox.warning(self, "Segmark", plain_words(str(error)))

    # What the person did

    def _go_to(self, offset: int) -> None:
        if self.acts:
            self.acts.go_to(offset)
            self.view.setFocus()

    def _open_page(self, number: int) -> None:
        session = self.session
        if session:
            self.attempt(lambda: session.open(number))

    def _write_note(self, note: str) -> None:
        session = self.session
        if session:
            before = session.state.note
            self.attempt(lambda: session.write_note(note))
            if session.state.note == before != note:
                self.panels.note.refuse()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc puts the brush away, else the selection."""
        if event.key() != Qt.Key.Key_Escape or self.acts is None:
            super().keyPressEvent(event)
        elif self.brush.label:
            self.brush.take(None)
        else:
            self.acts.go_to(self.acts.selection.caret)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Count the time at work on the page."""
        if self.session and event.type() in _WORK:
            self.session.input()
        return super().eventFilter(watched, event)

    # Looks and places

    def apply_settings(self, settings: Settings) -> None:
        """Take other settings into use and keep them."""
        if settings == self.settings:
            return
        before, self.settings = self.settings, settings
        if settings.theme != before.theme:
            self._dress(themes.apply(self._application, settings.theme, self._dress))
        if (settings.font_family, settings.font_size) != (before.font_family, before.font_size):
            self._set_font()
        if self.session and self.suggestions:
            wanted = settings.wants_suggestions(self.session.annotator)
            if wanted != before.wants_suggestions(self.session.annotator):
                self.suggestions.want(wanted)
        if settings.keys != before.keys:
            self.actions_by_id.set_keys(settings.keys)
            self._show_labels()
        try:
            stored_settings.save(settings)
        except stored_settings.SettingsError as error:
            self.status.tell(str(error))

    def _set_font(self) -> None:
        if self.settings.font_family:
            self.view.set_font_family(self.settings.font_family)
        self.view.set_font_size(self.settings.font_size)

    def _dress(self, theme: Theme) -> None:
        self.theme = theme
        self.actions_by_id.set_icons(lambda name: themes.icon(name, theme))
        for part in (self.find_bar, self.welcome, self.empty_project):
            part.set_theme(theme)
        self._show_labels()

    def _show_labels(self) -> None:
        keys = {
            label.name: " ".join(self.actions_by_id.keys(f"label.as.{label.name}"))
            for label in self.labels
        }
        self.view.set_labels(self.labels, self.theme)
        self.panels.set_labels(self.labels, self.theme, keys)
        self._display.show_counts()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Make the panels narrow in a narrow window, so that the page keeps its room."""
        super().resizeEvent(event)
        self.panels.fit_height(event.size().height())
        narrow = event.size().width() < ROOMY
        if narrow != (event.oldSize().width() < ROOMY):
            self.panels.fit(event.size().width())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the places; there is nothing to save."""
        self.close_project()
        self.background.close()
        self.apply_settings(geometry.kept(self, self.settings))
        super().closeEvent(event)

    def close_project(self) -> None:
        """Close the project that is open, if any; a note that is being written is kept."""
        self.panels.note.store()
        session, self.session = self.session, None
        if session:
            session.leave()
            self._stop_suggestions()
            self._display.show_session(None, None, None)
            session.store.close()
