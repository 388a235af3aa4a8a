"""All that changed in the fields of a label, or of the set, is one act."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from segmark.core.label import Expected, Label, LabelSetError
from segmark.core.label_acts.editing import edit_label, edit_set

from tests.factories import LABELS

_words = st.sampled_from(["", "What it is.", "Two\nlines"])
_wanted = st.builds(
    replace,
    st.just(LABELS["caption"]),
    name=st.sampled_from(["caption", "legend", "picture-text"]),
    key=st.sampled_from(["C", "c", "L"]),
    light=st.sampled_from(["#102030", "#004e1e"]),
    dark=st.sampled_from(["#a0b0c0", "#5a967e"]),
    joins=st.booleans(),
    inside=st.booleans(),
    expected=st.sampled_from(Expected),
    definition=_words,
    guideline=_words,
    example=_words,
)


@given(_wanted)
def test_the_label_is_what_was_wanted_and_the_others_stay(wanted: Label) -> None:
    change = edit_label(LABELS, wanted)
    if change is None:
        assert wanted == LABELS["caption"]
        return
    after = change.after["caption"]
    assert replace(after, former=()) == wanted
    assert after.former == (("caption",) if after.name != "caption" else ())
    assert [one for one in change.after if one.id != "caption"] == [
        one for one in LABELS if one.id != "caption"
    ]
    assert change.before == LABELS
    assert change.moves == ({"caption": "caption"} if after.joins else {})


def test_one_change_keeps_its_title_and_several_have_one_for_all() -> None:
    caption = LABELS["caption"]
    renamed, other = replace(caption, name="legend"), replace(caption, name="legend", key="L")
    titles = [change.title for one in (renamed, other) if (change := edit_label(LABELS, one))]
    assert titles == ["Rename caption to legend", "Change label legend"]


@pytest.mark.parametrize(
    ("name", "key", "told"),
    [
        ("body", "C", "there is a label body already"),
        ("caption", "H", "share the key H"),
        ("Two words", "C", "use lower case letters"),
        ("caption", "", "is not one letter"),
    ],
)
def test_what_would_break_the_set_is_refused(name: str, key: str, told: str) -> None:
    with pytest.raises(LabelSetError, match=told):
        edit_label(LABELS, replace(LABELS["caption"], name=name, key=key))


def test_name_and_guideline_of_the_set_are_one_act() -> None:
    assert edit_set(LABELS, "news", "Label whole lines.") is None
    guideline, named = edit_set(LABELS, "news", "Other."), edit_set(LABELS, "press", "Other.")
    assert guideline
    assert named
    assert (guideline.title, guideline.after.guideline) == ("Change the guideline", "Other.")
    assert (named.title, named.after.name) == ("Rename the label set to press", "press")
