"""Whatever work comes from other tools: sound spans or a reason, and never anything else."""

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from segmark.core.annotation import Status
from segmark.core.record import RecordFilter
from segmark.core.span import faults
from segmark.jobs.loading.pages import load_pages
from segmark.loading.options import LabelOptions, LoadOptions
from segmark.loading.raw import OffsetUnit
from segmark.store.store import Store

from tests.factories import LABELS, make_project

TEXT = "Menu\r\nShip 🙂 sails\nIt did. It did so."
_SPAN = {"start": 6, "end": 18, "label": "headline", "token_start": 0, "token_end": 1}
_TOKENS = [{"text": "Ship", "ws": True}, {"text": "🙂", "ws": True}, {"text": "sails"}]
_REGION = {
    "id": "a", "from_name": "label", "to_name": "text", "type": "labels", "score": 0.5,
    "value": {"start": 6, "end": 18, "labels": ["Headline"], "text": "Ship 🙂 sails"},
}  # fmt: skip
_META = {"annotator": "mira", "status": "done", "sha256": "", "url": "http://varn.example"}
WORK: list[dict[str, Any]] = [
    {"id": "a", "text": TEXT, "spans": [_SPAN, {**_SPAN, "score": 0.5}], "meta": _META},
    {"text": TEXT, "spans": [_SPAN], "tokens": _TOKENS, "answer": "accept", "_task_hash": 1,
     "_session_id": "x", "_view_id": "ner_manual"},
    {"text": TEXT, "label": [[6, 19, "headline"], [20, 27, "body"]], "Comments": []},
    {"text": TEXT, "entities": [{"id": 1, "label": "body", "start_offset": 0, "end_offset": 4}],
     "relations": [{"id": 1}], "username": "mira", "annotation_approver": "jo"},
    {"text": TEXT, "label": [[0, 4, "body"], [6, 19, "caption"]], "annotator": "mira",
     "status": "started", "sha256": "", "suggested": [[0, 4, "body", 0.5]]},
    {"data": {"text": TEXT, "records": []}, "annotations": [], "predictions": [
     {"annotator": "mira", "status": "started", "result": [_REGION, {**_REGION, "score": None}]}]},
    {"id": 5, "data": {"text": TEXT}, "meta": {"a": 1}, "predictions": [{"score": 0.5,
     "result": [_REGION]}], "annotations": [{"completed_by": {"email": "a@b"},
     "was_cancelled": False, "result": [_REGION, {"type": "choices"}]}]},
]  # fmt: skip

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 60)
    | st.sampled_from([10**40, 0.5, -1.5, float("nan"), float("inf"), "", "headline", "X", "\n"])
    | st.text(max_size=3)
    | st.sampled_from(["accept", "reject", "done", "new", "\ud800", "label", TEXT]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["text", "start", "label", "id"]), inner, max_size=3)
    ),
    max_leaves=4,
)


def _places(value: object) -> Iterator[tuple[Any, Any]]:
    """Every place in a record, as what holds it and its key there."""
    keys = (
        value.keys()
        if isinstance(value, dict)
        else range(len(value))
        if isinstance(value, list)
        else ()
    )
    for key in list(keys):
        yield value, key
        yield from _places(value[key])  # type: ignore[index]


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, Any]:
    """A record of some tool with up to three of its values replaced or gone."""
    record: dict[str, Any] = deepcopy(draw(st.sampled_from(WORK)))
    for _ in range(draw(st.integers(0, 3))):
        places = list(_places(record))
        if not places:
            break
        holder, key = draw(st.sampled_from(places))
        if draw(st.booleans()):
            holder[key] = draw(VALUES)
        else:
            del holder[key]
    return record


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with make_project(tmp_path_factory.mktemp("any") / "news.segmark") as made:
        yield made


CHOICES = st.builds(
    LabelOptions,
    names=st.sampled_from([(), (("x", ""), ("headline", "body"))]),
    drop_unknown=st.booleans(),
    offsets=st.sampled_from([None, *OffsetUnit]),
    annotator=st.sampled_from(["", "mira"]),
    done=st.booleans(),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(records=st.lists(mutated(), min_size=1, max_size=4), lines=st.booleans(), choice=CHOICES)
def test_mutated_work_is_taken_soundly_or_refused_in_a_line(
    store: Store, records: list[dict[str, Any]], lines: bool, choice: LabelOptions
) -> None:
    path = store.path.parent / ("work.jsonl" if lines else "work.json")
    text = "\n".join(map(json.dumps, records)) if lines else json.dumps(records)
    path.write_text(text)
    report = load_pages(store, [path], options=LoadOptions(labels=choice))
    for told in (*report.rejected, *report.passed_over):
        assert "\n" not in str(told)
        assert str(told).encode()
    for record in store.records(RecordFilter(frozenset(Status))):
        assert faults(record.text, record.spans, LABELS.names) == []
    for name in store.annotators():
        assert name == " ".join(name.split()) != ""


LINES = st.sampled_from(
    ["-DOCSTART- -X- O O\n", "\n", "Ship\tB-headline\n", "sails I-headline\n", "x O\n", "O\n",
     "a -X- 0:1 B-body\n", "b -X- 3:4 I-body\n", "c -X- 2:1 O\n", "d -X- 0:999999999 S-x\n",
     "e E-body\n", "\t\n", "# no\n", "\r", "🙂 U-comment\n", "\x85 B-\n", " B-body\n", "f B-body"]
)  # fmt: skip


@settings(deadline=None)
@given(lines=st.lists(LINES, max_size=20), junk=st.binary(max_size=4), choice=CHOICES)
def test_any_tokens_with_tags_are_taken_soundly_or_refused_in_a_line(
    store: Store, lines: list[str], junk: bytes, choice: LabelOptions
) -> None:
    path = store.path.parent / "work.conll"
    path.write_bytes("".join(lines).encode() + junk)
    for told in load_pages(store, [path], options=LoadOptions(labels=choice)).rejected:
        assert "\n" not in str(told)
    for record in store.records(RecordFilter(frozenset(Status))):
        assert faults(record.text, record.spans, LABELS.names) == []


@settings(deadline=None)
@given(rows=st.lists(mutated(), min_size=1, max_size=4), junk=st.binary(max_size=3))
def test_any_parquet_is_taken_soundly_or_refused_in_a_line(
    store: Store, rows: list[dict[str, Any]], junk: bytes
) -> None:
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    try:
        table = arrow.Table.from_pylist(rows)
        path = Path(store.path.parent / "work.parquet")
        parquet.write_table(table, path)
    except (arrow.lib.ArrowException, UnicodeEncodeError, OverflowError, ValueError, TypeError):
        return  # such rows can't be in a file
    data = path.read_bytes()
    at = len(data) * 2 // 3
    path.write_bytes(data[:at] + junk + data[at + len(junk) :])
    for told in load_pages(store, [path]).rejected:
        assert "\n" not in str(told)
    for record in store.records(RecordFilter(frozenset(Status))):
        assert faults(record.text, record.spans, LABELS.names) == []
