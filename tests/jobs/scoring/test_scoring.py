"""Scores of models: sums, confusion, the worst pages, the pages where models part."""

import pytest
from segmark.core.span import Span
from segmark.export.split import Split, Splitter
from segmark.jobs.evaluation import Matches, evaluate
from segmark.jobs.scoring.predictions import ScoringError
from segmark.jobs.scoring.scoring import ScoreOptions, score

from tests.jobs.scoring.made_scores import BODY, COMMENT, HEADLINE, model, page, scored

SHORT = Span(20, 40, "body")


def test_the_scores_of_all_pages_are_those_of_evaluate() -> None:
    gold = [page("a", HEADLINE, BODY), page("b", BODY), page("c", COMMENT)]
    found = {"a": [HEADLINE, SHORT], "b": [BODY]}
    (one,) = scored(gold, model("m", found)).models
    records = [page(name, *spans) for name, spans in found.items()]
    whole = evaluate(records, gold)
    assert dict(one.labels) == dict(whole.labels)
    assert (one.total, one.missing) == (whole.total, whole.missing)


def test_lines_and_characters_say_what_was_taken_for_what() -> None:
    gold = [page("a", HEADLINE, BODY)]
    (one,) = scored(gold, model("m", {"a": [HEADLINE._replace(label="caption"), SHORT]})).models
    assert one.lines == {("headline", "caption"): 1, ("body", "body"): 1, ("", ""): 1}
    assert one.characters["headline", "caption"] == 19
    assert one.characters["body", "body"] == 20
    assert one.characters["body", ""] == 7
    assert one.labels["body"].lines == Matches(1, 1, 1, 1)
    assert one.labels["headline"].lines == Matches(0, 0, 1, 0)


def test_the_words_of_the_body_are_scored_where_a_side_has_a_body() -> None:
    gold = [page("a", BODY), page("b", HEADLINE), page("c", BODY)]
    (one,) = scored(gold, model("m", {"a": [BODY], "b": [HEADLINE], "c": []})).models
    assert one.body == (0.5, 0.5)


def test_the_worst_pages_come_first_and_pages_without_a_mistake_are_left_out() -> None:
    gold = [page("a", BODY), page("b", BODY), page("c", HEADLINE, BODY), page("d")]
    found = model("m", {"a": [SHORT], "b": [BODY], "c": [COMMENT], "d": []})
    (one,) = scored(gold, found).models
    assert [page.id for page in one.worst] == ["c", "a"]


def test_models_part_where_they_predict_different_spans() -> None:
    gold = [page("a", BODY), page("b", BODY), page("c", BODY)]
    one = model("one", {"a": [BODY], "b": [BODY], "c": [BODY]})
    other = model("other", {"a": [BODY], "b": [SHORT], "c": []})
    found = scored(gold, one, other).partings
    assert [(each.id, each.f1[0]) for each in found] == [("c", 1.0), ("b", 1.0)]
    assert found[0].f1[1] == 0.0


def test_pages_without_a_prediction_count_as_not_found_unless_they_are_left_out() -> None:
    gold = [page("a", BODY), page("b", BODY)]
    one = model("m", {"a": [BODY], "elsewhere": [BODY]})
    whole = scored(gold, one).models[0]
    assert (whole.missing, whole.unlabelled, whole.total.exact.recall) == (1, 1, 0.5)
    only = scored(gold, one, predicted_only=True)
    assert (only.models[0].missing, only.models[0].total.exact.recall) == (0, 1.0)
    assert only.left_out == {"no model has a prediction for it": 1}


def test_a_part_of_the_split_can_be_scored_alone() -> None:
    gold = [page("a", BODY, site="one.example"), page("b", BODY, site="two.example")]
    splitter = Splitter(Split(50, 0, 50), fixed={"one.example": "train", "two.example": "test"})
    one = model("m", {"a": [BODY], "b": []})
    both = score(gold, [one], ScoreOptions(splitter))
    assert [*both.models[0].parts] == ["test", "train"]
    alone = score(gold, [one], ScoreOptions(splitter, "test"))
    assert [*alone.models[0].sites] == ["two.example"]
    assert alone.left_out == {"not in the part test": 1}


def test_what_can_not_be_compared_says_why() -> None:
    with pytest.raises(ScoringError, match="no page is finished"):
        scored([], model("m", {}))
    with pytest.raises(ScoringError, match="no labelled page is left to compare"):
        scored([page("a")], model("m", {}), predicted_only=True)
