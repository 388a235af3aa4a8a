"""The log file: what went wrong, for whoever mends it.

Quiet: only warnings and errors, at most three files of 1 MB. The text and names of pages never go
in; of an exception only its kind, its place and a message that can't quote them are written.
"""

import contextlib
import logging
import sqlite3
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from segmark.environment.settings import log_folder

#: Size of one log file in bytes, and how many older ones are kept beside it.
MAX_BYTES = 1_000_000
OLDER_FILES = 2

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"

# Their messages come from Python or SQLite and speak of code, types and tables, not of pages.
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
    """An error that nobody foresaw.

    Attributes:
        summary: one line for people: kind, message and place. It may quote what was worked on.
        details: the traceback as written to the log, safe to pass on.
        kind: its class.
    """

    summary: str
    details: str
    kind: type[BaseException] = Exception


def log_path() -> Path:
    """The log file; not there before the first thing goes wrong."""
    return log_folder() / "segmark.log"


def setup() -> Path:
    """Send the warnings and errors of the program to the log file, once; gives its path.

    Never raises: where the folder can't be written, there is no log.
    """
    path = log_path()
    # A full disk must not make the handlers print tracebacks.
    logging.raiseExceptions = False
    for handler in [handler for handler in _log.handlers if isinstance(handler, _LogFile)]:
        _log.removeHandler(handler)
        handler.close()
    _log.addHandler(_LogFile(path))
    return path


def install_excepthook(on_error: Callable[[Unforeseen], None]) -> None:
    """Log every exception that nothing caught, in any thread, and tell of it.

    ``on_error`` runs in the thread of the exception and is not told of errors of its own.
    """
    telling = threading.local()

    def handle(error: BaseException | None) -> None:
        if not isinstance(error, Exception):
            return
        unforeseen = describe(error)
        _log.error("unforeseen error\n%s", unforeseen.details)
        if getattr(telling, "now", False):
            return
        telling.now = True
        try:
            on_error(unforeseen)
        except Exception as second:
            _log.error("error while telling of an error\n%s", describe(second).details)
        finally:
            telling.now = False

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
    """An exception in one line for people, and as a traceback without page text or names."""
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
        return f"{kind}: {error.strerror or 'no further word'}"
    if isinstance(error, _SPEAK_OF_CODE):
        return f"{kind}: {error}"
    return f"{kind}: (message left out: it may quote a page)"


class _LogFile(logging.Handler):
    """Writes to the rotating log file, which is opened when there is something to write."""

    def __init__(self, path: Path) -> None:
        super().__init__(logging.WARNING)
        self._path = path
        self._file: logging.Handler | None = None

    def emit(self, record: logging.LogRecord) -> None:
        try:
            if self._file is None:
                self._file = self._open()
            self._file.emit(record)
        except OSError:
            # A program that can't log goes on all the same.
            return

    def close(self) -> None:
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.close()
        super().close()

    def _open(self) -> logging.Handler:
        from logging.handlers import RotatingFileHandler  # 9 ms that most starts never need

        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = RotatingFileHandler(
            self._path, maxBytes=MAX_BYTES, backupCount=OLDER_FILES, encoding="utf-8"
        )
        file.setFormatter(_WithoutPageText(_FORMAT))
        return file


class _WithoutPageText(logging.Formatter):
    def formatException(  # noqa: N802
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None]
        | tuple[None, None, None],
    ) -> str:
        return _details(ei[1]) if ei[1] is not None else ""
