"""Texts that a site repeats and that are labelled in two ways: a comment policy, a ticker."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import blake2b

from segmark.core.span import Span, covering
from segmark.core.text.normalise import trim
from segmark.suggestion.example import TrainingExample
from segmark.suggestion.second_look.template import template_at

#: The least number of code points of a text that is compared. A shorter one, such as "Share",
#: means something else at each place.
_LEAST = 12
#: How many characters of the digest name a text.
_SHOWN = 8
_EXCERPT = 40


@dataclass(frozen=True, slots=True)
class DifferingText:
    """A text of a site that is labelled differently on its pages.

    Attributes:
        id: eight characters that name it, the same as long as the text and its place are.
        places: the numbers of the pages, in order, and the ranges with the label that each has;
            ``""`` for none.
    """

    id: str
    site: str
    text: str
    places: tuple[tuple[int, Span], ...]

    @property
    def excerpt(self) -> str:
        """The beginning of the text."""
        return self.text if len(self.text) <= _EXCERPT else f"{self.text[:_EXCERPT]}…"

    @property
    def by_page(self) -> dict[int, list[Span]]:
        """The ranges with their labels, by the number of the page."""
        found: defaultdict[int, list[Span]] = defaultdict(list)
        for page, span in self.places:
            found[page].append(span)
        return dict(found)

    @property
    def labels(self) -> dict[str, int]:
        """On how many pages it has each label, the most frequent first."""
        pages: defaultdict[str, set[int]] = defaultdict(set)
        for page, span in self.places:
            pages[span.label].add(page)
        counts = {label: len(found) for label, found in pages.items()}
        return dict(sorted(counts.items(), key=lambda each: (-each[1], each[0])))


class RepeatedTexts:
    """Collects the texts of a site's finished pages, block by block, with their labels.

    Texts are compared where the template is the same: the headline of a page that is a link on
    another page is a different text there. Case and white space do not count.
    """

    def __init__(self, site: str) -> None:
        self._site = site
        self._places: defaultdict[str, list[tuple[int, Span]]] = defaultdict(list)

    def add(self, page: int, example: TrainingExample) -> None:
        """Add a finished page, given with its number."""
        for name, span in self._read(example):
            self._places[name].append((page, span))

    def differing(self, read: Callable[[int, Span], str]) -> list[DifferingText]:
        """Return the texts with different labels on two pages, those on the most pages first.

        ``read`` returns the text of a range of a page, in one line.
        """
        found = [
            DifferingText(
                name[:_SHOWN], self._site, " ".join(read(*places[0]).split()), tuple(places)
            )
            for name, places in self._places.items()
            if _differ(places)
        ]
        return sorted(found, key=lambda one: (-len(one.places), one.text, one.id))

    def _read(self, example: TrainingExample) -> Iterator[tuple[str, Span]]:
        page = example.page
        for index, block in enumerate(page.blocks):
            start, end = trim(page.text, block.start, block.end)
            text = " ".join(page.text[start:end].casefold().split())
            if len(text) < _LEAST:
                continue
            key = "\n".join((self._site, template_at(page, index), text))
            name = blake2b(key.encode(), digest_size=8).hexdigest()
            span = covering(example.spans, start, end)
            yield name, Span(start, end, span.label if span else "")


def _differ(places: list[tuple[int, Span]]) -> bool:
    """Whether two pages differ; a page that has the text twice may differ from itself."""
    by_page: defaultdict[int, set[str]] = defaultdict(set)
    for page, span in places:
        by_page[page].add(span.label)
    return len({frozenset(labels) for labels in by_page.values()}) > 1
