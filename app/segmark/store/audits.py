"""The audits of a project: which pages were drawn at random, for whom, from how many."""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace

from segmark.store.file.connection import Database
from segmark.store.people.people import People
from segmark.store.project_values import keep_value, read_value

_AUDITS = "audits"


@dataclass(frozen=True, slots=True)
class Audit:
    """A random sample of the pages of a site, whose suggestions nobody had checked.

    Attributes:
        number: from 1 on.
        site: of the pages.
        made_at: when they were drawn (UTC).
        annotator: who is to check them.
        seed: of the draw.
        population: how many pages they were drawn from.
        pages: their ids, in the order of the draw.
    """

    number: int
    site: str
    made_at: str
    annotator: str
    seed: str
    population: int
    pages: tuple[str, ...]


class Audits:
    """The audits of a project, over one connection.

    Call the method that writes inside a write transaction.
    """

    def __init__(self, database: Database) -> None:
        self._db = database

    def all(self) -> list[Audit]:
        """The audits in the order in which they were drawn; damaged ones are left out.

        Who is to check them goes by the name that the project shows now.
        """
        found, names = list[Audit](), People(self._db)
        with suppress(ValueError, TypeError, KeyError):
            for one in json.loads(read_value(self._db, _AUDITS) or "[]"):
                made = Audit(**{**one, "pages": tuple(one["pages"])})
                found.append(replace(made, annotator=names.known_name(made.annotator)))
        return found

    def of_site(self, site: str) -> list[Audit]:
        """The audits of a site."""
        return [audit for audit in self.all() if audit.site == site]

    def holds(self, page: str, annotator: str) -> bool:
        """Whether a page, given by its id, was drawn for this annotator to check."""
        return any(page in audit.pages and audit.annotator == annotator for audit in self.all())

    def unchecked_pages(self, site: str) -> Sequence[tuple[int, str]]:
        """The numbers and ids of the pages of a site that nobody has started, in load order."""
        rows = self._db.execute(
            """SELECT number, id FROM page WHERE site = ? AND number NOT IN removed_page
                AND NOT EXISTS (SELECT 1 FROM annotation
                    WHERE annotation.page = page.number AND status <> 'new')
            ORDER BY number""",
            [site],
        ).fetchall()
        return [(number, name) for number, name in rows]

    def keep(self, audit: Audit) -> None:
        """Add an audit."""
        found = [asdict(each) for each in (*self.all(), audit)]
        keep_value(self._db, _AUDITS, json.dumps(found, ensure_ascii=False))
