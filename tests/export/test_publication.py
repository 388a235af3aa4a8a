"""What describes an export for those who cite it and for programs that search data sets."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from segmark.cli import program as cli
from segmark.core.annotation import Status
from segmark.export.card.citation import citation
from segmark.export.card.croissant import croissant
from segmark.export.features import INTEGER, STRING, OneOf, Struct, whole_spans_of
from segmark.export.publication import LICENCES, Publication
from segmark.export.reading import Export
from segmark.store.store import Store

from tests.factories import LABELS, add_pages, label, settle

SAID = (
    "--title", "Harbour news: labelled", "--author", "Okonjo, Ada", "--author", "Varn University",
    "--data-version", "1.0", "--licence", "CC-BY-4.0", "--released", "2026-01-31",
    "--url", "https://varn.example/data",
)  # fmt: skip
CITED = """\
cff-version: 1.2.0
message: If you use this data set, please cite it as below.
type: dataset
title: "Harbour news: labelled"
authors:
  - family-names: "Okonjo"
    given-names: "Ada"
  - name: "Varn University"
version: "1.0"
license: "CC-BY-4.0"
date-released: "2026-01-31"
url: "https://varn.example/data"
identifiers:
  - type: other
    value: "sha256:{}"
    description: The checksum of the data files, as the card explains it
"""


@pytest.fixture
def news(project: Path) -> Path:
    with Store.create(project, LABELS) as store:
        add_pages(store, "Ferry sails\nIt left.", "Storm\nIt rained.")
        for number in (1, 2):
            label(store, "mira", number, "headline", 0, 5)
            settle(store, "mira", number, Status.DONE)
    return project


def publish(project: Path, out: Path, *options: str) -> int:
    return cli.run(["export", str(project), str(out), "--publish", *options])


def test_an_export_is_described_for_citation_and_for_search(news: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert publish(news, out, *SAID) == 0
    export = Export(out)
    assert (out / "CITATION.cff").read_text("utf-8") == CITED.format(export.card.facts["content"])
    found = json.loads((out / "croissant.json").read_text("utf-8"))
    assert found["name"] == "Harbour news: labelled"
    assert [each["name"] for each in found["creator"]] == ["Ada Okonjo", "Varn University"]
    assert [each["@id"] for each in found["distribution"]] == ["pages.jsonl"]
    [records] = found["recordSet"]
    assert [each["@id"] for each in records["field"]] == [
        "pages/id", "pages/text", "pages/spans", "pages/meta"
    ]  # fmt: skip
    card = (out / "README.md").read_text("utf-8")
    assert 'pretty_name: "Harbour news: labelled"\nlicense: cc-by-4.0\n' in card
    assert "\n# Harbour news: labelled\n" in card


def test_the_project_remembers_what_was_said_and_gives_the_same_bytes(
    news: Path, tmp_path: Path
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    assert publish(news, first, *SAID) == 0
    assert publish(news, second) == 0
    for name in ("croissant.json", "CITATION.cff", "README.md"):
        assert (first / name).read_bytes() == (second / name).read_bytes()


def test_without_the_option_nothing_is_added_and_what_was_there_goes(
    news: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert publish(news, out, *SAID) == 0
    assert cli.run(["export", str(news), str(out)]) == 0
    assert sorted(path.name for path in out.iterdir()) == ["README.md", "pages.jsonl"]


@pytest.mark.parametrize("form", ["jsonl", "tokens", "lines", "conll", "label-studio", "html"])
def test_every_format_is_described_and_read_back_as_before(
    news: Path, tmp_path: Path, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert publish(news, out, *SAID, "--format", form) == 0
    assert cli.run(["verify", str(out)]) == 0, capsys.readouterr().err
    found = json.loads((out / "croissant.json").read_text("utf-8"))
    assert bool(found.get("recordSet")) == (form in ("jsonl", "tokens", "lines"))
    assert Export(out).is_as_written
    capsys.readouterr()
    cli.run(["load", str(news), str(out)])
    said = capsys.readouterr().err
    for name in ("CITATION.cff", "croissant.json"):
        assert f"passed over out/{name}: part of an export, which holds no page" in said


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ((), "needs a title and an author"),
        (("--title", "News"), "needs a title and an author"),
        ((*SAID, "--licence", "mine"), "the licence 'mine' is not known; it is one of Apache-2.0,"),
        ((*SAID, "--url", "varn"), "'varn' is no address"),
        ((*SAID, "--released", "2026-02-30"), "'2026-02-30' is no day"),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_nothing_is_written(
    news: Path,
    tmp_path: Path,
    options: tuple[str, ...],
    why: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert publish(news, tmp_path / "out", *options) == 2
    assert why in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_licence_may_be_an_address(news: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert publish(news, out, *SAID, "--licence", "https://varn.example/terms") == 0
    assert 'license-url: "https://varn.example/terms"\n' in (out / "CITATION.cff").read_text()
    assert 'license: other\nlicense_link: "https://varn' in (out / "README.md").read_text("utf-8")


COLUMNS = Struct({"id": STRING, "spans": whole_spans_of(OneOf(("a", "b"))), "at": INTEGER})


@given(
    st.text(max_size=40),
    st.lists(st.text(max_size=20), max_size=3),
    st.sampled_from(["", *LICENCES]),
)
def test_whatever_the_words_are_the_files_are_sound(
    title: str, authors: list[str], licence: str
) -> None:
    about = Publication.of({"title": title, "authors": authors, "licence": licence})
    if about.problem:
        return
    found = json.loads(croissant(about, "Pages.", {"a.jsonl": "0" * 64}, ["a.jsonl"], COLUMNS))
    assert found["name"] == about.title
    lines = citation(about, "0" * 64).splitlines()
    assert json.loads(lines[3].removeprefix("title: ")) == about.title
    assert Publication.of(about.kept) == about
