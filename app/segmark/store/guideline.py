"""The examples of a project's guideline, and the questions of its annotators.

Each changes by an act on one page, which the log keeps as JSON: which example or question it is,
and its new *state*, ``null`` where there is none. ``act_page`` keeps the state before. A row of an
example stays when the example is removed, so that redo brings back the same one, with the label
that it would have by now.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from segmark.core.guideline import Example, Question
from segmark.core.page_change import PageChange, PageField
from segmark.store.errors import DamagedError, StoreError
from segmark.store.file.connection import Database, read_by
from segmark.store.file.label_rows import name_of_label, present_label
from segmark.store.people.people import number_of
from segmark.store.project_values import keep_value, read_value

_WAITING = "waiting_examples"  # the name of the value

#: What identifies an example or a question: its field, and numbers.
ItemKey = tuple[str, int, int]

#: The state of an example or a question that is not there.
NO_STATE = "null"

_COLUMNS = ("page", "start", "end", "text", "reason")
_OF = """(SELECT coalesce(other.name, one.name) FROM annotator AS one
    LEFT JOIN annotator AS other ON other.number = one.joined WHERE one.number = {})"""
_PRESENT = present_label("example.label")
_NAME = f"coalesce({name_of_label(_PRESENT)}, '')"
_ABOUT = "coalesce(nullif(title, ''), first_line)"


class Guideline:
    """Examples and questions of a project, over one connection."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @property
    def waiting(self) -> str:
        """The examples, in TOML, that are added once there is a page."""
        return read_value(self._db, _WAITING) or ""

    def keep_waiting(self, examples: str) -> None:
        """Keep examples, in TOML, until there is a page. Call this inside a write transaction."""
        keep_value(self._db, _WAITING, examples)

    def examples(self) -> tuple[Example, ...]:
        """The examples of the guideline, in the order in which they were added.

        Those of a deleted label are left out until that is undone.
        """
        with read_by(self._db):
            rows = self._db.execute(
                f"""SELECT {_NAME}, text, reason, example.page, "start", "end",
                    coalesce({_ABOUT}, ''), {_OF.format("example.annotator")}, example.number
                FROM example LEFT JOIN page ON page.id = example.page
                WHERE kept AND {_PRESENT} IS NOT '' ORDER BY example.number"""
            ).fetchall()
        return tuple(Example(*row) for row in rows)

    @property
    def cases(self) -> set[tuple[str, int, int, str]]:
        """The cases that are or were examples, removed ones too."""
        rows = self._db.execute('SELECT page, "start", "end", text FROM example')
        return set(rows.fetchall())

    def questions(self, page: int | None = None) -> tuple[Question, ...]:
        """The questions on all pages, or on one page, in load order; removed pages are left out."""
        which = "" if page is None else "AND question.page = :page"
        with read_by(self._db):
            rows = self._db.execute(
                f"""SELECT question.page, id, {_ABOUT}, {_OF.format("question.annotator")},
                    coalesce(note, ''), "start", "end", answer,
                    coalesce({_OF.format("answered_by")}, '')
                FROM question JOIN page ON page.number = question.page
                LEFT JOIN annotation ON annotation.page = question.page
                    AND annotation.annotator = (SELECT coalesce(joined, number)
                        FROM annotator WHERE number = question.annotator)
                WHERE question.page NOT IN removed_page {which}
                ORDER BY question.page, question.annotator""",
                {} if page is None else {"page": page},
            ).fetchall()
        return tuple(Question(*row) for row in rows)

    def _states(self) -> dict[ItemKey, str]:
        """The state of each example and question that there is."""
        examples = self._db.execute("SELECT number, reason FROM example WHERE kept")
        found = {
            (str(PageField.EXAMPLE), number, 0): _packed(reason) for number, reason in examples
        }
        asked = self._db.execute(
            'SELECT page, annotator, "start", "end", answer, answered_by FROM question'
        )
        for page, asker, *columns in asked.fetchall():
            found[str(PageField.QUESTION), page, asker] = _packed(columns)
        return found

    def differences(self, logged: Mapping[ItemKey, str]) -> Iterator[tuple[ItemKey, str, str]]:
        """What is not as the log leads to: its state there, and its state here."""
        here = self._states()
        for key in sorted(logged.keys() | here.keys()):
            states = logged.get(key, NO_STATE), here.get(key, NO_STATE)
            if states[0] != states[1]:
                yield key, *states


def prepared(database: Database, who: int, page: int, change: PageChange) -> PageChange:
    """The change as it is logged, with the numbers of the example and of people.

    A new example gets its row, which the act then brings to life.

    Raises:
        StoreError: there is no such label or annotator.
    """
    value = json.loads(change.value)
    if change.field is PageField.EXAMPLE:
        for each in (value, *value.get("more", ())):
            if not each["example"]:
                each["example"] = _add_example(database, who, each)
    elif change.field is PageField.QUESTION:
        value["asker"] = _asker(database, page, value["asker"]) if value["asker"] else who
        if made := value["question"]:
            made["by"] = who if made["answer"] else 0
    return replace(change, value=_packed(value))


def act(database: Database, number: int, page: int, change: PageChange) -> int:
    """Do what a prepared change says, and keep the state before; returns how many things changed.

    ``number`` is that of the act. Several examples of one act are all new.
    """
    items = items_and_states(change.field, change.value, page)
    before = _state(database, items[0][0])
    if before == items[0][1]:
        return 0
    database.execute(
        "INSERT INTO act_page (act, page, before) VALUES (?, ?, ?)", [number, page, before]
    )
    return sum(_put(database, key, before, new) for key, new in items)


def replay(database: Database, page: int, change: PageChange, before: str, *, undo: bool) -> int:
    """Undo or redo an act; returns how many examples or questions nobody has changed since.

    Raises:
        DamagedError: this program did not write the act.
    """
    try:
        return sum(
            _put(database, key, *((after, before) if undo else (before, after)))
            for key, after in items_and_states(change.field, change.value, page)
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise DamagedError.of(database.path) from error


def items_and_states(field: str, value: str, page: int) -> list[tuple[ItemKey, str]]:
    """What an act on a page changes, and the state that it leads to; at least one.

    Raises:
        ValueError, TypeError, KeyError, AttributeError: this program did not write the value.
    """
    found = json.loads(value)
    if field == PageField.EXAMPLE:
        return [
            ((str(PageField.EXAMPLE), int(each["example"]), 0), _packed(each["reason"]))
            for each in (found, *found.get("more", ()))
        ]
    state = found["question"]
    key = (str(PageField.QUESTION), page, int(found["asker"]))
    if state is None:
        return [(key, NO_STATE)]
    return [(key, _packed([state["start"], state["end"], state["answer"], state["by"] or None]))]


def value_of(key: ItemKey, state: str) -> str:
    """The value of an act that leads an example or a question to a state."""
    field, first, second = key
    if field == PageField.EXAMPLE:
        return _packed({"example": first, "reason": json.loads(state)})
    columns = json.loads(state)
    made = columns and dict(zip(("start", "end", "answer", "by"), columns, strict=True))
    return _packed({"asker": second, "question": made})


def _add_example(database: Database, who: int, value: dict[str, Any]) -> int:
    name, label = value["label"], None
    if name:
        found = database.execute(
            "SELECT id FROM label WHERE name = ? AND gone_into IS NULL", [name]
        ).fetchone()
        if found is None:
            raise StoreError(f"this was not saved: the project has no label {name}")
        label = found[0]
    added = database.execute(
        """INSERT INTO example (annotator, label, page, "start", "end", text, reason, kept)
        VALUES (:who, :label, :page, :start, :end, :text, :reason, 0)""",
        {"who": who, "label": label, **{name: value[name] for name in _COLUMNS}},
    )
    return int(added.lastrowid or 0)


def _asker(database: Database, page: int, name: str) -> int:
    """The number under which somebody asked; they may have been joined into another since."""
    number = number_of(database, name)
    if number is None:
        raise StoreError(f"this was not saved: the project has no annotator {name}")
    row = database.execute(
        """SELECT question.annotator FROM question
            JOIN annotator ON annotator.number = question.annotator
        WHERE question.page = ? AND ? IN (annotator.number, joined)""",
        [page, number],
    ).fetchone()
    return int(row[0]) if row else number


def _state(database: Database, key: ItemKey) -> str:
    field, first, second = key
    if field == PageField.EXAMPLE:
        row = database.execute(
            "SELECT reason FROM example WHERE kept AND number = ?", [first]
        ).fetchone()
        return _packed(row[0]) if row else NO_STATE
    row = database.execute(
        """SELECT "start", "end", answer, answered_by FROM question
        WHERE page = ? AND annotator = ?""",
        [first, second],
    ).fetchone()
    return _packed(row) if row else NO_STATE


def _put(database: Database, key: ItemKey, old: str, new: str) -> int:
    """Change the state, if it is still the old one; returns how many rows changed."""
    if _state(database, key) != old:
        return 0
    field, first, second = key
    state = json.loads(new)
    if field == PageField.EXAMPLE:
        return database.execute(
            "UPDATE example SET kept = ?, reason = coalesce(?, reason) WHERE number = ?",
            [int(state is not None), state, first],
        ).rowcount
    database.execute("DELETE FROM question WHERE page = ? AND annotator = ?", [first, second])
    if state is not None:
        database.execute(
            """INSERT INTO question (page, annotator, "start", "end", answer, answered_by)
            VALUES (?, ?, ?, ?, ?, ?)""",
            [first, second, *state],
        )
    return 1


def _packed(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
