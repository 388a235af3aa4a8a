"""What it takes a person to label a page: acts, screens looked at, and seconds.

Usage: python -m tests.benchmarks.bench_effort --corpus DIR [--json FILE] [--pages N] [--jobs N]

The real window, on no screen, labels real pages as their gold is, by the policy that
``effort_window`` writes down. Suggestions are those after some finished pages of the site: models
learn as in ``bench_suggestions``, from no tested page, no tested host, and with a prior that has
seen none of the hosts. "by hand" is without suggestions, "first" the first page of a project. At 5
pages, sites with fewer others count as well, with all that they have.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import click
from segmark.store.suggestions import NOTHING, Offer
from segmark.suggestion.background import Background
from segmark.suggestion.cross_site import train_cross_site_model

from tests.benchmarks.bench_suggestions import (
    FIRST,
    FOLDS,
    Round,
    Step,
    rounds_of,
)
from tests.benchmarks.effort_window import Desk, Effort
from tests.benchmarks.gold_pages import GoldPage, read_corpus
from tests.benchmarks.learnt_without import example_of, news_labels, prior_for
from tests.benchmarks.made_projects import new_store
from tests.suggestion.pages import trained

BY_HAND = "by hand"
STEPS: tuple[Step, ...] = (BY_HAND, FIRST, 0, 1, 2, 5, 10)
#: At this step, a site with fewer other pages counts as well, with all that there are.
_ALL_THAT_THERE_ARE = 5
#: Pages with less of their gold in the text are left out: a person could not label them so.
_LEAST_SHARE = 0.95


@dataclass(frozen=True, slots=True)
class Way:
    """How pages are labelled: by mouse or by keys, folded or not."""

    mouse: bool
    folded: bool

    def __str__(self) -> str:
        return f"{'mouse' if self.mouse else 'keys'}, {'folded' if self.folded else 'not folded'}"


WAYS = (Way(False, True), Way(True, True), Way(False, False), Way(True, False))
#: The effort by step and way; None where the policy did not get there.
Outcome = dict[tuple[Step, Way], list[Effort | None]]
#: A page, and what is suggested on it after a number of finished pages.
Task = tuple[GoldPage, Step, Offer]


def tasks_of(turn: Round, cold: Background, warm: Background, tested: int) -> Iterator[Task]:
    """The pages of a round with what is suggested on them at each step."""
    labels = news_labels()
    pages = [page for page in turn.tested if page.share >= _LEAST_SHARE][:tested]
    for step in STEPS:
        count = step if isinstance(step, int) else 0
        if count > len(turn.pool) and step != _ALL_THAT_THERE_ARE:
            continue
        if step == BY_HAND:
            yield from ((page, step, NOTHING) for page in pages)
            continue
        examples = [example_of(page) for page in turn.pool[:count]]
        model = trained(examples, labels, cold if step == FIRST else warm)
        for page in pages:
            suggested, doubts = model.suggest_with_doubts(page.page)
            yield page, step, Offer(suggested, doubts=doubts)


def label_all(tasks: Sequence[Task]) -> Outcome:
    """Label the pages in one window, one after the other, in every way."""
    found: Outcome = defaultdict(list)
    with TemporaryDirectory() as folder, new_store(Path(folder, "effort.segmark")) as store:
        numbers = {}
        for page, _, _ in tasks:
            if page.page.id not in numbers:
                with store.write():
                    store.pages.add(page.page, page.source or b"-")
                numbers[page.page.id] = store.pages.number_of(page.page.id) or 0
        desk = Desk(Path(folder), store)
        for step in STEPS:
            for way in WAYS:
                desk.sit_down(folded=way.folded)
                for page, _, offered in (task for task in tasks if task[1] == step):
                    found[step, way].append(
                        _labelled(desk, numbers[page.page.id], page, offered, mouse=way.mouse)
                    )
        desk.close()
    return dict(found)


def _labelled(
    desk: Desk, number: int, page: GoldPage, offered: Offer, *, mouse: bool
) -> Effort | None:
    try:
        return desk.label(number, offered, page.spans, mouse=mouse)
    except LookupError as error:
        click.echo(f"{page.page.info.source}: {error}", err=True)
        return None


def run_fold(
    corpus: str, everything: Sequence[GoldPage], hosts: frozenset[str], tested: int
) -> Outcome:
    """The effort on the pages of some hosts of a corpus; its other hosts are finished."""
    prior = prior_for(hosts, everything)
    own = [page for page in everything if page.corpus == corpus]
    others = [example_of(page) for page in own if page.host not in hosts]
    warm = Background(prior, train_cross_site_model(others, news_labels()))
    rounds = rounds_of([page for page in own if page.host in hosts], 1)
    tasks = [task for turn in rounds for task in tasks_of(turn, Background(prior), warm, tested)]
    return label_all(tasks)


def run(corpus: str, everything: Sequence[GoldPage], tested: int, jobs: int) -> Outcome:
    """The effort on a corpus."""
    hosts = sorted({page.host for page in everything if page.corpus == corpus})
    bare = [replace(page, source=b"") for page in everything]
    total: Outcome = defaultdict(list)
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        work = [
            pool.submit(run_fold, corpus, bare, frozenset(hosts[index::FOLDS]), tested)
            for index in range(FOLDS)
        ]
        for done in work:
            for key, efforts in done.result().items():
                total[key] += efforts
    return total


def report(corpus: str, outcome: Outcome) -> dict[str, dict[str, float]]:
    """Print the medians of a corpus, and give those of folded pages."""
    click.echo(f"\n{corpus}: medians a page (90th percentile), {len(WAYS)} ways")
    click.echo(
        f"{'finished pages of the site':<28}{'pages':>6}{'acts':>12}{'screens':>14}{'s':>12}"
    )
    figures: dict[str, dict[str, float]] = {}
    for way in WAYS:
        for step in STEPS:
            efforts = outcome.get((step, way), [])
            made = [effort for effort in efforts if effort]
            if not made:
                continue
            acts, looked, seconds = (
                sorted(values)
                for values in zip(*((e.acts, e.screens, e.seconds) for e in made), strict=True)
            )
            click.echo(
                f"{f'{way}: {step}':<28}{len(made):>6}{_both(acts):>12}"
                f"{_both(looked, 2):>14}{_both(seconds):>12}"
                + (f"  {len(efforts) - len(made)} not done" if len(made) < len(efforts) else "")
            )
            if way.folded and step != BY_HAND:
                at = figures.setdefault(str(step), {})
                at["mouse" if way.mouse else "keys"] = median(acts)
                if not way.mouse:
                    at |= {"screens": median(looked), "seconds": median(seconds)}
    return figures


def _both(values: Sequence[float], digits: int = 0) -> str:
    high = values[min(len(values) - 1, int(0.9 * len(values)))]
    return f"{median(values):.{digits}f} ({high:.{digits}f})"


@click.command()
@click.option("--corpus", "folder", required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="also write them here")
@click.option("--pages", default=1, show_default=True, help="tested of each round of a site")
@click.option("--jobs", default=2, show_default=True)
def main(folder: Path, json_file: Path | None, pages: int, jobs: int) -> None:
    """Print what it takes to label the pages of a folder."""
    everything = read_corpus(folder)
    figures: dict[str, Any] = {}
    for corpus in sorted({page.corpus for page in everything}):
        figures[corpus] = report(corpus, run(corpus, everything, pages, jobs))
    if json_file:
        json_file.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
