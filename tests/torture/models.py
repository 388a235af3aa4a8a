"""Altered models in a project: the program goes on, and suggests what it would without them."""

import random
import sys
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from segmark.jobs.suggesting.learner import Learner
from segmark.store.store import Store
from segmark.suggestion.crf import ConditionalRandomField
from segmark.suggestion.serialisation import serialise

from tests.factories import peek
from tests.news_project import news_project
from tests.torture.batches import run_batches

_HEAD = b"segmark sealed model 1\n"


@dataclass(slots=True)
class Outcome:
    """How many models were altered, how many of them were read, and what went wrong."""

    tried: int = 0
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0


def alter_models(folder: Path, times: int, seed: int) -> Outcome:
    """Alter the models of a project so many times; another process suggests with each."""
    project, began, outcome = folder / "models.segmark", time.monotonic(), Outcome()
    with news_project(project, pages=4, finished=2) as store:
        learner = Learner(store, "ada")
        learner.suggest(3)
        learner.save()
    for line in run_batches("tests.torture.models", project, times, seed, outcome.wrong):
        outcome.tried += line == "right"
        if line != "right":
            outcome.wrong.append(f"with an altered model the suggestions are {line}")
    outcome.seconds = time.monotonic() - began
    return outcome


def _flip(data: bytearray, chance: random.Random) -> bytes:
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(data)


def _noise(data: bytearray, chance: random.Random) -> bytes:
    at = chance.randrange(max(1, len(data) - 16))
    data[at : at + 16] = chance.randbytes(16)
    return bytes(data)


def _cut(data: bytearray, chance: random.Random) -> bytes:
    return bytes(data[: chance.randrange(len(data))])


_CHANGES: tuple[Callable[[bytearray, random.Random], bytes], ...] = (_flip, _noise, _cut)


def _crafted(crf: bytes, chance: random.Random) -> bytes:
    """A model of the right form around an altered model of CRFsuite, with an invented seal or none.

    The first bytes are altered most: they hold the sizes and places that its parser trusts.
    """
    altered = bytearray(crf)
    for _ in range(chance.randrange(1, 4)):
        at = chance.randrange(len(altered) if chance.random() < 0.3 else 64)
        altered[at] = chance.choice((0, 0x7F, 0xFF, altered[at] ^ 1 << chance.randrange(8)))
    head = _HEAD + chance.randbytes(32) if chance.random() < 0.5 else b""
    return head + serialise({}, [bytes(altered)])


def _bomb(chance: random.Random) -> bytes:
    """A model of the right form whose parts are far larger than they look."""
    part = zlib.compress(bytes(8_000_000), 9)
    parts = (zlib.compress(b"{}"), *[part] * chance.randrange(1, 100))
    begin = serialise({}, []).split(b"\n")[0] + b"\n"
    return begin + b"".join(len(one).to_bytes(4, "big") + one for one in parts)


def _alter_here(project: Path, count: int, seed: int) -> None:
    chance = random.Random(seed)
    with Store.open(project) as store:
        right = Learner(store, "ada")
        wanted = right.suggest(3)
        crf = right.model("news.example").crf
        rows = peek(project, "SELECT name, version, bytes FROM model")
        for _ in range(count):
            with store.write():
                for name, version, data in rows:
                    store.suggestions.keep_model(name, version, _altered(data, crf, chance))
            learner = Learner(store, "ada")
            print("right" if learner.suggest(3) == wanted else "wrong", flush=True)


def _altered(data: bytes, crf: ConditionalRandomField | None, chance: random.Random) -> bytes:
    kind = chance.randrange(6)
    if kind == 0:
        return _bomb(chance)
    if kind < 3 and crf:
        return _crafted(crf.data, chance)
    return chance.choice(_CHANGES)(bytearray(data), chance)


if __name__ == "__main__":
    _alter_here(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
