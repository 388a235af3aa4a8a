"""Containers whose bytes are altered: each loads or is refused, and the pages beside it load."""

import gzip
import io
import json
import random
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

import zstandard
from segmark.loading.feed import Feed
from segmark.loading.loader import LoadedPage
from segmark.loading.options import LOAD_ALL
from segmark.loading.sources import SourceFiles

from tests.loading.containers.test_archives import tarred, zipped
from tests.loading.containers.test_bombs import response
from tests.loading.containers.test_mhtml import END, HEAD, PAGE, PICTURE
from tests.torture.batches import run_batches

_PAGES = 12
_BESIDE = "The page beside it"


@dataclass(slots=True)
class Outcome:
    """How many containers were altered, how many of them were refused, and what went wrong."""

    tried: int = 0
    refused: int = 0
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0


def containers() -> Mapping[str, bytes]:
    """One container of each kind with some pages, by file name."""
    texts = [f"Page {number}\n" + f"ferry {number} sails. " * 20 for number in range(_PAGES)]
    files = {f"{number}.txt": text.encode() for number, text in enumerate(texts)}
    rows = "".join(json.dumps({"text": text}) + "\n" for text in texts).encode()
    crawl = [response(b"identity", f"<p>{text}".encode()) for text in texts]
    return {
        "a.zip": zipped(files),
        "a.tar": tarred(files),
        "a.tar.gz": gzip.compress(tarred(files), mtime=0),
        "a.jsonl": rows,
        "a.jsonl.gz": gzip.compress(rows, mtime=0),
        "a.jsonl.zst": zstandard.ZstdCompressor().compress(rows),
        "a.json": json.dumps([{"text": text} for text in texts]).encode(),
        "a.csv": ("text\n" + "".join(f'"{text}"\n' for text in texts)).encode(),
        "a.warc": b"".join(crawl),
        "a.warc.gz": b"".join(gzip.compress(one, mtime=0) for one in crawl),
        "a.mhtml": HEAD + PICTURE + PAGE + PAGE + END,
        "a.parquet": _parquet(texts),
    }


def _parquet(texts: list[str]) -> bytes:
    pyarrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    made = io.BytesIO()
    parquet.write_table(pyarrow.table({"text": texts}), made)
    return made.getvalue()


def alter_containers(folder: Path, times: int, seed: int) -> Outcome:
    """Alter containers so many times; another process loads each, with a page beside it."""
    outcome, began = Outcome(), time.monotonic()
    for line in run_batches("tests.torture.containers", folder, times, seed, outcome.wrong):
        outcome.tried += 1
        outcome.refused += line == "refused"
        if line.startswith("wrong"):
            outcome.wrong.append(line)
    outcome.seconds = time.monotonic() - began
    return outcome


def _flip(data: bytearray, chance: random.Random) -> None:
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _noise(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(max(1, len(data) - 64))
    data[at : at + 64] = chance.randbytes(64)


def _cut(data: bytearray, chance: random.Random) -> None:
    del data[chance.randrange(len(data)) :]


def _huge(data: bytearray, chance: random.Random) -> None:
    """Bytes that make a huge number, or a negative one, of whatever they are part of."""
    at, size = chance.randrange(len(data)), chance.choice((2, 4, 8))
    data[at : at + size] = chance.choice((b"\xff", b"\x7f", b"9")) * size


def _twice(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data))
    data[at:at] = data[chance.randrange(len(data)) :]


_CHANGES: tuple[Callable[[bytearray, random.Random], None], ...] = (
    _flip, _noise, _cut, _huge, _twice,
)  # fmt: skip


def _alter_here(folder: Path, count: int, seed: int) -> None:
    chance, whole = random.Random(seed), containers()
    folder /= f"containers-{seed}"
    folder.mkdir()
    beside = folder / "z.txt"
    beside.write_text(_BESIDE, "utf-8")
    for _ in range(count):
        name = chance.choice(list(whole))
        data = bytearray(whole[name])
        for _ in range(chance.randrange(1, 4)):
            if data:
                chance.choice(_CHANGES)(data, chance)
        (folder / name).write_bytes(data)
        items = list(Feed(SourceFiles([folder / name, beside]), LOAD_ALL))
        (folder / name).unlink()
        texts = [item.page.text for item in items if isinstance(item, LoadedPage)]
        odd = [str(item) for item in items if "unexpected error" in str(item)]
        if _BESIDE not in texts or odd:
            print(f"wrong: {name}: {odd}", flush=True)
        else:
            print("loaded" if len(items) == len(texts) else "refused", flush=True)


if __name__ == "__main__":
    _alter_here(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
