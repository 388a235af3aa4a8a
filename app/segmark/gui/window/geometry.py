"""The positions of the window and its panels, kept in the settings."""

import base64
from dataclasses import replace

from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QMainWindow

from segmark.environment.settings import Settings


def with_geometry(window: QMainWindow, settings: Settings) -> Settings:
    """Return the settings with the positions of the window and its panels."""
    geometry, state = (
        base64.b64encode(saved.data()).decode()
        for saved in (window.saveGeometry(), window.saveState())
    )
    return replace(settings, geometry=geometry, state=state)


def restore(window: QMainWindow, settings: Settings) -> None:
    """Restore the positions of the window and its panels, if the settings have them."""
    if settings.geometry:
        window.restoreGeometry(QByteArray(base64.b64decode(settings.geometry)))
        window.restoreState(QByteArray(base64.b64decode(settings.state)))
