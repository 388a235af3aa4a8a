from segmark.suggestion.example import Example
from segmark.suggestion.features import features_of
from segmark.suggestion.memory import Lesson, Memory
from segmark.suggestion.states import Labelling, lesson_of

from tests.suggestion.pages import LABELS, news


def lessons(*examples: Example) -> list[Lesson]:
    labelling = Labelling.learn(LABELS, examples)
    return [lesson_of(example, features_of(example.page), labelling) for example in examples]


def test_a_page_is_not_told_its_own_labels() -> None:
    first, second, third = lessons(news(1), news(2), news(3))
    told = Memory.of([first, second, third]).told(second.features, without=second)
    assert told == Memory.of([first, third]).told(second.features)


def test_the_only_page_remembered_is_told_nothing() -> None:
    (only,) = lessons(news(1))
    assert Memory.of([only]).told(only.features, without=only) == []


def test_a_memory_is_the_same_after_a_round_trip_through_json() -> None:
    memory = Memory.of(lessons(news(1), news(2)))
    assert Memory.from_json(memory.to_json()) == memory


def test_the_memory_counts_on_how_many_pages_a_text_had_a_label() -> None:
    taught = lessons(news(1), news(2), news(3))
    memory = Memory.of(taught)
    rules = taught[0].features.keys[taught[0].states.index("comment")]
    assert memory.text_pages(rules, "comment") == 3
    assert memory.place_pages(rules, "comment") == 3
    assert memory.text_pages(rules, "body") == 0
