"""What offsets count: code points, UTF-16 units or graphemes, and how a file shows which."""

import json
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from segmark.core.text.normalise import normalise
from segmark.loading.labels.mapping import LabelMapping
from segmark.loading.labels.offsets import offset_converter, offset_in_normalised, quotes
from segmark.loading.options import USUAL_FIELDS, LabelOptions
from segmark.loading.raw import OffsetUnit
from segmark.loading.sources import SourceFiles
from segmark.loading.survey import Survey, survey_labels

from tests.factories import LABELS

needs_graphemes = pytest.mark.skipif(find_spec("regex") is None, reason="regex is an extra")

# A family of four in seven code points, a flag in two, an accent of its own, and a line end in two.
CLUSTERS = ["a", " ", "é", "e\u0301", "🙂", "👨‍👩‍👧‍👦", "🇫🇴", "\r\n", "\n", "각", "한"]
TEXTS = st.lists(st.sampled_from(CLUSTERS), max_size=20)


@given(st.lists(st.sampled_from(CLUSTERS) | st.text(max_size=3), max_size=20).map("".join))
def test_utf_16_units_are_those_of_the_encoding(text: str) -> None:
    at = offset_converter(text, OffsetUnit.UTF_16)
    for offset in range(len(text) + 1):
        units = len(text[:offset].encode("utf-16-le", "surrogatepass")) // 2
        assert at(units) == offset
    size = len(text.encode("utf-16-le", "surrogatepass")) // 2
    assert [at(size + 1), at(-1)] == [None, None]


def test_an_offset_inside_a_pair_is_none() -> None:
    at = offset_converter("a🙂b", OffsetUnit.UTF_16)
    assert [at(units) for units in range(6)] == [0, 1, None, 2, 3, None]


@needs_graphemes
@given(TEXTS)
def test_graphemes_are_what_people_see_as_one_character(clusters: list[str]) -> None:
    # With a space between, so that flags do not pair off in another way.
    text = " ".join(clusters)
    at = offset_converter(text, OffsetUnit.GRAPHEME)
    edges = [len(" ".join([*clusters[:n], ""])) for n in range(len(clusters))]
    assert [at(2 * n) for n in range(len(clusters))] == edges


@needs_graphemes
def test_a_family_a_flag_and_a_line_end_are_one_grapheme_each() -> None:
    text = "👨‍👩‍👧‍👦🇫🇴e\u0301\r\nx"
    at = offset_converter(text, OffsetUnit.GRAPHEME)
    assert [at(offset) for offset in range(7)] == [0, 7, 9, 11, 13, 14, None]


@given(st.text(st.sampled_from("ab\r\n\ufeff\u2028 "), max_size=30))
def test_offsets_are_carried_through_the_normalising(raw: str) -> None:
    at = offset_in_normalised(raw)
    for offset in range(len(raw) + 1):
        if raw[offset - 1 : offset + 1] != "\r\n":
            assert at(offset) == len(normalise(raw[:offset])) or raw[:offset] == "\ufeff\ufeff"
    assert at(len(raw)) == len(normalise(raw))


def test_a_quotation_may_lack_white_space() -> None:
    assert quotes("Ship\n\nsails  at", "Ship sails at")
    assert quotes("Ship\nsails", "Ship\\nsails")
    assert not quotes("Ship sails", "Ship sail")


# Which of them a file means


def unit(raw: str, offset: int, counted: OffsetUnit) -> int:
    """The offset of a code point, counted in a unit."""
    at = offset_converter(raw, counted)
    return next(n for n in range(4 * len(raw) + 1) if at(n) == offset)


def document(words: list[str], marked: int, counted: OffsetUnit) -> dict[str, object]:
    """A document of doccano with one word marked."""
    raw = " ".join(words)
    start = len(" ".join([*words[:marked], ""]))
    edges = (start, start + len(words[marked]))
    return {"text": raw, "label": [[*(unit(raw, at, counted) for at in edges), "body"]]}


def survey_of(
    folder: Path, *records: Mapping[str, object], choice: LabelOptions | None = None
) -> Survey:
    path = folder / "all.jsonl"
    path.write_text("".join(f"{json.dumps(record)}\n" for record in records))
    return survey_labels(SourceFiles([path]), USUAL_FIELDS, choice or LabelOptions(), LABELS)


WORDS = ["Ship", "🙂", "sails", "e\u0301te\u0301", "👨‍👩‍👧‍👦", "home", "again"]


@needs_graphemes
@pytest.mark.parametrize("counted", list(OffsetUnit))
def test_where_words_show_it_the_unit_is_found(tmp_path: Path, counted: OffsetUnit) -> None:
    found = survey_of(tmp_path, *(document(WORDS, marked, counted) for marked in range(7)))
    assert list(found.units.values()) == [counted]
    assert found.refused == {}


@needs_graphemes
def test_a_single_page_may_show_it(tmp_path: Path) -> None:
    raw = "Storm 👨‍👩‍👧‍👦 hits\n\nIt left"
    edges = [unit(raw, raw.index(part), OffsetUnit.GRAPHEME) for part in ("Storm", "\n\n")]
    found = survey_of(tmp_path, {"text": raw, "label": [[*edges, "headline"]]})
    assert list(found.units.values()) == [OffsetUnit.GRAPHEME]
    # White space at an edge says little beside a range that ends behind the text.
    windows = "Title\r\n\r\nBody\r\nmore\r\n"
    found = survey_of(tmp_path, {"text": windows, "label": [[9, len(windows), "body"]]})
    assert found.refused == {}
    assert OffsetUnit.GRAPHEME not in found.units.values()


@pytest.mark.parametrize("text", ["Ship sails home", "été à Vârnest", "Ship\nsails\nhome"])
def test_where_all_units_come_to_the_same_nothing_is_asked(tmp_path: Path, text: str) -> None:
    found = survey_of(tmp_path, {"text": text, "label": [[0, 4, "body"]]})
    assert found.refused == {}


@needs_graphemes
def test_where_nothing_shows_it_the_file_is_refused_and_says_what_to_do(tmp_path: Path) -> None:
    # No spaces between words: any place in it is as good as another.
    record = {"text": "船が🙂港を出た", "label": [[4, 6, "body"]]}
    found = survey_of(tmp_path, record)
    [reason] = found.refused.values()
    assert reason.endswith("say so with --offsets utf-16, grapheme or codepoint")
    assert found.unclear == tuple(found.refused)
    said = survey_of(tmp_path, record, choice=LabelOptions(offsets=OffsetUnit.UTF_16))
    assert said.refused == {}
    assert list(said.units.values()) == [OffsetUnit.UTF_16]


def test_without_the_library_for_graphemes_it_says_which_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "regex", None)
    record = {"text": "Ship 🙂 sails", "label": [[7, 12, "body"]]}
    [reason] = survey_of(tmp_path, record).refused.values()
    assert "segmark[graphemes]" in reason
    assert "--offsets" in reason
    for given_unit in (OffsetUnit.UTF_16, OffsetUnit.CODE_POINT):
        choice = LabelOptions(offsets=given_unit)
        assert survey_of(tmp_path, record, choice=choice).refused == {}


def test_label_studio_counts_code_points_unless_quotations_speak_against_it(
    tmp_path: Path,
) -> None:
    def task(start: int, end: int, quote: str) -> dict[str, object]:
        value = {"start": start, "end": end, "text": quote, "labels": ["body"]}
        result = {"type": "labels", "to_name": "text", "from_name": "label", "value": value}
        return {"data": {"text": "🙂 Ship 🙂 sails"}, "annotations": [{"result": [result]}]}

    [now] = survey_of(tmp_path, task(2, 6, "Ship")).units.values()
    [early] = survey_of(tmp_path, task(3, 7, "Ship"), task(11, 16, "sails")).units.values()
    [unquoted] = survey_of(tmp_path, task(2, 6, "")).units.values()
    assert (now, early, unquoted) == (
        OffsetUnit.CODE_POINT,
        OffsetUnit.UTF_16,
        OffsetUnit.CODE_POINT,
    )


@pytest.mark.parametrize("theirs", ["BODY", " body ", "Body"])
def test_labels_are_found_by_name_in_capitals_or_not(theirs: str) -> None:
    mapping = LabelMapping(LABELS, LabelOptions((("Text", "body"), ("Menu", ""))))
    assert mapping.own_label(theirs) == "body"
    others: list[object] = ["TEXT", "menu", "advert", 5, None, []]
    assert list(map(mapping.own_label, others)) == ["body", "", None, None, None, None]
