"""What models learn from gold pages, without those of the hosts that they are measured on."""

from collections.abc import Sequence

from segmark.core.label import LabelSet
from segmark.environment.resource_path import resource_path
from segmark.jobs.suggesting.shipped_prior import PRIOR
from segmark.suggestion.example import TrainingExample
from segmark.suggestion.prior import Prior, host_digest, read_prior

from tests.benchmarks.gold_pages import GoldPage
from tests.prior import learn_marked, learn_plain


def news_labels() -> LabelSet:
    """The labels of the corpus."""
    return LabelSet.from_toml(resource_path("labels", "news.toml").read_text(encoding="utf-8"))


def example_of(page: GoldPage) -> TrainingExample:
    """The page as if an annotator had finished it."""
    return TrainingExample(page.page, page.spans)


def prior_for(hosts: frozenset[str], pages: Sequence[GoldPage], *, plain: bool = False) -> Prior:
    """The prior that ships if it was learnt from none of these hosts, else one without them.

    The latter is for pages with markup, or for plain text; the other form is not learnt.
    """
    shipped = read_prior(PRIOR)
    if shipped.hosts.isdisjoint(map(host_digest, hosts)):
        return shipped
    others = [page for page in pages if page.host not in hosts]
    field = learn_plain(others) if plain else learn_marked(others)
    return Prior(shipped.rules, field, field, frozenset(host_digest(one.host) for one in others))
