"""Near-duplicates: pages with the same article as an earlier page, found while loading."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from segmark.core.text.likeness import likeness, share_needed, shingles, sketch
from segmark.store.file.connection import Database

# Hashes of a page by which later pages find it. Nine in ten pairs of pages that have half of their
# shingles in common share two of these hashes, and are then compared in full. More hashes would
# find hardly more pairs, and each is a write to another place in the file.
_HASHES = 6
_SHARED = 2
_CANDIDATES = 3
# A hash on so many different pages is boilerplate of a site, not an article.
_COMMON = 20
_NO_SKETCHES: Mapping[str, Sequence[int]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class NearDuplicate:
    """The number of a page, and of the first page with the same article."""

    page: int
    first: int


class Duplicates:
    """The near-duplicates of a project, over one connection.

    Only the first page of an article is indexed, so each group has one first page.
    """

    def __init__(self, database: Database) -> None:
        self._db = database

    def compare_new(
        self, at_most: int, sketches: Mapping[str, Sequence[int]] = _NO_SKETCHES
    ) -> tuple[int, list[NearDuplicate]]:
        """Compare at most so many new pages with the pages before them.

        Returns how many were compared, and the near-duplicates. Call it inside a write transaction;
        passing ``sketches`` of the texts makes the transaction shorter.
        """
        rows = self._db.execute(
            """SELECT page, text FROM page_text WHERE page > (SELECT last_page FROM compared)
            ORDER BY page LIMIT ?""",
            [at_most],
        ).fetchall()
        found = []
        for number, text in rows:
            first = self._compare(number, text, sketches.get(text) or sketch(text))
            if first is not None:
                found.append(NearDuplicate(number, first))
        if rows:
            self._db.execute("UPDATE compared SET last_page = ?", [rows[-1][0]])
        return len(rows), found

    def first_of(self, number: int) -> str | None:
        """The id of the first page with the same article; None if the page is the first itself.

        It is ``""`` if the first page is no longer in the project.
        """
        row = self._db.execute(
            """SELECT coalesce(id, '') FROM near_duplicate LEFT JOIN page ON number = first
            WHERE near_duplicate.page = ?""",
            [number],
        ).fetchone()
        return row[0] if row else None

    def count(self) -> int:
        """The number of near-duplicates."""
        return int(self._db.execute("SELECT count(*) FROM near_duplicate").fetchone()[0])

    def _compare(self, number: int, text: str, hashes: Sequence[int]) -> int | None:
        """Mark the page if it is a near-duplicate, else index it for later pages."""
        pages = self._pages_with(hashes)
        telling = [each for each in hashes if len(pages.get(each, ())) < _COMMON][:_HASHES]
        shared = Counter(page for each in telling for page in pages.get(each, ()))
        alike = [page for page, times in shared.most_common(_CANDIDATES) if times >= _SHARED]
        first = self._like(text, alike)
        if first is None:
            self._db.executemany(
                "INSERT INTO page_sketch VALUES (?, ?)", [(each, number) for each in telling]
            )
        else:
            self._db.execute("INSERT INTO near_duplicate VALUES (?, ?)", (number, first))
        return first

    def _pages_with(self, hashes: Sequence[int]) -> dict[int, list[int]]:
        rows = self._db.execute(
            f"SELECT hash, page FROM page_sketch WHERE hash IN ({','.join('?' * len(hashes))})",
            hashes,
        )
        found: dict[int, list[int]] = {}
        for hash_, page in rows.fetchall():
            found.setdefault(hash_, []).append(page)
        return found

    def _like(self, text: str, candidates: Iterable[int]) -> int | None:
        mine = None
        for page in candidates:
            row = self._db.execute("SELECT text FROM page_text WHERE page = ?", (page,)).fetchone()
            if row:
                mine = mine or shingles(text)
                if likeness(mine, shingles(row[0])) >= share_needed(text, row[0]):
                    return page
        return None
