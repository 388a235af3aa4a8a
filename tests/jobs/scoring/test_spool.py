"""Values of pages that are kept in a file."""

from contextlib import closing

from hypothesis import given
from hypothesis import strategies as st
from segmark.jobs.scoring.spool import Spool, SpooledTable

_VALUES = st.lists(st.tuples(st.integers(0, 30), st.lists(st.floats(0, 1) | st.text())))


@given(_VALUES, _VALUES)
def test_tables_in_one_spool_give_what_was_kept_last(
    one: list[tuple[int, list[object]]], other: list[tuple[int, list[object]]]
) -> None:
    with closing(Spool()) as spool:
        tables = SpooledTable(spool), SpooledTable(spool)
        for table, values in zip(tables, (one, other), strict=True):
            for number, value in values:
                table.keep(number, value)
        for table, values in zip(tables, (one, other), strict=True):
            kept = dict(values)
            assert list(table) == sorted(kept)
            assert len(table) == len(kept)
            assert {number: table.get(number) for number in range(32) if number in table} == kept
            assert table.get(31) is None
