"""Filters and orders of pages, held against what plain Python says of the same pages."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from segmark.core.annotation import Status
from segmark.core.queue import PageFilter, PageOrder, Queue, Sort, Strategy
from segmark.core.span import Span
from segmark.core.suggestion import Suggestion
from segmark.store.errors import StoreError
from segmark.store.store import Store

from tests.factories import LABELS, alter, flag, label, make_page, settle, write_note

_SITES = ("", "varn.example", "oder.example")
_WORDS = (
    "Ship",
    "ships",
    "café",
    "Fähre",
    "100%",
    "snake_case",
    "!",
    "Å",
    "ferry-boat",
    "新闻网站",
)


@dataclass(frozen=True, slots=True)
class Made:
    """A page and what one annotator did with it."""

    words: tuple[str, ...]
    title: str = ""
    site: str = ""
    language: str = ""
    folder: str = "a"
    status: Status = Status.NEW
    flagged: bool = False
    note: str = ""
    near: bool = False
    predicted: bool = False
    label: str | None = None
    removed: bool = False

    def text(self, number: int) -> str:
        return f"Page {number}\n{' '.join(self.words)}"

    def source(self, number: int) -> str:
        return f"{self.folder}/{number}.txt"


_made = st.builds(
    Made,
    words=st.lists(st.sampled_from(_WORDS), max_size=4).map(tuple),
    title=st.sampled_from(("", "Ship sails", "Über Oder")),
    site=st.sampled_from(_SITES),
    language=st.sampled_from(("", "en", "de")),
    folder=st.sampled_from(("a", "a/b", "ab", "crawl.jsonl:1")),
    status=st.sampled_from(Status),
    flagged=st.booleans(),
    note=st.sampled_from(("", "", "Ask why 100% of ships sail", "新闻?")),
    near=st.booleans(),
    predicted=st.booleans(),
    label=st.sampled_from((None, "body", "headline")),
    removed=st.booleans(),
)
_either = st.sampled_from((None, True, False))
_filters = st.builds(
    PageFilter,
    status=st.none() | st.sampled_from(Status),
    words=st.sampled_from(
        ("", "", "ship", "SHIP sails", "caf", "hr", "100%", "_", "!", "boat", "新闻")
    ),
    site=st.none() | st.sampled_from(_SITES),
    language=st.sampled_from((None, None, "en", "")),
    source=st.sampled_from((None, None, "a", "a/", "a/b", "crawl.jsonl", "a/1.txt")),
    flagged=_either,
    noted=_either,
    near=_either,
    suggested=_either,
    label=st.sampled_from((None, None, "body")),
    removed=st.booleans(),
    whole_text=st.booleans(),
)
_orders = st.builds(
    PageOrder, st.sampled_from(Sort), st.sampled_from(Strategy), st.integers(0, 2**31 - 1)
)


def _make(path: Path, pages: Sequence[Made]) -> Store:
    store = Store.create(path, LABELS)
    with store.write():
        store.words.begin()
        for number, made in enumerate(pages, start=1):
            page = make_page(
                made.text(number), source=made.source(number), title=made.title, site=made.site,
                language=made.language,
            )  # fmt: skip
            store.pages.add(page, b"")
            if made.predicted:
                store.suggestions.keep_predictions(number, [Suggestion(Span(0, 1, "body"), 1, "")])
        store.words.add_pages(99)
    for number, made in enumerate(pages, start=1):
        if made.near:
            alter(store.path, "INSERT INTO near_duplicate VALUES (?, 0)", number)
        if made.label:
            label(store, "mira", number, made.label)
        if store.annotations("mira").get(number).state.status is not made.status:
            settle(store, "mira", number, made.status)
        if made.flagged:
            flag(store, "mira", number)
        if made.note:
            write_note(store, "mira", number, made.note)
        if made.removed:
            alter(store.path, "INSERT INTO removed_page VALUES (?)", number)
    return store


def _folded(text: str) -> list[str]:
    """The words of a text without case and accents."""
    letters = unicodedata.normalize("NFD", text.lower())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return re.findall(r"[^\W_]+", plain)


def _has_words(made: Made, number: int, shown: PageFilter) -> bool:
    text = made.text(number)
    first_line = text.partition("\n")[0]
    head = "\n".join((made.title, first_line, made.site, made.source(number)))
    noted = [word.lower() in made.note.lower() for word in shown.words.split()]
    if shown.whole_text and "新闻" not in shown.words and noted and all(noted):
        return True
    for word in shown.words.split():
        if not shown.whole_text:
            if word.lower() not in f"{head}\n{made.note}".lower():
                return False
        elif word == "新闻":
            if word not in text + made.note:
                return False
        else:
            there = _folded(f"{made.title} {made.source(number)} {text}")
            for piece in _folded(word):
                if not any(each.startswith(piece) for each in there):
                    return False
    return True


def _fits(made: Made, number: int, shown: PageFilter) -> bool:
    source, folder = made.source(number), (shown.source or "").rstrip("/")
    status = made.status
    return (
        made.removed is shown.removed
        and shown.status in (None, status)
        and shown.site in (None, made.site)
        and shown.language in (None, made.language)
        and (not folder or source == folder or source.startswith((f"{folder}/", f"{folder}:")))
        and shown.flagged in (None, made.flagged)
        and shown.noted in (None, bool(made.note))
        and shown.near in (None, made.near)
        and shown.suggested in (None, made.predicted)
        and shown.label in (None, made.label)
        and _has_words(made, number, shown)
    )


def _sorted(pages: Sequence[Made], numbers: list[int], order: PageOrder) -> list[int]:
    """The pages in an order, by the definition of the order alone."""

    def within(number: int) -> tuple[object, ...]:
        length = len(pages[number - 1].text(number))
        key = {Sort.SHORTEST: length, Sort.LONGEST: -length,
               Sort.SHUFFLED: _shuffled(number, order.seed)}.get(order.sort, number)  # fmt: skip
        return (key, number)

    def site(number: int) -> str:
        return pages[number - 1].site

    in_site: dict[str, list[int]] = {}
    for number in sorted(numbers, key=within):
        in_site.setdefault(site(number), []).append(number)
    by_site = order.sort is Sort.SITE
    sites = sorted(in_site) if by_site else list(in_site)
    if order.strategy is Strategy.SITE_BY_SITE or (by_site and order.strategy is Strategy.IN_ORDER):
        return [number for name in sites for number in in_site[name]]
    if order.strategy is Strategy.SPREAD:
        rounds = max(map(len, in_site.values()), default=0)
        found = []
        for turn in range(rounds):
            one_each = [in_site[name][turn] for name in sites if turn < len(in_site[name])]
            found += one_each if by_site else sorted(one_each, key=within)
        return found
    return sorted(numbers, key=within)


@settings(max_examples=120)
@given(pages=st.lists(_made, max_size=9), shown=_filters, order=_orders)
def test_a_queue_holds_just_the_pages_that_fit_in_just_their_order(
    pages: list[Made], shown: PageFilter, order: PageOrder, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with _make(tmp_path_factory.mktemp("queue") / "news.segmark", pages) as store:
        fitting = [n for n, made in enumerate(pages, start=1) if _fits(made, n, shown)]
        assert list(store.pages.queue("mira", shown, order)) == _sorted(pages, fitting, order)
        nothing_done = [n for n in fitting if pages[n - 1].status is Status.NEW]
        alone = shown.flagged is not True and shown.noted is not True and not shown.words
        if alone and shown.label is None and shown.status in (None, Status.NEW):
            others = replace(shown, flagged=None, noted=None)
            theirs = list(store.pages.queue("jan", others, PageOrder()))
            assert set(nothing_done) <= set(theirs)


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("strategy", Strategy)
def test_every_sort_goes_with_every_strategy(sort: Sort, strategy: Strategy, project: Path) -> None:
    pages = [
        Made(words=_WORDS[:words], site=site)
        for words, site in ((3, "varn"), (1, ""), (2, "oder"), (0, "varn"), (3, ""), (1, "varn"))
    ]
    order = PageOrder(sort, strategy, 5)
    with _make(project, pages) as store:
        queue = store.pages.queue("mira", PageFilter(), order)
        assert list(queue) == _sorted(pages, list(range(1, 7)), order)


@settings(max_examples=60)
@given(
    pages=st.lists(_made.map(lambda made: replace(made, removed=False)), min_size=1, max_size=9),
    order=_orders,
    here=st.integers(0, 9),
    step=st.sampled_from((1, -1)),
)
def test_the_next_unfinished_page_is_the_next_in_the_order(
    pages: list[Made], order: PageOrder, here: int, step: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:  # fmt: skip
    with _make(tmp_path_factory.mktemp("queue") / "news.segmark", pages) as store:
        queue = store.pages.queue("mira", PageFilter(), order)
        numbers = list(queue)
        here = here if here <= len(pages) else 0
        at = numbers.index(here) if here else -1
        ahead = numbers[at + 1 :] + numbers[: max(at, 0)]
        if step < 0 and here:
            ahead = (numbers[at + 1 :] + numbers[:at])[::-1]
            ahead = numbers[:at][::-1] + numbers[at + 1 :][::-1]
        if order.strategy is Strategy.SITE_BY_SITE and here:
            mine = pages[here - 1].site
            ahead.sort(key=lambda number: pages[number - 1].site != mine)
        todo = [number for number in ahead if not pages[number - 1].status.finished]
        assert queue.unfinished(here, step) == next(iter(todo), None)


@given(st.lists(st.integers(1, 2**32 - 1), unique=True, max_size=50), st.data())
def test_a_queue_steps_from_page_to_page_and_stops_at_its_ends(
    numbers: list[int], data: st.DataObject
) -> None:
    queue = Queue()
    half = len(numbers) // 2
    for part in (numbers[:half], numbers[half:]):
        packed = "".join(f"{number:08x}" for number in part)
        queue.extend(packed, "1" * len(part), "0" * len(part))
    assert list(queue) == numbers
    assert queue[1:3] == numbers[1:3]
    assert [queue.place(number) for number in numbers] == list(range(len(numbers)))
    assert [queue.neighbour(a, 1) for a, _ in pairwise(numbers)] == numbers[1:]
    assert [queue.neighbour(b, -1) for _, b in pairwise(numbers)] == numbers[:-1]
    if numbers:
        assert queue.neighbour(numbers[-1], 1) is None
        assert queue.neighbour(numbers[0], -1) is None
        assert queue.neighbour(0, 1) == numbers[0]
        assert queue.unfinished(0, 1) is None
        marked = data.draw(st.sampled_from(numbers))
        queue.mark(marked, finished=False)
        assert queue.unfinished(0, 1) == marked
        assert queue.unfinished(marked, 1) is None


def test_pages_come_in_parts_and_none_is_left_out(project: Path) -> None:
    with Store.create(project, LABELS) as store:
        alter(
            project,
            """INSERT INTO page WITH RECURSIVE numbers (n) AS (
                SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 39999)
            SELECT n, hex(n), '', '', '', '', '', '', 'text', 'Ship', 4, '', '' FROM numbers""",
        )
        read = store.pages.queue_by_parts("mira", PageFilter(words="ship"), PageOrder())
        parts = [len(queue) for queue in read]
        assert parts[0] < parts[-1] == 39_999


def _shuffled(number: int, seed: int) -> int:
    """The sort key of a page in a shuffled order, as ``page_query`` has it in SQL."""
    prime = 2**31 - 1
    at = (number * 48271 + seed * 69621 + 1) % prime
    return (at * at % prime * 16807 + at) % prime


def test_a_shuffled_order_is_another_for_each_seed_and_near_no_other_order() -> None:
    numbers = range(1, 1001)
    orders = [sorted(numbers, key=lambda n, seed=seed: _shuffled(n, seed)) for seed in range(5)]  # type: ignore[misc]
    for order in orders:
        rising = sum(a < b for a, b in pairwise(order))
        assert 400 < rising < 600
    assert len({tuple(order) for order in orders}) == 5


def test_the_text_can_be_searched_once_there_is_an_index(project: Path) -> None:
    with _make(project, [Made(("ferry",))]) as store:
        alter(store.path, "DELETE FROM word_index")
        with pytest.raises(StoreError, match="not built yet"):
            store.pages.queue("mira", PageFilter(words="ferry", whole_text=True), PageOrder())


def test_the_order_is_kept_with_the_project(project: Path) -> None:
    order = PageOrder(Sort.SHUFFLED, Strategy.SPREAD, 7)
    with _make(project, []) as store:
        assert store.order == PageOrder()
        store.keep_order(order)
    with Store.open(project) as store:
        assert store.order == order
