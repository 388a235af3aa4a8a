"""How many seeded errors are among the first places of a second look at finished pages.

Usage: python -m tests.benchmarks.second_look_figures --corpus DIR [--json FILE] [--errors N]
       [--pages N] [--seed N] [--jobs N] [--show N]

Errors are put into the gold of the folder: labels swapped, edges moved by a block, paragraphs of a
body lost, headlines on a byline or a menu line; as many of each, at most one a page. Each corpus is
then a project with these pages finished. A place that is none of these errors counts against the
second look, also where the gold itself is wrong; ``--show`` prints such places.

The hosts of the folder are split in two: the method was tuned on one half only.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import click
from segmark.suggestion.background import Background
from segmark.suggestion.cross_site import train_cross_site_model
from segmark.suggestion.second_look.finding import FindingGroup, Place, in_groups, walk
from segmark.suggestion.second_look.surprise import look_again

from tests.benchmarks.gold_pages import GoldPage, read_corpus
from tests.benchmarks.learnt_without import example_of, news_labels, prior_for
from tests.benchmarks.seeded_errors import SeededError, put_errors

FIRST = (50, 100, 200)
_FOLDS = 5
_TOGETHER = 20  # pages of a site that teach each other, as in the program
_SHOWN = 70  # characters of a text


@dataclass(frozen=True, slots=True)
class Seen:
    """A place of the walk: its page, and the error that it shows for the first time, if any."""

    place: Place
    page: GoldPage
    error: str

    def line(self) -> str:
        one = self.place.finding
        text = " ".join(self.page.page.text[one.span.start : one.span.end].split())
        return f"{one.surprise:5.2f}  {self.page.site}  {one.reason}  “{text[:_SHOWN]}”"


def looked_at(
    corpus: str, pages: Sequence[GoldPage], clean: Sequence[GoldPage], hosts: frozenset[str]
) -> list[FindingGroup]:
    """The findings on a corpus's pages of some hosts; the prior learns from clean pages."""
    labels = news_labels()
    own = [(at, page) for at, page in enumerate(pages) if page.corpus == corpus]
    others = [example_of(page) for _, page in own if page.host not in hosts]
    background = Background(prior_for(hosts, clean), train_cross_site_model(others, labels))
    sites: defaultdict[str, list[tuple[int, GoldPage]]] = defaultdict(list)
    for at, page in own:
        if page.host in hosts:
            sites[page.site].append((at, page))
    groups = list[FindingGroup]()
    for site, those in sorted(sites.items()):
        places = list[Place]()
        for first in range(0, len(those), _TOGETHER):
            together = those[first : first + _TOGETHER]
            examples = [example_of(page) for _, page in together]
            for index, found in look_again(examples, labels, background):
                places += [Place(together[index][0], one) for one in found]
        groups += in_groups(site, places)
    return groups


def _walked(
    pages: Sequence[GoldPage], groups: Sequence[FindingGroup], errors: Sequence[SeededError]
) -> Iterator[Seen]:
    """The places in their order; an error counts where it is shown first."""
    by_page: defaultdict[str, list[SeededError]] = defaultdict(list)
    for error in errors:
        by_page[error.page].append(error)
    found = set[str]()
    for place in walk(groups):
        page, one = pages[place.page], place.finding
        ranges = [one.span, *([one.instead] if one.instead else [])]
        hit = next(
            (
                error.kind
                for error in by_page[page.page.id]
                if any(error.start < span.end and span.start < error.end for span in ranges)
            ),
            "",
        )
        yield Seen(place, page, hit if page.page.id not in found else "")
        if hit:
            found.add(page.page.id)


def tuned_on(pages: Sequence[GoldPage]) -> frozenset[str]:
    """The hosts that the method was tuned on: every second one of each corpus."""
    hosts = sorted({(page.corpus, page.host) for page in pages})
    return frozenset(host for _, host in hosts[::2])


def _some(pages: Sequence[GoldPage], most: int | None) -> list[GoldPage]:
    """All pages, or about so many: whole hosts, evenly picked."""
    hosts = sorted({page.host for page in pages})
    step = 1 if most is None else max(1, len(pages) // most)
    chosen = set(hosts[::step])
    return [page for page in pages if page.host in chosen]


def measure(
    everything: Sequence[GoldPage], count: int, seed: int, jobs: int, show: int = 0
) -> dict[str, Any]:
    """Print how many of the first places are seeded errors, and give the figures."""
    clean = [replace(page, source=b"") for page in everything]
    pages, errors = put_errors(clean, news_labels(), count, seed)
    folds = []
    for corpus in sorted({page.corpus for page in pages}):
        hosts = sorted({page.host for page in pages if page.corpus == corpus})
        folds += [(corpus, frozenset(hosts[index::_FOLDS])) for index in range(_FOLDS)]
    groups = list[FindingGroup]()
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        work = [pool.submit(looked_at, name, pages, clean, fold) for name, fold in folds if fold]
        for done in work:
            groups += done.result()
    kinds = {error.page: error.kind for error in errors}
    figures: dict[str, Any] = {"pages": len(pages), "errors": len(kinds), "groups": len(groups)}
    tuned = tuned_on(everything)
    whole = list(_walked(pages, groups, errors))
    parts = {
        "all sites": whole,
        "sites that it was tuned on": [seen for seen in whole if seen.page.host in tuned],
        "other sites": [seen for seen in whole if seen.page.host not in tuned],
    }
    click.echo(f"\nsecond look: {len(kinds)} errors put into {len(pages)} finished pages")
    for name, walked in parts.items():
        covered = {seen.page.host for seen in walked}
        seeded = sum(page.host in covered and page.page.id in kinds for page in pages)
        found = {str(first): sum(bool(one.error) for one in walked[:first]) for first in FIRST}
        figures[name] = {"errors": seeded, "found": found, "places": len(walked)}
        cells = ", ".join(f"{hits} of the first {first}" for first, hits in found.items())
        click.echo(f"{name} ({seeded} errors): {cells} places are such")
    by_kind = Counter(one.error for one in whole[: FIRST[1]] if one.error)
    figures["kinds among the first 100"] = dict(by_kind)
    click.echo("; ".join(f"{kind}: {hits}" for kind, hits in by_kind.most_common()))
    for at, one in enumerate(whole[:show], 1):
        if not one.error:
            click.echo(f"{at:4} {one.line()}")
    return figures


@click.command()
@click.option("--corpus", "folder", required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="also write them here")
@click.option("--errors", default=200, show_default=True)
@click.option("--pages", type=click.IntRange(10), help="about so many of the folder's pages")
@click.option("--seed", default=1, show_default=True)
@click.option("--jobs", default=2, show_default=True)
@click.option("--show", default=0, show_default=True, help="of so many places, those that are none")
def main(
    folder: Path,
    json_file: Path | None,
    errors: int,
    pages: int | None,
    seed: int,
    jobs: int,
    show: int,
) -> None:
    """Put errors into finished pages, and print how many the second look shows first."""
    figures = measure(_some(read_corpus(folder), pages), errors, seed, jobs, show)
    if json_file:
        json_file.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
