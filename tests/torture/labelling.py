"""The labelling of a crawl, killed at random moments: it goes on, and every page is there once."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import orjson
from segmark.jobs.crawling.manifest import NAME

from tests.crawls import learn_labeller, write_crawl
from tests.places import ROOT

_FILES, _EACH = 5, 120
_PATIENCE = 60.0  # seconds that a worker may take to see that its parent is gone


@dataclass(slots=True)
class Outcome:
    """How often the labelling was killed, how many inputs were done by then, and what is wrong.

    ``finished`` counts the runs that were quicker than the kill.
    """

    kills: int = 0
    finished: int = 0
    done: list[int] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0


def kill_labelling(folder: Path, kills: int, seed: int) -> Outcome:
    """Have ``segmark label`` killed so many times over one crawl, and let it end."""
    began, outcome, chance = time.monotonic(), Outcome(), random.Random(seed)
    folder.mkdir(exist_ok=True)
    words = ["--labeller", str(learn_labeller(folder)), "--processes", "2"]
    write_crawl(folder / "crawl", _FILES, _EACH)
    out = folder / "whole"
    whole = _run([str(folder / "crawl"), str(out), *words], out, None)
    expected = _named(out)
    out = folder / "out"
    for _ in range(kills):
        moment = chance.uniform(0, whole / 3)
        ended = _run([str(folder / "crawl"), str(out), *words], out, moment) < moment
        outcome.kills += not ended
        outcome.finished += ended
        _look(out, expected, outcome)
    _run([str(folder / "crawl"), str(out), *words], out, None)
    _look(out, expected, outcome)
    if _named(out) != expected or _hidden(out):
        outcome.wrong.append(f"in the end there is {sorted(_named(out))} and {_hidden(out)}")
    counted = Counter(_urls(out))
    if set(counted.values()) != {1} or len(counted) != _FILES * _EACH:
        outcome.wrong.append(f"{len(counted)} pages, {counted.total()} rows")
    outcome.seconds = time.monotonic() - began
    return outcome


def _run(words: list[str], out: Path, seconds: float | None) -> float:
    """Label in another process, killed so long after it began to write; how long it wrote."""
    command = [sys.executable, "-m", "segmark", "label", *words]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
    ) as child:
        before = _all(out)
        while child.poll() is None and _all(out) == before:
            time.sleep(0.005)
        began = time.monotonic()
        with suppress(subprocess.TimeoutExpired):
            child.wait(seconds)
        taken = time.monotonic() - began
        if child.poll() is None:
            os.kill(child.pid, signal.SIGKILL)
        said = child.communicate()[1]
        assert child.returncode in (0, -signal.SIGKILL), said
        _wait_for_workers(child.pid)
        return taken


def _all(out: Path) -> list[Path]:
    """All files but the manifest, whatever their names."""
    with suppress(OSError):  # one has just been renamed
        return sorted(path for path in out.rglob("*") if path.is_file() and path.name != NAME)
    return []


def _wait_for_workers(group: int) -> None:
    """The workers of a killed process end by themselves."""
    until = time.monotonic() + _PATIENCE
    with suppress(ProcessLookupError, PermissionError):
        while time.monotonic() < until:
            os.killpg(group, 0)
            time.sleep(0.02)
        raise AssertionError("a worker is left")


def _named(out: Path) -> dict[str, bytes]:
    """The outputs that have their names."""
    return {
        str(path.relative_to(out)): path.read_bytes()
        for path in out.rglob("*.jsonl")
        if path.name != NAME
    }


def _hidden(out: Path) -> list[str]:
    return [path.name for path in out.rglob(".*")]


def _urls(out: Path) -> list[str]:
    found = _named(out).values()
    return [orjson.loads(row)["meta"]["url"] for rows in found for row in rows.splitlines()]


def _look(out: Path, expected: dict[str, bytes], outcome: Outcome) -> None:
    """Whatever has a name is whole."""
    if not out.exists():
        return
    there = _named(out)
    outcome.wrong += [f"{name} is not whole" for name in there if there[name] != expected[name]]
    outcome.done.append(len(there))
