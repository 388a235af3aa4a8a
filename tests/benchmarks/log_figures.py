"""A long log: what a check of the whole project takes after years of work."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from segmark.core.annotation import UNTOUCHED
from segmark.core.span import Span
from segmark.store.annotation_rows import spans_json, state_json
from segmark.store.safety.check import check

from tests.benchmarks.figures import Figure
from tests.benchmarks.made_projects import ANNOTATOR, WORKED_ON, new_store, page_of, text

_PAGES = 1_000
_BUDGET = 60.0  # seconds for a million acts
_TIME = "2026-03-01T10:00:00.000+00:00"
_SPAN = Span(0, 3, "caption")


def measure(folder: Path, acts: int = 1_000_000) -> list[Figure]:
    """How long a check of a project with so many acts takes."""
    project = folder / "log.segmark"
    make_log(project, acts)
    began = time.perf_counter()
    health = check(project)
    taken = time.perf_counter() - began
    assert health.is_well, health.damage
    assert health.edits == acts
    return [Figure(f"check a project with a log of {acts:,} acts", "s", taken, _BUDGET)]


def make_log(project: Path, acts: int) -> None:
    """Make a project whose log has so many acts, a multiple of 1,000."""
    with new_store(project) as store, store.write():
        for seed in range(_PAGES):
            page = page_of(text(400, seed=seed))
            store.pages.add(page, page.text.encode())
    with closing(sqlite3.connect(project)) as database, database:
        database.execute("INSERT INTO annotator (number, name, id) VALUES (1, ?, 'x')", [ANNOTATOR])
        database.execute("INSERT INTO person_name VALUES (1, ?, ?, 1)", [ANNOTATOR, ANNOTATOR])
        database.executemany(
            """INSERT INTO annotation (page, annotator, status, flagged, note, rejected, changed_at)
            VALUES (?, 1, 'started', 0, '', '[]', ?)""",
            ((page, _TIME) for page in range(1, _PAGES + 1)),
        )
        database.executemany(
            """INSERT INTO edit (made_at, annotator, page, kind, below, title, removed, added,
            before, after) VALUES (?, 1, ?, 'act', ?, 'Caption', ?, ?, ?, ?)""",
            _lines(acts),
        )


def _lines(acts: int) -> Iterator[tuple[object, ...]]:
    """One label on each page, made and removed again and again; in the end it is removed."""
    span, none = spans_json((_SPAN,)), spans_json(())
    new, started = state_json(UNTOUCHED), state_json(WORKED_ON)
    each = acts // _PAGES
    for number in range(acts):
        page, turn = number // each + 1, number % each
        spans = (span, none) if turn % 2 else (none, span)
        yield _TIME, page, number or None, *spans, new if turn == 0 else started, started
