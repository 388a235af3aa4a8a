"""Learn the prior that ships with the program, and write it where the program finds it.

Usage: python -m tests.prior --corpus DIR   (or make prior CORPUS=DIR)

The same pages and the same version of CRFsuite give the same bytes.
"""

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

import click
from segmark.environment.label_sets import NEWS_LABELS, read_label_set
from segmark.environment.resource_path import resource_path
from segmark.suggestion.crf import ConditionalRandomField, TrainingParameters, train
from segmark.suggestion.example import TrainingExample
from segmark.suggestion.features import Features, features_of
from segmark.suggestion.prior import Prior, host_digest
from segmark.suggestion.tags import LabelRules, training_sequence

from tests.benchmarks.gold_pages import GoldPage, read_corpus
from tests.half_cleaned import half_cleaned
from tests.places import ROOT

_IDENTITY = ROOT / "app/segmark/suggestion/prior_identity.py"
_PARAMETERS = TrainingParameters(c1=2.5, c2=0.01, iterations=60)
#: Of a site with many pages, so many are learnt: others are hardly different, and the few sites
#: with many pages have no captions in their gold.
_MOST_OF_A_SITE = 4
#: The smallest number of hosts that use a class word which the prior may know.
_LEAST_HOSTS = 2
_CLASS_WORD = re.compile("c[01]?=")
#: How many finished pages the rules of the prior count for: from then on a project's own count.
_WORTH = 5


def learn_prior(pages: Sequence[GoldPage]) -> Prior:
    """Learn the prior from pages with gold, from their HTML and from their text alone."""
    hosts = frozenset(host_digest(page.host) for page in pages)
    return Prior(rules(), learn_marked(pages), learn_plain(pages), hosts)


def rules() -> LabelRules:
    """Return what the prior knows about the labels of news pages."""
    labels = read_label_set(NEWS_LABELS)
    joining = frozenset(label.name for label in labels if label.joins)
    return LabelRules(labels.names, joining, frozenset({"headline"}), _WORTH)


def learn_marked(pages: Sequence[GoldPage]) -> ConditionalRandomField:
    """Learn the field for pages with markup."""
    return _learn(list(_chosen(pages)))


def learn_plain(pages: Sequence[GoldPage]) -> ConditionalRandomField:
    """Learn the field for plain text, from whole pages and from half-cleaned ones."""
    texts = [page.plain() for page in _chosen(pages)]
    return _learn([*texts, *map(half_cleaned, texts)])


def _chosen(pages: Sequence[GoldPage]) -> Iterator[GoldPage]:
    """Yield the pages to learn from: all of a small site, some of a large one."""
    sites: defaultdict[str, list[GoldPage]] = defaultdict(list)
    for page in pages:
        sites[page.site].append(page)
    for site, own in sorted(sites.items()):
        yield from random.Random(site).sample(own, len(own))[:_MOST_OF_A_SITE]


def _learn(pages: Sequence[GoldPage]) -> ConditionalRandomField:
    known = _class_words(pages)
    sequences = []
    for page in pages:
        features = features_of(page.page)
        tags = training_sequence(TrainingExample(page.page, page.spans), features, rules()).tags
        sequences.append((list(_allowed(features, known)), tags))
    return train(sequences, _PARAMETERS)


def _class_words(pages: Sequence[GoldPage]) -> set[str]:
    """Return the features of class words that occur on several hosts."""
    hosts: defaultdict[str, set[str]] = defaultdict(set)
    for page in pages:
        for name in {name for names in features_of(page.page).general for name in names}:
            if _CLASS_WORD.match(name):
                hosts[name].add(page.host)
    return {name for name, of in hosts.items() if len(of) >= _LEAST_HOSTS}


def _allowed(features: Features, known: set[str]) -> Iterator[Mapping[str, float]]:
    for names in features.general:
        yield {name: 1.0 for name in names if name in known or not _CLASS_WORD.match(name)}


@click.command()
@click.option("--corpus", required=True, type=click.Path(path_type=Path, exists=True))
def main(corpus: Path) -> None:
    """Learn the prior from the pages of a folder, and write it where the program finds it."""
    data = learn_prior(read_corpus(corpus)).to_bytes()
    path = resource_path("models", "prior.bin")
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    digest = sha256(data).hexdigest()
    code = _IDENTITY.read_text(encoding="utf-8")
    _IDENTITY.write_text(re.sub('SHA256 = ".*"', f'SHA256 = "{digest}"', code), encoding="utf-8")
    click.echo(f"{path}: {len(data):,} bytes, SHA-256 {digest}")


if __name__ == "__main__":
    main()
