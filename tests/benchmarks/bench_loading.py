"""How fast pages load, how much of a corpus's gold their text holds, and how it differs from a
browser's.

The browser is Chromium without network and scripts, where it is installed. Lines are compared with
its ``innerText``, with the style sheets of the pages on and off.

Usage: python -m tests.benchmarks.bench_loading --corpus DIR
DIR is a folder with ``pages/``, ``gold.jsonl.gz`` and ``gold_spans.py``.
"""

import gzip
import json
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from importlib.util import module_from_spec, spec_from_file_location
from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import click
from segmark.loading.encoding import declared_encoding, decode
from segmark.loading.html.page import read_html
from segmark.loading.sources import FoundFile, find

from tests.benchmarks.browser import find_browser, page_texts, running
from tests.benchmarks.text_comparison import Comparison
from tests.loading.reading import load_file

#: The text without white space and typographic variants, and the offsets of what is left.
Squeeze = Callable[[str], tuple[str, list[int]]]

T = TypeVar("T")

TEXT_PAGES = 10_000
TEXT_LENGTH = 4_000
ROUNDS = 3
_STYLE = re.compile(r"<style\b", re.IGNORECASE)


@dataclass(slots=True)
class Fidelity:
    """Of gold paragraphs: how many there are, stand in the text, and stand alone on lines."""

    paragraphs: int = 0
    verbatim: int = 0
    alone: int = 0

    def add(self, text: str, paragraphs: Iterable[str], squeeze: Squeeze) -> None:
        """Count the paragraphs of one page."""
        lines = [squeeze(line)[0] for line in text.split("\n")]
        squeezed = "".join(lines)
        edges = {0, *accumulate(len(line) for line in lines)}
        for paragraph in filter(None, (squeeze(paragraph)[0] for paragraph in paragraphs)):
            places = list(_places(squeezed, paragraph))
            self.paragraphs += 1
            self.verbatim += bool(places)
            self.alone += any({at, at + len(paragraph)} <= edges for at in places)


def _places(text: str, part: str) -> Iterator[int]:
    at = text.find(part)
    while at >= 0:
        yield at
        at = text.find(part, at + 1)


def gold_paragraphs(spans: Iterable[Mapping[str, Any]]) -> list[str]:
    """The paragraphs of the body among the spans of a page's gold."""
    return [span["text"] for span in spans if span["label"] == "body" and span["gold"]]


def squeeze_of(corpus: Path) -> Squeeze:
    """The corpus's own way of comparing texts."""
    spec = spec_from_file_location("gold_spans", corpus / "gold_spans.py")
    if spec is None or spec.loader is None:
        raise click.ClickException(f"{corpus} has no gold_spans.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    squeeze: Squeeze = module.squeeze
    return squeeze


def _rate(work: Callable[[T], object], items: Sequence[T]) -> float:
    """Items a second of processor time, the best of some rounds."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.process_time()
        for item in items:
            work(item)
        best = min(best, time.process_time() - start)
    return len(items) / best


def _measure_html(corpus: Path) -> None:
    squeeze = squeeze_of(corpus)
    with gzip.open(corpus / "gold.jsonl.gz", "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    heads = ("corpus", "pages", "MB", "parse+walk/s", "load/s", "paragraphs", "verbatim", "alone")
    print("".join(f"{head:>13}" for head in heads))
    for name in sorted({record["corpus"] for record in records}):
        own = [record for record in records if record["corpus"] == name]
        found = [FoundFile(corpus / "pages" / r["file"], f"pages/{r['file']}") for r in own]
        loaded = [load_file(each) for each in found]
        markups = [decode(each.source, declared_encoding(each.source))[0] for each in loaded]
        fidelity = Fidelity()
        for record, each in zip(own, loaded, strict=True):
            fidelity.add(each.page.text, gold_paragraphs(record["spans"]), squeeze)
        size = sum(len(each.source) for each in loaded) / 1e6
        shares = (fidelity.verbatim / fidelity.paragraphs, fidelity.alone / fidelity.paragraphs)
        print(f"{name:>13}{len(own):>13}{size:>13.1f}{_rate(read_html, markups):>13.0f}", end="")
        print(f"{_rate(load_file, found):>13.0f}{fidelity.paragraphs:>13}", end="")
        print("".join(f"{share:>13.1%}" for share in shares))


def _compare_with_browser(corpus: Path) -> None:
    program = find_browser()
    if program is None:
        print("Chromium is not installed: no comparison with what it shows")
        return
    sources = (gzip.decompress(path.read_bytes()) for path in sorted(corpus.glob("pages/*.gz")))
    markups = [decode(source, declared_encoding(source))[0] for source in sources]
    styled, plain = Comparison(), Comparison()
    with TemporaryDirectory() as folder, running(program) as browser:
        texts = page_texts(browser, markups, Path(folder))
        for markup, shown in zip(markups, texts, strict=True):
            styled.add(read_html(markup)[0].text, shown.styled)
            # A sheet for print is none for a screen.
            without = _STYLE.sub("<style media=print", markup)
            plain.add(read_html(without)[0].text, shown.plain)
    heads = [each.name for each in fields(Comparison)]
    print("".join(f"{head:>11}" for head in ("styles", *heads)))
    for name, found in (("on", styled), ("off", plain)):
        print("".join(f"{value:>11,}" for value in astuple(found)).join((f"{name:>11}", "")))


def _measure_text() -> None:
    paragraph = "The council, after a long “debate”, voted to keep the old tram line. " * 5 + "\n\n"
    text = (paragraph * (TEXT_LENGTH // len(paragraph) + 1))[:TEXT_LENGTH]
    with TemporaryDirectory() as folder:
        for number in range(TEXT_PAGES):
            (Path(folder) / f"{number}.txt").write_text(f"{number}\n{text}", encoding="utf-8")
        start = time.perf_counter()
        for found in find([Path(folder)]):
            if isinstance(found, FoundFile):
                load_file(found)
        seconds = time.perf_counter() - start
    print(
        f"{TEXT_PAGES:,} text files of {TEXT_LENGTH:,} characters found and made into pages: ",
        end="",
    )
    print(f"{seconds:.2f} s, {TEXT_PAGES / seconds:,.0f} pages/s")


@click.command()
@click.option("--corpus", type=click.Path(path_type=Path))
def main(corpus: Path | None) -> None:
    """Print how fast pages load; with a corpus, how true their text is."""
    if corpus and corpus.is_dir():
        _compare_with_browser(corpus)
        _measure_html(corpus)
    _measure_text()


if __name__ == "__main__":
    main()
