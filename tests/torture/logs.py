"""A log of years of work in which one act is altered: a check of the project reports it."""

import random
import time
from dataclasses import dataclass, field
from pathlib import Path

from segmark.core.span import Span
from segmark.store.annotation_rows import spans_json
from segmark.store.safety.check import check

from tests.benchmarks.log_figures import make_log
from tests.factories import alter_log, peek

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
        [[before]] = peek(project, "SELECT added FROM edit WHERE number = ?", number)
        alter_log(project, "added = ? WHERE number = ?", other, number)
        if not _damage(project, outcome):
            outcome.wrong.append(f"act {number} was altered, and nobody is told")
        alter_log(project, "added = ? WHERE number = ?", before, number)
    project.unlink()
    outcome.seconds = time.monotonic() - began
    return outcome


def _damage(project: Path, outcome: Outcome) -> tuple[str, ...]:
    began = time.monotonic()
    damage = check(project).damage
    outcome.tried += 1
    outcome.slowest = max(outcome.slowest, time.monotonic() - began)
    return tuple(damage)
