"""What happens when a project is opened again: this window comes to the front and adds the pages.

The listener is imported where it begins: the program would start later.
"""

import logging
import os
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication

from segmark.gui.acts.projects import ProjectActs
from segmark.gui.window.main_window import MainWindow

if TYPE_CHECKING:
    from segmark.environment.handover import Handover, HandoverListener

_log = logging.getLogger(__name__)


class HandoverActs(QObject):
    """Takes over what second starts were asked to open.

    Signals:
        received: a ``Handover``; emitted in the listener's thread.
    """

    received = Signal(object)

    def __init__(self, window: MainWindow, projects: ProjectActs) -> None:
        super().__init__(window)
        self._window = window
        self._projects = projects
        self._listener: HandoverListener | None = None
        self.received.connect(self._open, Qt.ConnectionType.QueuedConnection)

    def listen(self) -> None:
        """Take over what second starts hand over, from now on."""
        from segmark.environment.handover import HandoverListener

        try:
            self._listener = HandoverListener(self._accept)
        except OSError as error:
            _log.warning("second starts open a window of their own: %s", error.strerror)

    def close(self) -> None:
        """Stop listening."""
        if self._listener:
            self._listener.close()
            self._listener = None

    def _accept(self, handover: "Handover") -> bool:
        """Called in the listener's thread."""
        if not self._projects.holds(handover.project):
            return False
        self.received.emit(handover)
        return True

    def _open(self, handover: "Handover") -> None:
        self._bring_to_front(handover.activation)
        held = self._projects.holds(handover.project)
        if (held or self._projects.open_path(handover.project)) and handover.pages:
            self._projects.load(handover.pages, show_first=True)

    def _bring_to_front(self, activation: str) -> None:
        if activation:
            os.environ["XDG_ACTIVATION_TOKEN"] = activation  # Qt passes it on to Wayland
        window = self._window
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.raise_()
        window.activateWindow()
        QApplication.alert(window)
