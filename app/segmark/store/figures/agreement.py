"""The agreement of annotators on pages that several of them have finished."""

from collections.abc import Iterator
from itertools import combinations, groupby

from segmark.core.agreement import Agreement
from segmark.core.span import Span
from segmark.store.file.connection import Database

_SHARED = """
FROM annotation JOIN annotator ON annotator.number = annotator
    JOIN page ON page.number = page
WHERE status = 'done' AND page NOT IN removed_page AND page IN (
    SELECT page FROM annotation WHERE status = 'done' GROUP BY page HAVING count(*) > 1)
ORDER BY page, name"""


def read_agreement(database: Database) -> dict[tuple[str, str], Agreement]:
    """The agreement of each two annotators who finished the same page, by their names."""
    found: dict[tuple[str, str], Agreement] = {}
    for length, views in _shared_pages(database):
        for (one, mine), (other, theirs) in combinations(views, 2):
            found.setdefault((one, other), Agreement()).add(length, mine, theirs)
    return dict(sorted(found.items()))


def _shared_pages(database: Database) -> Iterator[tuple[int, list[tuple[str, list[Span]]]]]:
    """The length of each page that several annotators finished, and their spans by name."""
    rows = database.execute(f"SELECT page, characters, annotator, name {_SHARED}")
    for (page, length), group in groupby(rows, key=lambda row: row[:2]):
        yield length, [(name, _spans(database, page, who)) for *_, who, name in group]


def _spans(database: Database, page: int, who: int) -> list[Span]:
    rows = database.execute(
        """SELECT "start", "end", label FROM span WHERE page = ? AND annotator = ?
        ORDER BY "start" """,
        [page, who],
    )
    return [Span(*row) for row in rows.fetchall()]
