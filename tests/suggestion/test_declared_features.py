"""How units compare with what the source of their page declares."""

from segmark.core.page import Declared
from segmark.suggestion.evidence.declared_features import declared_names

_STORY = "The ferry to Selwick sailed again on Monday, three weeks after the storm."
_OTHER = "The council of Varnest will decide on the new lighthouse in the autumn."


def test_a_unit_that_is_declared_is_told_from_others() -> None:
    declared = Declared(
        titles=("Ferry sails again",),
        summaries=(f"{_STORY} More soon.",),
        captions=("The quay at dawn",),
    )
    texts = ["FERRY  sails again!", _STORY, "The quay at dawn", _OTHER]
    assert declared_names(declared, texts) == [["dt=is"], ["ds=begins"], ["dc=is"], []]


def test_text_is_in_the_declared_story_or_out_of_it_and_short_text_may_be_anywhere() -> None:
    declared = Declared(bodies=(f"{_STORY} It was late.",))
    inside, outside, short = declared_names(declared, [_STORY, _OTHER, "It was late."])
    assert inside[0] == "db=in"
    assert outside[0] == "db=out"
    assert short[0] == "db=short"


def test_how_much_of_the_declared_story_is_on_the_page_counts() -> None:
    whole = declared_names(Declared(bodies=(_STORY,)), [_STORY])
    hardly = declared_names(Declared(bodies=(f"{_STORY} {_OTHER * 40}",)), [_STORY])
    assert whole[0][1] != hardly[0][1]


def test_where_nothing_is_declared_there_is_nothing_to_compare() -> None:
    assert declared_names(Declared(), [_STORY, ""]) == [[], []]
