"""What is exported and loaded again has the same spans; offsets are read in whatever they count."""

import json
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from segmark.core.annotation import Status
from segmark.core.edit import accept
from segmark.core.record import Record, RecordFilter
from segmark.core.span import Span
from segmark.core.text.normalise import normalise, trim
from segmark.export.exporter import write
from segmark.export.options import ExportOptions
from segmark.export.split import Split
from segmark.jobs.loading.pages import load_pages
from segmark.loading.labels.offsets import offset_converter, offset_in_normalised
from segmark.loading.options import LabelOptions, LoadOptions
from segmark.loading.raw import OffsetUnit
from segmark.store.store import Store

from tests.factories import LABELS, make_project

CLUSTERS = [
    "a",
    "Ship",
    " ",
    "é",
    "e\u0301",
    "🙂",
    "👨‍👩‍👧‍👦",
    "🇫🇴",
    "\r\n",
    "\r",
    "\n",
    "\u2028",
    "\ufeff",
    "\0",
]
Ranges = tuple[tuple[int, int, str], ...]
RAWS = st.lists(st.sampled_from(CLUSTERS) | st.text(max_size=2), min_size=1, max_size=15).map(
    "".join
)
NAMES = sorted(LABELS.names)


def _is_page(raw: str) -> bool:
    # Of two byte order marks one is left, and that goes when it is loaded once more.
    text = normalise(raw)
    return bool(text.replace("\ufffd", "").strip()) and not text.startswith("\ufeff")


@st.composite
def pages(draw: st.DrawFn) -> tuple[str, Ranges]:
    """A raw text and ranges of it, in code points, in order and disjoint."""
    raw = draw(RAWS.filter(_is_page))
    edges = sorted(draw(st.sets(st.integers(0, len(raw)), max_size=6)))
    pairs = zip(edges[::2], edges[1::2], strict=False)
    return raw, tuple((start, end, draw(st.sampled_from(NAMES))) for start, end in pairs)


def fill(store: Store, written: Mapping[str, Ranges]) -> None:
    """Label the pages of a project, as the annotator mira."""
    annotations = store.annotations("mira")
    for number, ranges in enumerate(written.values(), start=1):
        text = store.pages.get(number).text
        placed = [(trim(text, *pair), label) for *pair, label in ranges]
        spans = [Span(*pair, label) for pair, label in placed if pair[0] < pair[1]]
        before = annotations.get(number)
        edit = accept(text, before, LABELS, spans, "Label", Status.DONE)
        assert edit
        annotations.save(number, edit)


def told(store: Store) -> dict[str, tuple[list[Span], str, str]]:
    """What the records of a project say, by their text."""
    every = RecordFilter(frozenset(Status))
    return {r.text: (list(r.spans), r.annotator, r.status) for r in store.records(every)}


def texts_of(written: list[tuple[str, Ranges]]) -> dict[str, Ranges]:
    """The normalised texts, each once, with ranges that lie in them."""
    return {
        normalise(raw): tuple(r for r in ranges if r[1] <= len(normalise(raw)))
        for raw, ranges in written
    }


SUFFIXES = {
    "jsonl": ".jsonl", "parquet": ".parquet",
    "prodigy": ".jsonl", "doccano": ".jsonl", "label-studio": ".json",
}  # fmt: skip


@settings(deadline=None, max_examples=75)
@given(st.lists(pages(), min_size=1, max_size=4), st.sampled_from(sorted(SUFFIXES)), st.booleans())
def test_what_is_exported_comes_back_with_the_same_spans(
    written: list[tuple[str, Ranges]], form: str, parted: bool
) -> None:
    if form == "parquet":
        pytest.importorskip("pyarrow")
    made = texts_of(written)
    with TemporaryDirectory() as name:
        folder = Path(name)
        with make_project(folder / "a.segmark", *made) as store:
            fill(store, made)
            records: list[Record] = list(store.records(RecordFilter()))
            before = told(store)
        split = Split(50, 25, 25) if parted else None
        write(records, LABELS, ExportOptions(form=form, folder=folder / "out", split=split))
        with make_project(folder / "b.segmark") as store:
            load_pages(store, [folder / "out" / f"*{SUFFIXES[form]}"])
            assert told(store) == before


UNITS = [unit for unit in OffsetUnit if unit is not OffsetUnit.GRAPHEME or find_spec("regex")]


def _counted(raw: str, offset: int, unit: OffsetUnit) -> int | None:
    """The offset of a code point in a unit; None where it lies inside one."""
    at = offset_converter(raw, unit)
    return next((n for n in range(2 * len(raw) + 1) if at(n) == offset), None)


def _as_doccano(raw: str, ranges: list[tuple[int | None, int | None, str]]) -> object:
    return {"text": raw, "label": [list(each) for each in ranges], "username": "mira"}


def _as_label_studio(raw: str, ranges: list[tuple[int | None, int | None, str]]) -> object:
    results = [
        {"type": "labels", "value": {"start": start, "end": end, "labels": [label]}}
        for start, end, label in ranges
    ]
    made = {"completed_by": {"username": "mira"}, "result": results}
    return {"data": {"text": raw}, "annotations": [made]}


@settings(deadline=None, max_examples=60)
@given(
    st.lists(pages(), min_size=1, max_size=4, unique_by=lambda page: normalise(page[0])),
    st.sampled_from(UNITS),
    st.sampled_from([_as_doccano, _as_label_studio]),
)
def test_offsets_of_raw_text_come_to_the_very_characters_that_they_count(
    written: list[tuple[str, Ranges]], unit: OffsetUnit, write: Callable[..., object]
) -> None:
    if write is _as_label_studio and unit is OffsetUnit.GRAPHEME:
        unit = OffsetUnit.UTF_16  # that tool never counted them
    expected, records = {}, list[object]()
    for raw, ranges in written:
        counted = [(_counted(raw, s, unit), _counted(raw, e, unit), lb) for s, e, lb in ranges]
        kept = [n for n, (start, end, _) in enumerate(counted) if None not in (start, end)]
        records.append(write(raw, [counted[n] for n in kept]))
        at, text = offset_in_normalised(raw), normalise(raw)
        expected[text] = "".join(text[at(ranges[n][0]) : at(ranges[n][1])] for n in kept)
    choice = LoadOptions(labels=LabelOptions(offsets=unit))
    with TemporaryDirectory() as name:
        folder = Path(name)
        lines = "".join(f"{json.dumps(record)}\n" for record in records)
        (folder / "all.jsonl").write_text(lines)
        with make_project(folder / "b.segmark") as store:
            load_pages(store, [folder / "all.jsonl"], options=choice)
            loaded = told(store)
    for text, characters in expected.items():
        spans = loaded[text][0]
        quoted = "".join(text[span.start : span.end] for span in spans)
        assert "".join(quoted.split()) == "".join(characters.split())
