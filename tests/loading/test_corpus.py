"""What the loader makes of real pages, where a corpus of them lies beside the project."""

import gzip
import json

import pytest
from segmark.loading.loader import load_bytes

from tests.benchmarks.bench_loading import Fidelity, gold_paragraphs, squeeze_of
from tests.places import SHARED

CORPUS = SHARED / "corpus"


@pytest.mark.shared("corpus")
def test_gold_paragraphs_stand_in_the_text_and_alone_on_their_lines() -> None:
    squeeze, fidelity = squeeze_of(CORPUS), Fidelity()
    with gzip.open(CORPUS / "gold.jsonl.gz", "rt", encoding="utf-8") as lines:
        records = [record for record in map(json.loads, lines) if record["corpus"] == "fundus"]
    for record in records[::8]:
        source = gzip.decompress((CORPUS / "pages" / record["file"]).read_bytes())
        text = load_bytes(source, record["file"]).page.text
        fidelity.add(text, gold_paragraphs(record["spans"]), squeeze)
    assert fidelity.verbatim / fidelity.paragraphs >= 0.989
    assert fidelity.alone / fidelity.paragraphs >= 0.976
