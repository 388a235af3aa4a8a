"""People: who works on a project, and whom a name means.

Rows of other tables hold the number of an annotator. A person is one such number and all that were
joined into it, so a rename touches one row, and a join changes no line of the log.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from segmark.core.annotation import Annotation
from segmark.core.people.person import Person, colour_of, name_key
from segmark.store.annotation_rows import read_annotation
from segmark.store.file.connection import Database, read_by

if TYPE_CHECKING:
    from segmark.store.people.times import Times

_ID_BYTES = 8
#: The numbers of the annotator named ``:who``, and of all who were joined into this one.
THEIRS = """(SELECT number FROM annotator
    WHERE (SELECT number FROM annotator WHERE name = :who) IN (number, joined))"""
#: The annotation is not untouched.
WORKED_ON = """(status <> 'new' OR flagged OR note <> '' OR rejected <> '[]' OR absent <> '[]'
    OR EXISTS (SELECT 1 FROM span WHERE span.page = annotation.page
        AND span.annotator = annotation.annotator))"""
#: The number of a person by a name: the one that it is now comes first, however it is written.
_BY_NAME = """SELECT coalesce(joined, number) FROM person_name
    JOIN annotator ON annotator.number = person
    WHERE key = :key
    ORDER BY annotator.name = :name DESC, person_name.name = :name DESC, current DESC, number
    LIMIT 1"""


@dataclass(frozen=True, slots=True)
class PageClash:
    """A page that two people labelled differently, or on which they said something different.

    Attributes:
        page: its id.
        title: title or first line.
        one, into: what each of the two made of it.
    """

    page: str
    title: str
    one: Annotation
    into: Annotation


class People:
    """The people of a project, over one connection."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @property
    def times(self) -> "Times":
        """Their times at work."""
        from segmark.store.people.times import Times

        return Times(self._db)

    def all(self) -> tuple[Person, ...]:
        """Everybody who was not joined into somebody else, by name."""
        with read_by(self._db):
            return tuple(sorted(_people(self._db), key=lambda one: (name_key(one.name), one.name)))

    def find(self, name: str) -> Person | None:
        """The person whom a name means: one's own, an earlier one, or that of a joined person.

        A name that is written in exactly this way comes first, then one that differs in case,
        blanks or Unicode form alone.
        """
        number = number_of(self._db, name)
        return next((one for one in self.all() if one.number == number), None)

    def known_name(self, name: str) -> str:
        """The display name of the person whom a name means; the name itself if it means nobody."""
        found = number_of(self._db, name)
        return name if found is None else display_names(self._db)[found]

    def adopt(self, person: Person) -> Person:
        """The person of another copy of the project here, by the id; who is new is added.

        Where the name leads to somebody else here, a number follows it. Call this inside a write
        transaction.
        """
        row = self._db.execute(
            "SELECT coalesce(joined, number) FROM annotator WHERE id = ?", [person.id]
        ).fetchone()
        if row is None:
            name, number = person.name, 1
            while number_of(self._db, name) is not None:
                number += 1
                name = f"{person.name} ({number})"
            row = (_add(self._db, name, person.id),)
        return next(one for one in self.all() if one.number == row[0])

    def has_name(self, name: str) -> bool:
        """Whether this is the display name of somebody."""
        row = self._db.execute(
            "SELECT 1 FROM annotator WHERE name = ? AND joined IS NULL", [name]
        ).fetchone()
        return row is not None

    def joined_since(self, name: str, act: int) -> tuple[str, ...]:
        """The names of those who were joined into a person and did something after an act.

        Undo of the person does not reach what they did before the join.
        """
        rows = self._db.execute(
            """SELECT person_name.name FROM annotator AS one
            JOIN annotator AS into_whom ON into_whom.number = one.joined
            JOIN person_name ON person = one.number AND current
            WHERE into_whom.name = ?
                AND EXISTS (SELECT 1 FROM edit WHERE annotator = one.number AND edit.number > ?)
            ORDER BY one.number""",
            [name, act],
        )
        return tuple(row[0] for row in rows.fetchall())

    def alike(self) -> tuple[tuple[str, ...], ...]:
        """The names that differ in case, blanks or Unicode form alone, though of two people."""
        found = defaultdict[str, list[str]](list)
        for one in self.all():
            found[name_key(one.name)].append(one.name)
        return tuple(tuple(names) for names in found.values() if len(names) > 1)

    def pages_of(self, person: Person) -> int:
        """The number of pages on which a person has done anything."""
        return len(worked_on(self._db, person.number))

    def pages(self) -> dict[str, int]:
        """The number of pages on which each person has done anything, by id.

        It reads every annotation: a tenth of a second for a million.
        """
        counts = dict(
            self._db.execute(
                f"SELECT annotator, count(*) FROM annotation WHERE {WORKED_ON} GROUP BY annotator"
            ).fetchall()
        )
        return {one.id: counts.get(one.number, 0) for one in self.all()}

    def clashes(self, one: Person, into: Person) -> Iterator[PageClash]:
        """The pages of which a join could keep the work of one of the two alone, in load order."""
        for page in worked_on(self._db, one.number):
            theirs = read_annotation(self._db, page, into.number)
            mine = read_annotation(self._db, page, one.number)
            if theirs not in (Annotation(), mine):
                row = self._db.execute(
                    "SELECT id, coalesce(nullif(title, ''), first_line) FROM page WHERE number = ?",
                    [page],
                ).fetchone()
                yield PageClash(row[0], row[1], mine, theirs)

    def chosen_colours(self) -> dict[str, str]:
        """The colours that were chosen, by the ids of the people."""
        rows = self._db.execute(
            "SELECT id, colour FROM annotator WHERE joined IS NULL AND colour <> ''"
        )
        return dict(rows.fetchall())

    def colours(self) -> dict[str, str]:
        """The colour of each person, ``#rrggbb``, by display name."""
        return {one.name: one.colour for one in self.all()}


def alike_words(names: Sequence[str]) -> str:
    """A sentence on names that differ in case, blanks or Unicode form alone."""
    quoted = " and ".join(repr(name) for name in names)
    return (
        f"{quoted} differ in case, blanks or Unicode form alone, and are {len(names)} people until "
        "they are joined: segmark people PROJECT --join FROM INTO"
    )


def number_of(database: Database, name: str) -> int | None:
    """The number of the person whom a name means; None if it means nobody."""
    row = database.execute(
        "SELECT number FROM annotator WHERE name = ? AND joined IS NULL", [name]
    ).fetchone()
    if row is None:
        row = database.execute(_BY_NAME, {"key": name_key(name), "name": name}).fetchone()
    return int(row[0]) if row else None


def register(database: Database, name: str) -> int:
    """The number of the person whom a name means, who is added to the project if it is nobody."""
    found = number_of(database, name)
    return _add(database, name, new_id()) if found is None else found


def _add(database: Database, name: str, identity: str) -> int:
    added = database.execute("INSERT INTO annotator (name, id) VALUES (?, ?)", [name, identity])
    number = int(added.lastrowid or 0)
    give_names(database, number, name, ())
    return number


def new_id() -> str:
    """The id of a new person: random, so that no two projects make the same one."""
    import secrets

    return secrets.token_hex(_ID_BYTES)


def give_names(database: Database, number: int, name: str, also: Sequence[str]) -> None:
    """Show a person under a name from now on, and let it and the other names lead to the person."""
    database.execute("UPDATE annotator SET name = ? WHERE number = ?", [name, number])
    database.execute("DELETE FROM person_name WHERE person = ?", [number])
    for each in dict.fromkeys((*also, name)):
        database.execute(
            "INSERT INTO person_name (person, name, key, current) VALUES (?, ?, ?, ?)",
            [number, each, name_key(each), int(each == name)],
        )


def display_names(database: Database) -> dict[int, str]:
    """The name that each annotator is shown under: that of the person joined into, if any."""
    rows = database.execute(
        """SELECT one.number, coalesce(other.name, one.name) FROM annotator AS one
        LEFT JOIN annotator AS other ON other.number = one.joined"""
    )
    return {int(number): str(name) for number, name in rows}


def worked_on(database: Database, number: int) -> list[int]:
    """The pages on which an annotator has done anything, in load order."""
    rows = database.execute(
        f"SELECT page FROM annotation WHERE annotator = ? AND {WORKED_ON} ORDER BY page", [number]
    )
    return [row[0] for row in rows.fetchall()]


def _people(database: Database) -> Iterator[Person]:
    also = defaultdict[int, list[str]](list)
    named = database.execute(
        """SELECT coalesce(joined, number), person_name.name FROM person_name
        JOIN annotator ON number = person
        WHERE joined IS NOT NULL OR NOT current ORDER BY person, person_name.rowid"""
    )
    for number, name in named:
        also[number].append(str(name))
    rows = database.execute("SELECT number, id, name, colour FROM annotator WHERE joined IS NULL")
    for number, identity, name, colour in rows:
        others = (other for other in dict.fromkeys(also[number]) if other != name)
        yield Person(number, identity, name, colour_of(number, colour), tuple(others))
