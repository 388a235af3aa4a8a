"""Sums of the scores of pages, in memory that does not grow with the number of pages."""

import zlib
from array import array
from bisect import insort
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean, median
from typing import Any, Generic, TypeVar

from segmark.jobs.evaluation import LabelScores
from segmark.jobs.scoring.calibration import Certainty
from segmark.jobs.scoring.scores import GroupScores, ModelScores, PageScore, Units

#: The most groups that are drawn for an interval; more sites or pages are put together at random.
MOST_GROUPS = 2000

_Item = TypeVar("_Item")


class Least(Generic[_Item]):
    """The items that come first by a key, so many at most, of all that were offered."""

    def __init__(self, most: int, key: Callable[[_Item], Any]) -> None:
        self.items: list[_Item] = []
        self._most, self._key = most, key

    def offer(self, item: _Item) -> None:
        """Keep an item if it is among them."""
        insort(self.items, item, key=self._key)
        del self.items[self._most :]


@dataclass(slots=True)
class _Cell:
    """The sums of some pages."""

    pages: int = 0
    labels: dict[str, LabelScores] = field(default_factory=dict)
    body: float = 0.0
    bodies: int = 0

    def add(self, page: PageScore) -> None:
        self.pages += 1
        self._add_labels(page.labels)
        if page.body is not None:
            self.body += page.body
            self.bodies += 1

    def merge(self, other: "_Cell") -> None:
        self.pages += other.pages
        self._add_labels(other.labels)
        self.body += other.body
        self.bodies += other.bodies

    def _add_labels(self, labels: Mapping[str, LabelScores]) -> None:
        for name, scores in labels.items():
            self.labels[name] = self.labels.get(name, LabelScores()) + scores

    def group(self) -> GroupScores:
        labels = dict(sorted(self.labels.items()))
        return GroupScores(self.pages, labels, self.body, self.bodies)


class _Groups:
    """Cells by name; when there are too many, names are put together by their checksum."""

    def __init__(self) -> None:
        self.cells = defaultdict[str, _Cell](_Cell)
        self._full = False

    def cell(self, name: str) -> _Cell:
        if not self._full and name not in self.cells and len(self.cells) == MOST_GROUPS:
            self._full, before = True, self.cells
            self.cells = defaultdict(_Cell)
            for other, cell in before.items():
                self.cells[_group(other)].merge(cell)
        return self.cells[_group(name) if self._full else name]


def _group(name: str) -> str:
    return str(zlib.crc32(name.encode()) % MOST_GROUPS)


class ModelSums:
    """Adds up the scores of one model, page by page.

    Args:
        name: of the model.
        worst: how many of the worst pages are kept.
    """

    def __init__(self, name: str, worst: int) -> None:
        self._name = name
        self._cells = defaultdict[tuple[str, str], _Cell](_Cell)  # by site and part
        self._without_site, self._of_only_site = _Groups(), _Groups()
        self._sites = set[str]()
        self._alone = self._missing = 0
        self._lines, self._characters = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
        self._bodies = array("d")
        self._worst = Least[PageScore](worst, _badness)
        self.certainty = Certainty()

    def add(self, page: PageScore) -> None:
        """Add a page."""
        self._cells[page.site, page.part].add(page)
        self._add_to_units(page)
        self._missing += page.missing
        self._lines.update(page.lines)
        self._characters.update(page.characters)
        if page.body is not None:
            self._bodies.append(page.body)
        if page.wrong:
            self._worst.offer(page)

    def _add_to_units(self, page: PageScore) -> None:
        if page.site:
            self._sites.add(page.site)
        else:
            self._alone += 1
            self._without_site.cell(page.id).add(page)
        if self._is_only_site:
            self._of_only_site.cell(page.id).add(page)
        else:
            self._of_only_site = _Groups()

    @property
    def _is_only_site(self) -> bool:
        return len(self._sites) == 1 and not self._alone

    def scores(self, unlabelled: int) -> ModelScores:
        """The scores of all pages so far; so many others were predicted and have no labels."""
        whole = _Cell()
        for cell in self._cells.values():
            whole.merge(cell)
        return ModelScores(
            self._name,
            whole.pages,
            self._missing,
            unlabelled,
            whole.group().labels,
            self._lines,
            self._characters,
            self._by(0),
            self._by(1),
            (fmean(self._bodies), median(self._bodies)) if self._bodies else None,
            self.certainty.calibration(),
            tuple(self._worst.items),
            self._units(),
        )

    def _by(self, at: int) -> dict[str, GroupScores]:
        found = defaultdict[str, _Cell](_Cell)
        for key, cell in self._cells.items():
            found[key[at]].merge(cell)
        return {name: found[name].group() for name in sorted(found)}

    def _units(self) -> Units:
        """What is drawn: the pages of each site; a page without a site stands for itself."""
        if self._is_only_site:
            pages = sum(cell.pages for cell in self._cells.values())
            return Units("page", pages, _in_order(self._of_only_site.cells))
        found = _Groups()
        for (site, _), cell in self._cells.items():
            if site:
                found.cell(f"site {site}").merge(cell)
        for name, cell in self._without_site.cells.items():
            found.cell(f"page {name}").merge(cell)
        return Units("site", len(self._sites) + self._alone, _in_order(found.cells))


def _in_order(cells: Mapping[str, _Cell]) -> Sequence[GroupScores]:
    return [cells[name].group() for name in sorted(cells)]


def _badness(page: PageScore) -> tuple[float, int, str]:
    return page.total.characters.f1 or 0.0, -page.wrong, page.id
