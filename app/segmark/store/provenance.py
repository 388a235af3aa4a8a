"""Where each span of an annotation came from.

The ``source`` of a span is one of: ``typed`` by hand; ``accepted``, a suggestion as it was;
``changed``, an altered suggestion or loaded label; ``loaded``, a label or prediction of another
program as it was loaded; ``carried`` over from an earlier version of the page, and
``carried-changed`` if the text had changed.
"""

from collections.abc import Mapping, Sequence

from segmark.core.edit import LOADED
from segmark.core.span import Span, overlapping
from segmark.store.annotation_rows import read_annotation, stored_spans
from segmark.store.file.connection import Database
from segmark.store.file.label_rows import present_label

_SUGGESTED = present_label("suggestion.label")


def sources(
    database: Database, page: int, who: int | None, spans: Sequence[Span]
) -> dict[int, Mapping[str, str]]:
    """The ``source`` of each span of an annotator on a page, by its start.

    Only suggestions that the annotator saw count: on a blind page every span is typed.
    """
    rows = database.execute(
        f"""SELECT suggestion."start", suggestion."end", {_SUGGESTED}, EXISTS (
            SELECT 1 FROM prediction WHERE prediction.page = offer.page
                AND prediction."start" = suggestion."start"
                AND prediction."end" = suggestion."end" AND prediction.label = suggestion.label)
        FROM suggestion JOIN offer ON offer.number = offer
        WHERE offer.page = ? AND annotator = ? AND NOT blind
            AND suggestion.confidence >= threshold
        ORDER BY suggestion."start" """,
        [page, who],
    ).fetchall()
    loaded = _loaded(database, page, who)
    shown = {Span(*row[:3]): bool(row[3]) for row in rows}
    refused = read_annotation(database, page, who).state.rejected if shown else ()
    open_to_change = [span for span in shown if span not in refused]

    carried = _carried(database, page, who)

    def source(span: Span) -> str:
        if span in carried:
            return "carried-changed" if carried[span] else "carried"
        if span in loaded:
            return "loaded"
        if span in shown:
            return "loaded" if shown[span] else "accepted"
        over_loaded = any(one.start < span.end and span.start < one.end for one in loaded)
        over_shown = overlapping(open_to_change, span.start, span.end)
        return "changed" if over_loaded or over_shown else "typed"

    return {span.start: {"source": source(span)} for span in spans}


def less_sure(database: Database, page: int, who: int | None, least: float) -> frozenset[Span]:
    """The suggestions below this confidence that the annotator was shown on a page.

    A span that equals such a suggestion was accepted from it.
    """
    rows = database.execute(
        f"""SELECT "start", "end", {_SUGGESTED} FROM suggestion JOIN offer ON offer.number = offer
        WHERE page = ? AND annotator = ? AND NOT blind AND confidence >= threshold
            AND confidence < ?""",
        [page, who, least],
    )
    return frozenset(Span(*row) for row in rows.fetchall())


def _carried(database: Database, page: int, who: int | None) -> dict[Span, bool]:
    """The spans that were carried over, and whether their text had changed."""
    rows = database.execute(
        f"""SELECT "start", "end", {present_label("carried.label")}, changed FROM carried
        WHERE page = ? AND annotator = ?""",
        [page, who],
    ).fetchall()
    return {Span(*row[:3]): bool(row[3]) for row in rows}


def _loaded(database: Database, page: int, who: int | None) -> tuple[Span, ...]:
    """The labels that were loaded with the page, unaltered."""
    rows = database.execute(
        f"""SELECT added FROM edit WHERE page = ? AND title = '{LOADED}' AND kind = 'act'
            AND annotator IN (SELECT number FROM annotator WHERE ? IN (number, joined))
        ORDER BY number""",
        [page, who],
    )
    spans = [span for row in rows.fetchall() for span in stored_spans(row[0])]
    gone = database.execute("SELECT id, gone_into FROM label WHERE gone_into IS NOT NULL")
    now = dict(gone.fetchall()) if spans else {}
    return tuple(span._replace(label=now.get(span.label, span.label)) for span in spans)
