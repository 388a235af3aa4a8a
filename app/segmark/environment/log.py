"""The log file, for whoever looks for a fault.

It holds only warnings and errors, unless another level is asked for, in at most three files of
1 MB. The text and names of pages never go in: of an exception only its kind, its place and a
message that can't quote them are written.
"""

import contextlib
import logging
import os
import sqlite3
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from io import FileIO, TextIOWrapper
from pathlib import Path
from types import TracebackType
from typing import TextIO

from segmark.environment.settings import log_folder

#: Size of a log file in bytes, and the number of older files that are kept.
MAX_BYTES = 1_000_000
OLDER_FILES = 2

#: The levels that can be asked for, the most detailed first.
LEVELS = ("debug", "info", "warning", "error")
#: The environment variable that passes the level that was asked for to worker processes.
LEVEL_VARIABLE = "SEGMARK_LOG_LEVEL"

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"

# Messages of these come from Python or SQLite, and are about code, types and tables, not pages.
_SPEAK_OF_CODE = (
    AttributeError,
    ImportError,
    MemoryError,
    NameError,
    RecursionError,
    sqlite3.Error,
)

_log = logging.getLogger("segmark")


@dataclass(frozen=True, slots=True)
class Unforeseen:
    """An unexpected error.

    Attributes:
        summary: kind, message and place in one line for the user. It may quote a page.
        details: the traceback as written to the log, safe to pass on.
        kind: the class of the exception.
    """

    summary: str
    details: str
    kind: type[BaseException] = Exception


def log_path() -> Path:
    """The log file; it does not exist before something is logged."""
    return log_folder() / "segmark.log"


def setup(level: str | None = None) -> Path:
    """Send what the program logs to the log file, and return its path.

    Warnings and errors are logged. With a level, of ``LEVELS``, the log has all from that level on
    and goes to standard error as well. Setting up again replaces the earlier setup. Never raises:
    where the folder can't be written, there is no log.
    """
    path = log_path()
    # A full disk must not make the handlers print tracebacks.
    logging.raiseExceptions = False
    for handler in [each for each in _log.handlers if isinstance(each, _LogFile | _Console)]:
        _log.removeHandler(handler)
        handler.close()
    level = level or os.environ.get(LEVEL_VARIABLE)
    least = level.upper() if level in LEVELS else "WARNING"
    _log.setLevel(least)
    _log.addHandler(_LogFile(path, least))
    if level in LEVELS:
        console = _Console(sys.stderr)
        console.setFormatter(_WithoutPageText(_FORMAT))
        _log.addHandler(console)
    return path


def install_excepthook(on_error: Callable[[Unforeseen], None]) -> None:
    """Log every uncaught exception, in any thread, and report it.

    ``on_error`` runs in the thread of the exception; its own errors are only logged.
    """
    reporting = threading.local()

    def handle(error: BaseException | None) -> None:
        if not isinstance(error, Exception):
            return
        unforeseen = describe(error)
        _log.error("unexpected error\n%s", unforeseen.details)
        if getattr(reporting, "now", False):
            return
        reporting.now = True
        try:
            on_error(unforeseen)
        except Exception as second:
            _log.error("error while reporting an error\n%s", describe(second).details)
        finally:
            reporting.now = False

    def excepthook(
        kind: type[BaseException], error: BaseException, place: TracebackType | None
    ) -> None:
        if isinstance(error, Exception):
            handle(error)
        else:
            sys.__excepthook__(kind, error, place)

    sys.excepthook = excepthook
    threading.excepthook = lambda arguments: handle(arguments.exc_value)


def describe(error: BaseException) -> Unforeseen:
    """An exception in one line for the user, and as a traceback without page text or names."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else ""
    message = " ".join(str(error).split())
    shortened = message if len(message) <= 160 else message[:159] + "…"
    summary = f"{type(error).__name__}: {shortened}" if message else type(error).__name__
    return Unforeseen(summary + place, _details(error), type(error))


def _details(error: BaseException) -> str:
    parts: list[str] = []
    link: str = ""
    current: BaseException | None = error
    seen: set[int] = set()
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        frames = "".join(traceback.format_list(traceback.extract_tb(current.__traceback__)))
        parts.append(f"{frames}{_kind_and_message(current)}\n{link}")
        if current.__cause__ is not None:
            current, link = current.__cause__, "\nwhich caused:\n\n"
        elif not current.__suppress_context__:
            current, link = current.__context__, "\nwhile this was handled:\n\n"
        else:
            break
    return "".join(reversed(parts)).rstrip()


def _kind_and_message(error: BaseException) -> str:
    kind = type(error).__name__
    if isinstance(error, OSError):
        # The message of an OSError names the file.
        return f"{kind}: {error.strerror or 'no details'}"
    if isinstance(error, _SPEAK_OF_CODE):
        return f"{kind}: {error}"
    return f"{kind}: (message left out: it may quote a page)"


class _LogFile(logging.Handler):
    """Writes to the rotating log file, which is opened at the first record."""

    def __init__(self, path: Path, level: str) -> None:
        super().__init__(level)
        self._path = path
        self._file: logging.Handler | None = None

    def emit(self, record: logging.LogRecord) -> None:
        try:
            if self._file is None:
                self._file = self._open()
            self._file.emit(record)
        except OSError:
            # A program that can't log still goes on.
            return

    def close(self) -> None:
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.close()
        super().close()

    def _open(self) -> logging.Handler:
        from logging.handlers import RotatingFileHandler  # 9 ms that most starts do not need

        class _Private(RotatingFileHandler):
            """Makes files that their owner alone can read: the log is about unpublished work."""

            def _open(self) -> TextIOWrapper:
                handle = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
                return TextIOWrapper(FileIO(handle, "ab"), self.encoding, write_through=True)

        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = _Private(self._path, maxBytes=MAX_BYTES, backupCount=OLDER_FILES, encoding="utf-8")
        file.setFormatter(_WithoutPageText(_FORMAT))
        return file


class _Console(logging.StreamHandler[TextIO]):
    """Writes to standard error."""


class _WithoutPageText(logging.Formatter):
    def formatException(  # noqa: N802
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None]
        | tuple[None, None, None],
    ) -> str:
        return _details(ei[1]) if ei[1] is not None else ""
