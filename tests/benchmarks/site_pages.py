"""A project in the middle of one site's pages, for timing the suggestions of the next one.

The pages are those of the corpus beside the project where there is one, else invented.
"""

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from segmark.core.annotation import Status
from segmark.core.edit import accept
from segmark.core.page import Page
from segmark.core.span import Span
from segmark.environment.label_sets import NEWS_LABELS, read_label_set
from segmark.store.store import Store
from segmark.store.suggestions import Policy
from segmark.suggestion.example import TrainingExample

from tests.benchmarks.gold_pages import read_corpus
from tests.benchmarks.made_projects import ANNOTATOR, new_store
from tests.places import SHARED
from tests.suggestion.pages import news

CORPUS = SHARED / "corpus"
_PAGES = 26  # of the site
_FURNITURE = 120  # lines of an invented page's menus
_OTHERS = 7  # other sites that teach


@dataclass(frozen=True, slots=True)
class Site:
    """The pages of one site with their gold, and finished pages of other sites.

    Attributes:
        sources: the HTML of pages, by their ids; invented pages have none.
    """

    name: str
    own: Sequence[TrainingExample]
    others: Sequence[TrainingExample]
    sources: Mapping[str, bytes]


@cache
def site() -> Site:
    """The site that is timed: of those with the most pages in the corpus the one with most text."""
    if not CORPUS.is_dir():
        others = [_invented(page, site) for site in range(1, _OTHERS + 1) for page in range(9)]
        return Site("invented", [_invented(number, 0) for number in range(_PAGES)], others, {})
    sites: defaultdict[str, list[TrainingExample]] = defaultdict(list)
    hosts, sources = {}, {}
    for page in read_corpus(CORPUS):
        sources[page.page.id] = page.source
        sites[page.site].append(TrainingExample(page.page, page.spans))
        hosts[page.site] = page.host
    most = max(len(pages) for pages in sites.values())
    fullest = [name for name in sorted(sites) if len(sites[name]) == most]
    name = max(fullest, key=lambda one: sum(len(page.page.text) for page in sites[one]))
    others = [page for one in sorted(sites) if hosts[one] != hosts[name] for page in sites[one][:3]]
    return Site(name, sites[name], others, sources)


def project(path: Path, *, finished: int, elsewhere: int) -> Store:
    """A project of the site's pages, some of them finished, after finished ones of other sites."""
    store = new_store(path)
    with store.write():
        for page in [*site().others[:elsewhere], *site().own]:
            source = site().sources.get(page.page.id, page.page.text.encode())
            store.pages.add(page.page, source)
        store.suggestions.keep_policy(Policy(blind_share=0))
    pages = [*site().others[:elsewhere], *site().own[:finished]]
    for number, page in enumerate(pages, start=1):
        _finish(store, number, page.page, page.spans)
    return store


def _finish(store: Store, number: int, page: Page, spans: Sequence[Span]) -> None:
    annotations, labels = store.annotations(ANNOTATOR), read_label_set(NEWS_LABELS)
    before = annotations.get(number)
    if edit := accept(page.text, before, labels, spans, "Page done", Status.DONE):
        annotations.save(number, edit)


def _invented(number: int, site: int) -> TrainingExample:
    page = news(1_000 * site + number)
    chosen = random.Random(site)
    menu = "".join(f"Menu {chosen.randrange(999)}\n" for _ in range(_FURNITURE))
    anchors = {at + len(menu): anchor for at, anchor in page.page.anchors.items()}
    info = replace(page.page.info, site=f"site{site}.example")
    moved = (s._replace(start=s.start + len(menu), end=s.end + len(menu)) for s in page.spans)
    made = Page.of(f"site{site}page{number}", menu + page.page.text, info, anchors)
    return TrainingExample(made, tuple(moved))
