"""Tokens with tags, whatever the file is called and whichever scheme its tags follow."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from segmark.cli import program as cli
from segmark.core.annotation import Status
from segmark.core.span import Span
from segmark.loading.labels.tags import tagged_spans
from segmark.store.store import Store

from tests.factories import LABELS, label, make_page, settle
from tests.loading.reading import labelled

STORM = "Storm B-HEADLINE\nhits I-HEADLINE\nVarn I-HEADLINE\n\nIt B-BODY\nrained I-BODY\nMenu O\n"


def load(project: Path, *words: str) -> int:
    return cli.run(["load", str(project), *words, "--annotator", "mira"])


@pytest.mark.parametrize(
    "name", ["train.txt", "dev.tsv", "a.bio", "a.conll", "emerging.dev.conll", "eng.train", "train"]
)
@pytest.mark.parametrize("named", [True, False], ids=["named", "in a folder"])
def test_tokens_are_known_by_their_content(
    project: Path, tmp_path: Path, name: str, *, named: bool
) -> None:
    path = tmp_path / "corpus" / name
    path.parent.mkdir()
    path.write_text(STORM.replace(" ", "\t") if name.endswith("tsv") else STORM)
    assert load(project, str(path if named else path.parent)) == 0
    assert labelled(project) == [("headline", "Storm hits Varn"), ("body", "It rained")]


@pytest.mark.parametrize(
    "content",
    [
        # CoNLL-2003 as eng.train: IOB1 and columns
        "-DOCSTART- -X- O O\n\nStorm NNP I-NP I-HEADLINE\nhits VBZ I-VP I-HEADLINE\n",
        # W-NUT: tabs, and lines of nothing but white space
        "Storm\tB-headline\nhits\tI-headline\n\t\nand\tO\n",
        # BIOES and BMES
        "Storm B-headline\nhits E-headline\n",
        "Big S-comment\nStorm B-headline\nand M-headline\nhits E-headline\n",
        # GermEval: numbered tokens, comments and two layers
        "# http://varn.example [2009]\n1\tStorm\tB-headline\tO\n2\thits\tI-headline\tB-body\n",
        # MultiCoNER: comments and columns that say nothing
        "# id a1\tdomain=en\nStorm _ _ B-headline\nhits _ _ I-headline\n",
        "\ufeffStorm B-headline\r\nhits I-headline\r\n",
    ],
)
def test_every_layout_of_columns_is_known(project: Path, tmp_path: Path, content: str) -> None:
    path = tmp_path / "train.txt"
    path.write_text(content, newline="")
    assert load(project, str(path)) == 0
    label_name, quote = labelled(project)[-1]
    assert (label_name, quote.replace("and ", "")) == ("headline", "Storm hits")


@pytest.mark.parametrize(
    "content",
    [
        "Plan B-side\n",
        "Group O\nGroup A\nGroup B\n",
        "Vitamin B-complex\nHepatitis B-positive\n",
        "Storm hits Varn\nIt rained\n",
        "O\nO\nO\n",
    ],
)
def test_prose_is_no_list_of_tokens(project: Path, tmp_path: Path, content: str) -> None:
    path = tmp_path / "page.txt"
    path.write_text(content)
    assert load(project, str(path)) == 0
    with Store.open(project) as store:
        assert store.pages.get(1).text == content
    assert not labelled(project)


ROW: dict[str, Any] = {
    "id": "0", "tokens": ["Storm", "hits", "Varn", "It", "rained"], "ner_tags": [1, 2, 2, 3, 4],
}  # fmt: skip
NAMES = "O,B-headline,I-headline,B-body,I-body"
FOUND = [("headline", "Storm hits Varn"), ("body", "It rained")]


def rows(tmp_path: Path, *records: dict[str, Any]) -> Path:
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(f"{json.dumps(record)}\n" for record in records))
    return path


def test_numbers_are_tags_by_the_names_given(project: Path, tmp_path: Path) -> None:
    path = rows(tmp_path, ROW)
    assert load(project, str(path), "--tags", NAMES) == 0
    assert labelled(project) == FOUND


def test_numbers_without_names_are_refused_with_what_to_do(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert load(project, str(rows(tmp_path, ROW))) == 1
    assert "--tags" in capsys.readouterr().err


def test_parquet_names_its_numbers_itself(project: Path, tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    feature = {"feature": {"names": NAMES.split(","), "_type": "ClassLabel"}, "_type": "List"}
    table = pyarrow.Table.from_pylist([ROW])
    about = {"huggingface": json.dumps({"info": {"features": {"ner_tags": feature}}})}
    parquet.write_table(table.replace_schema_metadata(about), tmp_path / "a.parquet")
    assert load(project, str(tmp_path / "a.parquet")) == 0
    assert labelled(project) == FOUND


@pytest.mark.parametrize(
    ("column", "tags"),
    [
        ("ner_tags", ["B-headline", "I-headline", "I-headline", "B-body", "I-body"]),
        ("tags", ["headline", "headline", "headline", "body", "body"]),
        ("labels", ["I-headline", "I-headline", "I-headline", "I-body", "I-body"]),
    ],
)
def test_tags_may_be_strings(project: Path, tmp_path: Path, column: str, tags: list[str]) -> None:
    assert load(project, str(rows(tmp_path, {"tokens": ROW["tokens"], column: tags}))) == 0
    assert labelled(project) == FOUND


def test_the_text_of_a_row_is_kept_as_it_is(project: Path, tmp_path: Path) -> None:
    record = {**ROW, "text": "Storm  hits Varn\n\nIt rained"}
    assert load(project, str(rows(tmp_path, record)), "--tags", NAMES) == 0
    assert labelled(project) == [("headline", "Storm  hits Varn"), ("body", "It rained")]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"ner_tags": [1, 2]}, "5 'tokens' and 2 'ner_tags'"),
        ({"text": "Another text"}, "not those of its text"),
        ({"ner_tags": [1, 2, 2, 17, 0]}, "names no label: 17"),
    ],
)
def test_tags_that_do_not_fit_are_reported(
    project: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    change: dict[str, Any],
    said: str,
) -> None:
    path = rows(tmp_path, {**ROW, "tokens": [*ROW["tokens"][:4], "fell"]}, {**ROW, **change})
    assert load(project, str(path), "--tags", NAMES) == 1
    assert said in capsys.readouterr().err
    assert labelled(project)[0] == FOUND[0]


@pytest.mark.parametrize("here", [True, False], ids=["page here", "page elsewhere"])
@pytest.mark.parametrize("options", [(), ("--window", "4")], ids=["pages", "windows"])
def test_the_own_tokens_come_back(
    project: Path, tmp_path: Path, options: tuple[str, ...], *, here: bool
) -> None:
    old, text = tmp_path / "old.segmark", "Storm 🎭 hits Varn\n\nIt rained. It rained on."
    with Store.create(old, LABELS) as store:
        with store.write():
            store.pages.add(make_page(text, source="web/a.txt"), text.encode())
        label(store, "mira", 1, "headline", 0, 17)
        label(store, "mira", 1, "body", 19, len(text))
        settle(store, "mira", 1, Status.DONE)
    out = tmp_path / "out"
    assert cli.run(["export", str(old), str(out), "--format", "tokens", *options]) == 0
    if here:
        with Store.create(project, LABELS) as store, store.write():
            store.pages.add(make_page(text, source="web/a.txt"), text.encode())
    assert load(project, str(out / "pages.jsonl")) == 0
    if here:
        assert labelled(project) == labelled(old)
    elif not options:
        words = [(name, "".join(quote.split())) for name, quote in labelled(project)]
        assert words == [(name, "".join(quote.split())) for name, quote in labelled(old)]


WORDS = st.lists(st.text("ab🎭é", min_size=1, max_size=3), min_size=1, max_size=8)


@given(WORDS, st.data())
def test_spans_of_tags_are_exactly_the_tagged_tokens(
    tokens: list[str], data: st.DataObject
) -> None:
    """Whatever is tagged in IOB2 or BIOES is found again, and nothing else."""
    ranges, at = [], 0
    for token in tokens:
        ranges.append((at, at + len(token)))
        at += len(token) + 1
    tags, expected, place = ["O"] * len(tokens), list[Span](), 0
    bioes = data.draw(st.booleans())
    while place < len(tokens):
        size = data.draw(st.integers(0, 3))
        if size and place + size <= len(tokens):
            tags[place] = "B-body"
            tags[place + 1 : place + size] = ["I-body"] * (size - 1)
            if bioes:
                tags[place + size - 1] = "E-body" if size > 1 else "S-body"
            expected.append(Span(ranges[place][0], ranges[place + size - 1][1], "body"))
        place += size or 1
    tagged = ((start, end, tag) for (start, end), tag in zip(ranges, tags, strict=True))
    assert [Span(one.start, one.end, one.label) for one in tagged_spans(tagged)] == expected
