"""The prior that ships: which bytes are read, what it knows, and what it suggests."""

import re
from hashlib import sha256
from pathlib import Path

import pycrfsuite  # type: ignore[import-untyped]
import pytest
from segmark.core.page import Page, PageInfo
from segmark.core.text.normalise import normalise
from segmark.jobs.suggesting.shipped_prior import PRIOR, helps, read
from segmark.suggestion.background import Background
from segmark.suggestion.crf import ConditionalRandomField
from segmark.suggestion.model import make_model
from segmark.suggestion.prior import Prior, read_prior
from segmark.suggestion.prior_identity import LABELS as KNOWN
from segmark.suggestion.prior_identity import SHA256
from segmark.suggestion.serialisation import ModelError

from tests.news_project import RECIPES
from tests.places import SHARED
from tests.suggestion.pages import LABELS, news
from tests.test_raw_page import USERS_PLACES, expected

#: A name of a feature that says nothing of a word: letters and numbers of the program's own.
_STRUCTURE = re.compile(r"[\w=.,:/<>!^?#|\"'()*+©•·»;–—„“«‘『「\[\]-]{1,40}")
_CLASS_WORD = re.compile(r"c[01]?=\D{3,}")


def names_in(field: ConditionalRandomField) -> list[str]:
    """The names of the features that a field has a weight for."""
    tagger = pycrfsuite.Tagger()
    tagger.open_inmemory(field.data)
    return sorted(tagger.info().attributes)


@pytest.fixture(scope="module")
def prior() -> Prior:
    return read_prior(PRIOR)


def test_the_prior_is_small_and_is_the_one_that_the_code_names(prior: Prior) -> None:
    data = PRIOR.read_bytes()
    assert len(data) <= 100_000
    assert sha256(data).hexdigest() == SHA256
    assert prior.rules.names == KNOWN == LABELS.names
    assert prior.to_bytes() == data


@pytest.mark.parametrize("place", [0, 20, 5_000, -1])
def test_other_bytes_are_never_read(tmp_path: Path, place: int) -> None:
    data = bytearray(PRIOR.read_bytes())
    data[place] ^= 1
    path = tmp_path / "prior.bin"
    path.write_bytes(data)
    with pytest.raises(ModelError, match="SHA-256"):
        read_prior(path)


def test_without_the_file_one_line_says_which_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no\.bin: No such file"):
        read_prior(tmp_path / "no.bin")


def test_it_is_not_read_for_labels_that_it_does_not_know() -> None:
    assert helps(LABELS)
    assert not helps(RECIPES)
    assert read(RECIPES) is None


def test_it_knows_no_sentence_no_name_and_no_address(prior: Prior) -> None:
    for field in (prior.marked, prior.plain):
        names = names_in(field)
        assert len(names) > 500
        assert [name for name in names if not _STRUCTURE.fullmatch(name)] == []
        assert [name for name in names if "http" in name or "www" in name] == []
    assert any(map(_CLASS_WORD.match, names_in(prior.marked)))
    assert not any(map(_CLASS_WORD.match, names_in(prior.plain)))


@pytest.mark.parametrize("html", [True, False])
def test_a_page_of_a_site_that_nobody_has_seen_gets_suggestions_with_reasons(
    prior: Prior, html: bool
) -> None:
    page = news(5, html=html)
    found = make_model([], LABELS, Background(prior), None).suggest(page.page)
    assert {one.span for one in found} & set(page.spans)
    assert all(one.reason for one in found)


@pytest.mark.shared("page/raw_page.txt")
def test_four_of_the_five_spans_of_the_users_raw_page_are_found_cold(prior: Prior) -> None:
    text = normalise((SHARED / "page/raw_page.txt").read_bytes().decode())
    page = Page.of("raw", text, PageInfo("raw.txt"))
    found = make_model([], LABELS, Background(prior), None).suggest(page)
    spans = {(one.span.label, one.span.start, one.span.end) for one in found}
    assert len(spans & set(expected(text, USERS_PLACES))) >= 4
