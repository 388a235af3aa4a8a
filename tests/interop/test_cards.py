"""What the cards and the description of the exports say, as whoever follows them finds it."""

import json
import re
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from segmark.core.label import LabelSet
from segmark.core.span import Span
from segmark.export.split import Split

from tests.export.made import LABELS, export, export_as, many, record
from tests.export.web import web_record
from tests.interop.conftest import Run, needs
from tests.places import ROOT

SPLIT = Split(60, 20, 20)
WORDS = ("no", "on", "null", "y", "e-1")
TRICKY = LabelSet(
    "tricky",
    tuple(replace(label, name=word, id="") for label, word in zip(LABELS, WORDS, strict=True)),
)

_LOAD = """
import json, sys
from datasets import load_dataset
loaded = {}
for folder in sys.argv[1:]:
    parts = load_dataset(folder)
    loaded[folder] = {
        name: {
            "features": repr(part.features),
            "names": part.features["spans"].feature["label"].names,
            "rows": part.num_rows,
            "last": part[-1],
        }
        for name, part in parts.items()
    }
print(json.dumps(loaded))
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory, run: Run) -> dict[str, dict[str, Any]]:
    """Exports of several kinds as ``datasets.load_dataset(folder)`` gives them, by name."""
    needs("datasets")
    home = tmp_path_factory.mktemp("datasets")
    long = "word " * 900 + "end"
    silent = (record(f"s{number}", f"{number} {long}", ()) for number in range(2800))
    export(many(30), home / "whole")
    export(many(30), home / "zipped", gzip=True)
    export(many(30), home / "split", split=SPLIT)
    export(many(30), home / "split and zipped", split=SPLIT, gzip=True)
    export([record(site="varn.example")], home / "one part", split=SPLIT)
    export([record(site="a.example")], home / "only test", split=SPLIT, gzip=True)
    export(chain(silent, [record("last")]), home / "silent")
    export([record(), record(text="2026-01-31", spans=())], home / "date")
    export([record(spans=(Span(0, 5, "no"), Span(6, 13, "null")))], home / "tricky", labels=TRICKY)
    found = json.loads(run("-c", _LOAD, *map(str, sorted(home.iterdir()))))
    return {Path(folder).name: parts for folder, parts in found.items()}


def test_an_export_loads_typed_with_no_script(loaded: dict[str, dict[str, Any]]) -> None:
    strings = ("source", "url", "site", "annotator", "status", "sha256")
    meta = ", ".join(f"'{name}': Value('string')" for name in strings)
    for parts in loaded.values():
        for part in parts.values():
            names = part["names"]
            assert part["features"] == (
                "{'id': Value('string'), 'text': Value('string'), 'spans': List({'start': "
                "Value('int64'), 'end': Value('int64'), 'label': "
                f"ClassLabel(names={names!r})}}), 'meta': {{{meta}}}}}"
            )
    assert loaded["whole"]["train"]["names"] == [label.name for label in LABELS]


@pytest.mark.parametrize("kind", ["whole", "zipped"])
def test_labels_load_as_their_numbers(loaded: dict[str, dict[str, Any]], kind: str) -> None:
    assert list(loaded[kind]) == ["train"]
    assert loaded[kind]["train"]["rows"] == 30
    last = loaded[kind]["train"]["last"]
    assert last["spans"] == [
        {"start": 0, "end": 13, "label": 0},
        {"start": 14, "end": 38, "label": 2},
    ]
    assert (last["id"], last["text"][14:38]) == ("001d", "The night ferry is back.")


@pytest.mark.parametrize("kind", ["split", "split and zipped"])
def test_parts_load_as_the_splits_of_datasets(loaded: dict[str, dict[str, Any]], kind: str) -> None:
    assert list(loaded[kind]) == ["train", "validation", "test"]
    assert sum(part["rows"] for part in loaded[kind].values()) == 30


def test_an_empty_part_does_not_keep_the_others_from_loading(
    loaded: dict[str, dict[str, Any]],
) -> None:
    assert {name: part["rows"] for name, part in loaded["one part"].items()} == {"train": 1}
    assert {name: part["rows"] for name, part in loaded["only test"].items()} == {"test": 1}


def test_an_export_loads_typed_when_no_span_comes_in_its_first_12_mb(
    loaded: dict[str, dict[str, Any]],
) -> None:
    assert loaded["silent"]["train"]["rows"] == 2801
    assert loaded["silent"]["train"]["last"]["spans"][0] == {"start": 0, "end": 13, "label": 0}


def test_a_text_that_reads_as_a_date_stays_as_it_is_among_others(
    loaded: dict[str, dict[str, Any]],
) -> None:
    assert loaded["date"]["train"]["last"]["text"] == "2026-01-31"


def test_labels_that_yaml_would_take_for_other_things_stay_words(
    loaded: dict[str, dict[str, Any]],
) -> None:
    assert loaded["tricky"]["train"]["names"] == list(WORDS)
    spans = loaded["tricky"]["train"]["last"]["spans"]
    assert [span["label"] for span in spans] == [0, 2]


@pytest.mark.parametrize("number", range(8))
def test_every_python_block_of_the_description_runs(tmp_path: Path, number: int, run: Run) -> None:
    description = (ROOT / "exports/README.md").read_text("utf-8")
    blocks = re.findall(r"```python\n(.*?)```", description, re.DOTALL)
    assert len(blocks) == 8
    _need_libraries_of(blocks[number])
    (form,) = re.findall(r'"exports/([\w-]+)', blocks[number])
    pages = [record("1"), record("2", "Nothing", ())]
    if form == "dom":
        html = "<!doctype html><h1>Ferry returns</h1><p>The night ferry is back.</p>"
        pages = [web_record(html, "headline", "body")]
    export_as("jsonl" if form == "sample" else form, pages, tmp_path / "exports" / form)
    assert run("-c", blocks[number], cwd=tmp_path).splitlines() == [
        "headline Ferry returns",
        "body The night ferry is back.",
    ]


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("number", range(3))
def test_every_python_block_of_the_card_runs(
    tmp_path: Path, number: int, zipped: bool, run: Run
) -> None:
    export([record(site="a.example")], tmp_path / "out", split=SPLIT, gzip=zipped)
    card = (tmp_path / "out/README.md").read_text("utf-8")
    blocks = re.findall(r"```python\n(.*?)```", card, re.DOTALL)
    assert len(blocks) == 3
    _need_libraries_of(blocks[number])
    code = blocks[number].replace("path/to/this/folder", "out")
    said = " ".join(run("-c", code, cwd=tmp_path).splitlines())
    if "pandas" in blocks[number]:
        assert "The night ferry is" in said or "a1" in said
    else:
        assert said == "['Ferry returns', 'The night ferry is back.']"


def _need_libraries_of(block: str) -> None:
    needs(*re.findall(r"^(?:import|from) (datasets|pandas)", block, re.MULTILINE))
