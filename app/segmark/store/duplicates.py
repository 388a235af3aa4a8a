"""Pages that hold the same article as an earlier one: found when they are loaded, and marked."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from segmark.core.text.likeness import likeness, share_needed, shingles, sketch
from segmark.store.file.connection import Database

# Hashes of a page that later pages are looked up by. Of two pages with half of their shingles in
# common 9 in 10 share two of these; such pages are then compared in full. More would find hardly
# more, and each is a write somewhere else in the file.
_HASHES = 6
_SHARED = 2
_CANDIDATES = 3
# What stands on so many different pages is no article but what a site puts on each of its pages.
_COMMON = 20
_NO_SKETCHES: Mapping[str, Sequence[int]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class NearDuplicate:
    """A page's number, and that of the first page with the same article."""

    page: int
    first: int


class Duplicates:
    """The near-duplicates of a project, seen through one connection.

    Of pages with one article only the first is looked up, so each group has one first page.
    """

    def __init__(self, database: Database) -> None:
        self._db = database

    def compare_new(
        self, at_most: int, sketches: Mapping[str, Sequence[int]] = _NO_SKETCHES
    ) -> tuple[int, list[NearDuplicate]]:
        """Compare so many pages that have not been compared yet with those before them.

        How many these were, and which of them are near-duplicates. Call it inside a write
        transaction; ``sketches`` of texts that were made before it make it shorter.
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
        """The id of the first page with the same article; None where the page is that itself.

        It is ``""`` where the first one is no longer in the project.
        """
        row = self._db.execute(
            """SELECT coalesce(id, '') FROM near_duplicate LEFT JOIN page ON number = first
            WHERE near_duplicate.page = ?""",
            [number],
        ).fetchone()
        return row[0] if row else None

    def count(self) -> int:
        """How many pages are marked."""
        return int(self._db.execute("SELECT count(*) FROM near_duplicate").fetchone()[0])

    def _compare(self, number: int, text: str, hashes: Sequence[int]) -> int | None:
        """Mark the page if it is a near-duplicate, else remember it for those to come."""
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
