"""The pace in words."""

import pytest
from segmark.session.pace import Pace


@pytest.mark.parametrize(
    ("pace", "words"),
    [
        (Pace(0, None, 7), "0 today · 7 left"),
        (Pace(12, 48.2, 90), "12 today · 48 s a page · 90 left: 72 min"),
        (Pace(1, 0.2, 0), "1 today · 1 s a page · 0 left"),
        (Pace(3, 600, 30), "3 today · 10 min a page · 30 left: 5 h 0 min"),
        (Pace(1_200, 60, 1_000_000), "1,200 today · 60 s a page · 1,000,000 left: 16,666 h"),
    ],
)
def test_the_pace_is_a_few_words(pace: Pace, words: str) -> None:
    assert pace.words == words
