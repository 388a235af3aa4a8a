"""Filters and orders of pages as SQL, written by hand: they run over a million pages."""

import json
import re
from dataclasses import dataclass, field
from functools import cache

from segmark.core.annotation import Status
from segmark.core.queue import Asked, PageFilter, PageOrder, PageWork, Sort, Strategy
from segmark.store.people.people import THEIRS
from segmark.store.word_index import match

#: The number of an annotator, by name.
WHO = "(SELECT number FROM annotator WHERE name = :who)"
#: The annotator has finished the page.
FINISHED = f"""EXISTS (SELECT 1 FROM annotation WHERE annotation.page = page.number
    AND annotator = {WHO} AND status IN ('done', 'skipped'))"""
#: Limits a list of pages to the part that is read: SQLite builds such a list for each part, and
#: finds a page in it faster than in the table.
IN_PART = "page BETWEEN :first AND :last"
#: The same as ``FINISHED``, for many pages.
IS_FINISHED = f"""page.number IN (SELECT page FROM annotation
    WHERE annotator = {WHO} AND status IN ('done', 'skipped') AND {IN_PART})"""
#: A page that was not removed.
KEPT = "page.number NOT IN removed_page"


@cache  # compiling it takes longer than a search
def _unspaced() -> re.Pattern[str]:
    """Characters of scripts without spaces between words.

    The word index would only find the first word of a line.
    """
    return re.compile(
        "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
        "\U00020000-\U0003ffff]"
    )


#: The pages on which the annotator has a note.
_NOTED = f"SELECT page FROM annotation WHERE annotator = {WHO} AND note <> '' AND {IN_PART}"
_MY_EDITS = f"FROM edit WHERE annotator IN {THEIRS} AND field IS NULL"
# Times are kept in UTC, in a form that sorts like the time.
_TODAY = """made_at >=
    strftime('%Y-%m-%dT%H:%M:%S', 'now', 'localtime', 'start of day', 'utc')"""
#: The pages on which the annotator did this; all but the first read the annotator's whole log.
_WORK = {
    PageWork.MINE: f"SELECT page FROM annotation WHERE annotator = {WHO} AND status <> 'new'",
    PageWork.TODAY: f"""SELECT annotation.page FROM annotation JOIN (
            SELECT page, after AS state {_MY_EDITS} AND {_TODAY}
                AND substr(before, 1, 6) <> substr(after, 1, 6)  -- the status comes first
            UNION ALL SELECT act_page.page, '["' || value || '"'
            FROM edit JOIN act_page ON act_page.act = coalesce(edit.act, edit.number)
            WHERE annotator IN {THEIRS} AND field = 'status' AND {_TODAY}
        ) AS settled ON settled.page = annotation.page
        WHERE annotator = {WHO} AND status IN ('done', 'skipped')
            AND state LIKE '["' || status || '"%'""",
    PageWork.CHANGED: f"""SELECT page FROM edit JOIN (
            SELECT page AS finished, min(number) AS first {_MY_EDITS}
                AND after LIKE '["done"%' GROUP BY page
        ) ON finished = page
        WHERE annotator IN {THEIRS} AND number > first AND (removed <> '[]' OR added <> '[]')""",
}
_LAST = 2**62  # higher than the number of any page
_HEAD = ("first_line", "title", "site", "source", "url")


@dataclass(slots=True)
class Where:
    """A condition on the table ``page``, with the values of its named parameters."""

    conditions: list[str] = field(default_factory=list)
    values: dict[str, str | int] = field(default_factory=dict)

    def add(self, condition: str, **values: str | int) -> None:
        """Add a condition that must hold as well."""
        self.conditions.append(condition)
        self.values |= values

    @property
    def sql(self) -> str:
        """All conditions, joined."""
        return " AND ".join(f"({each})" for each in self.conditions)


def where(annotator: str, shown: PageFilter) -> Where:
    """The condition that a page fits a filter, for the annotator.

    ``:first`` and ``:last`` cover all pages; a caller that reads parts replaces them.
    """
    found = Where(["1"], {"who": annotator, "first": 0, "last": _LAST})
    found.add(f"NOT {KEPT}" if shown.removed else KEPT)
    if shown.status is not None:
        _add_status(found, shown.status)
    for name in ("site", "language"):
        wanted = getattr(shown, name)
        if wanted is not None:
            found.add(f"page.{name} = :{name}", **{name: wanted})
    if shown.source is not None:
        found.add(
            """substr(source, 1, length(:source)) = :source
            AND substr(source, length(:source) + 1, 1) IN ('', '/', ':')""",
            source=shown.source.rstrip("/"),
        )
    _add_marks(found, shown)
    if shown.label is not None:
        found.add(
            f"""EXISTS (SELECT 1 FROM span WHERE span.page = page.number
                AND annotator = {WHO} AND label = :label)""",
            label=shown.label,
        )
    if shown.work is not None:
        found.add(f"page.number IN ({_WORK[shown.work]})")
    if shown.asked is not None:
        sign = "=" if shown.asked == Asked.OPEN else "<>"
        found.add(f"page.number IN (SELECT page FROM question WHERE answer {sign} '')")
    if shown.listed is not None:
        found.add(
            "page.id IN (SELECT value FROM json_each(:listed))", listed=json.dumps(shown.listed.ids)
        )
    add_words = _add_text if shown.whole_text else _add_words
    add_words(found, shown.words.split())
    return found


def _add_status(found: Where, status: Status) -> None:
    mine = f"SELECT page FROM annotation WHERE annotator = {WHO} AND status"
    if status is Status.NEW:
        found.add(f"page.number NOT IN ({mine} IN ('started', 'done', 'skipped') AND {IN_PART})")
    else:
        found.add(f"page.number IN ({mine} = :status)", status=status)


def _add_marks(found: Where, shown: PageFilter) -> None:
    """Few pages have a mark, so the query starts at the marks."""
    # If the first page was removed, another one stands for the article.
    near = "SELECT page FROM near_duplicate WHERE first NOT IN removed_page"
    flagged = f"SELECT page FROM annotation WHERE annotator = {WHO} AND flagged = 1"
    offered = f"""SELECT offer.page FROM offer JOIN suggestion ON offer = offer.number
        WHERE annotator = {WHO} AND NOT blind AND confidence >= threshold"""
    suggested = f"SELECT page FROM prediction UNION ALL {offered}"
    for wanted, marked in (
        (shown.flagged, flagged), (shown.noted, _NOTED), (shown.near, near),
        (shown.suggested, suggested),
    ):  # fmt: skip
        if wanted is True:
            found.add(f"page.number IN ({marked})")
        elif wanted is False:
            found.add(f"NOT EXISTS (SELECT 1 FROM ({marked}) WHERE page = page.number)")


def _add_words(found: Where, words: list[str]) -> None:
    for place, word in enumerate(words):
        like = f"LIKE :word{place} ESCAPE '!'"
        head = " OR ".join(f"{column} {like}" for column in _HEAD)
        found.add(
            f"{head} OR page.number IN ({_NOTED} AND note {like})",
            **{f"word{place}": f"%{_escaped(word)}%"},
        )


def _add_text(found: Where, words: list[str]) -> None:
    """Find words in the index or the note, and those of scripts without spaces in the text."""
    unspaced = [word for word in words if _unspaced().search(word)]
    for place, word in enumerate(unspaced):
        like = f"LIKE :word{place} ESCAPE '!'"
        found.add(
            f"""title {like} OR page.number IN ({_NOTED} AND note {like}) OR EXISTS (
                SELECT 1 FROM page_text WHERE page_text.page = page.number AND text {like})""",
            **{f"word{place}": f"%{_escaped(word)}%"},
        )
    spaced = [word for word in words if word not in unspaced]
    if query := match(spaced):
        noted = {f"note{place}": f"%{_escaped(word)}%" for place, word in enumerate(spaced)}
        likes = " AND ".join(f"note LIKE :{name} ESCAPE '!'" for name in noted)
        found.add(
            f"""page.number IN (SELECT rowid FROM page_words WHERE page_words MATCH :match
                UNION ALL {_NOTED} AND {likes})""",
            match=query,
            **noted,
        )


def _escaped(word: str) -> str:
    return word.replace("!", "!!").replace("%", "!%").replace("_", "!_")


def order_by(order: PageOrder) -> tuple[str, str]:
    """The expressions to sort pages by, and one that is 1 for the first page of a site, else 0.

    The second is always 0 unless sites are finished one by one.
    """
    seed = int(order.seed)
    at = f"((page.number * 48271 + {seed * 69621} + 1) % 2147483647)"
    within = {
        Sort.LOADED: "page.number",
        Sort.SITE: "page.number",
        Sort.SHORTEST: "characters",
        Sort.LONGEST: "-characters",
        Sort.SHUFFLED: f"({at} * {at} % 2147483647 * 16807 + {at}) % 2147483647",
    }[order.sort]
    rank = f"row_number() OVER (PARTITION BY site ORDER BY {within}, page.number)"
    between = "site" if order.sort is Sort.SITE else within
    if order.strategy is Strategy.SPREAD:
        return f"{rank}, {between}, page.number", "0"
    if order.strategy is Strategy.SITE_BY_SITE:
        # Sites with equal first pages come in the order in which these were loaded.
        number = f"first_value(page.number) OVER (PARTITION BY site ORDER BY {within}, page.number)"
        best = f"min({within}) OVER (PARTITION BY site), {number}"
        first = {Sort.SITE: "site", Sort.LOADED: number}.get(order.sort, best)
        return f"{first}, {within}, page.number", f"{rank} = 1"
    return f"{between}, page.number", "0"
