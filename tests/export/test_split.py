import hashlib
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from segmark.core.record import Article
from segmark.export.error import ExportError
from segmark.export.split import PARTS, Split, SplitBy, Splitter

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


#: At 9, 36 and 80 per cent: with 60/20/20, to test, dev and train.
TEST, DEV, TRAIN = "a.example", "c.example", "varn.example"
THIRDS = Split(60, 20, 20)

_sites = st.sampled_from([TEST, DEV, TRAIN, "b.example", ""])
_ids = st.sampled_from([f"{number:04x}" for number in range(30)])


@pytest.mark.parametrize(
    ("by", "part"), [(SplitBy.SITE, "train"), (SplitBy.PAGE, None), (SplitBy.NEAR_DUPLICATE, "dev")]
)
def test_what_is_dealt_out_as_one_is_a_site_a_page_or_an_article(
    by: SplitBy, part: str | None
) -> None:
    first = next(Article(i, TRAIN) for i in map(str, range(99)) if THIRDS.part(i) == "dev")
    page = next(i for i in map(str, range(99)) if THIRDS.part(i) == "train")
    assert Splitter(THIRDS, by).part(page, TRAIN, first) == part


def test_a_page_whose_article_is_in_another_part_is_left_out_and_no_site_is_torn() -> None:
    splitter = Splitter(THIRDS)
    assert splitter.part("1", TEST, Article("0", TEST)) == "test"
    assert splitter.part("1", TEST, Article("0", TRAIN)) is None
    assert splitter.part("2", TRAIN, Article("0", TRAIN)) == "train"


def test_a_page_without_a_site_goes_by_itself() -> None:
    assert {Splitter(THIRDS).part(f"{n}", "", None) for n in range(40)} == set(PARTS)


@pytest.mark.parametrize("by", SplitBy)
def test_a_site_whose_part_was_chosen_is_in_it(by: SplitBy) -> None:
    splitter = Splitter(THIRDS, by, fixed={TRAIN: "test"})
    assert {splitter.part(f"{n}", TRAIN, None) for n in range(20)} == {"test"}
    assert splitter.part("1", TRAIN, Article("0", TEST)) in ("test", None)
    assert {Splitter(THIRDS).part(f"{n}", DEV, None) for n in range(20)} == {"dev"}


@given(
    st.sampled_from(SplitBy),
    st.lists(st.tuples(_ids, _sites), min_size=2, unique_by=lambda page: page[0]),
    st.dictionaries(st.sampled_from([TEST, DEV]), st.sampled_from(PARTS)),
    st.text("ab", max_size=2),
)
def test_no_article_is_ever_in_two_parts_nor_a_site_where_sites_are_dealt_out(
    by: SplitBy, pages: list[tuple[str, str]], fixed: dict[str, str], seed: str
) -> None:
    splitter, first = Splitter(THIRDS, by, seed, fixed), Article(*pages[0])
    alike = [splitter.part(*pages[0], None), *(splitter.part(*page, first) for page in pages[1:])]
    assert len({part for part in alike if part}) == 1
    sites = [{splitter.part(*page, None) for page in pages if page[1] == site} for _, site in pages]
    if by is SplitBy.SITE:
        assert all(len(parts) == 1 for (_, site), parts in zip(pages, sites, strict=True) if site)
