"""Where the window and its panels were, kept in the settings."""

import base64
from dataclasses import replace

from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QMainWindow

from segmark.environment.settings import Settings


def kept(window: QMainWindow, settings: Settings) -> Settings:
    """The settings with the places of the window and its panels."""
    geometry, state = (
        base64.b64encode(saved.data()).decode()
        for saved in (window.saveGeometry(), window.saveState())
    )
    return replace(settings, geometry=geometry, state=state)


def restore(window: QMainWindow, settings: Settings) -> None:
    """Put the window and its panels where they were, if that is known."""
    if settings.geometry:
        window.restoreGeometry(QByteArray(base64.b64decode(settings.geometry)))
        window.restoreState(QByteArray(base64.b64decode(settings.state)))
