"""The positions of the window and its panels, kept in the settings."""

import base64
from contextlib import suppress
from dataclasses import replace

from PySide6.QtCore import QByteArray, QPoint, QRect
from PySide6.QtWidgets import QMainWindow

from segmark.environment.settings import Settings
from segmark.gui.base.fitting import fit, screen_room
from segmark.gui.window.panel_folding import PanelFolding


def with_geometry(window: QMainWindow, folding: PanelFolding, settings: Settings) -> Settings:
    """Return the settings with the positions of the window and its panels."""
    geometry, state = (
        base64.b64encode(saved.data()).decode()
        for saved in (window.saveGeometry(), folding.save_state())
    )
    return replace(settings, geometry=geometry, state=state)


def restore(window: QMainWindow, folding: PanelFolding, settings: Settings) -> None:
    """Restore the positions of the window and its panels, within the screens that there are now.

    Without positions in the settings, the window is placed in the middle of its screen.
    """
    if settings.geometry:
        with suppress(ValueError):  # not base64: somebody changed it
            window.restoreGeometry(QByteArray(base64.b64decode(settings.geometry)))
            folding.restore_state(QByteArray(base64.b64decode(settings.state)))
        fit(window)
        return
    room = screen_room(window)
    place = QRect(QPoint(), window.size().boundedTo(room.size()))
    place.moveCenter(room.center())
    window.setGeometry(place)  # unlike ``move``, without the frame
