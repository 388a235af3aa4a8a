"""How good suggestions are, and how fast: learning curves on real pages with gold.

Usage: python -m tests.benchmarks.bench_suggestions --corpus DIR [--json FILE] [--quick]
       [--rounds N]

A site's pages are split into those that teach and those that are tested; no tested page is ever
seen, and other sites teach only if they share no host with the tested ones. Sites with ten pages
or more are tested five pages at a time, those with three to nine one page at a time; smaller ones
only teach others. After 0 pages nothing of the site is known. On the first page nothing is finished
at all: the prior suggests alone.

The prior that ships is measured on hosts that it was not learnt from. For others it is learnt again
from the hosts of the folder that are not tested.
"""

import json
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import groupby
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

import click
from segmark.core.label import LabelSet
from segmark.core.span import Span
from segmark.suggestion.background import Background
from segmark.suggestion.cross_site import train_cross_site_model
from segmark.suggestion.features import features_in, features_of
from segmark.suggestion.model import Model, make_model, pages_behind, train_crf

from tests.benchmarks.body_extractors import body_f1, body_text, extractors
from tests.benchmarks.gold_pages import NONE, GoldPage, edits, line_labels, read_corpus
from tests.benchmarks.learnt_without import example_of, news_labels, prior_for
from tests.benchmarks.second_look_figures import measure as measure_second_look
from tests.suggestion.pages import trained

#: How many pages of the site are finished; ``FIRST`` if none is in the whole project.
Step = int | str
FIRST = "first"
STEPS: tuple[Step, ...] = (FIRST, 0, 1, 2, 5, 10, 19)
#: Pages of a site at which time is taken.
TIMED_AT = 15
MANY, TESTED = 10, 5
FOLDS = 5
#: Errors that are put into finished pages, to see how many the second look shows first.
SEEDED_ERRORS = 200


@dataclass(frozen=True, slots=True)
class Round:
    """Pages of one site to test, and the others of it to learn from, in the order of learning."""

    site: str
    host: str
    tested: Sequence[GoldPage]
    pool: Sequence[GoldPage]


@dataclass(slots=True)
class Score:
    """What came out after some number of finished pages of a site."""

    pages: int = 0
    edits: int = 0
    by_hand: int = 0
    untouched: int = 0
    body: float = 0.0
    lines: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    sure: list[tuple[float, bool]] = field(default_factory=list)

    def add(self, other: "Score") -> None:
        self.pages += other.pages
        self.edits += other.edits
        self.by_hand += other.by_hand
        self.untouched += other.untouched
        self.body += other.body
        self.sure += other.sure
        for label, counts in other.lines.items():
            self.lines[label].update(counts)

    def f1(self, label: str) -> float:
        counts = self.lines[label]
        total = counts["suggested"] + counts["gold"]
        return 2 * counts["both"] / total if total else 1.0


Scores = dict[tuple[str, Step], Score]


def rounds_of(pages: Sequence[GoldPage], most: int) -> Iterator[Round]:
    """The rounds of every site; of a site with many pages at most some."""
    sites: defaultdict[str, list[GoldPage]] = defaultdict(list)
    for page in pages:
        sites[page.site].append(page)
    for site, own in sorted(sites.items()):
        rng = random.Random(site)
        order = rng.sample(own, len(own))
        step = TESTED if len(order) >= MANY else 1
        starts = range(0, len(order) - step + 1, step) if len(order) >= 3 else range(0)
        for start in starts[: most if step > 1 else None]:
            tested = order[start : start + step]
            pool = order[:start] + order[start + step :]
            yield Round(site, own[0].host, tested, rng.sample(pool, len(pool)))


def _scored(page: GoldPage, spans: Sequence[Span]) -> Score:
    got, gold = line_labels(page.page, spans), line_labels(page.page, page.spans)
    sure = line_labels(page.page, page.sure)
    score = Score(1, edits(got, gold), edits([NONE] * len(gold), gold))
    score.untouched = int(got == gold)
    score.body = body_f1(body_text(page.page, spans), body_text(page.page, page.spans))
    for line, right, certain in zip(got, gold, sure, strict=True):
        # A headline that a rule made is no evidence for or against a suggestion.
        if right == "headline" != certain:
            continue
        score.lines[line]["suggested"] += 1
        score.lines[right]["gold"] += 1
        score.lines[line]["both"] += line == right
    return score


def _runs(page: GoldPage, spans: Sequence[Span]) -> list[tuple[str, int, int]]:
    """The runs of lines with one label: the label, the first line and the last."""
    lines = enumerate(line_labels(page.page, spans))
    runs = []
    for label, run in groupby(lines, key=lambda line: line[1]):
        numbers = [number for number, _ in run]
        if label != NONE:
            runs.append((label, numbers[0], numbers[-1]))
    return runs


@dataclass(frozen=True, slots=True)
class Took:
    """Milliseconds by the clock, and of the processor, which other programs disturb less."""

    wall: float
    cpu: float

    def __add__(self, other: "Took") -> "Took":
        return Took(self.wall + other.wall, self.cpu + other.cpu)


#: What each piece of work took at one site, in the order of ``_WORK``.
Times = tuple[Took, ...]
_WORK = ("train the CRF, ahead", "remember the page", "suggest", "ready after the page before")
#: What came out of a fold, and what the work took at its large sites.
Outcome = tuple[Scores, list[Times]]


def run_fold(
    corpus: str,
    mode: str,
    everything: Sequence[GoldPage],
    hosts: frozenset[str],
    most: int,
    *,
    timed: bool,
) -> Outcome:
    """The scores of a corpus's sites of some hosts; its other hosts train the cross-site model."""
    labels = news_labels()
    prior = prior_for(hosts, everything, plain=mode == "text")
    pages = [page for page in everything if page.corpus == corpus]
    if mode == "text":
        pages = [page.plain() for page in pages]
    others = [example_of(page) for page in pages if page.host not in hosts]
    background = Background(prior, train_cross_site_model(others, labels))
    own = [page for page in pages if page.host in hosts]
    scores: Scores = defaultdict(Score)
    for turn in rounds_of(own, most):
        for step in STEPS:
            count = step if isinstance(step, int) else 0
            if count > len(turn.pool):
                continue
            examples = [example_of(page) for page in turn.pool[:count]]
            known = Background(prior) if step == FIRST else background
            model = trained(examples, labels, known)
            for page in turn.tested:
                scores[mode, step].add(_judged(page, model))
    large = [turn for turn in rounds_of(own, 1) if timed and len(turn.pool) >= TIMED_AT]
    return dict(scores), [_time_of(turn, labels, background) for turn in large]


def _judged(page: GoldPage, model: Model) -> Score:
    """How what a model suggests for a page compares with its gold."""
    found = model.suggest(page.page)
    score = _scored(page, [suggestion.span for suggestion in found])
    gold = set(_runs(page, page.spans))
    runs = [_runs(page, [suggestion.span]) for suggestion in found]
    score.sure = [
        (suggestion.confidence, bool(run) and run[0] in gold)
        for suggestion, run in zip(found, runs, strict=True)
    ]
    return score


def run(
    corpus: str, everything: Sequence[GoldPage], modes: Sequence[str], most: int, jobs: int
) -> Outcome:
    """The scores of a corpus in each form; the time is taken where there is HTML."""
    pages = [page for page in everything if page.corpus == corpus]
    hosts = sorted({page.host for page in pages})
    tested = {turn.host for turn in rounds_of(pages, 1)}
    folds = [frozenset(hosts[index::FOLDS]) for index in range(FOLDS)]
    total: Scores = defaultdict(Score)
    taken: list[Times] = []
    bare = [replace(page, source=b"") for page in everything]
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        work = [
            pool.submit(run_fold, corpus, mode, bare, fold, most, timed=mode == "html")
            for mode in modes
            for fold in folds
            if fold & tested
        ]
        for done in work:
            scores, times = done.result()
            taken += times
            for key, score in scores.items():
                total[key].add(score)
    return total, taken


T = TypeVar("T")


def _timed(work: Callable[[], T]) -> tuple[T, Took]:
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return result, Took(wall * 1_000, cpu * 1_000)


def _time_of(turn: Round, labels: LabelSet, background: Background) -> Times:
    """How long it takes to train at 15 pages of a site, and to suggest for the next one.

    What is kept of the fourteen pages before is there, as it is when an annotator finishes a
    page; nothing of the page just finished and of the next one is. The CRF learns from pages
    that were finished before: the program trains it while the last page is worked on. That is
    not in the time after which suggestions are ready.
    """
    examples = [example_of(page) for page in turn.pool[:TIMED_AT]]
    features_of.cache_clear()
    features_in.cache_clear()
    trained(examples[1:], labels, background)
    older = examples[pages_behind(len(examples)) :]
    crf, training = _timed(lambda: train_crf(older, labels, background))
    model, making = _timed(lambda: make_model(examples, labels, background, crf))
    _, suggesting = _timed(lambda: model.suggest(turn.tested[0].page))
    return training, making, suggesting, making + suggesting


def _table(title: str, rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return "\n".join([f"\n{title}", *lines])


def report(corpus: str, mode: str, scores: Scores) -> dict[str, Any]:
    """Print one corpus in one form, and give its figures."""
    steps = [step for step in STEPS if (mode, step) in scores]
    labels = sorted({name for s in scores.values() for name in s.lines} - {NONE})
    at = {step: scores[mode, step] for step in steps}
    rows = [["finished pages of the site", *map(str, steps)]]
    rows.append(["pages tested", *(str(at[s].pages) for s in steps)])
    rows.append(["edits by hand", *(f"{at[s].by_hand / at[s].pages:.2f}" for s in steps)])
    rows.append(["edits", *(f"{at[s].edits / at[s].pages:.2f}" for s in steps)])
    rows.append(["right at once", *(f"{at[s].untouched / at[s].pages:.0%}" for s in steps)])
    rows += [[f"F1 {name}", *(f"{at[s].f1(name):.3f}" for s in steps)] for name in labels]
    rows.append(["body, by characters", *(f"{at[s].body / at[s].pages:.3f}" for s in steps)])
    for low, high in ((0.0, 0.5), (0.5, 0.8), (0.8, 0.95), (0.95, 1.01)):
        cells = []
        for step in steps:
            right = [good for sure, good in at[step].sure if low <= sure < high]
            cells.append(f"{sum(right) / len(right):.0%} of {len(right)}" if right else "-")
        rows.append([f"exactly right at {low:.0%}–{min(1, high):.0%} sure", *cells])
    click.echo(_table(f"{corpus}, {mode}", rows))
    return {
        "edits": {str(s): at[s].edits / at[s].pages for s in steps},
        "untouched": {str(s): at[s].untouched / at[s].pages for s in steps},
        "f1": {str(s): {name: at[s].f1(name) for name in labels} for s in steps},
    }


@click.command()
@click.option("--corpus", "folder", required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="also write them here")
@click.option("--quick", is_flag=True, help="one round a site, with HTML only, no extractors")
@click.option("--rounds", default=2, show_default=True, help="of five pages, of a large site")
@click.option("--jobs", default=2, show_default=True)
def main(folder: Path, json_file: Path | None, quick: bool, rounds: int, jobs: int) -> None:
    """Print how good suggestions are on the pages of a folder, and how fast."""
    everything = read_corpus(folder)
    figures: dict[str, Any] = {}
    for corpus in sorted({page.corpus for page in everything}):
        pages = [page for page in everything if page.corpus == corpus]
        found = sum(page.share >= 0.95 for page in pages)
        click.echo(f"\n{corpus}: {len(pages)} pages, {found} with 95 % of their gold in the text")
        modes = ("html",) if quick else ("text", "html")
        scores, taken = run(corpus, everything, modes, 1 if quick else rounds, jobs)
        for mode in modes:
            figures.setdefault(corpus, {})[mode] = report(corpus, mode, scores)
        if not quick:
            tested = [page for turn in rounds_of(pages, rounds) for page in turn.tested]
            rows = [["body, by characters", *(name for name, _ in extractors())]]
            rows.append(["", *(f"{f1:.3f}" for f1 in _extracted(tested, jobs))])
            click.echo(_table(f"{corpus}, programs that extract the body", rows))
        if taken:
            click.echo(
                _table(f"{corpus}, at {TIMED_AT} pages of the site", list(_time_rows(taken)))
            )
    if not quick:
        figures["second look"] = measure_second_look(everything, SEEDED_ERRORS, 1, jobs)
    if json_file:
        json_file.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def _time_rows(taken: Sequence[Times]) -> Iterator[list[str]]:
    yield [f"ms, {len(taken)} sites", "median", "worst", "median of the processor", "worst"]
    for name, of in zip(_WORK, zip(*taken, strict=True), strict=True):
        walls, cpus = [took.wall for took in of], [took.cpu for took in of]
        cells = (median(walls), max(walls), median(cpus), max(cpus))
        yield [name, *(f"{cell:.0f}" for cell in cells)]


def _extracted(pages: Sequence[GoldPage], jobs: int) -> list[float]:
    """How well each program that extracts the body does, in the order of ``extractors``."""
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        found = list(pool.map(_extracted_from, pages, chunksize=20))
    return [sum(column) / len(pages) for column in zip(*found, strict=True)]


def _extracted_from(page: GoldPage) -> list[float]:
    body = body_text(page.page, page.spans)
    return [body_f1(extract(page.source), body) for _, extract in extractors()]


if __name__ == "__main__":
    main()
