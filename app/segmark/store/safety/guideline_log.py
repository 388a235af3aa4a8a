"""Completing the log of a repaired project: what it lacks of examples and questions."""

from segmark.core.annotation import UNTOUCHED
from segmark.core.page_change import PageField
from segmark.store.annotation_rows import edits_of, state_json
from segmark.store.file.connection import Database
from segmark.store.file.project_file import now
from segmark.store.guideline import Guideline, ItemKey, value_of
from segmark.store.page_changes import pages_of
from segmark.store.safety.replay import Replay, undo_tops


def complete_log(database: Database, title: str) -> None:
    """Add an act for each example and question that is not what the log leads to.

    Lines of the log, or rows of these tables, may have been lost. The first annotator acts.
    """
    rows = list(database.query("SELECT * FROM edit ORDER BY number"))
    logged = Replay.of(
        rows, lambda act: pages_of(database, act), lambda line: edits_of(database, line)
    ).guideline
    who, first = database.execute(
        "SELECT (SELECT min(number) FROM annotator), (SELECT min(number) FROM page)"
    ).fetchone()
    below = undo_tops(rows).get(who)
    for key, old, new in Guideline(database).differences(logged):
        page = key[1] if key[0] == PageField.QUESTION else first
        below = _append(database, title, (who, page, below), key, (old, new))


def _append(
    database: Database,
    title: str,
    line: tuple[int, int, int | None],
    key: ItemKey,
    states: tuple[str, str],
) -> int:
    """Add an act to the log; ``line`` is who did it, the page and the act below it."""
    who, page, below = line
    state = state_json(UNTOUCHED)
    added = database.execute(
        """INSERT INTO edit (made_at, annotator, page, kind, below, title, removed, added,
            before, after, field, value) VALUES (?, ?, ?, 'act', ?, ?, '[]', '[]', ?, ?, ?, ?)""",
        [now(), who, page, below, title, state, state, key[0], value_of(key, states[1])],
    )
    number = int(added.lastrowid or 0)
    database.execute(
        "INSERT INTO act_page (act, page, before) VALUES (?, ?, ?)", [number, page, states[0]]
    )
    return number
