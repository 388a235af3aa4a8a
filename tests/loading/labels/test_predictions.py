"""Predictions that come with records: what is taken, what is refused, where they end up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from segmark.core.label import LabelSet
from segmark.core.span import Span, faults
from segmark.core.suggestion import Suggestion
from segmark.core.text.normalise import normalise
from segmark.loading.labels.mapping import LabelMapping
from segmark.loading.labels.predictions import read_predictions
from segmark.loading.labels.tool_records import recognise
from segmark.loading.loader import LoadedPage, load_raw
from segmark.loading.options import LabelOptions
from segmark.loading.raw import OffsetUnit, RawPage
from segmark.loading.rejection import LoadError

from tests.factories import LABELS

TEXT = "Menu\nShip sails\nIt did.\nIt did so."


def record(text: str, *spans: object) -> LoadedPage:
    labels = recognise({"text": text, "spans": list(spans)}, "preds.jsonl", "text").labels
    source = text.encode("utf-8", "surrogatepass")
    raw = RawPage(source, "made/preds.jsonl:3", media="text", characters=True, labels=labels)
    return load_raw(raw)


def predicted(loaded: LoadedPage, labels: LabelSet) -> tuple[Suggestion, ...]:
    made = loaded.labels.annotations if loaded.labels else ()
    mapping = LabelMapping(labels, LabelOptions())
    for annotation in made:
        if annotation.predicted:
            return read_predictions(annotation, loaded, OffsetUnit.CODE_POINT, mapping)
    return ()


def span(start: object, end: object, label: object, score: object = 0.75) -> dict[str, object]:
    return {"start": start, "end": end, "label": label, "score": score}


def spans(made: tuple[Suggestion, ...]) -> list[Span]:
    return [one.span for one in made]


def test_spans_with_a_score_are_predictions() -> None:
    (one,) = predicted(record(TEXT, span(5, 15, "headline")), LABELS)
    assert one == Suggestion(Span(5, 15, "headline"), 0.75, "predicted by preds.jsonl; 75%")


def test_spans_without_a_score_are_none() -> None:
    exported = {"start": 5, "end": 15, "label": "headline"}
    assert predicted(record(TEXT, exported, {**exported, "score": None}), LABELS) == ()
    assert predicted(record(TEXT, exported, "odd"), LABELS) == ()
    assert predicted(record(TEXT), LABELS) == ()


def test_they_are_sorted_and_trimmed() -> None:
    made = predicted(record(TEXT, span(16, 24, "body"), span(4, 16, "headline")), LABELS)
    assert spans(made) == [Span(5, 15, "headline"), Span(16, 23, "body")]


def test_of_two_that_overlap_the_surer_one_counts() -> None:
    low, high = span(0, 15, "ticker", 0.4), span(5, 15, "headline", 0.6)
    assert spans(predicted(record(TEXT, low, high), LABELS)) == [Span(5, 15, "headline")]


def test_touching_ones_are_one_where_the_label_joins() -> None:
    bodies = predicted(record(TEXT, span(16, 23, "body", 0.9), span(24, 34, "body", 0.6)), LABELS)
    assert [(one.span, one.confidence) for one in bodies] == [(Span(16, 34, "body"), 0.6)]
    captions = [span(16, 23, "caption"), span(24, 33, "caption")]
    assert len(predicted(record(TEXT, *captions), LABELS)) == 2


def test_offsets_count_the_records_own_characters() -> None:
    text = "\ufeffMenu\r\nShip 🙂 sails\r\n\r\nIt did."
    start = text.index("Ship")
    loaded = record(
        text, span(start, start + 12, "headline"), span(len(text) - 7, len(text), "body")
    )
    quoted = [loaded.page.text[one.start : one.end] for one in spans(predicted(loaded, LABELS))]
    assert quoted == ["Ship 🙂 sails", "It did."]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (span(5, 99, "headline"), "does not lie in the text"),
        (span(15, 5, "headline"), "does not lie in the text"),
        (span(True, 5, "headline"), "does not lie in the text"),
        (span(-1, 5, "headline"), "does not lie in the text"),
        (span("5", 15, "headline"), "does not lie in the text"),
        (span(5, 15, "advert"), "a label that the project lacks: 'advert'"),
        (span(5, 15, None), "names no label: None"),
        (span(5, 15, "headline", 1.5), "not a number from 0 to 1"),
        (span(5, 15, "headline", float("nan")), "not a number from 0 to 1"),
        (span(5, 15, "headline", "high"), "not a number from 0 to 1"),
        (span(4, 5, "headline"), "nothing but white space"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_reason(wrong: object, said: str) -> None:
    with pytest.raises(LoadError) as refused:
        predicted(record(TEXT, span(0, 4, "ticker"), wrong), LABELS)
    assert said in str(refused.value)
    assert str(refused.value).startswith(
        "made/preds.jsonl:3: its predictions were not loaded: span 2"
    )


@given(
    text=st.text(min_size=1).filter(lambda text: normalise(text).strip("\ufffd \n\t")),
    places=st.lists(st.tuples(st.integers(0, 30), st.integers(1, 30)), max_size=6),
    labels=st.lists(st.sampled_from(sorted(LABELS.names)), min_size=6, max_size=6),
    scores=st.lists(st.floats(0, 1), min_size=6, max_size=6),
)
def test_whatever_is_predicted_the_suggestions_are_sound_spans(
    text: str, places: list[tuple[int, int]], labels: list[str], scores: list[float]
) -> None:
    made = [
        span(start, start + length, label, score)
        for (start, length), label, score in zip(places, labels, scores, strict=False)
    ]
    try:
        loaded = record(text, *made)
        found = predicted(loaded, LABELS)
    except LoadError:
        return
    assert faults(loaded.page.text, spans(found), LABELS.names) == []
