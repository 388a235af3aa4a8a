"""Starts the window: here all its parts are put together."""

import gc
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFontMetrics, QIcon
from PySide6.QtWidgets import QApplication

from segmark import __version__
from segmark.core.label import LabelSet
from segmark.environment import log, settings
from segmark.environment.label_sets import NEWS_LABELS, read_label_set
from segmark.environment.resource_path import resource_path
from segmark.gui import qt_log, startup
from segmark.gui.acts.guard import AskAboutLock, ask_about_lock
from segmark.gui.acts.projects import ProjectActs
from segmark.gui.base.fitting import ScreenWatch
from segmark.gui.base.garbage import collect_in_this_thread
from segmark.gui.dialogs.error import ErrorReporter
from segmark.gui.file_open import FileOpenApplication
from segmark.gui.window import geometry
from segmark.gui.window.main_window import MainWindow
from segmark.store.store import Store

#: Milliseconds until the window listens for second starts and signals: the page comes first.
_LISTEN_AFTER = 100


def make_application() -> QApplication:
    """The Qt application, with the program's name and icon.

    Raises:
        StartError: there is no font to show text with.
    """
    running = QApplication.instance()
    if isinstance(running, QApplication):
        application = running
        application.setStyle("Fusion")
    else:
        # Not by ``setStyle``: it returns the style, and wrapping that takes 10 ms.
        kind = FileOpenApplication if sys.platform == "darwin" else QApplication
        application = kind([*sys.argv[:1], "-style", "Fusion"])
    if not QFontMetrics(application.font()).inFontUcs4(ord("e")):
        raise startup.StartError(startup.font_problem())
    application.setApplicationName("segmark")
    application.setApplicationDisplayName("Segmark")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("segmark")
    application.setWindowIcon(QIcon(str(resource_path("icons", "app.svg"))))
    # All words of the window are English. Mirrored, they would read ".pages added 2", and the
    # numbers of a page would be under its scroll bar. A paragraph of a page has its own direction.
    application.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    return application


@dataclass(frozen=True, slots=True)
class Program:
    """The window and its commands."""

    application: QApplication
    window: MainWindow
    projects: ProjectActs


def make_program(
    annotator: str | None = None,
    ask: AskAboutLock = ask_about_lock,
    labels: LabelSet | None = None,
) -> Program:
    """Create the program with its window, hidden and without a project.

    ``annotator`` and ``ask`` are those of ``ProjectActs``. ``labels`` are those of the project that
    is opened next: the window is made for them, which saves changing it.
    """
    application = make_application()
    window = MainWindow(application, settings.load(), labels or read_label_set(NEWS_LABELS))
    collect_in_this_thread(window)
    projects = ProjectActs(window, annotator, ask)
    if problem := window.settings.problem:
        window.status.show_message(problem)

    def add_commands() -> None:
        from segmark.gui.acts.program import ProgramActs

        ProgramActs(window, projects)

    window.after_paint.do(add_commands)
    return Program(application, window, projects)


def run_window(
    store: Store | None,
    pages: Sequence[Path],
    annotator: str | None,
    slow: Path | None = None,
) -> int:
    """Open the window on a project, add pages to it, and run until it is closed.

    ``slow`` is a project that takes a while to open; the window shows that.
    """
    qt_log.install()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # until the window handles it
    program = make_program(annotator, labels=store.label_set if store else None)
    window, projects = program.window, program.projects
    log.install_excepthook(ErrorReporter(log.log_path(), window).report)
    if store:
        projects.show_store(store)
    geometry.restore(window, window.panels.folding, window.settings)
    window.show()
    gc.freeze()

    def begin() -> None:
        if (slow is None or projects.open_path(slow)) and pages:
            projects.load(pages, show_first=True)

    QTimer.singleShot(0, begin)
    if isinstance(program.application, FileOpenApplication):
        program.application.file_opened.connect(lambda path: window.files_dropped.emit([path]))
    QTimer.singleShot(_LISTEN_AFTER, partial(_listen, program))
    return program.application.exec()


def _listen(program: Program) -> None:
    """Listen for second starts and signals from now on, until the program ends."""
    from segmark.gui.acts.handover import HandoverActs
    from segmark.gui.termination import Termination

    handover = HandoverActs(program.window, program.projects)
    termination = Termination(program.application, program.window)
    termination.ended.connect(program.application.exit)
    for listener in (handover, termination):
        program.application.aboutToQuit.connect(listener.close)
        listener.listen()
    ScreenWatch(program.application)
