"""Changing many pages in one act, and undoing it.

``act_page`` keeps what each page was before. Undo only changes pages that still are as the act left
them: somebody else may have changed the site of a page since.
"""

import json
from collections.abc import Iterable, Iterator, Sequence

from segmark.core.annotation import Status
from segmark.core.edit import Edit
from segmark.core.history import ActKind
from segmark.core.label_acts.fitting import brought_up_to_date
from segmark.core.page_change import PAGES_AT_ONCE, PageChange, PageField
from segmark.core.progress import Progress
from segmark.store.annotation_rows import (
    edit_of,
    edits_of,
    last_line,
    read_annotation,
    spans_json,
    state_json,
)
from segmark.store.file.connection import Database
from segmark.store.file.label_rows import read_labels
from segmark.store.file.project_file import now
from segmark.store.page_query import KEPT

_BEFORE = {
    PageField.STATUS: f"""coalesce((SELECT status FROM annotation
        WHERE annotation.page = page.number AND annotator = :who), '{Status.NEW}')""",
    PageField.FLAGGED: """coalesce((SELECT flagged FROM annotation
        WHERE annotation.page = page.number AND annotator = :who), 0)""",
    PageField.SITE: "site",
    PageField.REMOVED: "page.number IN removed_page",
}

#: The condition for a page to get a value of a field, if there is one.
_WHICH = {
    (PageField.STATUS, str(Status.STARTED)): f"before IN ('{Status.DONE}', '{Status.SKIPPED}')"
}


def act(
    database: Database, who: int, number: int, pages: Sequence[int], change: PageChange
) -> Iterator[int]:
    """Change the pages, and keep what they were before under the number of the act.

    Yields, step by step, how many pages changed. Pages that already have the value are left alone,
    and so are removed pages. Only finished pages become started again.
    """
    if change.field.of_guideline:
        from segmark.store import guideline

        yield guideline.act(database, number, pages[0], change)
        return
    which = _WHICH.get((change.field, change.value), "1")
    kept = "1" if change.field is PageField.REMOVED else KEPT
    for begin in range(0, len(pages), PAGES_AT_ONCE):
        first = 1 + _last(database)
        database.execute(
            f"""INSERT INTO act_page (act, page, before)
            SELECT :act, page, before FROM (
                SELECT page.number AS page, CAST({_BEFORE[change.field]} AS TEXT) AS before
                FROM page WHERE {kept} AND page.number IN (SELECT value FROM json_each(:pages)))
            WHERE before <> :value AND {which}""",
            {"act": number, "who": who, "value": change.value,
             "pages": json.dumps(list(pages[begin : begin + PAGES_AT_ONCE]))},
        )  # fmt: skip
        yield _put(database, who, number, change, ActKind.ACT, (first, _last(database)))


def _last(database: Database) -> int:
    row = database.execute("SELECT max(number) FROM act_page").fetchone()
    return row[0] or 0


def replay(
    database: Database, who: int, number: int, change: PageChange, kind: ActKind
) -> Iterator[int]:
    """Undo or redo an act; yields, step by step, how many pages changed."""
    if change.field.of_guideline:
        from segmark.store import guideline

        for page, before in pages_of(database, number):
            undo = kind is ActKind.UNDO
            yield guideline.replay(database, page, change, before, undo=undo)
        return
    first, last = database.execute(
        "SELECT min(number), max(number) FROM act_page WHERE act = ?", [number]
    ).fetchone()
    for begin in range(first or 1, (last or 0) + 1, PAGES_AT_ONCE):
        rows = begin, min(begin + PAGES_AT_ONCE - 1, last)
        yield _put(database, who, number, change, kind, rows)


def _put(
    database: Database,
    who: int,
    number: int,
    change: PageChange,
    kind: ActKind,
    rows: tuple[int, int],
) -> int:
    """Give the pages of these rows the value of the act, or the one that they had before."""
    new, old = (":value", "before") if kind is not ActKind.UNDO else ("before", ":value")
    touched = "act_page.act = :act AND act_page.number BETWEEN :first AND :last"
    values = {
        "act": number, "who": who, "value": change.value, "now": now(),
        "first": rows[0], "last": rows[1],
    }  # fmt: skip
    if change.field is PageField.REMOVED:
        gone = (change.value == "1") is (kind is not ActKind.UNDO)
        pages = f"SELECT page FROM act_page WHERE {touched}"
        statement = f"DELETE FROM removed_page WHERE page IN ({pages})"
        if gone:
            statement = f"INSERT OR IGNORE INTO removed_page {pages}"
    elif change.field is PageField.SITE:
        statement = f"""UPDATE page SET site = {new} FROM act_page
            WHERE {touched} AND page.number = act_page.page AND site = {old}"""
    else:
        database.execute(
            f"""INSERT INTO annotation
            SELECT page, :who, 'new', 0, '', '[]', 0, :now, '[]' FROM act_page WHERE {touched}
            ON CONFLICT DO NOTHING""",
            values,
        )
        column = change.field.value
        old = f"CAST({old} AS INTEGER)" if change.field is PageField.FLAGGED else old
        statement = f"""UPDATE annotation SET {column} = {new}, changed_at = :now FROM act_page
            WHERE {touched} AND annotation.page = act_page.page AND annotator = :who
                AND {column} = {old} AND annotation.page NOT IN removed_page"""
    used = {name: value for name, value in values.items() if f":{name}" in statement}
    return database.execute(statement, used).rowcount


def pages_of(database: Database, number: int) -> list[tuple[int, str]]:
    """The pages that an act changed, with the value that each had before."""
    return database.execute("SELECT page, before FROM act_page WHERE act = ?", [number]).fetchall()


def keep_edit(database: Database, line: int, page: int, who: int, edit: Edit) -> None:
    """Keep the edit that a line of the log makes on a page; call it before the page changes."""
    database.execute(
        """INSERT INTO act_edit VALUES (?, ?, ?, ?, ?, ?, ?, 0, coalesce(
            (SELECT changed_at FROM annotation WHERE page = ? AND annotator = ?), ''))""",
        [line, page, who, spans_json(edit.removed), spans_json(edit.added),
         state_json(edit.before), state_json(edit.after), page, who],
    )  # fmt: skip


def edits_to_replay(
    database: Database, who: int, number: int, line: int
) -> Iterator[tuple[int, Edit]]:
    """The edits that turn back what an act, or its last undo or redo, did to its pages.

    ``line`` is that of the log which does it. Pages changed or removed since are left out.
    """
    last = last_line(database, number, line)
    labels = read_labels(database)
    removed = {row[0] for row in database.execute("SELECT page FROM removed_page")}
    for row in [each for each in edits_of(database, last) if each["page"] not in removed]:
        annotation = read_annotation(database, row["page"], who)
        logged = edit_of({"title": "", **row}).inverse()
        edit = brought_up_to_date(annotation, logged, labels)
        if not edit.is_empty:
            yield row["page"], edit


def counted(steps: Iterable[int], total: int, progress: Progress | None) -> Iterator[int]:
    """The number of pages that each step changed, reported to ``progress`` after each step."""
    for at, changed in enumerate(steps, start=1):
        yield changed
        if progress:
            progress(min(total, at * PAGES_AT_ONCE), total)
