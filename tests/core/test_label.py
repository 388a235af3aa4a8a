"""Label sets, and the TOML that people write them in."""

from dataclasses import replace

import pytest
from segmark.core.label import Label, LabelSet, LabelSetError

_TOML = """
name = "harbour"
guideline = \"\"\"
Label whole lines.
\"\"\"

[[label]]
name = "ship"
key = "S"
light = "#0072b2"
dark = "#56B4E9"
joins = true
definition = " What floats. "
guideline = "Boats too."
example = "The ferry Anna."

[[label]]
name = "crane-2_b"
key = "é"
light = "#000000"
dark = "#ffffff"
joins = false
definition = "What lifts."
"""

_SHIP = Label(
    name="ship",
    key="S",
    light="#0072b2",
    dark="#56B4E9",
    joins=True,
    definition="What floats.",
    guideline="Boats too.",
    example="The ferry Anna.",
)
_CRANE = Label("crane-2_b", "é", "#000000", "#ffffff", False, "What lifts.")


def test_a_label_set_is_read_as_written() -> None:
    assert LabelSet.from_toml(_TOML) == LabelSet("harbour", (_SHIP, _CRANE), "Label whole lines.")


def test_labels_are_found_by_name_and_keep_their_order() -> None:
    labels = LabelSet.from_toml(_TOML)
    assert labels["ship"] == _SHIP
    assert [label.name for label in labels] == ["ship", "crane-2_b"]
    assert labels.names == {"ship", "crane-2_b"}


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('name = "harbour"', "name = ", "not TOML"),
        ('name = "harbour"', 'title = "harbour"', "lacks 'name'"),
        ('name = "ship"', 'name = "Ship"', "'Ship': use lower case letters"),
        ('name = "ship"', 'name = "two words"', "'two words': use lower case letters"),
        ('name = "crane-2_b"', 'name = "ship"', "label ship is there twice"),
        ('key = "S"', 'key = "4"', "label ship: its key '4' is not one letter"),
        ('key = "S"', 'key = "ST"', "label ship: its key 'ST' is not one letter"),
        ('key = "é"', 'key = "s"', "labels ship and crane-2_b share the key s"),
        ('light = "#0072b2"', 'light = "blue"', "label ship: 'blue' is not a colour"),
        ('dark = "#ffffff"', 'dark = "#fff"', "label crane-2_b: '#fff' is not a colour"),
        ("joins = true", 'joins = "yes"', "label ship: joins is true or false"),
        ("joins = false\n", "", "label crane-2_b lacks 'joins'"),
        ('key = "S"\n', "", "label ship lacks 'key'"),
        ("joins = true", "joins = true\ncolor = 1", "label ship: unknown entry 'color'"),
    ],
)
def test_what_is_wrong_is_named(old: str, new: str, why: str) -> None:
    assert old in _TOML
    with pytest.raises(LabelSetError) as refused:
        LabelSet.from_toml(_TOML.replace(old, new))
    assert why in str(refused.value)


@pytest.mark.parametrize("label", ["5", "[1]", '"ship"', "{}", "{name = 1}"])
def test_a_label_that_is_no_table_is_refused(label: str) -> None:
    with pytest.raises(LabelSetError):
        LabelSet.from_toml(f'name = "harbour"\nlabel = {label}')


def test_a_label_set_without_labels_is_refused() -> None:
    with pytest.raises(LabelSetError, match="'harbour' has no labels"):
        LabelSet.from_toml('name = "harbour"\nlabel = []')
    with pytest.raises(LabelSetError, match="lacks 'label'"):
        LabelSet.from_toml('name = "harbour"')


def test_keys_that_differ_only_in_case_clash() -> None:
    with pytest.raises(LabelSetError, match="share the key"):
        LabelSet("harbour", (_SHIP, replace(_CRANE, key="s")))


SHIP = LabelSet.from_toml(_TOML)["ship"]


@pytest.mark.parametrize("count", [200, 201, 10_000])
def test_a_set_has_no_more_labels_than_people_can_find(count: int) -> None:
    labels = tuple(
        replace(SHIP, name=f"l{number}", id="", key=chr(0x4E00 + number)) for number in range(count)
    )
    if count <= 200:
        assert len(LabelSet("many", labels).labels) == count
    else:
        with pytest.raises(LabelSetError, match=f"has {count:,} labels, and at most 200"):
            LabelSet("many", labels)
