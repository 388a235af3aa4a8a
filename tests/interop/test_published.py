"""What an export says about itself, as the programs understand it that it is for."""

import json

import pytest
from jsonschema import Draft7Validator

from tests.interop.conftest import Exported, Run, needs
from tests.interop.news import PAGES
from tests.places import ROOT

SAID = (
    "--publish", "--title", "Varn news", "--author", "Okonjo, Ada", "--author", "Varn University",
    "--data-version", "1.0", "--licence", "CC-BY-4.0", "--released", "2026-01-31",
    "--url", "https://varn.example/data",
)  # fmt: skip
#: From https://github.com/citation-file-format/citation-file-format, under CC BY 4.0.
SCHEMA = ROOT / "tests/interop/cff-1.2.0.json"

_READ = """
import json, sys, warnings
warnings.simplefilter("ignore")
import mlcroissant
data = mlcroissant.Dataset("croissant.json")
rows = {}
for records in data.metadata.record_sets:
    found = [*data.records(records.id)]
    name = f"{records.id}/id"
    rows[records.id] = [len(found), sorted(found[0]), found[0].get(name, b"").decode()]
issues = data.metadata.issues
print(json.dumps([sorted(issues.errors), sorted(issues.warnings), rows]))
"""


@pytest.mark.parametrize(
    ("form", "options"),
    [
        ("jsonl", ()),
        ("jsonl", ("--gzip",)),
        ("jsonl", ("--split", "70/15/15", "--provenance", "--notes", "--times")),
        ("parquet", ()),
        ("tokens", ("--window", "64")),
        ("lines", ()),
    ],
)
def test_croissant_is_valid_and_its_records_are_those_of_the_files(
    exported: Exported, run: Run, form: str, options: tuple[str, ...]
) -> None:
    needs("mlcroissant")
    out = exported(form, *SAID, *options)
    errors, warned, rows = json.loads(run("-c", _READ, cwd=out).splitlines()[-1])
    assert (errors, warned) == ([], [])
    count = sum(found[0] for found in rows.values())
    assert count == PAGES + 1 if form in ("jsonl", "parquet") else count > PAGES
    for name, (_, fields, first) in rows.items():
        assert {f"{name}/id", f"{name}/meta"} <= set(fields)
        assert first


@pytest.mark.parametrize("form", ["conll", "spacy", "html"])
def test_files_that_are_no_tables_are_listed(exported: Exported, run: Run, form: str) -> None:
    needs("mlcroissant")
    out = exported(form, *SAID)
    errors, warned, rows = json.loads(run("-c", _READ, cwd=out).splitlines()[-1])
    assert (errors, warned, rows) == ([], [], {})


def test_the_citation_follows_the_schema_of_its_format(exported: Exported) -> None:
    yaml = pytest.importorskip("yaml")
    found = yaml.safe_load((exported("jsonl", *SAID) / "CITATION.cff").read_text("utf-8"))
    Draft7Validator(json.loads(SCHEMA.read_text("utf-8"))).validate(found)
    assert found["date-released"] == "2026-01-31"


def test_the_hub_takes_the_card(exported: Exported, run: Run) -> None:
    needs("huggingface_hub")
    code = (
        "from huggingface_hub import DatasetCard\n"
        "card = DatasetCard.load('README.md')\n"
        "print(card.data.license, card.data.pretty_name)\n"
    )
    assert run("-c", code, cwd=exported("jsonl", *SAID)).split("\n")[0] == "cc-by-4.0 Varn news"
