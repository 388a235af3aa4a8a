"""Versions of pages, and the labels that were carried over from one version to the next.

A page is a newer version of the last page in the project with the same address or, if one of the
two has no address, with the same name. Many sites use one address for many pages, and many folders
hold files of the same name, so the two texts must have something in common as well.

Writing is hand-written SQL: it is part of loading and of acts, and sqlite-utils would create a
table that damage removed instead of failing.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from segmark.core.page import Page
from segmark.core.span import Span
from segmark.core.text.likeness import are_kin, shingles
from segmark.store.file.connection import Database

_CANDIDATES = 3  # the last pages of the same name or address, which a new page is compared with
# The number of a record in its file, which changes if a record is inserted above it.
_NUMBERED = re.compile(r".*:\d+")
_WHO = "(SELECT number FROM annotator WHERE name = ?)"


@dataclass(frozen=True, slots=True)
class CarriedSpan:
    """A span that was carried over, and whether its text has changed."""

    span: Span
    changed: bool


class Versions:
    """The versions of the pages of a project, over one connection.

    Pages are given by number. Call the methods that write inside a write transaction.
    """

    def __init__(self, database: Database) -> None:
        self._db = database

    def find_earlier(self, page: Page, *, named: bool = True) -> int | None:
        """The page in the project of which this page, not yet added, is a newer version.

        ``named`` says whether pages with the same name are compared.
        """
        found = [*self._with_address(page), *(self._with_name(page) if named else ())]
        if not found:
            return None
        mine = shingles(page.text)
        for number in sorted(set(found), reverse=True):
            row = self._db.execute("SELECT text FROM page_text WHERE page = ?", [number]).fetchone()
            if row and are_kin(mine, shingles(row[0])):
                return int(number)
        return None

    def link(self, page: int, earlier: int) -> None:
        """Link a page to the earlier version."""
        self._db.execute("INSERT INTO version VALUES (?, ?)", [page, earlier])

    def earlier(self, page: int) -> int | None:
        """The version before the page; None if there is none."""
        row = self._db.execute("SELECT earlier FROM version WHERE page = ?", [page]).fetchone()
        return int(row[0]) if row else None

    def latest(self, page: int) -> int:
        """The newest version of the page that was not removed, possibly the page itself."""
        row = self._db.execute(
            "SELECT max(page) FROM version WHERE earlier = ? AND page NOT IN removed_page", [page]
        ).fetchone()
        return self.latest(row[0]) if row[0] else page

    def labelled_earlier(self, page: int, annotator: str) -> int | None:
        """The last version before this one on which the annotator has labels."""
        earlier = self.earlier(page)
        while earlier is not None and not self._has_labels(earlier, annotator):
            earlier = self.earlier(earlier)
        return earlier

    def to_carry(self, annotator: str) -> Iterator[tuple[int, int]]:
        """The newest versions that the annotator has not started, with their labelled earlier one.

        Pages come in load order.
        """
        rows = self._db.execute(
            f"""SELECT page FROM version WHERE page NOT IN removed_page AND NOT EXISTS (
                    SELECT 1 FROM version AS later WHERE later.earlier = version.page
                    AND later.page NOT IN removed_page)
                AND NOT EXISTS (SELECT 1 FROM annotation WHERE annotation.page = version.page
                    AND annotator = {_WHO} AND status <> 'new')
            ORDER BY page""",
            [annotator],
        ).fetchall()
        for (page,) in rows:
            earlier = self.labelled_earlier(page, annotator)
            if earlier is not None and not self._has_labels(page, annotator):
                yield page, earlier

    def keep_carried(self, page: int, annotator: str, carried: Sequence[CarriedSpan]) -> None:
        """Keep which spans of an annotator on a page were carried over."""
        for each in carried:
            span = each.span
            self._db.execute(
                f"""INSERT OR REPLACE INTO carried
                    (page, annotator, "start", "end", label, changed)
                VALUES (?, {_WHO}, ?, ?, ?, ?)""",
                [page, annotator, span.start, span.end, span.label, int(each.changed)],
            )

    def _with_address(self, page: Page) -> list[int]:
        if "://" not in page.info.url:  # many pages have "n/a" and the like
            return []
        # The second condition lets SQLite use the index, which leaves out empty addresses.
        rows = self._db.execute(
            """SELECT number FROM page WHERE url = ? AND url <> ''
            ORDER BY number DESC LIMIT ?""",
            (page.info.url, _CANDIDATES),
        )
        return [row[0] for row in rows.fetchall()]

    def _with_name(self, page: Page) -> list[int]:
        if _NUMBERED.fullmatch(page.info.source):
            return []
        rows = self._db.execute(
            """SELECT number FROM page WHERE source = ? AND (url = '' OR ? = '')
            ORDER BY number DESC LIMIT ?""",
            (page.info.source, page.info.url, _CANDIDATES),
        )
        return [row[0] for row in rows.fetchall()]

    def _has_labels(self, page: int, annotator: str) -> bool:
        row = self._db.execute(
            f"SELECT 1 FROM span WHERE page = ? AND annotator = {_WHO} LIMIT 1", [page, annotator]
        ).fetchone()
        return row is not None
