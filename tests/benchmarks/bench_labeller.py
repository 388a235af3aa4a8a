"""How good and how fast the labeller is, beside programs that extract the body of a page.

Usage: python -m tests.benchmarks.bench_labeller --corpus DIR [--folds N] [--json FILE]

Leave-sites-out: the hosts are in five folds, and the pages of a fold are labelled by a labeller
that learnt its prior and its cross-site model from the pages of the other folds. Each page is given
to all programs one after the other, as bytes, in one process; time is that of the processor, from
the bytes to the text of the body, and for the labeller to all spans and scores.
"""

import json
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean, median

import click
from segmark import __version__
from segmark.core.span import Span
from segmark.core.text.word_bag import word_f1
from segmark.jobs.labelling.facts import LabellerFacts
from segmark.jobs.labelling.labeller import Labeller
from segmark.jobs.labelling.labeller_file import Learnt
from segmark.suggestion.background import Background
from segmark.suggestion.cross_site import train_cross_site_model
from segmark.suggestion.model import make_model

from tests.benchmarks.bench_suggestions import FOLDS
from tests.benchmarks.body_extractors import Extract, body_text, extractors
from tests.benchmarks.gold_pages import GoldPage, read_corpus
from tests.benchmarks.learnt_without import example_of, news_labels
from tests.prior import learn_prior

#: Bytes of the page that the time is stated for.
PAGE = 63_000
LABELLER = "segmark"
_WARM_UP = 3  # pages of a fold that each program is given before time is taken


@dataclass(slots=True)
class Measured:
    """What a program did with the pages: F1 and seconds of each, and their bytes."""

    f1: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)

    @property
    def per_page(self) -> float:
        """Milliseconds for ``PAGE`` bytes, over all pages."""
        return 1_000 * PAGE * sum(self.seconds) / sum(self.sizes)


def labeller_without(hosts: frozenset[str], pages: Sequence[GoldPage]) -> Labeller:
    """A labeller that knows no page of these hosts."""
    labels = news_labels()
    others = [page for page in pages if page.host not in hosts]
    cross_site = train_cross_site_model([example_of(page) for page in others], labels)
    background = Background(learn_prior(others), cross_site)
    facts = LabellerFacts(__version__, len(others), len({p.site for p in others}), prior=True)
    names = tuple(label.name for label in labels)
    return Labeller.of(Learnt(names, names, facts, {}, make_model((), labels, background, None)))


def _body_by(labeller: Labeller) -> Extract:
    def body(source: bytes) -> str:
        record = labeller(source)
        return "\n".join(
            record.text[start:end] for start, end, label in record.spans if label == "body"
        )

    return body


def measure(folds: int, pages: Sequence[GoldPage]) -> dict[str, Measured]:
    """Give the pages of so many folds to every program."""
    hosts = sorted({page.host for page in pages})
    found: dict[str, Measured] = defaultdict(Measured)
    for index in range(folds):
        tested = frozenset(hosts[index::FOLDS])
        programs = [(LABELLER, _body_by(labeller_without(tested, pages))), *extractors()]
        own = [page for page in pages if page.host in tested]
        for _, extract in programs:
            for page in own[:_WARM_UP]:
                extract(page.source)
        for page in own:
            for name, extract in programs:
                _take(found[name], page, extract)
        click.echo("\n".join((f"fold {index + 1} of {folds}", *rows(found))), err=True)
    return found


def _take(measured: Measured, page: GoldPage, extract: Extract) -> None:
    start = time.process_time()
    body = extract(page.source)
    measured.seconds.append(time.process_time() - start)
    measured.sizes.append(len(page.source))
    spans: Sequence[Span] = page.spans
    measured.f1.append(word_f1(body, body_text(page.page, spans)))


def rows(found: dict[str, Measured]) -> Iterator[str]:
    """The table."""
    sizes = found[LABELLER].sizes
    kilobytes = fmean(sizes) / 1_000
    yield f"{len(sizes)} pages of sites that were left out, of {kilobytes:.0f} KB on average"
    yield f"{'program':12}  body word F1  median  ms a page of {PAGE // 1000} KB  median ms a page"
    for name, one in found.items():
        yield (
            f"{name:12}  {fmean(one.f1):12.3f}  {median(one.f1):6.3f}  {one.per_page:19.1f}  "
            f"{1_000 * median(one.seconds):16.1f}"
        )


@click.command()
@click.option("--corpus", "folder", required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--folds", type=click.IntRange(1, FOLDS), default=FOLDS, show_default=True)
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="also write them here")
def main(folder: Path, folds: int, json_file: Path | None) -> None:
    """Print how good and how fast the labeller is on the pages of a folder."""
    found = measure(folds, read_corpus(folder))
    for row in rows(found):
        click.echo(row)
    if json_file:
        figures = {
            name: {
                "f1": fmean(one.f1),
                "median_f1": median(one.f1),
                "ms": one.per_page,
                "median_ms": 1_000 * median(one.seconds),
            }
            for name, one in found.items()
        }
        json_file.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
