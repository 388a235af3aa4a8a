"""What records brought becomes typed columns, whatever it was."""

import json
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from segmark.export.extra import brought, columns_of, fitted
from segmark.export.features import INTEGER, NUMBER, STRING, TRUTH, Feature, ListOf, Struct

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner),
    max_leaves=6,
)
_ROWS = st.lists(st.dictionaries(st.sampled_from(["my id", "b", "c"]), _JSON), max_size=4)


@pytest.mark.parametrize(
    ("values", "kind", "written"),
    [
        ([1, 2], INTEGER, [1, 2]),
        ([1, 2.5], NUMBER, [1.0, 2.5]),
        ([True, False], TRUTH, [True, False]),
        (["a", ""], STRING, ["a", ""]),
        ([1, "a"], STRING, ["1", "a"]),
        ([1, None], STRING, ["1", ""]),
        ([2**70, 1], STRING, [str(2**70), "1"]),
        ([["a"], []], ListOf(STRING), [["a"], []]),
        ([{"n": 1}, {"n": 2}], Struct({"n": INTEGER}), [{"n": 1}, {"n": 2}]),
        ([{"n": 1}, {"m": "x"}], Struct({"m": STRING, "n": STRING}),
         [{"m": "", "n": "1"}, {"m": "x", "n": ""}]),
        ([{}, {}], STRING, ["{}", "{}"]),
    ],
)  # fmt: skip
def test_a_column_has_one_type_that_fits_all_its_values(
    values: list[Any], kind: Feature, written: list[Any]
) -> None:
    columns = columns_of({"mine": value} for value in values)
    assert columns == Struct({"mine": kind})
    assert [fitted(columns, {"mine": value}) for value in values] == [
        {"mine": value} for value in written
    ]


def test_a_column_that_some_rows_lack_is_text_or_a_list() -> None:
    columns = columns_of([{"n": 1, "tags": ["x"]}, {}])
    assert columns == Struct({"n": STRING, "tags": ListOf(STRING)})
    assert fitted(columns, {}) == {"n": "", "tags": []}


@given(_ROWS)
def test_every_value_has_the_type_of_its_column(rows: list[dict[str, Any]]) -> None:
    columns = columns_of(rows)
    for row in rows:
        found = fitted(columns, row)
        _check(columns, found)
        assert orjson.loads(orjson.dumps(found)) == found


def _check(kind: Feature, value: Any) -> None:  # noqa: ANN401 - any JSON
    if isinstance(kind, Struct):
        assert list(value) == list(kind.fields)
        for name, each in kind.fields.items():
            _check(each, value[name])
    elif isinstance(kind, ListOf):
        for each in value:
            _check(kind.item, each)
    else:
        kinds: dict[Feature, type] = {STRING: str, INTEGER: int, NUMBER: float, TRUTH: bool}
        assert type(value) is kinds[kind]


def test_a_record_of_an_export_brings_what_it_brought_to_the_first_project() -> None:
    own = dict.fromkeys(["source", "url", "site", "annotator", "status"], "")
    own["sha256"] = 64 * "a"
    assert brought({"id": "a", "meta": {**own, "extra": {"myid": 7}, "note": "x"}}) == {"myid": 7}
    assert brought({"id": "a", "meta": own}) == {}
    assert brought({"id": "a", **own, "extra": {"myid": 7}}) == {"myid": 7}
    assert brought({"sha256": 64 * "b", "myid": 7}) == {"sha256": 64 * "b", "myid": 7}
    assert brought({"id": "a", "meta": {"source": "x"}}) == {"id": "a", "meta": {"source": "x"}}


def test_deep_structures_are_json() -> None:
    deep: Any = 1
    for _ in range(200):
        deep = [deep]
    columns = columns_of([{"deep": deep}])
    text = json.dumps(fitted(columns, {"deep": deep}))
    assert text.count("[") == 200
