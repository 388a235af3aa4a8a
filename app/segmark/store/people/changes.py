"""Changing the people of a project: names, colours, joining two, and undoing that.

The log keeps what a person was and becomes. A join has an edit for each page and annotator in
``act_edit``, under the line of the log that did it: so has an undo, with what it really undid. A
page on which somebody went on working since is left as it is.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from segmark.core.annotation import UNTOUCHED, Annotation
from segmark.core.edit import Edit, EditConflictError, apply
from segmark.core.history import ActKind
from segmark.core.page_change import PAGES_AT_ONCE, PageChange, PageField
from segmark.core.people.person import name_key
from segmark.store.annotation_rows import (
    edit_of,
    edits_of,
    last_line,
    names_json,
    read_annotation,
    spans_json,
    state_json,
)
from segmark.store.errors import StoreError
from segmark.store.file.connection import Database
from segmark.store.people.people import WORKED_ON, give_names, worked_on
from segmark.store.project_values import (
    CARETS,
    LOOKS,
    LOOKS_AT,
    UNFOLDED,
    keep_dictionary,
    read_dictionary,
)

# Pages of the one whose labels the other takes over, which therefore take their suggestions along.
_TAKEN = f"""page IN (SELECT page FROM annotation WHERE annotator = :from AND {WORKED_ON})
    AND (:keep = :from
        OR page NOT IN (SELECT page FROM annotation WHERE annotator = :into AND {WORKED_ON}))"""


def prepared(database: Database, change: PageChange) -> PageChange:
    """The change as it is logged, with what it finds.

    Raises:
        StoreError: somebody else has the name, or one of the people is none.
    """
    value = json.loads(change.value)
    if change.field is PageField.JOIN:
        for number in (value["from"], value["into"]):
            _refuse_joined(database, number)
        for name, query in (
            ("people", "SELECT number FROM annotator WHERE number = :from OR joined = :from"),
            ("offers", f"SELECT number FROM offer WHERE annotator = :from AND {_TAKEN}"),
            ("carried", f"SELECT number FROM carried WHERE annotator = :from AND {_TAKEN}"),
        ):
            used = {key: value[key] for key in ("from", "into", "keep") if f":{key}" in query}
            value[name] = [row[0] for row in database.execute(query, used)]
        value["name"] = _state(database, value["from"])["name"]
    else:
        _refuse_joined(database, value["person"])
        before = _state(database, value["person"])
        after = before | {key: value[key] for key in ("name", "colour") if key in value}
        if after["name"] != before["name"]:
            _refuse_taken(database, value["person"], after["name"])
            names = dict.fromkeys((*before["also"], before["name"]))
            after["also"] = [name for name in names if name != after["name"]]
        value = {"person": value["person"], "before": before, "after": after}
    return replace(change, value=json.dumps(value, ensure_ascii=False))


def act(database: Database, line: int, change: PageChange) -> Iterator[int]:
    """Do a prepared change; yields, step by step, how many pages changed; 1 for none."""
    value = json.loads(change.value)
    if change.field is PageField.PERSON:
        yield _put_person(database, value["person"], value["before"], value["after"])
        return
    whose = _Sides(value["from"], value["into"])
    pages = worked_on(database, whose.one)
    for pages_together in _in_steps(pages):
        for page in pages_together:
            _move(database, line, page, whose, keep_one=value["keep"] == whose.one)
        yield len(pages_together)
    _join(database, value)
    yield 0 if pages else 1


def replay(
    database: Database, number: int, line: int, change: PageChange, kind: ActKind
) -> Iterator[int]:
    """Undo or redo an act; yields, step by step, how many pages changed; 1 for none.

    ``line`` is that of the log which undoes or redoes it. It yields 0 where people changed since.
    """
    value, undo = json.loads(change.value), kind is ActKind.UNDO
    if change.field is PageField.PERSON:
        old, new = (value["after"], value["before"])[:: 1 if undo else -1]
        yield _put_person(database, value["person"], old, new)
        return
    whose = _Sides(value["from"], value["into"])
    rows = _rows_by_page(database, last_line(database, number, line))
    fitting = [page for page, both in rows.items() if _fits(database, page, both)]
    if not _may_replay(database, whose, len(fitting), undo=undo):
        yield 0
        return
    for pages_together in _in_steps(fitting):
        for page in pages_together:
            _turn_back(database, line, page, rows[page], whose, undo=undo)
        yield len(pages_together)
    (_part if undo else _join)(database, value)
    yield 0 if fitting else 1


@dataclass(frozen=True, slots=True)
class _Sides:
    """The numbers of the one who is joined, and of the one who the pages go to."""

    one: int
    into: int


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of ``act_edit``."""

    edit: Edit
    seconds: float
    changed_at: str = ""


def _in_steps(pages: list[int]) -> Iterator[list[int]]:
    return (pages[begin : begin + PAGES_AT_ONCE] for begin in range(0, len(pages), PAGES_AT_ONCE))


# People


def _state(database: Database, number: int) -> dict[str, Any]:
    """The name and colour of a person, and the other names that lead there."""
    name, colour = database.execute(
        "SELECT name, colour FROM annotator WHERE number = ?", [number]
    ).fetchone()
    rows = database.execute(
        "SELECT name FROM person_name WHERE person = ? AND NOT current ORDER BY rowid", [number]
    )
    return {"name": name, "colour": colour, "also": [row[0] for row in rows]}


def _refuse_joined(database: Database, number: int) -> None:
    row = database.execute("SELECT joined FROM annotator WHERE number = ?", [number]).fetchone()
    if row is None or row[0] is not None:
        raise StoreError("this was not saved: the person was joined with another one meanwhile")


def _refuse_taken(database: Database, number: int, name: str) -> None:
    """Refuse a name that leads to somebody else: whoever works under it would be mixed up."""
    row = database.execute(
        """SELECT other.name FROM person_name JOIN annotator AS one ON one.number = person
        JOIN annotator AS other ON other.number = coalesce(one.joined, one.number)
        WHERE key = ? AND other.number <> ?""",
        [name_key(name), number],
    ).fetchone()
    if row:
        raise StoreError(
            f"this was not saved: the name {name!r} leads to {row[0]!r}; join the two if they are "
            "one person, or choose another name"
        )


def _put_person(database: Database, number: int, old: dict[str, Any], new: dict[str, Any]) -> int:
    """Change a person who still is as ``old`` says; returns 1, or 0 if nothing changed."""
    taken = database.execute(
        "SELECT 1 FROM annotator WHERE name = ? AND number <> ?", [new["name"], number]
    ).fetchone()
    if _state(database, number) != old or taken:
        return 0
    database.execute("UPDATE annotator SET colour = ? WHERE number = ?", [new["colour"], number])
    if new["name"] != old["name"]:
        give_names(database, number, new["name"], new["also"])
        _follow_name(database, old["name"], new["name"])
    return 1


def _follow_name(database: Database, old: str, new: str) -> None:
    """Let carets, unfolded lines and second looks go on under the new name.

    Models, which are sealed with it, are learnt again; otherwise they would stay for ever.
    """
    database.execute(
        "DELETE FROM model WHERE substr(name, 1, length(:start)) = :start", {"start": f"{old} on "}
    )
    for values in (CARETS, UNFOLDED, LOOKS, LOOKS_AT):
        by_name = read_dictionary(database, values)
        if old in by_name:
            by_name[new] = by_name.pop(old)
            keep_dictionary(database, values, by_name)


def _join(database: Database, value: dict[str, Any]) -> None:
    people = json.dumps(value["people"])
    database.execute(
        "UPDATE annotator SET joined = ? WHERE number IN (SELECT value FROM json_each(?))",
        [value["into"], people],
    )
    # The name is free for the person who it is now; as one that leads there it stays.
    database.execute("UPDATE annotator SET name = id WHERE number = ?", [value["from"]])
    _move_offers(database, value, value["into"])


def _part(database: Database, value: dict[str, Any]) -> None:
    """Make two people of one again."""
    one, name = value["from"], value["name"]
    database.execute(
        """UPDATE annotator SET joined = nullif(:one, number)
        WHERE number IN (SELECT value FROM json_each(:people))""",
        {"one": one, "people": json.dumps(value["people"])},
    )
    taken = database.execute("SELECT 1 FROM annotator WHERE name = ?", [name]).fetchone()
    also = _state(database, one)["also"] + ([name] if taken else [])
    give_names(database, one, f"{name} ({one})" if taken else name, also)
    _move_offers(database, value, one)


def _move_offers(database: Database, value: dict[str, Any], to: int) -> None:
    """Let suggestions and carried spans follow the labels; who has some of the page keeps these."""
    for table, numbers in (("offer", value["offers"]), ("carried", value["carried"])):
        database.execute(
            f"""UPDATE OR IGNORE {table} SET annotator = ?
            WHERE number IN (SELECT value FROM json_each(?))
                AND page IN (SELECT page FROM annotation WHERE annotator = ?)""",
            [to, json.dumps(numbers), to],
        )


# Pages


def _move(database: Database, line: int, page: int, whose: _Sides, *, keep_one: bool) -> None:
    """Let the labels of a page go over."""
    title = ""
    mine = read_annotation(database, page, whose.one)
    theirs = read_annotation(database, page, whose.into)
    seconds, changed = database.execute(
        "SELECT active_seconds, changed_at FROM annotation WHERE page = ? AND annotator = ?",
        [page, whose.one],
    ).fetchone()
    gone = Edit(title, mine.spans, (), mine.state, UNTOUCHED)
    stays = mine == theirs or (theirs != Annotation() and not keep_one)
    taken = Edit(title, (), (), theirs.state, theirs.state)
    if not stays:
        taken = Edit(title, theirs.spans, mine.spans, theirs.state, mine.state)
    _put(database, line, page, whose.one, _Row(gone, -seconds), changed)
    _put(database, line, page, whose.into, _Row(taken, seconds), "" if stays else changed)


def _rows_by_page(database: Database, line: int) -> dict[int, dict[int, _Row]]:
    found = dict[int, dict[int, _Row]]()
    for row in edits_of(database, line):
        found.setdefault(row["page"], {})[row["annotator"]] = _Row(
            edit_of({"title": "", **row}), row["seconds"], row["changed_at"]
        )
    return found


def _fits(database: Database, page: int, both: dict[int, _Row]) -> bool:
    """Whether a page still is as the edits of both people left it."""
    try:
        for who, row in both.items():
            if not row.edit.is_empty:
                apply(read_annotation(database, page, who), row.edit.inverse())
    except EditConflictError:
        return False
    return True


def _may_replay(database: Database, whose: _Sides, fitting: int, *, undo: bool) -> bool:
    """Whether both still are one person or two, and no page of the one would be left behind."""
    one, into = (
        database.execute("SELECT joined FROM annotator WHERE number = ?", [who]).fetchone()[0]
        for who in (whose.one, whose.into)
    )
    if undo:
        return bool(one == whose.into)
    return one is None and into is None and len(worked_on(database, whose.one)) == fitting


def _turn_back(
    database: Database, line: int, page: int, both: dict[int, _Row], whose: _Sides, *, undo: bool
) -> None:
    """Undo the edits of both people on a page; time at work since goes with the labels."""
    giver = whose.into if undo else whose.one
    there = database.execute(
        "SELECT active_seconds, changed_at FROM annotation WHERE page = ? AND annotator = ?",
        [page, giver],
    ).fetchone()
    seconds_now, changed_now = there or (0.0, "")
    seconds = abs(both[whose.one].seconds)
    edits = dict[int, Edit]()
    for who, row in both.items():
        edit = row.edit.inverse()
        if edit.is_empty:
            state = read_annotation(database, page, who).state
            edit = replace(edit, before=state, after=state)
        elif who == giver and edit.after == UNTOUCHED:
            seconds = seconds_now
        edits[who] = edit
    for who in sorted(edits, key=lambda who: who != giver):  # the giver first
        sign = -1 if who == giver else 1
        stamp = "" if edits[who].is_empty else both[who].changed_at or changed_now
        _put(database, line, page, who, _Row(edits[who], sign * seconds), stamp)


def _put(database: Database, line: int, page: int, who: int, row: _Row, changed: str) -> None:
    """Apply an edit to the tables, and keep it under its line of the log.

    ``changed`` is the time of the labels' last change; "" leaves it. An annotation that becomes
    untouched goes.
    """
    edit, at = row.edit, [page, who]
    before = database.execute(
        "SELECT changed_at FROM annotation WHERE page = ? AND annotator = ?", at
    ).fetchone()
    state = edit.after
    database.executemany(
        'DELETE FROM span WHERE page = ? AND annotator = ? AND "start" = ?',
        [(*at, span.start) for span in edit.removed],
    )
    database.executemany(
        "INSERT INTO span VALUES (?, ?, ?, ?, ?)",
        [(*at, span.start, span.end, span.label) for span in edit.added],
    )
    if state == UNTOUCHED and not edit.added and not _has_spans(database, page, who):
        database.execute("DELETE FROM annotation WHERE page = ? AND annotator = ?", at)
    else:
        database.execute(
            """INSERT INTO annotation
            VALUES (:page, :who, :status, :flagged, :note, :rejected, :seconds, :changed, :absent)
            ON CONFLICT DO UPDATE SET status = :status, flagged = :flagged, note = :note,
                rejected = :rejected, absent = :absent,
                active_seconds = max(0, active_seconds + :seconds),
                changed_at = coalesce(nullif(:changed, ''), changed_at)""",
            {
                "page": page, "who": who, "status": state.status, "flagged": state.flagged,
                "note": state.note, "rejected": spans_json(state.rejected),
                "absent": names_json(state.absent), "seconds": row.seconds, "changed": changed,
            },
        )  # fmt: skip
    database.execute(
        "INSERT INTO act_edit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [line, *at, spans_json(edit.removed), spans_json(edit.added), state_json(edit.before),
         state_json(state), row.seconds, before[0] if before else ""],
    )  # fmt: skip


def _has_spans(database: Database, page: int, who: int) -> bool:
    found = database.execute("SELECT 1 FROM span WHERE page = ? AND annotator = ?", [page, who])
    return found.fetchone() is not None
