"""How fast pages load, and how much of a corpus's gold their text holds.

Usage: python -m tests.benchmarks.bench_loading --corpus DIR
DIR is a folder with ``pages/``, ``gold.jsonl.gz`` and ``gold_spans.py``.
"""

import gzip
import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import module_from_spec, spec_from_file_location
from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from app.loading.encoding import declared_encoding, decode
from app.loading.html_page import read_html
from app.loading.loader import Found, find, load, load_bytes

Squeeze = Callable[[str], tuple[str, list[int]]]

TEXT_PAGES = 10_000
TEXT_LENGTH = 4_000


@dataclass
class Fidelity:
    """Of gold paragraphs: how many there are, stand in the text, and stand alone on lines."""

    paragraphs: int = 0
    verbatim: int = 0
    alone: int = 0

    def add(self, text: str, paragraphs: list[str], squeeze: Squeeze) -> None:
        """Count the paragraphs of one page."""
        lines = [squeeze(line)[0] for line in text.split("\n")]
        squeezed = "".join(lines)
        edges = {0, *accumulate(len(line) for line in lines)}
        for paragraph in filter(None, (squeeze(text)[0] for text in paragraphs)):
            self.paragraphs += 1
            places = list(_places(squeezed, paragraph))
            self.verbatim += bool(places)
            self.alone += any({at, at + len(paragraph)} <= edges for at in places)


def _places(text: str, part: str) -> Iterator[int]:
    at = text.find(part)
    while at >= 0:
        yield at
        at = text.find(part, at + 1)


def _squeeze(corpus: Path) -> Squeeze:
    spec = spec_from_file_location("gold_spans", corpus / "gold_spans.py")
    if spec is None or spec.loader is None:
        raise click.ClickException(f"{corpus} has no gold_spans.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    squeeze: Squeeze = module.squeeze
    return squeeze


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _measure_html(corpus: Path) -> None:
    squeeze = _squeeze(corpus)
    with gzip.open(corpus / "gold.jsonl.gz", "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    print(f"{'corpus':<8}{'pages':>7}{'MB':>7}{'parse+walk/s':>14}{'load/s':>9}", end="")
    print(f"{'paragraphs':>12}{'verbatim':>10}{'alone':>8}")
    for name in sorted({record["corpus"] for record in records}):
        gold = {r["file"]: r["spans"] for r in records if r["corpus"] == name}
        sources = {file: gzip.decompress((corpus / "pages" / file).read_bytes()) for file in gold}
        markups = [decode(source, declared_encoding(source))[0] for source in sources.values()]
        walking = min(_seconds(lambda: [read_html(m) for m in markups]) for _ in range(3))  # noqa: B023
        found = [Found(corpus / "pages" / file, f"pages/{file}") for file in gold]
        loading = min(_seconds(lambda: [load(f) for f in found]) for _ in range(3))  # noqa: B023
        fidelity = Fidelity()
        for file, spans in gold.items():
            page = load_bytes(sources[file], f"pages/{file}").page
            body = [span["text"] for span in spans if span["label"] == "body" and span["gold"]]
            fidelity.add(page.text, body, squeeze)
        size = sum(map(len, sources.values())) / 1e6
        print(f"{name:<8}{len(gold):>7}{size:>7.1f}{len(gold) / walking:>14.0f}", end="")
        print(f"{len(gold) / loading:>9.0f}{fidelity.paragraphs:>12}", end="")
        print(f"{fidelity.verbatim / fidelity.paragraphs:>10.1%}", end="")
        print(f"{fidelity.alone / fidelity.paragraphs:>8.1%}")


def _measure_text() -> None:
    sentence = "The council — after a long “debate” — voted to keep the old tram line open. "
    paragraph = sentence * 5 + "\n\n"
    text = (paragraph * (TEXT_LENGTH // len(paragraph) + 1))[:TEXT_LENGTH]
    with TemporaryDirectory() as folder:
        for number in range(TEXT_PAGES):
            (Path(folder) / f"{number}.txt").write_text(f"{number}\n{text}", encoding="utf-8")
        start = time.perf_counter()
        for found in find([Path(folder)]):
            if isinstance(found, Found):
                load(found)
        seconds = time.perf_counter() - start
    print(f"\n{TEXT_PAGES:,} text files of {TEXT_LENGTH:,} characters: {seconds:.2f} s", end="")
    print(f" ({TEXT_PAGES / seconds:,.0f} pages/s, found, read and made into pages)")


@click.command()
@click.option("--corpus", type=click.Path(exists=True, file_okay=False, path_type=Path))
def main(corpus: Path | None) -> None:
    """Print how fast pages load and, with a corpus, how much of its gold the text holds."""
    if corpus:
        _measure_html(corpus)
    else:
        print("no --corpus given: HTML is left out", file=sys.stderr)
    _measure_text()


if __name__ == "__main__":
    main()
