"""A log of years of work in which one act is altered: a check of the project reports it."""

import random
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from segmark.core.span import Span
from segmark.store.annotation_rows import spans_json
from segmark.store.safety.check import check

from tests.benchmarks.log_figures import make_log

_ALTERED = 3


@dataclass(slots=True)
class Outcome:
    """How often a log was checked, how long one check took in seconds, and what was wrong."""

    tried: int = 0
    slowest: float = 0.0
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0


def alter_logs(folder: Path, acts: int, seed: int) -> Outcome:
    """Check a project with a log of so many acts, then again with one of them altered."""
    project, chance = folder / "log.segmark", random.Random(seed)
    make_log(project, acts)
    outcome, began = Outcome(), time.monotonic()
    if damage := _damage(project, outcome):
        outcome.wrong.append(f"a log that is well: {damage[0]}")
    for _ in range(_ALTERED):
        number, other = chance.randrange(1, acts + 1), spans_json((Span(1, 2, "body"),))
        with closing(sqlite3.connect(project)) as database:
            [before] = database.execute("SELECT added FROM edit WHERE number = ?", [number])
            _set(database, number, other)
            if not _damage(project, outcome):
                outcome.wrong.append(f"act {number} was altered, and nobody is told")
            _set(database, number, before[0])
    project.unlink()
    outcome.seconds = time.monotonic() - began
    return outcome


def _damage(project: Path, outcome: Outcome) -> tuple[str, ...]:
    began = time.monotonic()
    damage = check(project).damage
    outcome.tried += 1
    outcome.slowest = max(outcome.slowest, time.monotonic() - began)
    return tuple(damage)


def _set(database: sqlite3.Connection, number: int, added: str) -> None:
    """Alter an act; the triggers that forbid it are away meanwhile."""
    triggers = database.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'edit'"
    ).fetchall()
    with database:
        for name, _ in triggers:
            database.execute(f'DROP TRIGGER "{name}"')
        database.execute("UPDATE edit SET added = ? WHERE number = ?", [added, number])
        for _, sql in triggers:
            database.execute(sql)
