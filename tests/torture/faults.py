"""A disk that fills up again and again, and backups while somebody labels."""

import random
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from segmark.store.errors import StoreError
from segmark.store.file.backup import Reason, back_up
from segmark.store.safety.check import check
from segmark.store.store import Store

from tests.factories import label, make_project, peek

_WORDS = 20_000


@dataclass(slots=True)
class Outcome:
    """How often a fault was tried, how many acts were acknowledged, and what was lost.

    ``slowest`` is the longest that one act took, in seconds.
    """

    tried: int = 0
    acknowledged: int = 0
    lost: list[str] = field(default_factory=list)
    slowest: float = 0.0
    seconds: float = 0.0


def fill_the_disk(folder: Path, times: int, seed: int) -> Outcome:
    """Label until SQLite has no room, make some, and go on: by a quota of SQLite's own."""
    project, chance, began = folder / "full.segmark", random.Random(seed), time.monotonic()
    outcome, at = Outcome(), 0
    text = " ".join(f"word{number:05d}" for number in range(_WORDS))
    with make_project(project, text) as store:
        while outcome.tried < times and at < _WORDS - 1:
            [pages] = store._db.execute("PRAGMA page_count").fetchone()
            store._db.execute(f"PRAGMA max_page_count = {pages + chance.randrange(3)}")
            try:
                for _ in range(400):
                    label(store, "ada", 1, "caption", at * 10, at * 10 + 9)
                    outcome.acknowledged += 1
                    at += 1
            except StoreError as error:
                outcome.tried += 1
                if "the disk is full" not in str(error):
                    outcome.lost.append(str(error))
            stored = len(store.annotations("ada").get(1).spans)
            if stored != outcome.acknowledged:
                outcome.lost.append(f"{outcome.acknowledged} were saved, {stored} are there")
    outcome.lost += check(project).damage
    outcome.seconds = time.monotonic() - began
    return outcome


def back_up_under_work(folder: Path, times: int) -> Outcome:
    """Make backups while another thread labels without a pause; each must be one moment of it."""
    project, began = folder / "busy.segmark", time.monotonic()
    text = " ".join(f"word{number:05d}" for number in range(_WORDS))
    ballast = [f"Page {number}\n" + "some words " * 9_000 for number in range(120)]
    make_project(project, text, *ballast).close()
    outcome, stop = Outcome(), threading.Event()

    def work() -> None:
        with Store.open(project) as store:
            for word in range(_WORDS):
                if stop.is_set():
                    return
                before = time.monotonic()
                label(store, "ada", 1, "caption", word * 10, word * 10 + 9)
                outcome.slowest = max(outcome.slowest, time.monotonic() - before)
                outcome.acknowledged += 1
                time.sleep(0.01)  # a fast person's pause

    worker = threading.Thread(target=work)
    worker.start()
    try:
        for _ in range(times):
            acknowledged = outcome.acknowledged
            backup = back_up(project, Reason.ASKED)
            outcome.tried += 1
            starts = [row[0] for row in peek(backup.path, 'SELECT "start" FROM span ORDER BY 1')]
            if starts != list(range(0, 10 * len(starts), 10)) or len(starts) < acknowledged:
                outcome.lost.append(f"{backup.path.name} is not one moment of the work")
            backup.path.unlink()
    finally:
        stop.set()
        worker.join()
    outcome.lost += check(project).damage
    outcome.seconds = time.monotonic() - began
    return outcome
