"""CRFs as weights and back: the same bytes as CRFsuite's, whatever they were trained on."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from segmark.jobs.suggesting.shipped_prior import PRIOR
from segmark.suggestion.crf import ConditionalRandomField, TrainingParameters, train
from segmark.suggestion.portable.checked import plain_weights, weights
from segmark.suggestion.portable.string_table import lookup3, read_strings, write_strings
from segmark.suggestion.portable.weights import crf_of, weights_of
from segmark.suggestion.prior import read_prior
from segmark.suggestion.serialisation import ModelError

PARAMETERS = TrainingParameters(c1=0.0, c2=0.1, iterations=5)


def trained(attributes: list[str], tags: list[str], seed: int = 0) -> ConditionalRandomField:
    rng = random.Random(seed)
    pages = []
    for _ in range(4):
        units = [dict.fromkeys(rng.choices(attributes, k=3), 1.0) for _ in range(6)]
        pages.append((units, rng.choices(tags, k=6)))
    return train(pages, PARAMETERS)


@pytest.mark.parametrize("form", ["marked", "plain"])
def test_the_prior_made_from_its_weights_is_the_same_to_the_byte(form: str) -> None:
    crf: ConditionalRandomField = getattr(read_prior(PRIOR), form)
    assert crf_of(weights_of(crf)).data == crf.data


names = st.lists(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1),
    min_size=1,
    max_size=40,
    unique=True,
)


@settings(max_examples=60)
@given(names, st.lists(st.sampled_from("abcdefg"), min_size=1, max_size=7, unique=True))
def test_any_crf_made_from_its_weights_is_the_same_to_the_byte(
    attributes: list[str], tags: list[str]
) -> None:
    crf = trained(attributes, tags)
    found = weights_of(crf)
    assert crf_of(found).data == crf.data
    assert weights(plain_weights(found)) == found


@given(names)
def test_a_table_of_strings_gives_them_back(strings: list[str]) -> None:
    assert read_strings(write_strings(strings)) == strings


def test_the_hash_is_that_of_the_published_function() -> None:
    # The examples of lookup3.c, for a seed of 0.
    assert lookup3(b"Four score and seven years ago") == 0x17770551


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"tags": ["-", "-"]}, "twice"),
        ({"tags": ["-", "a\0b"]}, "is not a name"),
        ({"tags": ["-", "\ud800"]}, "half a character"),
        ({"tags": []}, "is not a number from 0 to -1"),
        ({"tags": [str(number) for number in range(1000)]}, "too long"),
        ({"states": [["x", 0, float("nan")]]}, "is not a weight"),
        ({"states": [["x", 0, 1e9]]}, "is not a weight"),
        ({"states": [["x", 0, "1"]]}, "is not a weight"),
        ({"states": [["x", 7, 1.0]]}, "is not a number from 0 to 1"),
        ({"states": [["x", -1, 1.0]]}, "is not a number from 0 to 1"),
        ({"states": [["x", True, 1.0]]}, "is not a number from 0 to 1"),
        ({"states": [["x", 0]]}, "is not a feature"),
        ({"states": [["x", 0, 1.0], ["x", 0, 2.0]]}, "a feature is there twice"),
        ({"states": [["x", 0, 1.0], ["y", 0, 1.0], ["x", 1, 1.0]]}, "are not together"),
        ({"transitions": [[0, 2, 1.0]]}, "is not a number from 0 to 1"),
        ({"transitions": None}, "a list is missing"),
    ],
)
def test_weights_that_no_crf_has_are_refused(change: dict[str, object], why: str) -> None:
    right = {"tags": ["-", "body"], "states": [["x", 0, 1.0]], "transitions": [[0, 1, -0.5]]}
    assert weights(right).transitions == (("-", "body", -0.5),)
    with pytest.raises(ModelError, match=why):
        weights({**right, **change})
