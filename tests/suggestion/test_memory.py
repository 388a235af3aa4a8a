import pytest
from segmark.suggestion.counts import MOST_UNITS, one, unpack
from segmark.suggestion.example import TrainingExample
from segmark.suggestion.features import Features, features_of
from segmark.suggestion.memory import Memory, TrainingSequence, countable
from segmark.suggestion.tags import LabelRules, training_sequence

from tests.suggestion.pages import LABELS, news


def sequences(*examples: TrainingExample) -> list[TrainingSequence]:
    rules = LabelRules.learn(LABELS, examples)
    return [training_sequence(example, features_of(example.page), rules) for example in examples]


def test_a_page_is_not_told_its_own_labels() -> None:
    first, second, third = sequences(news(1), news(2), news(3))
    told = Memory.of([first, second, third]).features_for(second.features, without=second)
    assert told == Memory.of([first, third]).features_for(second.features)


def test_the_only_page_remembered_is_told_nothing() -> None:
    (only,) = sequences(news(1))
    assert Memory.of([only]).features_for(only.features, without=only) == []


def test_a_memory_is_the_same_after_a_round_trip_through_json() -> None:
    memory = Memory.of(sequences(news(1), news(2)))
    assert Memory.from_json(memory.to_json()) == memory


def test_the_memory_counts_on_how_many_pages_a_text_had_a_label() -> None:
    taught = sequences(news(1), news(2), news(3))
    memory = Memory.of(taught)
    rules = taught[0].features.keys[taught[0].tags.index("comment")]
    assert memory.text_pages(rules, "comment") == 3
    assert memory.place_pages(rules, "comment") == 3
    assert memory.text_pages(rules, "body") == 0


def test_the_largest_count_of_one_state_does_not_change_those_of_others() -> None:
    counts = MOST_UNITS * one(1) + one(2)
    assert unpack(counts, ("-", "body", "ticker")) == {"body": MOST_UNITS, "ticker": 1}
    assert unpack(counts - MOST_UNITS * one(1), ("-", "body", "ticker")) == {"ticker": 1}


def test_a_memory_has_no_more_units_than_it_can_count() -> None:
    long, short = made(MOST_UNITS // 3), made(1)
    assert countable([long, short, long, long, short]) == [long, short, long, short]
    assert countable([long] * 3) == [long] * 3
    with pytest.raises(OverflowError):
        Memory.of([long] * 4)


def made(units: int) -> TrainingSequence:
    """A page without anything in common with others."""
    features = Features((), (), (), marked=False, _read_keys=lambda: ((),) * units)
    return TrainingSequence(features, ("-",) * units, ("-",))
