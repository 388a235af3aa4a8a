"""The parts of a guideline: what it says on a label, and its hard cases."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from segmark.core.guideline import (
    Example,
    HardCase,
    case_text,
    examples_of,
    examples_toml,
    find_cases,
    find_examples,
    hard_cases,
    label_text,
    read_examples,
    whole_text,
)
from segmark.core.label import LabelSet, LabelSetError
from segmark.environment.label_sets import NEWS_LABELS, read_label_set

from tests.factories import LABELS

_TABLE = """
# Hard cases

| You see | Label |
|---|---|
| A **byline** alone | none |
| A subhead | body |

No | table here.
"""
_SET = LabelSet("news", LABELS.labels, _TABLE)


def test_hard_cases_are_the_rows_of_tables() -> None:
    assert hard_cases(_SET) == (HardCase("A byline alone", "none"), HardCase("A subhead", "body"))
    assert hard_cases(LABELS) == ()


def test_cases_are_found_by_all_their_words_in_any_order_and_case() -> None:
    cases = hard_cases(_SET)
    assert find_cases(cases, "ALONE byl") == cases[:1]
    assert find_cases(cases, "body") == cases[1:]
    assert find_cases(cases, "") == cases
    assert find_cases(cases, "byline body") == ()


def test_the_news_guideline_has_its_hard_cases() -> None:
    cases = hard_cases(read_label_set(NEWS_LABELS))
    assert len(cases) > 20
    assert HardCase("A byline on a line of its own", "none") in cases


def test_the_text_of_a_label_holds_what_is_said_on_it_alone() -> None:
    label = read_label_set(NEWS_LABELS)["caption"]
    text = label_text(label)
    assert text.startswith("## Caption (C)")
    assert label.definition in text
    assert label.example in text
    assert "Headline (H)" not in text
    assert "Headline (H)" in whole_text(read_label_set(NEWS_LABELS))


_EXAMPLES = (
    Example("caption", "Photo: Ada", "A credit alone", source="Ferry sails"),
    Example("", "Share this page", "It is a button"),
)


def test_examples_are_found_by_text_label_reason_and_page() -> None:
    for words in ("ada photo", "CAPTION", "credit alone", "ferry"):
        assert find_examples(_EXAMPLES, words) == _EXAMPLES[:1]
    assert find_examples(_EXAMPLES, "no label button") == _EXAMPLES[1:]
    assert find_examples(_EXAMPLES, "ada button") == ()
    assert examples_of(_EXAMPLES, "") == _EXAMPLES[1:]


def test_a_long_case_is_cut_in_the_middle() -> None:
    assert case_text("\n Short \t") == "Short"
    text = case_text("first " + "word " * 500 + "last")
    assert text.startswith("first word")
    assert text.endswith("word last")
    assert len(text) < 600


_TEXTS = st.text(st.characters(codec="utf-8"))


@given(st.lists(st.builds(Example, _TEXTS, _TEXTS.filter(lambda t: t.strip()), _TEXTS, _TEXTS)))
def test_examples_go_through_toml(examples: list[Example]) -> None:
    read = read_examples('name = "x"\n' + examples_toml(examples))
    assert [(one.label, one.reason, one.page) for one in read] == [
        (one.label, one.reason, one.page) for one in examples
    ]
    assert [one.text for one in read] == [case_text(one.text) for one in examples]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[example]]", "an example of the guideline has no text"),
        ('[[example]]\ntext = "a"\npath = "b"', "unknown entry 'path'; known: label, text"),
        ('[[example]]\ntext = "a"\nlabel = 1', "the entries of an example are texts in quotes"),
        ("example = 1", r"the examples of a label set are tables: \[\[example\]\]"),
        ("[[example", "not TOML: "),
    ],
)
def test_what_is_no_example_is_refused_with_the_reason(text: str, told: str) -> None:
    with pytest.raises(LabelSetError, match=told):
        read_examples(text)
