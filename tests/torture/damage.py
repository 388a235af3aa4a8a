"""Copies of a project, damaged in many ways: is it noticed, and is what is saved healthy?"""

import random
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from segmark.store.errors import StoreError
from segmark.store.safety.check import check
from segmark.store.safety.repair import repair

from tests.factories import LABELS, label, make_project, peek

_TEXTS = [f"Story {number}\n" + f"Line of story {number}. " * 40 for number in range(60)]


@dataclass(slots=True)
class Outcome:
    """How often one kind of damage was done and what came of it.

    ``harmed`` are the copies whose data reads back differently, ``named`` those of them that the
    check names, ``wrong`` the saved files that are not healthy or hold a label that never was.
    """

    kind: str
    tried: int = 0
    harmed: int = 0
    named: int = 0
    saved_spans: int = 0
    spans: int = 0
    wrong: int = 0
    words: list[str] = field(default_factory=list)
    seconds: float = 0.0


def _flip(content: bytearray, chance: random.Random) -> None:
    content[chance.randrange(100, len(content))] ^= 1 << chance.randrange(8)


def _noise(content: bytearray, chance: random.Random) -> None:
    at = chance.randrange(100, len(content) - 64)
    content[at : at + 64] = chance.randbytes(64)


def _zeros(content: bytearray, chance: random.Random) -> None:
    at = chance.randrange(1, len(content) // 4096) * 4096
    content[at : at + 4096] = bytes(4096)


DAMAGES: dict[str, Callable[[bytearray, random.Random], None]] = {
    "one bit is flipped": _flip,
    "64 bytes are overwritten with noise": _noise,
    "a block of 4 KB is zeroed": _zeros,
}


def make_worked(project: Path) -> None:
    """A project with two annotators' labels on all its pages."""
    with make_project(project, *_TEXTS) as store:
        for page in range(1, len(_TEXTS) + 1):
            for name in ("mira", "wren"):
                label(store, name, page, "headline", 0, 7)
                label(store, name, page, "body", 8)


def damage_copies(folder: Path, kind: str, times: int, seed: int) -> Outcome:
    """Damage so many copies of a project, check each and save the rest of it."""
    whole, copy, new = folder / "whole.segmark", folder / "copy.segmark", folder / "new.segmark"
    if not whole.exists():
        make_worked(whole)
    right, chance, began = _data(whole), random.Random(seed), time.monotonic()
    spans = set(right["span"]) if right else set()
    outcome = Outcome(kind)
    for _ in range(times):
        content = bytearray(whole.read_bytes())
        DAMAGES[kind](content, chance)
        copy.write_bytes(content)
        outcome.tried += 1
        harmed = _data(copy) != right
        outcome.harmed += harmed
        outcome.named += harmed and _is_named(copy)
        new.unlink(missing_ok=True)
        outcome.spans += len(spans)
        try:
            report = repair(copy, new, LABELS)
        except StoreError:
            continue
        saved = _data(new)
        outcome.saved_spans += report.spans
        if check(new).damage or saved is None or not (set(saved["span"]) <= spans or report.lost):
            outcome.wrong += 1
            outcome.words.append(str(check(new).damage or report.lost))
    outcome.seconds = time.monotonic() - began
    return outcome


def cut_logs(folder: Path, times: int, seed: int) -> Outcome:
    """Cut off or spoil the write-ahead log that a killed program left, and open the project."""
    whole, chance, began = folder / "logged.segmark", random.Random(seed), time.monotonic()
    outcome = Outcome("the write-ahead log is cut or overwritten")
    text = " ".join(f"word{number:04d}" for number in range(200))
    copy = folder / "cut.segmark"
    with make_project(whole, text) as store:
        for start in range(0, 900, 9):
            label(store, "mira", 1, "caption", start, start + 8)
        left = folder / "left"
        left.mkdir(exist_ok=True)
        for ending in ("", "-wal"):
            shutil.copyfile(f"{whole}{ending}", left / f"logged{ending}")
    log = (left / "logged-wal").read_bytes()
    for _ in range(times):
        for ending in ("-wal", "-shm"):
            Path(f"{copy}{ending}").unlink(missing_ok=True)
        shutil.copyfile(left / "logged", copy)
        spoilt = bytearray(log[: chance.randrange(32, len(log))])
        if chance.random() < 0.5:
            spoilt = bytearray(log)
            at = chance.randrange(32, len(log) - 64)
            spoilt[at : at + 64] = chance.randbytes(64)
        Path(f"{copy}-wal").write_bytes(spoilt)
        outcome.tried += 1
        try:
            starts = [row[0] for row in peek(copy, 'SELECT "start" FROM span ORDER BY "start"')]
            if starts != list(range(0, 9 * len(starts), 9)) or check(copy).damage:
                outcome.wrong += 1
        except Exception as error:
            # The tables themselves were in the log, and only what came before is left.
            if "no such table" not in str(error):
                outcome.wrong += 1
    outcome.seconds = time.monotonic() - began
    return outcome


def _data(project: Path) -> dict[str, list[tuple[object, ...]]] | None:
    """What is stored; None where it can't all be read."""
    pages = ("page", "page_text", "page_source", "page_anchors")
    tables = (*pages, "annotation", "span", "edit", "annotator", "label", "project")
    try:
        return {table: peek(project, f"SELECT * FROM {table}") for table in tables}
    except Exception:
        return None


def _is_named(copy: Path) -> bool:
    try:
        return not check(copy).is_well
    except StoreError:
        return True
