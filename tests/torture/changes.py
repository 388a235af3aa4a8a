"""Pages that change again and again, and their labels carried over from version to version."""

import random
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from segmark.core.caret import Selection
from segmark.core.carrying import CarryOutcome
from segmark.jobs.carry_over import carry_over, plan
from segmark.session.session import Session
from segmark.store.safety.check import check
from segmark.store.store import Store

from tests.factories import add_pages, make_project

_WORDS = [f"word{number}" for number in range(400)]
_NAMES = ("headline", "caption", "body", "ticker", "comment")
_EDITS = 10  # to a page


@dataclass(slots=True)
class Outcome:
    """How many pages changed, what became of their labels, and what was lost or wrong."""

    tried: int = 0
    labels: int = 0
    outcomes: Counter[CarryOutcome] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    seconds: float = 0.0


def change_pages(folder: Path, times: int, seed: int) -> Outcome:
    """Change labelled pages in ten places each, and carry their labels over."""
    project, chance, began = folder / "changing.segmark", random.Random(seed), time.monotonic()
    outcome = Outcome()
    with make_project(project) as store:
        session = Session(store, "ada")
        for _ in range(times):
            _change_one(store, session, chance, outcome)
    outcome.lost += check(project).damage
    outcome.seconds = time.monotonic() - began
    return outcome


def _change_one(store: Store, session: Session, chance: random.Random, outcome: Outcome) -> None:
    lines = [_line(chance) for _ in range(30)]
    text = "\n".join(lines)
    add_pages(store, text)
    old = store.pages.count()
    session.open(old)
    for _ in range(12):
        start = chance.randrange(len(text))
        end = min(len(text), start + chance.randrange(1, 300))
        session.label(chance.choice(_NAMES), Selection(start, end))
    labelled = session.spans
    _edit(lines, chance)
    add_pages(store, "\n".join(lines))
    with store.write():
        store.versions.link(old + 1, old)
    session.open(old + 1)
    planned = plan(store, "ada", old + 1)
    if planned is None:
        return
    carry_over(session, planned)
    outcome.tried += 1
    outcome.labels += len(labelled)
    outcome.outcomes.update(each.outcome for each in planned.carried)
    if [each.old for each in planned.carried] != list(labelled):
        outcome.lost.append(f"page {old}: not every label is told of")
    for each in planned.with_outcome(CarryOutcome.UNCHANGED):
        now = "".join(planned.text[span.start : span.end] for span in each.new)
        if now != planned.earlier_text[each.old.start : each.old.end]:
            outcome.lost.append(f"page {old}: {each} is on another text")


def _line(chance: random.Random) -> str:
    return " ".join(chance.choices(_WORDS, k=chance.randrange(1, 30)))


def _edit(lines: list[str], chance: random.Random) -> None:
    for _ in range(_EDITS):
        at = chance.randrange(len(lines))
        match chance.randrange(4):
            case 0:
                lines.insert(at, _line(chance))
            case 1:
                del lines[at]
            case 2:
                lines.insert(chance.randrange(len(lines)), lines.pop(at))
            case _:
                words = lines[at].split()
                words[chance.randrange(len(words))] = chance.choice(_WORDS)
                lines[at] = " ".join(words)
