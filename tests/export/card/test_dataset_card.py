import hashlib
import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from segmark import __version__
from segmark.core.guideline import Example
from segmark.core.label import LabelSet
from segmark.core.label_acts.acts import rename
from segmark.core.record import Record
from segmark.core.span import Span
from segmark.export.card.dataset_card import read_card
from segmark.export.exporter import write
from segmark.export.options import ExportOptions
from segmark.export.row import SCHEMA
from segmark.export.split import Split, SplitBy

from tests.export.made import LABELS, checked, export, export_as, lines_of, many, record
from tests.export.made import SCHEMA as RECORD_SCHEMA

SPLIT = Split(60, 20, 20)


def card_of(
    records: Iterable[Record], folder: Path, split: Split | None = None, labels: LabelSet = LABELS
) -> str:
    export(records, folder, split=split, labels=labels)
    return (folder / "README.md").read_text("utf-8")


def test_the_card_tells_counts_definitions_and_the_version(tmp_path: Path) -> None:
    pages = [*many(30), record("x", site="", status="skipped", spans=())]
    card = card_of(pages, tmp_path, split=SPLIT)
    counts = {part: len(lines_of(tmp_path / f"{part}.jsonl")) for part in ("train", "dev", "test")}
    assert f"| pages | 31 | {' | '.join(map(str, counts.values()))} |" in card
    assert "| done | 30 |\n| skipped | 1 |" in card
    assert "| (none) | 1 |" in card
    for number, label in enumerate(LABELS):
        assert f"| {number} | `{label.name}` |" in card
        assert label.definition in card
    assert f"Segmark {__version__}, record schema {SCHEMA}." in card
    assert RECORD_SCHEMA["$id"] == f"urn:segmark:record:{SCHEMA}"
    assert "| texts | 38 | 38 | 38 | 38 | 38 |" in card
    assert "| `headline` | 13 | 13 | 13 | 13 | 13 |" in card
    assert LABELS.guideline.splitlines()[-1] in card
    assert "`dev.jsonl` loads as `validation`." in card


def test_an_empty_part_is_told_in_the_card(tmp_path: Path) -> None:
    card = card_of([record()], tmp_path, split=SPLIT)
    assert "`test.jsonl` is empty" in card
    assert "path: test.jsonl" not in card


def test_the_card_lists_the_twenty_sites_with_most_pages(tmp_path: Path) -> None:
    card = card_of(many(50, sites=24), tmp_path)
    sites = re.findall(r"^\| (site\S+) \| (\d) \|$", card, re.MULTILINE)
    assert sites[:3] == [("site0.example", "3"), ("site1.example", "3"), ("site10.example", "2")]
    assert len(sites) == 20
    assert "| 4 more | 8 |" in card


def test_annotators_are_listed_when_there_are_several(tmp_path: Path) -> None:
    card = card_of([record(annotator="mira"), record(annotator="tom")], tmp_path)
    assert "2 records by 2 annotators, with 4 labelled spans." in card
    assert "| mira | 1 |\n| tom | 1 |" in card
    assert "| annotator |" not in card_of([record()], tmp_path)


def test_odd_names_do_not_break_the_card(tmp_path: Path) -> None:
    site = "a|b\n---\n<b>*c*_d_`e`\u2028f"
    card = card_of([record(site=site)], tmp_path)
    assert r"| a\|b --- \<b\>\*c\*\_d\_\`e\` f | 1 |" in card
    assert card.count("\n---\n") == 1


def test_the_definition_of_a_label_stays_one_cell(tmp_path: Path) -> None:
    first, *rest = LABELS
    odd = LabelSet("odd", (replace(first, definition="one | two\n\nthree"), *rest))
    assert r"one \| two three |" in card_of([record()], tmp_path, labels=odd)


def test_the_content_hash_is_what_sha256sum_prints(tmp_path: Path) -> None:
    card = card_of(many(30), tmp_path, split=SPLIT)
    names = ("train.jsonl", "dev.jsonl", "test.jsonl")
    assert f"sha256sum {' '.join(names)} | sha256sum" in card
    sums = {name: hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() for name in names}
    lines = "".join(f"{digest}  {name}\n" for name, digest in sums.items())
    assert f"Content hash: `{hashlib.sha256(lines.encode()).hexdigest()}`" in card
    assert all(f"| `{name}` | `{digest}` |" in card for name, digest in sums.items())


def test_the_card_tells_how_a_split_was_made_and_what_to_mind(tmp_path: Path) -> None:
    options = ExportOptions(
        split=SPLIT, seed="a_b", split_by=SplitBy.PAGE, fixed_parts={"site1.example": "test"}
    )
    export_as("jsonl", many(30), tmp_path, options)
    card = (tmp_path / "README.md").read_text("utf-8")
    assert "Pages were dealt out one by one" in card
    assert r"Shares of train, dev and test asked for: 60/20/20 %, with the seed `a\_b`." in card
    assert "The part of 1 of the sites was chosen by hand." in card
    assert "\n\n**Mind:** dev is small" in card
    assert "  split_by: page\n" in card
    assert "## Split" not in card_of(many(3), tmp_path)


def test_languages_are_counted_and_told_to_the_hub(tmp_path: Path) -> None:
    pages = [replace(record(str(n)), language=name) for n, name in enumerate(("no", "en-GB", ""))]
    card = card_of(pages, tmp_path)
    assert "language:\n- 'en'\n- 'no'\ntask_categories:" in card
    assert "| language | pages |\n| --- | --- |\n| (none) | 1 |\n| en-GB | 1 |" in card


def test_what_is_no_language_is_none_in_the_card(tmp_path: Path) -> None:
    # Projects of earlier versions hold such values.
    names = ("utf-8", "UTF-8", "windows-1252", "jp", "")
    card = card_of(
        [replace(record(str(n)), language=name) for n, name in enumerate(names)], tmp_path
    )
    assert "language:" not in card
    assert "| language |" not in card


def test_what_the_guideline_says_is_not_taken_for_what_the_card_says(tmp_path: Path) -> None:
    odd = LabelSet("odd", LABELS.labels, "Mind:\n\n| 7 | `advert` |\n| pages | 12 |\n")
    card_of([record()], tmp_path, labels=odd)
    read = read_card(tmp_path)
    assert (read.pages, read.labels) == (1, tuple(label.name for label in LABELS))


def test_a_card_without_pages_and_labels_in_its_front_matter_is_read_as_well(
    tmp_path: Path,
) -> None:
    card = card_of([*many(30), record("x", annotator="jan")], tmp_path, split=SPLIT)
    found = read_card(tmp_path)
    older = re.sub(r"  labels:\n(?:  - '.*'\n)+  pages: 31\n", "", card)
    assert len(older) < len(card)
    (tmp_path / "README.md").write_text(older, "utf-8")
    again = read_card(tmp_path)
    assert (again.files, again.labels, again.pages) == (found.files, found.labels, found.pages)
    assert checked(tmp_path).faults == []


def test_labels_in_the_front_matter_stay_words_whatever_yaml_takes_them_for(
    tmp_path: Path,
) -> None:
    first, *rest = LABELS
    odd = LabelSet("odd", (replace(first, name="no", id=""), *rest))
    assert "  labels:\n  - 'no'\n" in card_of([record(spans=())], tmp_path, labels=odd)
    assert read_card(tmp_path).labels[0] == "no"


HOSTILE_GUIDELINE = """\
# Odd <script>alert(1)</script>

<img src=x onerror=alert(1)> <IFRAME SRC=//evil.example> </p><svg/onload=run()> <!-- x --> <?php ?>
[here](javascript:alert(1)) [there](<JavaScript:alert(1)>) [ref] ![pixel](data:text/html;base64,x)
[t](<java\tscr\tipt:run()>) [e](java&#115;cript:run()) [f](javascript&colon;run())
[g](javascript\\:run())
<javascript:run()>
[ref]: vbscript:run()
`<script>` ``` <b>
"""
GOOD_GUIDELINE = """\
Label <https://varn.example/a?b=1&c=2>, [this](https://varn.example) and *that*: 3 < 4 & 5 > 2.

- data: what is counted, AT&T too

> A quote of a page
"""


def _guideline(text: str, tmp_path: Path, label_guideline: str = "") -> str:
    first, *others = LABELS.labels
    labels = (replace(first, guideline=label_guideline), *others)
    card = card_of([record()], tmp_path, labels=LabelSet("odd", labels, text))
    return card.partition("\n## Guideline\n")[2].rpartition("\n\nMade with")[0]


@pytest.mark.parametrize("of_label", [False, True])
def test_nothing_in_a_guideline_runs_in_the_card(tmp_path: Path, of_label: bool) -> None:
    texts = ("Plain.", HOSTILE_GUIDELINE) if of_label else (HOSTILE_GUIDELINE, "")
    text = _guideline(texts[0], tmp_path, texts[1])
    assert not re.search(r"<[a-z/!?](?!ttps?://)", text, re.IGNORECASE)
    assert not re.search(r"(javascript|vbscript)\\?:", text, re.IGNORECASE)
    assert not re.search(r"script:", text.replace("\t", ""), re.IGNORECASE)
    assert not re.search(r"data:text", text)
    assert not re.search(r"&(#|colon;)", text)
    assert "alert(1)" in text  # the words are still there to be read


def test_what_is_harmless_in_a_guideline_stays(tmp_path: Path) -> None:
    assert _guideline(GOOD_GUIDELINE, tmp_path).startswith(f"\n{GOOD_GUIDELINE.strip()}\n")


def test_a_definition_and_names_are_inert_in_the_card(tmp_path: Path) -> None:
    first, *others = LABELS.labels
    odd = replace(first, definition="<script>alert(1)</script> | x")
    pages = [record(site="<img src=x>", annotator="<b>ann</b>"), record("b2", annotator="bo")]
    card = card_of(pages, tmp_path, labels=LabelSet("odd", (odd, *others), ""))
    assert not re.search(r"(?<!\\)<[a-z/]", card)


def test_examples_of_the_guideline_stand_below_their_label(tmp_path: Path) -> None:
    examples = (
        Example("caption", "Photo: <img src=x> Ada", "A *credit*\nalone", "0123abcd"),
        Example("", "Share this [page](javascript:alert(1))", page="a`b"),
    )
    write([record()], LABELS, ExportOptions(folder=tmp_path), examples=examples)
    text = (tmp_path / "README.md").read_text("utf-8").partition("\n## Guideline\n")[2]
    assert text.index("### caption") < text.index("Photo") < text.index("### no label")
    assert r"- “Photo: \<img src=x\> Ada” – A \*credit\* alone (page `0123abcd`)" in text
    assert r"- “Share this \[page\](javascript:alert(1))”" in text
    assert read_card(tmp_path).labels == tuple(label.name for label in LABELS)


def test_a_renamed_label_is_told_by_the_card_of_the_export_that_replaces_the_old_one(
    tmp_path: Path,
) -> None:
    told = "Renamed since the last export to this folder: `headline` is now `title`."
    renamed = rename(LABELS, "headline", "title").after
    pages = [record(spans=(Span(0, 13, "title"), Span(14, 38, "body")))]
    export([record()], tmp_path / "out")
    unchanged = (tmp_path / "out/README.md").read_text("utf-8")
    assert "  ids:\n" not in unchanged
    assert "Renamed" not in unchanged
    summary = export(pages, tmp_path / "out", labels=renamed)
    assert summary.renamed == {"headline": "title"}
    assert told in (tmp_path / "out/README.md").read_text("utf-8")
    export(pages, tmp_path / "new", labels=renamed)
    assert told not in (tmp_path / "new/README.md").read_text("utf-8")
    export(pages, tmp_path / "out", labels=renamed)
    assert told not in (tmp_path / "out/README.md").read_text("utf-8")
    card = read_card(tmp_path / "out")
    assert (card.labels[0], card.ids[0]) == ("title", "headline")
    assert card.ids[1:] == card.labels[1:]


def test_a_card_whose_ids_fit_no_labels_is_read_without_them(tmp_path: Path) -> None:
    renamed = rename(LABELS, "headline", "title").after
    export([record(spans=())], tmp_path, labels=renamed)
    path = tmp_path / "README.md"
    cut = path.read_text("utf-8").replace("  ids:\n  - 'headline'\n", "  ids:\n")
    path.write_text(cut, "utf-8")
    card = read_card(tmp_path)
    assert card.ids == card.labels
