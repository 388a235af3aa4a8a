"""Annotators under pseudonyms."""

from dataclasses import replace

from segmark.core.agreement import Agreement
from segmark.export.redaction import pseudonym, redacted, redacted_pairs

from tests.export.made import record

SALT = bytes(range(32))


def test_a_person_has_one_pseudonym_that_hangs_on_the_salt() -> None:
    assert pseudonym("mira", SALT) == pseudonym("mira", SALT) != pseudonym("tom", SALT)
    assert pseudonym("mira", SALT) != pseudonym("mira", bytes(32))
    assert pseudonym("", SALT) == ""
    assert pseudonym("mira", SALT).startswith("annotator-")


def test_nothing_but_the_name_changes_and_the_order_of_names_is_gone() -> None:
    names = [f"{letter}nn" for letter in "abcdefgh"]
    pages = [record(page, annotator=name) for page in ("1", "2") for name in names]
    found = list(redacted(pages, SALT))
    assert [page.id for page in found] == ["1"] * 8 + ["2"] * 8
    told = [page.annotator for page in found[:8]]
    assert (
        told
        == sorted(pseudonym(name, SALT) for name in names)
        != [pseudonym(name, SALT) for name in names]
    )
    assert all(replace(page, annotator="ann") == pages[0] for page in found[:8])


def test_agreement_is_told_under_pseudonyms() -> None:
    found = redacted_pairs({("ann", "bo"): Agreement(3)}, SALT)
    assert list(found) == [tuple(sorted(pseudonym(name, SALT) for name in ("ann", "bo")))]
    assert [value.pages for value in found.values()] == [3]
