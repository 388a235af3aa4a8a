import hashlib
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.export.error import ExportError
from app.export.split import PARTS, Split

splits = st.integers(0, 100).flatmap(
    lambda train: st.integers(0, 100 - train).map(lambda dev: Split(train, dev, 100 - train - dev))
)


@pytest.mark.parametrize(
    ("text", "split"),
    [
        ("80/10/10", Split(80, 10, 10)),
        (" 70 / 0 / 30 ", Split(70, 0, 30)),
        ("100/0/0", Split(100, 0, 0)),
    ],
)
def test_shares_are_read_as_people_write_them(text: str, split: Split) -> None:
    assert Split.parse(text) == split


@pytest.mark.parametrize(
    "text",
    ["", "80", "80/20", "80/10/5", "80/10/10/0", "80/15/-5+10", "a/b/c", "0.8/0.1/0.1", "²/9/9"],
)
def test_what_is_not_three_shares_of_100_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ExportError, match="as in 80/10/10") as refusal:
        Split.parse(text)
    assert "\n" not in str(refusal.value)


@given(splits)
def test_a_split_is_written_as_it_is_read(split: Split) -> None:
    assert Split.parse(str(split)) == split


@given(splits, st.text(st.characters(exclude_categories=["Cs"])), st.text("abc", max_size=3))
def test_the_part_follows_from_the_hash_of_seed_and_key(split: Split, key: str, seed: str) -> None:
    digest = hashlib.sha256(seed.encode() + b"\0" + key.encode()).digest()
    place = Fraction(int.from_bytes(digest[:8], "big"), 2**64)
    test, dev = Fraction(split.test, 100), Fraction(split.dev, 100)
    expected = "test" if place < test else "dev" if place < test + dev else "train"
    assert split.part(key, seed) == expected


def test_the_part_of_a_site_is_the_same_for_ever() -> None:
    # The first bytes of sha256 are 16a9…, 5b60… and cd96…: at 9, 36 and 80 per cent.
    split = Split(60, 20, 20)
    dealt = {site: split.part(site) for site in ("a.example", "c.example", "varn.example")}
    assert dealt == {"a.example": "test", "c.example": "dev", "varn.example": "train"}


@given(st.text("abcdef", min_size=1), st.integers(0, 50), st.integers(0, 50))
def test_no_site_leaves_the_test_part_when_its_share_grows(key: str, share: int, more: int) -> None:
    before = Split(100 - share, 0, share).part(key)
    after = Split(100 - share - more, 0, share + more).part(key)
    assert after == "test" or before == "train"


def test_many_sites_come_near_the_shares_asked_for() -> None:
    split = Split(80, 10, 10)
    dealt = [split.part(f"site{number}.example") for number in range(5000)]
    shares = {part: dealt.count(part) / len(dealt) for part in PARTS}
    assert shares == pytest.approx({"train": 0.8, "dev": 0.1, "test": 0.1}, abs=0.02)


def test_another_seed_deals_the_sites_out_otherwise() -> None:
    split = Split(50, 25, 25)
    sites = [f"site{number}.example" for number in range(100)]
    assert [split.part(site) for site in sites] != [split.part(site, "2") for site in sites]
