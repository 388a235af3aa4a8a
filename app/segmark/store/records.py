"""The pages of a project as records, in load order, read from a snapshot.

Exporting is a hot path, in hand-written SQL: sqlite-utils would give 19,000 records a second, this
gives 23,000.
"""

import hashlib
import json
from collections.abc import Generator, Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from segmark.core.annotation import Status
from segmark.core.page import Anchor
from segmark.core.record import Article, Record, RecordFilter, RecordKey
from segmark.core.span import Span, named
from segmark.store.annotation_rows import stored_names
from segmark.store.file.connection import Database, read_by, stored_seconds
from segmark.store.pages import unpack_anchors
from segmark.store.provenance import less_sure, sources

#: Why a page is left out of an adjudicated export.
DISAGREED = "whoever finished it labelled it differently, and nobody has settled it"
_FINISHED = frozenset(status for status in Status if status.finished)

# A page that nobody opened has no annotation: it is new and has no annotator.
_CHOSEN = """
FROM page LEFT JOIN annotation ON annotation.page = page.number AND {whose}
        AND annotation.annotator NOT IN (SELECT number FROM annotator WHERE joined IS NOT NULL)
    LEFT JOIN annotator ON annotator.number = annotation.annotator
    LEFT JOIN near_duplicate ON near_duplicate.page = page.number
    LEFT JOIN page AS first_page ON first_page.number = first
WHERE page.number NOT IN removed_page AND coalesce(status, 'new') IN ({statuses})
"""
_KEY = """page.number, annotation.annotator, page.id, page.site, coalesce(annotator.name, ?),
    first, first_page.id, first_page.site"""
# As bytes, because the checksum is that of the bytes, and encoding the text again takes longer.
_REST = """(SELECT CAST(text AS BLOB) FROM page_text WHERE page_text.page = page.number),
    page.source, page.url, coalesce(status, 'new'), page.sha256, page.language"""
_NO_REST = "x'', '', '', coalesce(status, 'new'), '', ''"
# In the row itself: a statement for each page would take twice as long.
_SPANS = """(SELECT json_group_array(json_array("start", "end", label)) FROM (
    SELECT "start", "end", label FROM span
    WHERE span.page = page.number AND span.annotator = annotation.annotator ORDER BY "start"))"""
_NO_SPANS = "'[]'"
_BROUGHT = """coalesce((SELECT json FROM page_rest WHERE page_rest.page = page.number), '{}')"""
_WORK = """SELECT note, flagged, changed_at, active_seconds, absent FROM annotation
    WHERE page = ? AND annotator = ?"""


class _Row(NamedTuple):
    """A row of the query: a page and an annotator."""

    number: int
    who: int | None
    id: str
    site: str
    annotator: str
    first: int | None
    first_id: str | None
    first_site: str | None
    text: bytes | None
    source: str
    url: str
    status: str
    sha256: str
    language: str
    marked: str
    left_out: str
    views: int

    def spans(self, labels: frozenset[str] | None) -> list[Span]:
        """The spans with these labels, or all spans."""
        spans = list(map(Span._make, json.loads(self.marked)))
        return spans if labels is None else [span for span in spans if span.label in labels]

    @property
    def same(self) -> int:
        """A number that all pages with the same article share."""
        return self.number if self.first is None else self.first

    @property
    def article(self) -> Article | None:
        if self.first is None:
            return None
        return Article(self.first_id or f"page {self.first}", self.first_site or "")


def count_records(database: Database, chosen: RecordFilter) -> int:
    """The number of records that fit the filter, including those that are left out."""
    where, values = _where(chosen)
    page = "coalesce(first, page.number)" if chosen.unique else "page.number"
    who = "''" if chosen.adjudicated else "coalesce(annotation.annotator, '')"
    query = f"SELECT count(DISTINCT {page} || ' ' || {who}) {where}"
    if not chosen.unique and not chosen.adjudicated:
        query = f"SELECT count(*) {where}"
    return int(database.execute(query, values).fetchone()[0])


def read_brought(database: Database, chosen: RecordFilter) -> Iterator[dict[str, object]]:
    """What the page of each record brought when it was loaded; {} if it brought nothing."""
    where, values = _where(chosen)
    rows = database.execute(f"SELECT {_BROUGHT} {where}", values)
    return (json.loads(row[0]) for row in rows)


def read_keys(database: Database, chosen: RecordFilter) -> Generator[RecordKey]:
    """The keys of the records, one by one, much faster than the records themselves."""
    marked = _SPANS if chosen.adjudicated else _NO_SPANS
    for row in _picked(database, chosen, f"{_NO_REST}, {marked}"):
        yield RecordKey(row.id, row.site, row.annotator, row.article, row.left_out)


def read_records(database: Database, chosen: RecordFilter) -> Generator[Record]:
    """The records one by one, pages in load order, then annotators by name.

    Their spans have names of labels, not ids. Records are read from a snapshot, without what is
    labelled meanwhile. With ``unique``, the first
    near-duplicate that fits the filter stands for all of them, for each annotator.
    """
    database.execute("BEGIN")
    try:
        names = _renamed(database)
        for row in _picked(database, chosen, f"{_REST}, {_SPANS}"):
            number, who, text = row.number, row.who, row.text or b""
            spans = row.spans(chosen.labels)
            if chosen.min_confidence:
                unsure = less_sure(database, number, who, chosen.min_confidence)
                spans = [span for span in spans if span not in unsure]
            yield Record(
                row.id,
                text.decode(errors="replace"),
                named(spans, names),
                row.source,
                row.url,
                row.site,
                row.annotator,
                row.status,
                row.sha256,
                _anchors(database, number) if chosen.anchors else {},
                sources(database, number, who, spans) if chosen.provenance else {},
                language=row.language,
                article=row.article,
                left_out=row.left_out,
                views=row.views,
                more=_more(database, number, who, chosen, names),
                digest=hashlib.sha256(text).hexdigest(),
            )
    finally:
        database.execute("ROLLBACK")


def _renamed(database: Database) -> dict[str, str]:
    """The names of the labels whose names are not their ids."""
    rows = database.execute("SELECT id, name FROM label WHERE name <> id").fetchall()
    return dict(rows)


def _picked(database: Database, chosen: RecordFilter, rest: str) -> Iterator[_Row]:
    """The rows that fit the filter, with one annotation a page if they are adjudicated."""
    articles = _articles(database) if chosen.unique else frozenset()
    taken = set[tuple[int, int | None]]()
    for row in _adjudicated(chosen, _rows(database, chosen, rest)):
        if row.same in articles:
            key = (row.same, None if chosen.adjudicated else row.who)
            if key in taken:
                continue
            if not row.left_out:
                taken.add(key)
        yield row


def _rows(database: Database, chosen: RecordFilter, rest: str) -> Iterator[_Row]:
    where, values = _where(chosen)
    rows = database.execute(
        f"SELECT {_KEY}, {rest}, '', 0 {where} ORDER BY page.number, annotator.name",
        [chosen.annotator or "", *values],
    )
    return map(_Row._make, rows)


def _adjudicated(chosen: RecordFilter, rows: Iterator[_Row]) -> Iterator[_Row]:
    if not chosen.adjudicated:
        yield from rows
        return
    for _, group in groupby(rows, key=lambda row: row.number):
        views = list(group)
        settled = next(
            (row for row in views if row.who and row.annotator == chosen.adjudicator), None
        )
        finished = [row for row in views if row.status in _FINISHED]
        first = (finished or views)[0]
        spans = first.spans(chosen.labels)
        if settled:
            yield settled
        elif any(row.spans(chosen.labels) != spans for row in views):
            yield first._replace(left_out=DISAGREED)
        elif len(finished) < chosen.views:
            yield first._replace(left_out=too_few(chosen.views))
        else:
            yield first._replace(views=len(finished))


def too_few(views: int) -> str:
    """Why a page is left out that fewer than so many people have finished."""
    people = f"fewer than {views:,} people" if views > 1 else "nobody"
    return f"{people} finished it (see --views)"


def _articles(database: Database) -> frozenset[int]:
    """The articles on several pages, by the number of the first page."""
    rows = database.execute("SELECT DISTINCT first FROM near_duplicate")
    return frozenset(row[0] for row in rows.fetchall())


def _more(
    database: Database,
    page: int,
    who: int | None,
    chosen: RecordFilter,
    names: Mapping[str, str],
) -> dict[str, object]:
    """The further metadata that the filter asks for."""
    found: dict[str, object] = {}
    if chosen.extra:
        row = database.execute(f"SELECT {_BROUGHT} FROM page WHERE number = ?", [page]).fetchone()
        found["extra"] = json.loads(row[0])
    if chosen.notes or chosen.times or chosen.absent:
        row = database.execute(_WORK, [page, who]).fetchone()
        note, flagged, changed_at, seconds, absent = row or ("", 0, "", 0.0, "[]")
        if chosen.notes:
            found |= {"note": note, "flagged": bool(flagged)}
        if chosen.times:
            with read_by(database):
                seconds = stored_seconds(seconds)
            found |= {"changed_at": changed_at, "seconds": round(seconds, 1)}
        if chosen.absent:
            with read_by(database):
                found["absent"] = [names.get(label, label) for label in stored_names(absent)]
    return found


def _anchors(database: Database, page: int) -> dict[int, Anchor]:
    row = database.execute("SELECT zlib FROM page_anchors WHERE page = ?", [page]).fetchone()
    return unpack_anchors(row[0]) if row else {}


def _where(chosen: RecordFilter) -> tuple[str, list[str]]:
    whose, values = "1", list[str]()
    if chosen.annotator is not None:
        whose = "annotation.annotator = (SELECT number FROM annotator WHERE name = ?)"
        values.append(chosen.annotator)
    statuses = sorted(chosen.statuses)
    where = _CHOSEN.format(whose=whose, statuses=_marks(statuses))
    values += statuses
    if chosen.sites is not None:
        where += f"AND page.site IN ({_marks(sorted(chosen.sites))})\n"
        values += sorted(chosen.sites)
    if chosen.since is not None:
        where += _SINCE_BY_ANYBODY if chosen.adjudicated else _SINCE
        values.append(chosen.since.isoformat())
    return where, values


_SINCE = "AND coalesce(changed_at, page.loaded_at) >= ?\n"
# Whether annotations agree must not depend on how old each of them is.
_SINCE_BY_ANYBODY = """AND coalesce((SELECT max(changed_at) FROM annotation AS every
    WHERE every.page = page.number), page.loaded_at) >= ?\n"""


def _marks(values: Sequence[str]) -> str:
    return ",".join("?" * len(values))
