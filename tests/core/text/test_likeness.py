from textwrap import fill

from hypothesis import given
from hypothesis import strategies as st
from segmark.core.text.likeness import likeness, share_needed, shingles, sketch

from tests.articles import article, framed


def alike(one: str, other: str) -> bool:
    return likeness(shingles(one), shingles(other)) >= share_needed(one, other)


def test_the_same_article_in_another_frame_is_alike_and_shares_its_sketch() -> None:
    one, other = framed(article(1), "Sport"), framed(article(1), "Weather")
    assert alike(one, other)
    assert sketch(one) == sketch(other) != []


def test_different_articles_in_the_same_frame_are_not_alike() -> None:
    one, other = framed(article(1), "Sport"), framed(article(2), "Sport")
    assert not alike(one, other)
    assert not set(sketch(one)) & set(sketch(other))


def test_an_article_with_a_new_paragraph_and_a_word_changed_is_alike() -> None:
    lines = article(1).split("\n")
    lines[4] = lines[4].replace("bour", "bor", 1)
    other = "\n".join(["An update was added here. " * 6, *lines])
    assert alike(article(1), other)
    assert len(set(sketch(article(1))) & set(sketch(other))) >= 2


def test_an_article_wrapped_at_72_columns_is_found_in_another_frame() -> None:
    one, other, third = (fill(article(number), 72) for number in (1, 1, 2))
    frames = "Sport and weather\nSign in\n", "All of the news\nLog out\n", "Sport\nSign in\n"
    one, other, third = (f + text for f, text in zip(frames, (one, other, third), strict=True))
    assert alike(one, other)
    assert len(set(sketch(one)) & set(sketch(other))) >= 2
    assert not alike(one, third)


def test_pages_of_nothing_but_a_frame_are_alike_only_if_they_are_nearly_the_same() -> None:
    frame = "".join(f"The menu of the site has this entry, number {n} of many\n" for n in range(9))
    one, other = (f"{frame}A picture of a {thing} in the harbour of Eastmere\nAnd one more line "
                  f"of words about the {thing} there\n" for thing in ("ship", "bird"))  # fmt: skip
    assert not alike(one, other)
    assert alike(one, f"Menu\n{one}")


def test_short_texts_are_never_alike() -> None:
    assert not alike("Ship sails", "Ship sails")
    assert sketch("Ship sails") == []


def test_scripts_without_spaces_are_compared_as_well() -> None:
    text = (
        "長い冬が終わり、イーストミアの港は月曜日の朝に再開した。市長は一年間待ち続けた住民に対して深い感謝の言葉を述べた。"
        * 3
        + "\n"
    )
    other = (
        "大雪のため、山間部へ向かう列車は今朝からすべて運休している。駅では振り替えのバスを待つ人の長い列ができていた。"
        * 3
        + "\n"
    )
    one = "".join(f"{number}{text}" for number in range(5))
    assert alike(one, f"メニュー\n{one}")
    assert sketch(one)
    assert not alike(one, "".join(f"{number}{other}" for number in range(5)))


def test_a_sketch_is_the_same_for_ever() -> None:
    assert sketch("The harbour of Eastmere opened again on Monday after a long winter. " * 2) == [
        3291382026
    ]


@given(st.text(), st.text())
def test_likeness_is_a_share_and_the_same_both_ways(one: str, other: str) -> None:
    mine, others = shingles(one), shingles(other)
    assert likeness(mine, others) == likeness(others, mine)
    assert 0 <= likeness(mine, others) <= 1
    assert sketch(one) == sorted(set(sketch(one)))
