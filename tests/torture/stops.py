"""Every long command, stopped by a signal at any moment: one line, and nothing half done."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from segmark.export.error import ExportError
from segmark.export.reading import Export
from segmark.store.file.backup import Reason, back_up, list_backups
from segmark.store.safety.check import check
from segmark.store.store import Store

from tests.factories import label
from tests.news_project import news_project
from tests.places import ROOT

SIGNALS = (signal.SIGTERM, signal.SIGINT)
_PATIENCE = 60.0  # seconds
_PAGES = 120
#: The second line is for a program that is still starting.
_LINES = ("segmark: stopped; what was done so far is kept", "segmark: stopped")

#: The words of each command, with the project, a folder for what it writes, and the one around.
COMMANDS: dict[str, Callable[[Path, Path, Path], Sequence[object]]] = {
    "load": lambda project, _, folder: ("load", project, folder / "crawl"),
    "pages": lambda project, *_: ("pages", project, "--json"),
    "export": lambda project, new, _: ("export", project, new, "--split", "60/20/20"),
    "split": lambda project, *_: ("split", project),
    "verify": lambda _, __, folder: ("verify", folder / "one"),
    "diff": lambda _, __, folder: ("diff", folder / "one", folder / "two"),
    "stats": lambda project, *_: ("stats", project),
    "label": lambda project, new, folder: (
        "label",
        folder / "crawl",
        new,
        "--labeller",
        project,
        "--processes",
        "2",
    ),
    "suggest": lambda project, new, _: ("suggest", project, new, "--jobs", "2"),
    "carry": lambda project, *_: ("carry", project, "--annotator", "ada"),
    "backup": lambda project, *_: ("backup", project),
    "restore": lambda project, *_: ("restore", project, "--yes"),
    "check": lambda project, *_: ("check", project),
    "repair": lambda project, new, _: ("check", project, "--repair", new / "new.segmark"),
    "doctor": lambda *_: ("doctor",),
    "tour": lambda _, new, __: ("tour", new),
}


@dataclass(slots=True)
class Outcome:
    """How often a command was stopped, how often it had ended before, and what was wrong."""

    tried: int = 0
    ended: int = 0
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0


class Stopper:
    """Stops commands on one project in a folder, which must be empty."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.outcome = Outcome()
        self._folder = folder
        self._project = folder / "stops.segmark"
        self._new = folder / "new"
        self._chance = random.Random(seed)
        self._whole: dict[str, float] = {}
        self._make()

    def _make(self) -> None:
        crawl = self._folder / "crawl"
        crawl.mkdir()
        for number in range(3 * _PAGES):
            (crawl / f"{number}.txt").write_text(f"Loaded {number}\n" + "ferry sails " * 50)
        with news_project(self._project, pages=_PAGES, finished=20) as store:
            label(store, "bo", 1, "headline", 0, 4)
        back_up(self._project, Reason.ASKED)
        for name in ("one", "two"):
            self._run("export", self._project, self._folder / name)

    def stop(self, name: str, number: signal.Signals) -> None:
        """Stop the command of this name by this signal, and look after it."""
        words = COMMANDS[name](self._project, self._new, self._folder)
        self._clear()
        if name not in self._whole:
            began = time.monotonic()
            self._run(*words)
            self._whole[name] = time.monotonic() - began
            self._clear()
        child = self._start(*words)
        time.sleep(self._chance.random() * self._whole[name])
        with suppress(ProcessLookupError):
            os.kill(child.pid, number)
        _, said = child.communicate(timeout=_PATIENCE)
        self.outcome.tried += 1
        self.outcome.ended += child.returncode in (0, 1)
        for wrong in (*self._status(child.returncode, number, said), *self._left(child.pid)):
            self.outcome.wrong.append(f"{name}, {number.name}: {wrong}")

    def _clear(self) -> None:
        shutil.rmtree(self._new, ignore_errors=True)
        self._new.mkdir()

    def _start(self, *words: object) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "segmark", *map(str, words)]
        return subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            start_new_session=True, preexec_fn=_hear,
        )  # fmt: skip

    def _run(self, *words: object) -> None:
        self._start(*words).communicate()

    def _status(self, status: int, number: signal.Signals, said: str) -> list[str]:
        wrong = []
        # Before the program listens, the signal ends it as it ends any other.
        if status not in (0, 1, 128 + number, -number):
            wrong.append(f"status {status}")
        if status == 128 + number and said.strip() not in _LINES:
            wrong.append(f"said {said[-300:]!r}")
        # While modules are imported, nothing is done yet.
        if "Traceback" in said and "/segmark/" in said and "in <module>" not in said:
            wrong.append(said[-800:])
        return wrong

    def _left(self, child: int) -> list[str]:
        """What is half done, and the processes that are left."""
        wrong = []
        until = time.monotonic() + _PATIENCE / 4
        while _is_there(child):
            if time.monotonic() > until:
                wrong.append("a worker is left")
                os.killpg(child, signal.SIGKILL)
                break
            time.sleep(0.02)
        for file in (self._project, *(one.path for one in list_backups(self._project))):
            if damage := check(file).damage:
                wrong.append(f"{file.name}: {damage[0]}")
        with Store.open(self._project) as store:
            store.statistics("ada")  # it opens
        files = {path.name for path in self._new.rglob("*")}
        if halves := {name for name in files if name.endswith((".part", ".tmp"))}:
            wrong.append(f"left {sorted(halves)}")
        for card in self._new.rglob("README.md"):
            if any(card.parent.glob("*.jsonl")) and not _is_whole(card.parent):
                wrong.append("an export that is half there")
        if "new.segmark" in files and (damage := check(self._new / "new.segmark").damage):
            wrong.append(f"the repaired project: {damage[0]}")
        return wrong


def _hear() -> None:
    """Ctrl+C is heard, also where the tests run in the background of a shell."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _is_whole(folder: Path) -> bool:
    """Whether an export is there with all its files."""
    try:
        return Export(folder).is_as_written
    except ExportError:
        return False


def _is_there(group: int) -> bool:
    """Whether a process of the group runs."""
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def stop_commands(folder: Path, times: int, seed: int) -> Outcome:
    """Stop every command in turn, so many times in all."""
    folder.mkdir()
    began, stopper = time.monotonic(), Stopper(folder, seed)
    names = list(COMMANDS)
    for number in range(times):
        stopper.stop(names[number % len(names)], SIGNALS[number // len(names) % len(SIGNALS)])
    stopper.outcome.seconds = time.monotonic() - began
    return stopper.outcome
