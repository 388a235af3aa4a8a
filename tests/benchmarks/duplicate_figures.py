"""How well pages with the same article are found: on real pages, and on articles moved by hand."""

import random
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path

from segmark.core.page import Page
from segmark.core.text.likeness import shingles
from segmark.store.store import Store

from tests.benchmarks import made_projects
from tests.benchmarks.gold_pages import GoldPage

_MOVED = 300  # pages of each kind
_SHORTEST = 1000  # code points of an article that is moved
_FOUND = 0.95  # of its gold
_SAME = 0.5  # of all the shingles of two articles, from which on they are the same


def measure(folder: Path, pages: Sequence[GoldPage]) -> Iterator[str]:
    """Lines that say what was found, and what should have been."""
    with made_projects.new_store(folder / "duplicates.segmark") as store:
        numbers = [_added(store, each.page) for each in pages]
        yield from _as_they_are(store, pages, numbers)
        yield from _moved(store, pages, numbers)


def _added(store: Store, page: Page) -> int:
    with store.write():
        store.pages.add(page, page.text.encode())
        store.duplicates.compare_new(1)
    return store.pages.number_of(page.id) or 0


def _article(page: GoldPage) -> str:
    return "\n".join(page.page.text[s.start : s.end] for s in page.sure if s.label == "body")


def _as_they_are(store: Store, pages: Sequence[GoldPage], numbers: Sequence[int]) -> Iterator[str]:
    articles = [shingles(_article(page)) for page in pages]
    same = {
        (numbers[one], numbers[other])
        for one, other in combinations(range(len(pages)), 2)
        if len(articles[one] & articles[other]) > _SAME * len(articles[one] | articles[other])
    }
    ids = {store.pages.names(number)[0]: number for number in numbers}
    firsts = {number: store.duplicates.first_of(number) for number in numbers}
    marked = {(ids[first], number) for number, first in firsts.items() if first}
    yield (
        f"near-duplicates: of {len(pages)} pages {len(marked)} are marked; {len(same)} pairs have "
        f"the same article in their gold, {len(same & marked)} of these are marked"
    )
    for first, number in sorted(marked - same):
        sources = " and ".join(store.pages.names(each)[1] for each in (first, number))
        yield f"  marked, but not the same by their gold: {sources}"


def _moved(store: Store, pages: Sequence[GoldPage], numbers: Sequence[int]) -> Iterator[str]:
    """Articles put into other pages in the place of theirs."""
    drawn = random.Random(0)
    long = [at for at, page in enumerate(pages) if len(_article(page)) >= _SHORTEST]
    whole = [at for at in long if pages[at].share >= _FOUND]
    for words_changed in (0.0, 0.01, 0.03):
        for same_site in (True, False):
            found = 0
            for _ in range(_MOVED):
                one, other = _pair(drawn, pages, whole, same_site=same_site)
                text = _in_frame(pages[other], _changed(drawn, _article(pages[one]), words_changed))
                number = _added(store, made_projects.page_of(text))
                found += store.duplicates.first_of(number) in _names(store, numbers[one])
            where = "another page of its site" if same_site else "a page of another site"
            yield (
                f"  its article in {where}, {words_changed:.0%} of the words changed: "
                f"{found / _MOVED:.0%} found"
            )


def _pair(
    drawn: random.Random, pages: Sequence[GoldPage], usable: Sequence[int], *, same_site: bool
) -> tuple[int, int]:
    while True:
        one, other = drawn.sample(usable, 2)
        if (pages[one].site == pages[other].site) == same_site:
            return one, other


def _names(store: Store, number: int) -> set[str]:
    """The ids that say that a page is like this one."""
    return {store.pages.names(number)[0], store.duplicates.first_of(number) or "itself"}


def _changed(drawn: random.Random, text: str, share: float) -> str:
    words = text.split(" ")
    return " ".join("changed" if drawn.random() < share else word for word in words)


def _in_frame(page: GoldPage, article: str) -> str:
    """The page with the article where its own one began."""
    text, pieces, at = page.page.text, list[str](), 0
    for span in page.sure:
        if span.label == "body":
            pieces.append(text[at : span.start])
            at = span.end
    return "\n".join([pieces[0], article, *pieces[1:], text[at:]])
