"""The parts of a guideline: what it says on a label, and its hard cases."""

from segmark.core.guideline import HardCase, find_cases, hard_cases, label_text, whole_text
from segmark.core.label import LabelSet
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
