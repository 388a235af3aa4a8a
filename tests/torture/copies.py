"""Repairs, copies, backups and restores that are killed: a file is there whole or not at all."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from segmark.store.file.backup import Reason, back_up, list_backups
from segmark.store.file.building import sweep
from segmark.store.file.copying import copy_project
from segmark.store.safety.check import check
from segmark.store.safety.repair import repair
from segmark.store.safety.restoring import restore
from segmark.store.store import Store

from tests.factories import LABELS, label, make_project
from tests.places import ROOT

_PAGES = 60
#: A file is looked at as a whole only this often; its number of pages is counted every time.
_CHECKED = 10


@dataclass(slots=True)
class Outcome:
    """How often something was killed, and what was wrong.

    ``there`` counts the kills after which the new file was there.
    """

    kills: int = 0
    there: int = 0
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0


def kill_copies(folder: Path, kills: int, seed: int) -> Outcome:
    """Kill repairs, copies, backups and restores of a project at random moments."""
    began = time.monotonic()
    words = [sys.executable, "-m", "tests.torture.copies", str(folder), str(kills), str(seed)]
    # A process of its own: it is forked, and must have no thread.
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    counts, *wrong = done.stdout.splitlines()
    tried, there = map(int, counts.split())
    return Outcome(tried, there, wrong, time.monotonic() - began)


def _kill_here(folder: Path, kills: int, seed: int) -> Outcome:
    project, new = folder / "copies.segmark", folder / "copies-new.segmark"
    outcome, chance = Outcome(), random.Random(seed)
    texts = [f"Page {number}\n" + f"word{number} " * 2_000 for number in range(_PAGES)]
    with make_project(project, *texts) as store:
        for page in range(1, _PAGES + 1):
            label(store, "ada", page, "headline", 0, 6)
    first = back_up(project, Reason.ASKED).path
    acts: tuple[tuple[str, Callable[[], object]], ...] = (
        ("repair", lambda: repair(project, new, LABELS)),
        ("copy", lambda: copy_project(project, new)),
        ("backup", lambda: back_up(project, Reason.ASKED)),
        ("restore", lambda: restore(project, first)),
    )
    whole = {name: _timed(act, new) for name, act in acts}
    for number in range(kills):
        name, act = acts[number % len(acts)]
        known = {backup.path for backup in list_backups(project)}
        _kill(act, chance.random() * 1.1 * whole[name])
        outcome.kills += 1
        made = [new] if new.exists() else []
        made += [backup.path for backup in list_backups(project) if backup.path not in known]
        outcome.there += bool(made)
        for file in (project, *made):
            _look(file, f"after kill {number}, of a {name}", outcome, number % _CHECKED < len(acts))
        for file in made:
            file.unlink()
        sweep(folder)
    return outcome


def _timed(act: Callable[[], object], new: Path) -> float:
    began = time.monotonic()
    act()
    taken = time.monotonic() - began
    new.unlink(missing_ok=True)
    return taken


def _kill(act: Callable[[], object], seconds: float) -> None:
    """Do something in a fork of this process, which is killed so long after it began."""
    child = os.fork()
    if child == 0:
        act()
        os._exit(0)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def _look(file: Path, when: str, outcome: Outcome, closely: bool) -> None:
    with Store.open(file) as store:
        pages, spans = store.pages.count(), len(store.annotations("ada").get(_PAGES).spans)
    if (pages, spans) != (_PAGES, 1):
        outcome.wrong.append(f"{when}, {file.name} has {pages} pages and {spans} spans on the last")
    if closely and (damage := check(file).damage):
        outcome.wrong.append(f"{when}, {file.name}: {damage[0]}")


if __name__ == "__main__":
    _outcome = _kill_here(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
    print(_outcome.kills, _outcome.there)
    for _line in _outcome.wrong:
        print(_line)
