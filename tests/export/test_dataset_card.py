import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from app import __version__
from app.core.label import LabelSet
from app.core.record import Record
from app.core.span import Span
from app.export.dataset_card import read_card
from app.export.exporter import Options
from app.export.row import SCHEMA
from app.export.split import Split, SplitBy
from tests.export.made import LABELS, ROOT, export, export_as, lines_of, many, record
from tests.export.made import SCHEMA as RECORD_SCHEMA
from tests.export.web import web_record

SPLIT = Split(60, 20, 20)
WORDS = ("no", "on", "null", "y", "e-1")
TRICKY = LabelSet(
    "tricky",
    tuple(replace(label, name=word) for label, word in zip(LABELS, WORDS, strict=True)),
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


def needs(library: str) -> None:
    # Not importorskip: importing these here would warn, take a second, and read the environment.
    if not find_spec(library):
        pytest.skip(f"{library} is not installed")


def offline(home: Path) -> dict[str, str]:
    return {**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(home), "TQDM_DISABLE": "1"}


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
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
    folders = [str(path) for path in sorted(home.iterdir())]
    done = subprocess.run(
        [sys.executable, "-c", _LOAD, *folders],
        env=offline(home / ".cache"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return {Path(folder).name: parts for folder, parts in json.loads(done.stdout).items()}


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
def test_every_python_block_of_the_description_runs(tmp_path: Path, number: int) -> None:
    description = (ROOT / "exports/README.md").read_text("utf-8")
    blocks = re.findall(r"```python\n(.*?)```", description, re.DOTALL)
    assert len(blocks) == 8
    for library in ("datasets", "pandas"):
        if re.search(f"(import|from) {library}", blocks[number]):
            needs(library)
    (form,) = re.findall(r'"exports/([\w-]+)', blocks[number])
    pages = [record("1"), record("2", "Nothing", ())]
    if form == "dom":
        html = "<!doctype html><h1>Ferry returns</h1><p>The night ferry is back.</p>"
        pages = [web_record(html, "headline", "body")]
    export_as("jsonl" if form == "sample" else form, pages, tmp_path / "exports" / form)
    assert run(blocks[number], tmp_path) == [
        "headline Ferry returns",
        "body The night ferry is back.",
    ]


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("number", range(3))
def test_every_python_block_of_the_card_runs(tmp_path: Path, number: int, zipped: bool) -> None:
    export([record(site="a.example")], tmp_path / "out", split=SPLIT, gzip=zipped)
    card = (tmp_path / "out/README.md").read_text("utf-8")
    blocks = re.findall(r"```python\n(.*?)```", card, re.DOTALL)
    assert len(blocks) == 3
    for library in ("datasets", "pandas"):
        if re.search(f"(import|from) {library}", blocks[number]):
            needs(library)
    said = " ".join(run(blocks[number].replace("path/to/this/folder", "out"), tmp_path))
    if "pandas" in blocks[number]:
        assert "The night ferry is" in said or "a1" in said
    else:
        assert said == "['Ferry returns', 'The night ferry is back.']"


def run(code: str, folder: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env=offline(folder / "cache"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def card_of(
    records: Iterable[Record], folder: Path, split: Split | None = None, labels: LabelSet = LABELS
) -> str:
    export(records, folder, split=split, labels=labels)
    return (folder / "README.md").read_text("utf-8")


def test_the_card_tells_counts_definitions_and_the_version(tmp_path: Path) -> None:
    pages = [*many(30), record("x", site="", status="skipped", spans=())]
    card = card_of(pages, tmp_path, split=SPLIT)
    counts = {part: len(lines_of(tmp_path / f"{part}.jsonl")) for part in ("train", "dev", "test")}
    assert f"| pages | 31 | {' | '.join(map(str, counts.values()))} |" in card
    assert "| done | 30 |\n| skipped | 1 |" in card
    assert "| (none) | 1 |" in card
    for number, label in enumerate(LABELS):
        assert f"| {number} | `{label.name}` |" in card
        assert label.definition in card
    assert f"Segmark {__version__}, record schema {SCHEMA}." in card
    assert RECORD_SCHEMA["$id"] == f"urn:segmark:record:{SCHEMA}"
    assert "| texts | 38 | 38 | 38 | 38 | 38 |" in card
    assert "| `headline` | 13 | 13 | 13 | 13 | 13 |" in card
    assert LABELS.guideline.splitlines()[-1] in card
    assert "`dev.jsonl` loads as `validation`." in card


def test_an_empty_part_is_told_in_the_card(tmp_path: Path) -> None:
    card = card_of([record()], tmp_path, split=SPLIT)
    assert "`test.jsonl` is empty" in card
    assert "path: test.jsonl" not in card


def test_the_card_lists_the_twenty_sites_with_most_pages(tmp_path: Path) -> None:
    card = card_of(many(50, sites=24), tmp_path)
    sites = re.findall(r"^\| (site\S+) \| (\d) \|$", card, re.MULTILINE)
    assert sites[:3] == [("site0.example", "3"), ("site1.example", "3"), ("site10.example", "2")]
    assert len(sites) == 20
    assert "| 4 more | 8 |" in card


def test_annotators_are_listed_when_there_are_several(tmp_path: Path) -> None:
    card = card_of([record(annotator="mira"), record(annotator="tom")], tmp_path)
    assert "2 records by 2 annotators, with 4 labelled spans." in card
    assert "| mira | 1 |\n| tom | 1 |" in card
    assert "| annotator |" not in card_of([record()], tmp_path)


def test_odd_names_do_not_break_the_card(tmp_path: Path) -> None:
    site = "a|b\n---\n<b>*c*_d_`e`\u2028f"
    card = card_of([record(site=site)], tmp_path)
    assert r"| a\|b --- \<b\>\*c\*\_d\_\`e\` f | 1 |" in card
    assert card.count("\n---\n") == 1


def test_the_definition_of_a_label_stays_one_cell(tmp_path: Path) -> None:
    first, *rest = LABELS
    odd = LabelSet("odd", (replace(first, definition="one | two\n\nthree"), *rest))
    assert r"one \| two three |" in card_of([record()], tmp_path, labels=odd)


def test_the_content_hash_is_what_sha256sum_prints(tmp_path: Path) -> None:
    card = card_of(many(30), tmp_path, split=SPLIT)
    names = ("train.jsonl", "dev.jsonl", "test.jsonl")
    assert f"sha256sum {' '.join(names)} | sha256sum" in card
    sums = {name: hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() for name in names}
    lines = "".join(f"{digest}  {name}\n" for name, digest in sums.items())
    assert f"Content hash: `{hashlib.sha256(lines.encode()).hexdigest()}`" in card
    assert all(f"| `{name}` | `{digest}` |" in card for name, digest in sums.items())


def test_the_card_tells_how_a_split_was_made_and_what_to_mind(tmp_path: Path) -> None:
    options = Options(SPLIT, seed="a_b", split_by=SplitBy.PAGE, fixed={"site1.example": "test"})
    export_as("jsonl", many(30), tmp_path, options)
    card = (tmp_path / "README.md").read_text("utf-8")
    assert "Pages were dealt out one by one" in card
    assert r"Shares of train, dev and test asked for: 60/20/20 %, with the seed `a\_b`." in card
    assert "The part of 1 of the sites was chosen by hand." in card
    assert "\n\n**Mind:** dev is small" in card
    assert "  split_by: page\n" in card
    assert "## Split" not in card_of(many(3), tmp_path)


def test_languages_are_counted_and_told_to_the_hub(tmp_path: Path) -> None:
    pages = [replace(record(str(n)), language=name) for n, name in enumerate(("no", "en-GB", ""))]
    card = card_of(pages, tmp_path)
    assert "language:\n- 'en'\n- 'no'\ntask_categories:" in card
    assert "| language | pages |\n| --- | --- |\n| (none) | 1 |\n| en-GB | 1 |" in card


def test_what_the_guideline_says_is_not_taken_for_what_the_card_says(tmp_path: Path) -> None:
    odd = LabelSet("odd", LABELS.labels, "Mind:\n\n| 7 | `advert` |\n| pages | 12 |\n")
    card_of([record()], tmp_path, labels=odd)
    read = read_card(tmp_path)
    assert (read.pages, read.labels) == (1, tuple(label.name for label in LABELS))
