"""Every budget of the program, measured on the real window and real project files.

Usage: python -m tests.benchmarks.bench_program [--million] [--json FILE] [--fail-over FACTOR]
"""

import multiprocessing
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from tests.benchmarks import figures, process_figures
from tests.benchmarks.figures import Figure


def _window(folder: Path) -> list[Figure]:
    from tests.benchmarks import window_figures  # Qt stays out of the first process

    return window_figures.measure(folder)


def _suggestions(folder: Path) -> list[Figure]:
    from tests.benchmarks import suggestion_figures

    return suggestion_figures.measure(folder)


def _sources(folder: Path) -> list[Figure]:
    from tests.benchmarks import source_figures

    return source_figures.measure(folder)


def _corpus(folder: Path) -> list[Figure]:
    from tests.benchmarks import corpus_figures

    return corpus_figures.measure(folder)


def _log(folder: Path) -> list[Figure]:
    from tests.benchmarks import log_figures

    return log_figures.measure(folder)


def _million(folder: Path) -> list[Figure]:
    from tests.benchmarks import million_figures

    return million_figures.measure(folder)


def _in_a_process(measure: Callable[[Path], list[Figure]]) -> list[Figure]:
    """Measure in a process and a folder of its own, so that one does not slow the other."""
    spawn = multiprocessing.get_context("spawn")
    with (
        TemporaryDirectory(prefix="segmark-bench-") as folder,
        ProcessPoolExecutor(1, mp_context=spawn) as pool,
    ):
        return pool.submit(measure, Path(folder)).result()


def missed(found: Sequence[Figure], factor: float) -> list[Figure]:
    """The figures over their budgets by more than a factor."""
    return [figure for figure in found if figure.ratio is not None and figure.ratio > factor]


@click.command()
@click.option("--million", is_flag=True, help="Also a project of a million pages; takes minutes.")
@click.option("--json", "file", type=click.Path(path_type=Path), help="Write the figures there.")
@click.option(
    "--fail-over",
    type=float,
    help="Exit with 1 if a figure is over this many times its budget; otherwise always with 0.",
)
def main(million: bool, file: Path | None, fail_over: float | None) -> None:
    """Measure every budget; medians, offscreen, beside the disk's own commit."""
    machine = figures.machine_facts()
    print(", ".join(f"{name} {value}" for name, value in machine.items()))
    found: list[Figure] = []
    measures = (_window, process_figures.measure, _suggestions, _sources, _corpus, _log)
    for measure in (*measures, *([_million] * million)):
        part = _in_a_process(measure)
        print(f"\n{figures.table(part)}", flush=True)
        found += part
    if file:
        file.write_text(figures.as_json(found, machine), encoding="utf-8")
    if fail_over is not None and (over := missed(found, fail_over)):
        print(f"\nover {fail_over:g} times the budget: {', '.join(f.what.strip() for f in over)}")
        sys.exit(1)


if __name__ == "__main__":
    main()
