"""Connections: what a day of statements leaves behind."""

import tracemalloc
from pathlib import Path

from segmark.store.file.connection import connect

from tests.factories import make_project


def test_a_statement_that_is_over_leaves_no_memory_behind(project: Path) -> None:
    make_project(project, "Ship sails").close()

    def ask(times: int) -> None:
        for number in range(times):
            database.execute("SELECT text FROM page_text WHERE page = ?", [number]).fetchone()

    with connect(project) as database:
        ask(1_000)
        tracemalloc.start()
        try:
            before = tracemalloc.get_traced_memory()[0]
            ask(10_000)
            left = tracemalloc.get_traced_memory()[0] - before
        finally:
            tracemalloc.stop()
    assert left < 100_000
