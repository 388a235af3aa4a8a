"""The scores of predictions are those of the libraries that measure the same.

Touching predictions of a label that joins are one span for the program and two for them, so none
are made here.
"""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from tests.export.made import rows_of
from tests.interop.conftest import Exported, Run, needs

_LABELS = ("headline", "caption", "body", "ticker", "comment")

# Tags of the tokens of each page, cut at the edges of both sides.
_TAGS = """
import json, sys
from segmark.core.span import Span
from segmark.export.formats.segments import tags_of, tokens_of
gold, predicted = [], []
for line in open(sys.argv[1], encoding="utf-8"):
    page = json.loads(line)
    sides = [[Span(*span) for span in page[side]] for side in ("gold", "predicted")]
    tokens = tokens_of(page["text"], [*sides[0], *sides[1]])
    gold.append(tags_of(tokens, sides[0]))
    predicted.append(tags_of(tokens, sides[1]))
"""
_SEQEVAL = """
from seqeval.metrics import classification_report
from seqeval.scheme import IOB2
print(json.dumps(classification_report(
    gold, predicted, mode="strict", scheme=IOB2, output_dict=True, zero_division=0), default=float))
"""
_NERVALUATE = """
import json, sys
from nervaluate import Evaluator
pages = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
sides = [[[dict(start=s, end=e, label=l) for s, e, l in page[side]] for page in pages]
         for side in ("gold", "predicted")]
found = Evaluator(*sides, tags=sys.argv[2].split(","), loader="dict").evaluate()
print(json.dumps({label: {key: getattr(one["strict"], key) for key in ("precision", "recall", "f1")}
                  for label, one in found["entities"].items()}))
"""
_SKLEARN = """
import json, sys
from sklearn.metrics import precision_recall_fscore_support
gold, predicted = [], []
for line in open(sys.argv[1], encoding="utf-8"):
    page = json.loads(line)
    for side, items in (("gold", gold), ("predicted", predicted)):
        labels = [""] * len(page["text"])
        for start, end, label in page[side]:
            labels[start:end] = [label] * (end - start)
        items += labels
names = sys.argv[2].split(",")
figures = precision_recall_fscore_support(gold, predicted, labels=names, zero_division=0)
print(json.dumps({name: list(map(float, each)) for name, *each in zip(names, *figures[:3])}))
"""


@pytest.fixture(scope="module")
def compared(exported: Exported, home: Path) -> tuple[Path, Path]:
    """Predictions that are wrong in every way, and both sides page by page."""
    chosen = random.Random(17)
    predicted, both = home / "predicted.jsonl", home / "both.jsonl"
    with predicted.open("w", encoding="utf-8") as ours, both.open("w", encoding="utf-8") as all_:
        for row in rows_of(exported("jsonl") / "pages.jsonl"):
            gold = [(span["start"], span["end"], span["label"]) for span in row["spans"]]
            found = [made for span in gold for made in _spoilt(row["text"], span, chosen)]
            spans = [{"start": s, "end": e, "label": name, "score": 0.5} for s, e, name in found]
            ours.write(json.dumps({"id": row["id"], "text": row["text"], "spans": spans}) + "\n")
            page = {"text": row["text"], "gold": gold, "predicted": found}
            all_.write(json.dumps(page) + "\n")
    return predicted, both


def _spoilt(
    text: str, span: tuple[int, int, str], chosen: random.Random
) -> list[tuple[int, int, str]]:
    """The span as it is, elsewhere, otherwise labelled, or not at all."""
    start, end, name = span
    match chosen.randrange(8):
        case 0:
            return []
        case 1:
            return [(start, end, chosen.choice(_LABELS[:2]))]  # they never join
        case 2:
            middle = text.find(" ", start, end)
            return [(start, middle, name)] if middle > start else [span]
        case _:
            return [span]


@pytest.fixture(scope="module")
def scored(compared: tuple[Path, Path], news: Path, run: Run) -> dict[str, Any]:
    printed = run("-m", "segmark", "score", str(news), str(compared[0]), "--json")
    model: dict[str, Any] = json.loads(printed)["models"][0]
    assert model["missing"] == 0
    return model


def figures(scores: dict[str, Any], measure: str) -> list[float]:
    found = scores[measure]
    return [found[figure]["value"] or 0.0 for figure in ("precision", "recall", "f1")]


def test_exact_spans_are_scored_as_by_seqeval(
    compared: tuple[Path, Path], scored: dict[str, Any], run: Run
) -> None:
    needs("seqeval")
    report = json.loads(run("-c", _TAGS + _SEQEVAL, str(compared[1])))
    for name in _LABELS:
        theirs = [report[name][key] for key in ("precision", "recall", "f1-score")]
        assert figures(scored["labels"][name], "exact") == pytest.approx(theirs, abs=1e-4)
    theirs = [report["micro avg"][key] for key in ("precision", "recall", "f1-score")]
    assert figures(scored["total"], "exact") == pytest.approx(theirs, abs=1e-4)


def test_exact_spans_are_scored_as_by_nervaluate(
    compared: tuple[Path, Path], scored: dict[str, Any], run: Run
) -> None:
    needs("nervaluate")
    report = json.loads(run("-c", _NERVALUATE, str(compared[1]), ",".join(_LABELS)))
    for name in _LABELS:
        theirs = [report[name][key] for key in ("precision", "recall", "f1")]
        assert figures(scored["labels"][name], "exact") == pytest.approx(theirs, abs=1e-4)


def test_characters_are_scored_as_by_scikit_learn(
    compared: tuple[Path, Path], scored: dict[str, Any], run: Run
) -> None:
    needs("sklearn")
    report = json.loads(run("-c", _SKLEARN, str(compared[1]), ",".join(_LABELS)))
    for name in _LABELS:
        ours = figures(scored["labels"][name], "characters")
        assert ours == pytest.approx(report[name], abs=1e-4)


_SCIPY = """
import json, random
from scipy.stats import beta
from segmark.jobs.scoring.binomial import clopper_pearson
chosen, worst = random.Random(3), 0.0
for _ in range(500):
    total = chosen.choice([1, 3, 10, 100, 1000, 50000]) * chosen.random() + 0.5
    right = chosen.random() * total
    theirs = beta.ppf(0.025, right, total - right + 1), beta.ppf(0.975, right + 1, total - right)
    pairs = zip(clopper_pearson(right, total), theirs)
    worst = max(worst, *(abs(one - other) for one, other in pairs))
print(worst)
"""


def test_limits_of_shares_are_those_of_scipy(run: Run) -> None:
    needs("scipy")
    assert float(run("-c", _SCIPY)) < 1e-9
