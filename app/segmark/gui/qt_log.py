"""What Qt has to say goes to the log file, not to the terminal."""

import logging

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

_log = logging.getLogger("segmark.qt")

#: Said at every dialog where there is no screen; it means nothing.
_NOISE = "does not support propagateSizeHints"

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def install() -> None:
    """Have Qt's messages logged from now on."""
    qInstallMessageHandler(_handle)


def _handle(kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    if _NOISE not in message:
        _log.log(_LEVELS.get(kind, logging.WARNING), "%s", message)
