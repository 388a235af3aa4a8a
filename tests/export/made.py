"""Records made up for the tests of the export."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jsonschema
from segmark.core.label import LabelSet
from segmark.core.record import Record
from segmark.core.span import Span
from segmark.core.text.normalise import sha256_of
from segmark.export.exporter import write
from segmark.export.options import PLAIN, ExportOptions
from segmark.export.reading import Export
from segmark.export.split import Split
from segmark.export.summary import Summary
from segmark.export.verify import ArticleOf, Lookup, VerifyResult, verify

from tests.places import ROOT

LABELS = LabelSet.from_toml((ROOT / "resources/labels/news.toml").read_text("utf-8"))
SCHEMA: dict[str, Any] = json.loads((ROOT / "exports/record.schema.json").read_text("utf-8"))


def record(
    id: str = "a1",  # noqa: A002
    text: str = "Ferry returns\nThe night ferry is back.",
    spans: Sequence[Span] = (Span(0, 13, "headline"), Span(14, 38, "body")),
    *,
    site: str = "varn.example",
    annotator: str = "mira",
    status: str = "done",
    sha256: str = "",
    left_out: str = "",
) -> Record:
    source = f"varn/{id}.html"
    checksum = sha256 or sha256_of(text)
    return Record(id, text, spans, source, "", site, annotator, status, checksum, left_out=left_out)


def many(count: int, *, sites: int = 40) -> Iterator[Record]:
    for number in range(count):
        yield record(f"{number:04x}", site=f"site{number % sites}.example")


def export(
    records: Iterable[Record],
    folder: Path,
    split: Split | None = None,
    gzip: bool = False,
    labels: LabelSet = LABELS,
) -> Summary:
    return write(records, labels, ExportOptions(folder=folder, split=split, gzip=gzip))


def export_as(
    form: str, records: Iterable[Record], folder: Path, options: ExportOptions = PLAIN
) -> Summary:
    return write(records, LABELS, replace(options, form=form, folder=folder))


def checked(
    folder: Path, lookup: Lookup | None = None, article_of: ArticleOf = str
) -> VerifyResult:
    """What ``verify`` says of the export in a folder."""
    found = Export(folder)
    return verify(found, found.pages(), lookup, article_of)


def missing_library(form: str) -> str:
    """The library that a format needs and that is not installed; "" where it can be written."""
    needed = {"parquet": "pyarrow", "spacy": "spacy"}.get(form, "")
    return needed if needed and not find_spec(needed) else ""


def rows_of(path: Path) -> list[dict[str, Any]]:
    """The rows of a plain file of JSON lines, of any format."""
    return [json.loads(line) for line in path.read_bytes().split(b"\n")[:-1]]


def lines_of(path: Path) -> list[dict[str, Any]]:
    """The records of a plain data file, each held against the schema."""
    data = path.read_bytes()
    assert not data or data.endswith(b"\n")
    found = [json.loads(line) for line in data.split(b"\n")[:-1]]
    validator = jsonschema.Draft202012Validator(SCHEMA)
    for line in found:
        validator.validate(line)
    return found


def files_in(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
