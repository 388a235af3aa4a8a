"""Cyclic garbage is collected in the window's thread alone.

Python collects it in whichever thread happens to allocate memory. In a background thread that would
destroy the widgets of closed dialogs there, and Qt may then crash or wait for ever.
"""

import gc
import time
from functools import partial

from PySide6.QtCore import QObject, QTimer

_INTERVAL = 500  # milliseconds
#: The largest share of time for full collections, which visit every object of the program.
_SHARE = 0.01


class GarbageCollector:
    """Collects in the thread that calls ``collect``; Python's own collection is off from now on."""

    def __init__(self) -> None:
        gc.disable()
        self._next_full = 0.0

    def collect(self) -> None:
        """Collect what is due by Python's thresholds."""
        (young, _, old), (threshold, _, old_threshold) = gc.get_count(), gc.get_threshold()
        if young <= threshold:
            return
        began = time.monotonic()
        if old > old_threshold and began >= self._next_full:
            gc.collect()
            ended = time.monotonic()
            self._next_full = ended + (ended - began) / _SHARE
        else:
            gc.collect(1)


def collect_in_this_thread(parent: QObject) -> None:
    """Collect garbage here, and nowhere else, as long as the parent lives."""
    timer = QTimer(parent, interval=_INTERVAL)
    # A partial, because PySide keeps no reference to the object of a bound method.
    timer.timeout.connect(partial(GarbageCollector().collect))
    timer.start()
