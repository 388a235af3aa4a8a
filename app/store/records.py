"""The pages of a project as records, in load order and from one moment."""

from collections.abc import Generator

from app.core.page import Anchor
from app.core.record import Record, RecordFilter
from app.core.span import Span
from app.store.connection import Database
from app.store.pages import unpack_anchors
from app.store.provenance import sources

# A page that nobody opened has no annotation; it counts as new, and nobody's.
_CHOSEN = """
FROM page LEFT JOIN annotation ON annotation.page = page.number AND {whose}
    LEFT JOIN annotator ON annotator.number = annotation.annotator
    LEFT JOIN near_duplicate ON near_duplicate.page = page.number
WHERE page.number NOT IN removed_page AND coalesce(status, 'new') IN ({statuses})
"""


def count_records(database: Database, chosen: RecordFilter) -> int:
    """How many records the filter takes."""
    where, values = _where(chosen)
    counted = "DISTINCT coalesce(first, page.number) || ' ' || coalesce(annotation.annotator, '')"
    query = f"SELECT count({counted if chosen.unique else '*'}) {where}"
    return int(database.execute(query, values).fetchone()[0])


def read_records(database: Database, chosen: RecordFilter) -> Generator[Record]:
    """The records one by one, pages in load order, then annotators by name.

    What is labelled meanwhile is not seen: all is read from one snapshot. Of near-duplicates the
    first that the filter takes stands for all, for each annotator.
    """
    where, values = _where(chosen)
    database.execute("BEGIN")
    try:
        articles = _articles(database) if chosen.unique else frozenset()
        taken = set[tuple[int, int | None]]()
        rows = database.execute(
            f"""SELECT page.number, coalesce(first, page.number), annotation.annotator, page.id,
                (SELECT text FROM page_text WHERE page_text.page = page.number),
                source, url, site, coalesce(annotator.name, ?), coalesce(status, 'new'), sha256
            {where} ORDER BY page.number, annotator.name""",
            [chosen.annotator or "", *values],
        )
        for number, article, who, name, text, *about in rows:
            if article in articles:
                if (article, who) in taken:
                    continue
                taken.add((article, who))
            source, url, site, annotator, status, sha256 = about
            anchors = _anchors(database, number) if chosen.anchors else {}
            spans = _spans(database, number, who, chosen.labels)
            origins = sources(database, number, who, spans) if chosen.provenance else {}
            yield Record(
                name, text, spans, source, url, site, annotator, status, sha256, anchors, origins
            )
    finally:
        database.execute("ROLLBACK")


def _articles(database: Database) -> frozenset[int]:
    """The articles that are on several pages, by the numbers of their first pages."""
    rows = database.execute("SELECT DISTINCT first FROM near_duplicate")
    return frozenset(row[0] for row in rows.fetchall())


def _spans(
    database: Database, page: int, who: int | None, labels: frozenset[str] | None
) -> list[Span]:
    rows = database.execute(
        """SELECT "start", "end", label FROM span WHERE page = ? AND annotator = ?
        ORDER BY "start" """,
        [page, who],
    )
    spans = [Span(*row) for row in rows.fetchall()]
    return spans if labels is None else [span for span in spans if span.label in labels]


def _anchors(database: Database, page: int) -> dict[int, Anchor]:
    row = database.execute("SELECT zlib FROM page_anchors WHERE page = ?", [page]).fetchone()
    return unpack_anchors(row[0]) if row else {}


def _where(chosen: RecordFilter) -> tuple[str, list[str]]:
    whose, values = "1", list[str]()
    if chosen.annotator is not None:
        whose = "annotation.annotator = (SELECT number FROM annotator WHERE name = ?)"
        values.append(chosen.annotator)
    statuses = sorted(chosen.statuses)
    marks = ",".join("?" * len(statuses))
    where = _CHOSEN.format(whose=whose, statuses=marks)
    values += statuses
    if chosen.sites is not None:
        where += f"AND site IN ({','.join('?' * len(chosen.sites))})\n"
        values += sorted(chosen.sites)
    if chosen.since is not None:
        where += "AND coalesce(changed_at, loaded_at) >= ?\n"
        values.append(chosen.since.isoformat())
    return where, values
