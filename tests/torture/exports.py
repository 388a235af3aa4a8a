"""Exports, killed at random moments: the old one stays, and nothing is ever half there."""

import io
import random
import subprocess
import sys
import time
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from segmark.cli import program as cli
from segmark.export.reading import Export

from tests.benchmarks.made_projects import finished_project
from tests.places import ROOT

_PAGES = 1_500
_SPLIT = ("--split", "60/20/20", "--split-by", "page")

# Says when it begins, so that its start is not what is killed most of the time.
_CHILD = """
import sys
from segmark.cli import program as cli
from segmark.cli import export as export_commands
from segmark.jobs import exporting
print("begun", flush=True)
sys.exit(cli.run(sys.argv[1:]))
"""


class _Made(NamedTuple):
    """An export: how it is made, and the bytes of its files."""

    words: list[str]
    files: dict[str, bytes]


@dataclass(slots=True)
class Outcome:
    """How often an export was killed, how often between its first file and its last, what is wrong.

    ``finished`` counts those that were quicker than the kill.
    """

    kills: int = 0
    between: int = 0
    finished: int = 0
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0


def kill_exports(folder: Path, kills: int, seed: int) -> Outcome:
    """Have an export killed so many times over the one before it, and look after each."""
    project, out, began = folder / "export.segmark", folder / "out", time.monotonic()
    finished_project(project, _PAGES)
    made = [_made(project, out, *_SPLIT, "--seed", word) for word in ("one", "two")]
    outcome, chance = Outcome(), random.Random(seed)
    whole = min(_run(made[0].words, None) for _ in range(3))
    for number in range(kills):
        old, new = made[number % 2], made[1 - number % 2]
        _run(new.words, chance.random() * whole)
        outcome.kills += 1
        outcome.finished += _same(out, new)
        _look(out, old, new, outcome)
        # The next start, which has nothing left to clear away after it.
        _write(new.words)
        if not _same(out, new):
            outcome.wrong.append(f"after kill {number}, the next export left {sorted(_all(out))}")
    outcome.seconds = time.monotonic() - began
    return outcome


def _made(project: Path, out: Path, *options: str) -> _Made:
    words = ["export", str(project), str(out), *options]
    _write(words)
    return _Made(words, _all(out))


def _write(words: list[str]) -> None:
    with redirect_stdout(io.StringIO()):
        assert cli.run(words) == 0


def _all(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in out.iterdir()}


def _same(out: Path, made: _Made) -> bool:
    return _all(out) == made.files


def _run(words: list[str], seconds: float | None) -> float:
    """Export in another process, killed so long after it began; how long it took to the end."""
    command = [sys.executable, "-c", _CHILD, *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as child:
        assert child.stdout
        assert child.stdout.readline() == b"begun\n"
        began = time.monotonic()
        if seconds is None:
            child.stdout.readline()  # what it wrote, told when all is in place
        else:
            time.sleep(seconds)
            child.kill()
        taken = time.monotonic() - began
        child.communicate()
        return taken


def _look(out: Path, old: _Made, new: _Made, outcome: Outcome) -> None:
    """Every file that bears its name is the old one or the new one, and a mix is known as such."""
    seen = {name: data for name, data in _all(out).items() if not name.startswith(".segmark-")}
    if seen.keys() != old.files.keys():
        outcome.wrong.append(f"there are {sorted(seen)}")
        return
    fresh = {name for name, data in seen.items() if data == new.files[name]}
    for name, data in seen.items():
        if name not in fresh and data != old.files[name]:
            outcome.wrong.append(f"{name} is neither the old one nor the new one")
    if fresh and len(fresh) < len(seen):
        outcome.between += 1
        if "README.md" in fresh or Export(out).is_as_written:
            outcome.wrong.append(f"{sorted(fresh)} are new and nobody is told")
