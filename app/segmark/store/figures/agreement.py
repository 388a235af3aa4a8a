"""The agreement of annotators on pages that several of them have finished."""

import json
from collections.abc import Iterator
from itertools import groupby

from segmark.core.agreement import Agreement, agreements
from segmark.core.span import Span
from segmark.store.file.connection import Database

# All spans in one statement, in the order of the primary keys: nothing has to be sorted.
_SHARED = """
SELECT annotation.page, characters, name, (
    SELECT json_group_array(json_array("start", "end", label)) FROM (
        SELECT "start", "end", label FROM span
        WHERE span.page = annotation.page AND span.annotator = annotation.annotator
        ORDER BY "start"))
FROM annotation JOIN annotator ON annotator.number = annotator
    JOIN page ON page.number = annotation.page
WHERE status = 'done' AND name <> :without AND annotation.page NOT IN removed_page
    AND (SELECT count(*) FROM annotation AS every JOIN annotator AS anybody
            ON anybody.number = every.annotator
        WHERE every.page = annotation.page AND every.status = 'done' AND anybody.name <> :without
        ) > 1
ORDER BY annotation.page, annotation.annotator"""


def read_agreement(database: Database, without: str) -> dict[tuple[str, str], Agreement]:
    """The agreement of each two annotators who finished the same page, by their names.

    ``without`` is the name of an annotator who is not compared, "" for nobody.
    """
    return agreements(_shared_pages(database, without))


def _shared_pages(
    database: Database, without: str
) -> Iterator[tuple[int, list[tuple[str, list[Span]]]]]:
    """The length of each page that several annotators finished, and their spans by name."""
    rows = database.execute(_SHARED, {"without": without})
    for (_, length), group in groupby(rows, key=lambda row: row[:2]):
        yield (
            length,
            [(name, list(map(Span._make, json.loads(spans)))) for *_, name, spans in group],
        )
