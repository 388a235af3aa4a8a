"""How fast sources of every kind load beside parsing alone, and how well near-duplicates are found.

Usage: python -m tests.benchmarks.bench_sources --corpus DIR [--beside PAGES]
DIR is a folder with ``pages/*.html.gz`` and ``gold.jsonl.gz``. With ``--beside``, keys are pressed
in the real window while so many pages come in.
"""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from segmark.loading.raw import RawPage

from tests.benchmarks import duplicate_figures, made_projects
from tests.benchmarks.gold_pages import GoldPage, read_corpus
from tests.benchmarks.source_figures import Rate, cpu, loaded, made, rates

_TEXT_PAGES = 10_000
_ROUNDS = 3


def _row(rate: Rate) -> None:
    over = (rate.loading - rate.parsing) / rate.pages * 1e3
    print(
        f"{rate.name:<26}{rate.pages:>7}{rate.pages / rate.parsing:>13,.0f}"
        f"{rate.pages / rate.loading:>11,.0f}{rate.overhead:>11.0%}{over:>13.2f}"
    )


def _measure_rates(folder: Path, pages: Sequence[GoldPage]) -> None:
    print(f"{'':<26}{'pages':>7}{'parsing/s':>13}{'load/s':>11}{'overhead':>11}{'ms a page':>13}")
    for rate in rates(folder, [page.source for page in pages], _ROUNDS):
        _row(rate)
    files = folder / "made"
    made_projects.text_files(files, _TEXT_PAGES)
    raws = [RawPage(path.read_bytes(), path.name) for path in sorted(files.iterdir())]
    loading = cpu(loaded(folder, files, _TEXT_PAGES), _ROUNDS)
    _row(Rate("text files of 4 KB", _TEXT_PAGES, cpu(made(raws), _ROUNDS), loading))


@click.command()
@click.option("--corpus", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--beside", type=int, help="Press keys while so many pages come in.")
def main(corpus: Path | None, beside: int | None) -> None:
    """Print pages a second of processor time, and how good the search for near-duplicates is."""
    with TemporaryDirectory(prefix="segmark-bench-") as name:
        folder = Path(name)
        if corpus:
            pages = read_corpus(corpus)
            _measure_rates(folder, pages)
            for line in duplicate_figures.measure(folder, pages):
                print(line)
        if beside:
            # Imported here: Qt stays out of the other figures.
            from tests.benchmarks.background_figures import measure

            for line in measure(folder, beside):
                print(line)


if __name__ == "__main__":
    main()
