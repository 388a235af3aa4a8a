"""Standard output and standard error that can't be written: closed, or on a full disk.

A command does all its work then. What it would have printed is lost, and that is an error in the
end. Only if the reader of a pipe has ended does a command stop at once.
"""

import errno
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TextIO, cast

_STANDARD = (0, 1, 2)  # the file descriptors


class Output:
    """A standard stream whose errors are kept for the end; otherwise like the stream.

    Attributes:
        error: the first error; None if all was written.
    """

    def __init__(self, stream: TextIO | None) -> None:
        self.error: OSError | None = None
        self._stream = stream

    def write(self, text: str) -> int:
        """Write the text, or keep the error."""
        if not isinstance(text, str):
            raise TypeError("this stream takes text")
        if self._stream is None:
            self.error = self.error or OSError(errno.EBADF, "it is closed")
        else:
            self._try(lambda stream: stream.write(text))
        return len(text)

    def flush(self) -> None:
        """Flush, or keep the error."""
        self._try(lambda stream: stream.flush())

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return self._stream is not None and self._stream.isatty()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the stream has
        return getattr(self._stream, name)

    def _try(self, act: Callable[[TextIO], object]) -> None:
        try:
            if self._stream is not None:
                act(self._stream)
        except BrokenPipeError:
            raise
        except OSError as error:
            self.error = self.error or error


@contextmanager
def kept_errors() -> Iterator[Output]:
    """Let commands write to both streams whatever happens; yields standard output."""
    _occupy_descriptors()
    streams = sys.stdout, sys.stderr
    outputs = Output(sys.stdout), Output(sys.stderr)
    sys.stdout, sys.stderr = cast("tuple[TextIO, TextIO]", outputs)
    try:
        yield outputs[0]
    finally:
        sys.stdout, sys.stderr = streams
        for output, stream in zip(outputs, streams, strict=True):
            if output.error:
                _silence(stream)


def _occupy_descriptors() -> None:
    """Keep files that are opened later from getting the number of a closed standard stream."""
    for number in _STANDARD:
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDONLY)  # writing to it fails


def _silence(stream: TextIO | None) -> None:
    """Discard what the stream still holds: Python would write it at the end of the program."""
    with suppress(OSError, ValueError, AttributeError):
        place = os.open(os.devnull, os.O_WRONLY)
        os.dup2(place, cast("TextIO", stream).fileno())
        os.close(place)
