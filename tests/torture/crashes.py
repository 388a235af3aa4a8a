"""The real window, killed at random moments: nothing that it showed as saved may be lost."""

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from segmark.core.annotation import Annotation
from segmark.core.edit import apply
from segmark.core.history import ActKind, History, LogEntry
from segmark.session.session import Session
from segmark.store.annotations import Annotations
from segmark.store.safety.check import check
from segmark.store.store import Store

from tests.factories import make_project
from tests.places import ROOT

_PAGES = 6
_LINES = 30
#: A child is killed after up to this many key presses, and up to so many seconds more.
_PRESSES, _LONGEST = 8, 0.1
#: A child that lives this many seconds hangs, or it would have been killed after its next word.
_PATIENCE = 60.0


@dataclass(slots=True)
class Outcome:
    """How often the window was killed, what it had acknowledged, and what was lost."""

    kills: int = 0
    acknowledged: int = 0
    unsaid: int = 0
    lost: list[str] = field(default_factory=list)
    seconds: float = 0.0


def kill_the_window(folder: Path, kills: int, seed: int) -> Outcome:
    """Have the window killed so many times while it labels one project, and look after each."""
    project = folder / "crash.segmark"
    texts = [
        "\n".join(f"Page {page}, line {line}, some words." for line in range(_LINES))
        for page in range(_PAGES)
    ]
    make_project(project, *texts).close()
    outcome, chance, began = Outcome(), random.Random(seed), time.monotonic()
    known = 0
    with _server(project, folder) as server:
        for number in range(kills):
            _make_pages(folder, seed + number)
            told = _one_life(server, seed + number, chance)
            outcome.kills += 1
            outcome.acknowledged += max(0, len(told) - 1)
            known = _look(project, told, known, outcome)
            if number % 20 == 0 and (damage := check(project).damage):
                outcome.lost.append(f"after kill {number}: {damage[0]}")
    _undo_all(project, outcome)
    outcome.seconds = time.monotonic() - began
    return outcome


def _make_pages(folder: Path, seed: int) -> None:
    pages = folder / f"{seed}"
    pages.mkdir(exist_ok=True)
    (pages / "page.txt").write_text(f"Loaded {seed}\nwhile others label.\n", "utf-8")


@contextmanager
def _server(project: Path, folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    environment["SEGMARK_CONFIG"] = str(folder / "config")
    with subprocess.Popen(
        [sys.executable, "-m", "tests.torture.window_child", str(project), str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env=environment,
    ) as server:
        try:
            yield server
        finally:
            server.kill()


def _one_life(
    server: "subprocess.Popen[bytes]", seed: int, chance: random.Random
) -> list[dict[str, Any]]:
    """What a window acknowledged until it was killed."""
    assert server.stdin
    assert server.stdout
    server.stdin.write(f"{seed}\n".encode())
    server.stdin.flush()
    told, child = list[dict[str, Any]](), 0
    early, presses = chance.random() < 0.1, chance.randrange(_PRESSES)
    killed = False
    watchdog: threading.Timer | None = None
    for line in _lines(server.stdout):
        if "child" in line:
            child = line["child"]
            watchdog = threading.Timer(_PATIENCE, os.kill, (child, signal.SIGKILL))
            watchdog.start()
            if early:
                time.sleep(chance.random() * 0.15)  # killed while it starts
                os.kill(child, signal.SIGKILL)
                killed = True
        elif "ended" in line:
            assert watchdog
            watchdog.cancel()
            assert killed, "the window hung or ended by itself; see its words on standard error"
            return told
        else:
            told.append(line)
        if child and not killed and len(told) > presses:
            time.sleep(chance.random() * _LONGEST)
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            killed = True
    raise AssertionError("the server of windows has ended; see its words on standard error")


def _lines(stream: IO[bytes]) -> Iterator[dict[str, Any]]:
    """The whole lines; the last one of a killed child may be torn."""
    for line in stream:
        for part in (line, line[line.rfind(b'{"ended"') :], line[line.rfind(b'{"child"') :]):
            with contextlib.suppress(ValueError):
                yield json.loads(part)
                break


def _look(project: Path, told: list[dict[str, Any]], known: int, outcome: Outcome) -> int:
    """Compare what is stored with what was shown, and give the number of the log's last line."""
    with Store.open(project) as store:
        annotations = store.annotations("ada")
        log = list(annotations.log()) if store.annotators() else []
        acknowledged = max((line["log"] for line in told if "log" in line), default=0)
        last = log[-1].number if log else 0
        if last < acknowledged:
            outcome.lost.append(f"act {acknowledged} was shown, the log ends at {last}")
        outcome.unsaid += last > acknowledged and bool(told)
        replayed = dict[str, Annotation]()
        moments = {line["log"]: line for line in told if "log" in line}
        for entry in log:
            before = replayed.get(entry.page, Annotation())
            replayed[entry.page] = apply(before, entry.edit)
            if moment := moments.get(entry.number):
                _compare(moment, replayed, outcome)
        for page, annotation in replayed.items():
            number = store.pages.number_of(page)
            if number is None or annotations.get(number) != annotation:
                outcome.lost.append(f"page {page} is not what its log says")
        history = annotations.history()
        if history != History.of(log):
            outcome.lost.append("undo does not go on where it stopped")
        for line in told:
            if "warned" in line or not line.get("painted", True):
                outcome.lost.append(f"the window was not right: {line}")
        if first := next((line for line in told if "log" in line), None):
            _compare_start(first, known, log, annotations, outcome)
        return last


def _compare_start(
    first: dict[str, Any],
    known: int,
    log: list[LogEntry],
    annotations: Annotations,
    outcome: Outcome,
) -> None:
    """What a window shows first is what was stored when the one before it was killed.

    One act more may be there. Killed between the commit on the disk and the notice of it in the
    shared memory, which a loader or a backup of the killed window keeps alive for a moment, an act
    that nobody saw confirmed is found by SQLite only when the project is next opened alone.
    """
    began = first["log"]
    if not 0 <= began - known <= 1:
        outcome.lost.append(f"the window began at {began}, not at {known}")
    history = History.of(entry for entry in log if entry.number <= began)
    title = annotations.title(history.undo) if history.undo else None
    if first["undo"] != title:
        outcome.lost.append(f"undo was to be {title}, and was {first['undo']}")


def _compare(moment: dict[str, Any], replayed: dict[str, Annotation], outcome: Outcome) -> None:
    stored = replayed.get(moment["page"], Annotation())
    spans = [[span.start, span.end, span.label] for span in stored.spans]
    state = [stored.state.status, stored.state.flagged, stored.state.note]
    if spans != moment["spans"] or state != moment["state"]:
        outcome.lost.append(f"at act {moment['log']} another page was shown than is stored")


def _undo_all(project: Path, outcome: Outcome) -> None:
    """Take back every act of all the lives: nothing may be left."""
    with Store.open(project) as store:
        session = Session(store, "ada")
        session.open(1)
        acts = sum(entry.kind is ActKind.ACT for entry in store.annotations("ada").log())
        steps = 0
        while session.undo():
            steps += 1
        left = store.statistics("ada")
        if steps > acts or any(left.spans.values()):
            outcome.lost.append(f"after {steps} undos of {acts} acts there is still {left.spans}")
        if damage := check(project).damage:
            outcome.lost.append(f"after all undos: {damage[0]}")
