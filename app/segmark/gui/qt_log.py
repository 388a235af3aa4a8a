"""Writes the messages of Qt to the log file instead of the terminal."""

import logging

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

_log = logging.getLogger("segmark.qt")

#: A message at every dialog on a machine without a screen; it means nothing.
_NOISE = "does not support propagateSizeHints"

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def install() -> None:
    """Log the messages of Qt from now on."""
    qInstallMessageHandler(_handle)


def _handle(kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    if _NOISE not in message:
        _log.log(_LEVELS.get(kind, logging.WARNING), "%s", message)
