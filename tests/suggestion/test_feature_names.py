"""The names of a unit's features: each is there once, as the models count them."""

import gzip
import json
import random

import pytest
from segmark.core.page import Page
from segmark.jobs.labelling.labelled_page import page_of
from segmark.suggestion.features import features_of

from tests.places import SHARED
from tests.suggestion.pages import credited, glued, news


def repeated(page: Page) -> list[tuple[str, ...]]:
    return [names for names in features_of(page).general if len(set(names)) != len(names)]


def test_no_unit_has_a_feature_twice() -> None:
    examples = [*map(news, range(5)), news(1, html=False), glued(1), credited(1)]
    assert [found for example in examples for found in repeated(example.page)] == []


def test_words_that_are_in_several_classes_and_elements_count_once() -> None:
    html = (
        '<div class="text text story" id="text"><p class="text"><a class="text" href="x">Go on.</a>'
    )
    assert repeated(page_of(html)) == []


@pytest.mark.shared("corpus")
def test_no_unit_of_real_pages_has_a_feature_twice() -> None:
    with gzip.open(SHARED / "corpus/gold.jsonl.gz", "rt", encoding="utf-8") as lines:
        chosen = random.Random(3).sample([json.loads(line)["file"] for line in lines], 20)
    for file in chosen:
        page = page_of(gzip.decompress((SHARED / "corpus/pages" / file).read_bytes()))
        assert repeated(page) == []
