"""The garbage collector during work on many pages.

A page has many objects and little garbage: the collector would take a fifth of the time.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_OBJECTS = 50_000  # made between two runs: those of a few pages


def collect_rarely() -> None:
    """Let the collector run rarely from now on, in a process that does nothing else."""
    gc.set_threshold(_OBJECTS, *gc.get_threshold()[1:])


@contextmanager
def collected_rarely() -> Iterator[None]:
    """Let the collector run rarely for a while."""
    thresholds = gc.get_threshold()
    collect_rarely()
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
