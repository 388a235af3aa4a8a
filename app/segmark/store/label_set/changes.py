"""Acts on the label set of a project: doing them, undoing and redoing them, and what they will do.

The line in the log keeps each label that changed as it was and as it became. An undo gives back
what still is as the act left it: somebody else may have changed the label, or used it, since. So
each line also keeps the edits that it made; a replay of the log only applies them.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

from segmark.core.history import ActKind
from segmark.core.label import LabelSet
from segmark.core.label_acts.change import LabelForecast, LabelSetChange
from segmark.core.label_acts.colours import colour_warnings
from segmark.core.label_acts.letters import free_key, key_warnings
from segmark.core.page_change import PageChange, PageField
from segmark.core.progress import Progress
from segmark.store.errors import ConflictError
from segmark.store.file.connection import Database
from segmark.store.file.label_rows import label_of, label_row, read_labels, write_labels
from segmark.store.label_set.plan import (
    changed_since,
    keep,
    pages_of,
    planned,
    put,
    reopened,
    some_at_once,
    that_fit,
)
from segmark.store.people.people import display_names

#: Writes a line of the log with this change, and returns its number.
WriteLine = Callable[[PageChange], int]

_Rows = dict[str, dict[str, Any]]


def forecast(
    database: Database, change: LabelSetChange, reopen: Collection[int], annotator: str,
    progress: Progress | None = None,
) -> LabelForecast:  # fmt: skip
    """What a change of the label set would do, without doing it.

    ``reopen`` are numbers of finished pages that it takes back to started.
    """
    pages = pages_of(database, change.moves, done=reopen)
    edits = [
        edit
        for some in some_at_once(pages, progress)
        for edit in (
            *planned(database, some, change.moves, change.after, change.title),
            *reopened(database, some, reopen, change.title),
        )
    ]
    changed = [one.edit for one in edits if one.edit.removed or one.edit.added]
    others = display_names(database)
    labels = _changed_labels(change)
    spans, on_pages, people = _count(database, labels)
    people = (people if change.moves else set()) | {one.annotator for one in edits}
    started = dict.fromkeys(
        one.page for one in edits if one.edit.before.status is not one.edit.after.status
    )
    cleared = sum(len(edit.removed) for edit in changed) if change.clears else 0
    joined = sum(len(edit.removed) - len(edit.added) for edit in changed) - cleared
    return LabelForecast(
        change,
        spans,
        on_pages,
        max(0, joined),
        tuple(_page_id(database, number) for number in started),
        tuple(sorted({others[who] for who in people} - {annotator})),
        tuple(_warnings(change)),
    )


def finished_pages(database: Database, sites: Sequence[str], words: str) -> list[int]:
    """The pages that anybody has done, of these sites, or all, that contain all these words."""
    rows = database.execute(
        """SELECT number, text FROM page JOIN page_text ON page_text.page = number
        WHERE number NOT IN removed_page AND (:all OR site IN (SELECT value FROM json_each(:sites)))
            AND number IN (SELECT page FROM annotation WHERE status = 'done') ORDER BY number""",
        {"all": not sites, "sites": json.dumps(list(sites))},
    )
    wanted = words.casefold().split()
    return [
        number
        for number, text in rows
        if not wanted or all(word in text.casefold() for word in wanted)
    ]


def act(
    database: Database, change: LabelSetChange, reopen: Collection[int], write_line: WriteLine,
    progress: Progress | None = None,
) -> int:  # fmt: skip
    """Change the label set and the spans that it concerns; returns how many pages changed.

    Call it inside a write transaction.

    Raises:
        ConflictError: the label set is no longer the one that the change was made on.
    """
    if read_labels(database) != change.before:
        raise ConflictError("the label set was changed meanwhile; look at it, then do it again")
    pages = pages_of(database, change.moves, done=reopen)
    value = _packed(change.before, change.after, change.moves)
    line = write_line(PageChange(change.title, PageField.LABELS, value))
    write_labels(database, change.after)
    changed = 0
    for some in some_at_once(pages, progress):
        edits = planned(database, some, change.moves, change.after, change.title)
        put(database, edits)
        started = reopened(database, some, reopen, change.title)
        put(database, started)
        changed += keep(database, line, (*edits, *started))
    return changed


def replay(
    database: Database, number: int, change: PageChange, kind: ActKind, write_line: WriteLine,
    progress: Progress | None = None,
) -> Iterator[int]:  # fmt: skip
    """Undo or redo an act on the label set; yields, step by step, how many pages changed.

    Call it inside a write transaction.
    """
    value, current = json.loads(change.value), read_labels(database)
    undone = kind is ActKind.UNDO
    line = _last_line(database, number) if undone else number
    target = _given_back(current, value, undone=undone)
    if fresh := current.ids - target.ids if undone else ():
        target = _keeping(target, current, _in_use(database, fresh))
    moves = dict(target.successors)
    if not undone:
        moves |= {old: new for old, new in value["moves"].items() if old == new}
    pages, changed = pages_of(database, moves, line=line), changed_since(database, line)
    written = write_line(
        PageChange(change.title, PageField.LABELS, _packed(current, target, moves))
    )
    write_labels(database, target)
    for some in some_at_once(pages, progress):
        edits = [
            one
            for one in that_fit(database, line, some, changed, inverse=undone, title=change.title)
            if all(span.label in target.ids for span in one.edit.added)
        ]
        put(database, edits)
        more = planned(database, some, moves, target, change.title)
        put(database, more)
        yield keep(database, written, (*edits, *more))


def _last_line(database: Database, number: int) -> int:
    """The line that did an act: the act itself, or the last redo of it."""
    row = database.execute(
        "SELECT max(number) FROM edit WHERE act = ? AND kind = 'redo'", [number]
    ).fetchone()
    return row[0] or number


def _in_use(database: Database, labels: Collection[str]) -> set[str]:
    """Those of these labels that spans have."""
    rows = database.execute(
        "SELECT DISTINCT label FROM span WHERE label IN (SELECT value FROM json_each(?))",
        [json.dumps(list(labels))],
    )
    return {row[0] for row in rows}


def _rows(labels: LabelSet) -> _Rows:
    everything = chain(((label, None) for label in labels), labels.gone)
    return {label.id: {**label_row(label), "gone_into": into} for label, into in everything}


def _packed(before: LabelSet, after: LabelSet, moves: Mapping[str, str]) -> str:
    """What the log keeps of a change: the labels that differ, the order, name and guideline."""
    old, new = _rows(before), _rows(after)
    names = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    value: dict[str, Any] = {
        "moves": dict(moves),
        "labels": {name: [old.get(name), new.get(name)] for name in names},
    }
    orders = [[label.id for label in labels] for labels in (before, after)]
    if orders[0] != orders[1]:
        value["order"] = orders
    for name in ("name", "guideline"):
        if getattr(before, name) != getattr(after, name):
            value[name] = [getattr(before, name), getattr(after, name)]
    return json.dumps(value, ensure_ascii=False)


def _given_back(current: LabelSet, value: Mapping[str, Any], *, undone: bool) -> LabelSet:
    """The label set with what an act changed as it was before, or as the act made it."""
    now, then = (1, 0) if undone else (0, 1)
    rows = _rows(current)
    for name, states in value["labels"].items():
        is_now, was = states[now], states[then]
        if was is None:  # the act added it
            was = {**is_now, "gone_into": ""}
        here = rows.setdefault(name, dict(was))
        changed = {
            column: was[column]
            for column in was
            if (is_now or {"gone_into": ""}).get(column, here[column]) == here[column]
        }
        rows[name] = _without_clash(here | changed, here, rows)
    order = [label.id for label in current]
    orders = value.get("order", [order, order])
    wanted = orders[then] if order == orders[now] else order
    present = [name for name in rows if rows[name]["gone_into"] is None]
    present.sort(key=lambda name: wanted.index(name) if name in wanted else len(wanted))
    gone = [(label_of(row), row["gone_into"]) for row in rows.values() if _is_gone(row)]
    about = {
        name: value[name][then]
        for name in ("name", "guideline")
        if name in value and getattr(current, name) == value[name][now]
    }
    labels = tuple(label_of(rows[name]) for name in present)
    return replace(current, labels=labels, gone=tuple(gone), **about)


def _is_gone(row: Mapping[str, Any]) -> bool:
    return row["gone_into"] is not None


def _without_clash(row: dict[str, Any], here: Mapping[str, Any], rows: _Rows) -> dict[str, Any]:
    """The row with a name and a key that no other label has by now."""
    if _is_gone(row):
        return row
    others = [each for each in rows.values() if each["id"] != row["id"] and not _is_gone(each)]
    names = {each["name"] for each in others}
    if row["name"] in names:
        row["name"] = here["name"] if here["name"] not in names else row["id"]
    number = 2
    while row["name"] in names:
        row["name"], number = f"{row['id']}-{number}", number + 1
    if row["key"].upper() in {each["key"].upper() for each in others}:
        there = LabelSet("", tuple(map(label_of, others)))
        row["key"] = free_key(there, row["name"])
    return row


def _keeping(target: LabelSet, current: LabelSet, used: Collection[str]) -> LabelSet:
    """The label set with labels that are used, although it would go without them."""
    kept = tuple(current[label.id] for label, _ in target.gone if label.id in used)
    gone = tuple(each for each in target.gone if each[0].id not in used)
    return replace(target, labels=(*target.labels, *kept), gone=gone)


def _changed_labels(change: LabelSetChange) -> list[str]:
    """The ids of the labels whose spans a change concerns."""
    before = {label.id: label for label in change.before}
    after = {label.id: label for label in change.after}
    if change.moves:
        return list(change.moves)
    return [
        name
        for name, label in before.items()
        if replace(label, former=()) != replace(after[name], former=())
    ]


def _count(database: Database, labels: Sequence[str]) -> tuple[int, int, set[int]]:
    """The number of spans with these labels, of their pages, and whose they are."""
    chosen = "WHERE label IN (SELECT value FROM json_each(?))"
    spans, pages = database.execute(
        f"SELECT count(*), count(DISTINCT page) FROM span {chosen}", [json.dumps(labels)]
    ).fetchone()
    people = database.execute(
        f"SELECT DISTINCT annotator FROM span {chosen}", [json.dumps(labels)]
    ).fetchall()
    return spans, pages, {row[0] for row in people}


def _page_id(database: Database, number: int) -> str:
    row = database.execute("SELECT id FROM page WHERE number = ?", [number]).fetchone()
    return str(row[0])


def _warnings(change: LabelSetChange) -> list[str]:
    """Sentences about the colours and the key of labels that change them."""
    found = []
    for label in change.after:
        before = change.before[label.id] if label.id in change.before.ids else None
        if not before or (before.light, before.dark) != (label.light, label.dark):
            found += colour_warnings(label, change.after)
        if not before or before.key.upper() != label.key.upper():
            found += key_warnings(label.key, label.name)
    return found
