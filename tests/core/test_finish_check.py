"""The check before a page is finished: what is missing, and what is there too often."""

import pytest
from segmark.core.finish_check import finish_check
from segmark.environment.label_sets import NEWS_LABELS, read_label_set

from tests.factories import LABELS, drawn

#: One headline and some body are expected.
_NEWS = read_label_set(NEWS_LABELS)


@pytest.mark.parametrize(
    ("page", "missing", "words"),
    [
        ("[One|headline]\n[Two|body]", (), ""),
        ("[One|headline]\n[Two|body]\nThree\n[Four|body]", (), ""),
        ("One\n[Two|body]", ("headline",), "This page has no headline."),
        ("One\n[Two|caption]", ("headline", "body"), "This page has no headline and body."),
        ("One\nTwo", ("headline", "body"), "Nothing here? This page has no label."),
    ],
)
def test_what_is_expected_and_not_there_is_missing(
    page: str, missing: tuple[str, ...], words: str
) -> None:
    found = finish_check(drawn(page).spans, _NEWS)
    assert (found.missing, found.words, bool(found)) == (missing, words, bool(missing))


def test_several_spans_where_one_is_expected_are_told() -> None:
    found = finish_check(drawn("[One|headline]\n[Two|headline]\n[Three|body]").spans, _NEWS)
    assert found
    assert found.surplus == (("headline", 2),)
    assert found.words == "This page has 2 spans of headline, not one."


def test_what_is_really_absent_is_not_missing() -> None:
    assert finish_check((), _NEWS, ("headline",)).missing == ("body",)
    assert not finish_check((), _NEWS, ("body", "headline"))


def test_a_label_set_that_expects_nothing_asks_nothing() -> None:
    assert not finish_check((), LABELS)
