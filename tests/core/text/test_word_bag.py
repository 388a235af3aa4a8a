"""Comparing two texts by their words."""

import pytest
from segmark.core.text.word_bag import word_f1


@pytest.mark.parametrize(
    ("found", "gold", "f1"),
    [
        ("The ferry sails.", "the FERRY, sails!", 1.0),
        ("sails ferry the", "the ferry sails", 1.0),
        ("the ferry", "the ferry sails at noon", 4 / 7),
        ("the the the", "the", 0.5),
        ("", "the ferry", 0.0),
        ("", "", 1.0),
        ("渡船回來", "渡船停航", 0.5),  # an ideograph is a word
    ],
)
def test_words_count_whatever_their_order_case_and_marks(found: str, gold: str, f1: float) -> None:
    assert word_f1(found, gold) == pytest.approx(f1)
    assert word_f1(gold, found) == pytest.approx(f1)
