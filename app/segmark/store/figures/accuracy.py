"""The accuracy of suggestions, by the labels of finished pages, and how annotators took them.

A suggestion was right if the finished page has the same span, edge to edge, with the same label. If
it was shown, that may be because nobody looked; the labels on blind pages, where none was shown,
are the honest measure. Pages without suggestions do not count.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import sqrt

from segmark.store.file.connection import Database
from segmark.store.file.label_rows import name_of_label, present_label

#: A fixation of the eye in reading takes about a quarter of a second (Rayner 1998, Psychological
#: Bulletin 124: 200 to 250 ms), and a suggestion has two edges to look at.
SECONDS_TO_SEE = 0.5

_NORMAL_95 = 1.96


@dataclass(frozen=True, slots=True)
class Tally:
    """The number of suggestions, of those that were right, and of spans on the finished pages."""

    suggested: int = 0
    right: int = 0
    labelled: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.suggested + other.suggested,
            self.right + other.right,
            self.labelled + other.labelled,
        )

    @property
    def precision(self) -> float | None:
        """The share of suggestions that were right; None without suggestions."""
        return self.right / self.suggested if self.suggested else None

    @property
    def recall(self) -> float | None:
        """The share of labelled spans that were suggested; None without spans."""
        return self.right / self.labelled if self.labelled else None

    @property
    def bounds(self) -> tuple[float, float]:
        """The 95 % confidence interval of the precision, by Wilson."""
        count = self.suggested
        if not count:
            return 0.0, 1.0
        share, square = self.right / count, _NORMAL_95**2
        middle = share + square / (2 * count)
        reach = _NORMAL_95 * sqrt(share * (1 - share) / count + square / (4 * count**2))
        scale = 1 + square / count
        return max(0.0, (middle - reach) / scale), min(1.0, (middle + reach) / scale)


@dataclass(frozen=True, slots=True)
class JudgedPage:
    """A finished page that had suggestions.

    Attributes:
        day: the day when it was finished, as ``2026-01-31`` (UTC).
        blind: whether its suggestions were not shown.
        labels: tallies by label, without labels that were neither suggested nor used.
    """

    site: str
    annotator: str
    day: str
    blind: bool
    labels: dict[str, Tally] = field(default_factory=dict)

    @property
    def total(self) -> Tally:
        """The tally of all labels together."""
        return sum(self.labels.values(), Tally())


@dataclass(frozen=True, slots=True)
class Stamps:
    """How an annotator took pages whose suggestions were shown.

    Attributes:
        pages: finished pages with suggestions.
        whole: those on which each suggestion was accepted unchanged.
        unread: those of them that were accepted faster than they can be read, in less than
            ``SECONDS_TO_SEE`` for each suggestion.
    """

    pages: int
    whole: int
    unread: int

    def __str__(self) -> str:
        if not self.pages:
            return "no finished page had suggestions"
        text = f"{self.whole:,} of {self.pages:,} pages with suggestions accepted whole"
        if not self.unread:
            return text
        return (
            f"{text}; warning: {self.unread:,} of them faster than they can be read, "
            f"in less than {SECONDS_TO_SEE:g} s for each suggestion"
        )


class Accuracy:
    """The finished pages with suggestions of a project, in the order of finishing."""

    def __init__(self, pages: Sequence[JudgedPage]) -> None:
        self.pages = pages

    def part(self, *, blind: bool) -> "Accuracy":
        """Only the blind pages, or only those whose suggestions were shown."""
        return Accuracy([page for page in self.pages if page.blind is blind])

    @property
    def total(self) -> Tally:
        """The tally of all pages together."""
        return sum((page.total for page in self.pages), Tally())

    def by_label(self, names: Iterable[str]) -> dict[str, Tally]:
        """The tallies by label, in the order of the names."""
        found = dict.fromkeys(names, Tally())
        for page in self.pages:
            for name, tally in page.labels.items():
                found[name] = found.get(name, Tally()) + tally
        return found

    def by_site(self) -> dict[str, Tally]:
        """The tallies by site, the site with the most suggestions first."""
        found = self._by(lambda page: page.site)
        return dict(sorted(found.items(), key=lambda one: (-one[1].suggested, one[0])))

    def by_annotator(self) -> dict[str, Tally]:
        """The tallies by annotator, in alphabetical order."""
        return dict(sorted(self._by(lambda page: page.annotator).items()))

    def over_time(self, groups: int) -> list["Accuracy"]:
        """The pages in at most so many groups of about equal size, in order."""
        count = len(self.pages)
        groups = min(groups, count)
        edges = [count * index // groups for index in range(groups + 1)] if groups else []
        return [Accuracy(self.pages[first:last]) for first, last in pairwise(edges)]

    def _by(self, key: Callable[[JudgedPage], str]) -> dict[str, Tally]:
        found: defaultdict[str, Tally] = defaultdict(Tally)
        for page in self.pages:
            found[key(page)] += page.total
        return dict(found)


_FINISHED = """FROM offer JOIN annotation USING (page, annotator)
    JOIN page ON page.number = page JOIN annotator ON annotator.number = offer.annotator
WHERE status = 'done' AND EXISTS (SELECT 1 FROM suggestion
    WHERE suggestion.offer = offer.number AND confidence >= threshold)"""
_RIGHT = f"""LEFT JOIN span ON span.page = offer.page AND span.annotator = offer.annotator
    AND span."start" = suggestion."start" AND span."end" = suggestion."end"
    AND span.label = {present_label("suggestion.label")}"""


def read_accuracy(database: Database) -> Accuracy:
    """Read the accuracy of the suggestions of a project."""
    finished = database.query(
        f"""SELECT offer.number AS offer, site, annotator.name AS annotator, changed_at, blind
        {_FINISHED} ORDER BY changed_at, offer.number"""
    )
    pages = {
        row["offer"]: JudgedPage(
            row["site"], row["annotator"], row["changed_at"][:10], bool(row["blind"])
        )
        for row in finished
    }
    suggested = database.execute(
        f"""SELECT offer, {name_of_label(present_label("suggestion.label"))} AS named, count(*),
            count(span.page), 0
        FROM suggestion JOIN offer ON offer.number = offer {_RIGHT}
        WHERE confidence >= threshold AND named <> '' GROUP BY 1, 2"""
    )
    labelled = database.execute(
        f"""SELECT offer.number, {name_of_label("span.label")}, 0, 0, count(*)
        FROM offer JOIN span USING (page, annotator) GROUP BY 1, 2"""
    )
    for offer, label, *counts in [*suggested.fetchall(), *labelled.fetchall()]:
        if page := pages.get(offer):
            page.labels[label] = page.labels.get(label, Tally()) + Tally(*counts)
    return Accuracy(list(pages.values()))


def read_totals(database: Database) -> dict[bool, Tally]:
    """Read the total of suggestions for finished pages: of blind pages (True) and of others.

    The tallies only count ``suggested`` and ``right``.
    """
    rows = database.execute(
        f"""SELECT blind, count(*), count(span.page)
        FROM suggestion JOIN offer ON offer.number = offer
            JOIN annotation USING (page, annotator) {_RIGHT}
        WHERE status = 'done' AND confidence >= threshold GROUP BY blind"""
    ).fetchall()
    return {False: Tally(), True: Tally()} | {bool(row[0]): Tally(*row[1:]) for row in rows}


def read_certainty(database: Database) -> list[tuple[float, bool]]:
    """Read the confidence of each suggestion for a finished page, and whether it was right."""
    rows = database.execute(
        f"""SELECT confidence, span.page IS NOT NULL
        FROM suggestion JOIN offer ON offer.number = offer
            JOIN annotation USING (page, annotator) {_RIGHT}
        WHERE status = 'done'"""
    ).fetchall()
    return [(confidence, bool(right)) for confidence, right in rows]


@dataclass(frozen=True, slots=True)
class BlindPage:
    """A finished page whose suggestions were kept back, so that its labels owe nothing to them.

    Attributes:
        id: the page's id.
        suggested: the confidence of each suggestion, and whether it was right.
        labelled: how many spans the page has.
    """

    id: str
    site: str
    annotator: str
    suggested: Sequence[tuple[float, bool]]
    labelled: int

    @property
    def found(self) -> int:
        """How many of the labelled spans were suggested."""
        return sum(right for _, right in self.suggested)


def read_blind_pages(database: Database) -> list[BlindPage]:
    """Read the finished pages that were labelled blind, in load order."""
    rows = database.execute(
        f"""SELECT page.id, site, annotator.name, (
                SELECT json_group_array(json_array(confidence, span.page IS NOT NULL))
                FROM suggestion {_RIGHT} WHERE suggestion.offer = offer.number),
            (SELECT count(*) FROM span
                WHERE span.page = offer.page AND span.annotator = offer.annotator)
        FROM offer JOIN annotation USING (page, annotator)
            JOIN page ON page.number = offer.page
            JOIN annotator ON annotator.number = offer.annotator
        WHERE status = 'done' AND blind AND offer.page NOT IN removed_page
        ORDER BY offer.page, annotator.name"""
    )
    return [
        BlindPage(page, site, who, [(score, bool(right)) for score, right in json.loads(spans)], n)
        for page, site, who, spans, n in rows
    ]


def read_stamps(database: Database, annotator: str) -> Stamps:
    """Read how the annotator took pages whose suggestions were shown."""
    row = database.execute(
        """SELECT count(*), coalesce(sum(taken = shown), 0),
            coalesce(sum(taken = shown AND seconds < shown * ?), 0)
        FROM (SELECT count(*) AS shown, sum(verdict = 'accepted') AS taken,
                max(seconds) AS seconds
            FROM offer JOIN annotation USING (page, annotator)
                JOIN suggestion ON offer = offer.number
            WHERE annotator = (SELECT number FROM annotator WHERE name = ?)
                AND status = 'done' AND NOT blind AND confidence >= threshold
            GROUP BY offer.number)""",
        [SECONDS_TO_SEE, annotator],
    ).fetchone()
    return Stamps(*row)
