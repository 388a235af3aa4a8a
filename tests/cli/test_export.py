"""Exports from the command line: whose labels, under which names, dealt out how, kept as what."""

import html
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from segmark.cli import program as cli
from segmark.core.annotation import Status
from segmark.core.caret import Selection
from segmark.export.formats.registry import FORMATS
from segmark.export.options import ExportOptions
from segmark.export.split import Split, SplitBy
from segmark.jobs.exporting.forecast import forecast
from segmark.session.session import Session
from segmark.store.store import Store

from tests.articles import article, framed
from tests.export.made import SCHEMA, missing_library
from tests.factories import label, make_page, make_project, settle
from tests.news_project import news_project

#: Their parts under 60/20/20: test, dev and train.
SITES = ("a.example", "c.example", "varn.example")


@pytest.fixture
def shared(project: Path) -> Path:
    """Mira and Jan agree on page 1 and not on page 2; only Mira did page 3."""
    with make_project(project, "Ship sails", "Two went", "Three") as store:
        for who, number, end in (("mira", 1, 4), ("jan", 1, 4), ("mira", 2, 3), ("jan", 2, 8)):
            label(store, who, number, "headline", 0, end)
            settle(store, who, number, Status.DONE)
        settle(store, "mira", 3, Status.DONE)
    return project


def export(project: Path, out: Path, *options: str, status: int = 0) -> list[dict[str, Any]]:
    """The records of an export that was made and verified."""
    assert cli.run(["export", str(project), str(out), *options]) == status
    if status:
        return []
    assert cli.run(["verify", str(out), "--project", str(project)]) == 0
    files = sorted(out.glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_bytes().splitlines()]


def test_an_adjudicated_export_takes_what_is_agreed_on_and_lists_the_rest(
    shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    records = export(shared, tmp_path / "out", "--adjudicated", "--views", "1")
    assert [(r["text"], r["meta"]["annotator"]) for r in records] == [
        ("Ship sails", "jan"), ("Three", "mira"),
    ]  # fmt: skip
    said = capsys.readouterr().out
    assert "left out: 1 where whoever finished it labelled it differently" in said
    assert make_page("Two went").id in said
    card = (tmp_path / "out/README.md").read_text("utf-8")
    assert "Left out: 1 where whoever" in card
    assert "| jan, mira | 2 | 0.500 |" in card


def test_the_project_remembers_its_adjudicator(shared: Path, tmp_path: Path) -> None:
    words = ("--adjudicated", "--adjudicator", "mira")
    records = export(shared, tmp_path / "one", *words)
    assert [r["meta"]["annotator"] for r in records] == ["mira"] * 3
    assert export(shared, tmp_path / "two", "--adjudicated") == records


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--adjudicated", "--annotator", "jan"], "leave out one of the two"),
        (["--adjudicator", "eva"], "known are: jan, mira"),
        (["--preset", "march"], "none yet"),
        (["--split-by", "author"], "near-duplicate"),
        (["--min-confidence", "2"], "0<=x<=1"),
        (["--site", "nowhere.example"], "there is no page of the site 'nowhere.example'"),
        (["--unit", "window"], "window is a unit of tokens, conll, spacy"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_line(
    shared: Path, tmp_path: Path, words: list[str], said: str,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    export(shared, tmp_path / "out", *words, status=2)
    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_a_redacted_export_names_nobody_and_is_the_same_each_time(
    shared: Path, tmp_path: Path
) -> None:
    records = export(shared, tmp_path / "one", "--redact")
    assert export(shared, tmp_path / "two", "--redact", "--split", "60/20/20")
    names = {record["meta"]["annotator"] for record in records}
    assert len(names) == 2
    for file in [*(tmp_path / "one").iterdir(), *(tmp_path / "two").iterdir()]:
        assert not {"mira", "jan"} & set(file.read_text("utf-8").replace(",", " ").split())
        assert "mira" not in file.read_text("utf-8")
    with Store.open(shared) as store:
        settle(store, "eva", 3, Status.DONE)
    later = {record["meta"]["annotator"] for record in export(shared, tmp_path / "3", "--redact")}
    assert names < later


def test_other_projects_have_other_pseudonyms(shared: Path, tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    copy = tmp_path / "copy" / shared.name
    copy.write_bytes(shared.read_bytes())
    names = []
    for project in (shared, copy):
        records = export(project, project.parent / "out", "--redact")
        names.append({record["meta"]["annotator"] for record in records})
    assert not names[0] & names[1]


def test_a_preset_is_kept_run_changed_listed_and_deleted(
    shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = shared.parent / "training"
    first = export(shared, out, "--annotator", "mira", "--save-preset", "my own")
    (out / "pages.jsonl").unlink()
    capsys.readouterr()
    assert cli.run(["export", str(shared), "--preset", "my own"]) == 0
    assert cli.run(["verify", str(out)]) == 0
    assert len(first) == len((out / "pages.jsonl").read_bytes().splitlines()) == 3
    # What is given beside the preset goes before it.
    assert len(export(shared, tmp_path / "x", "--preset", "my own", "--annotator", "jan")) == 2
    words = ("--only", "headline", "--only", "body", "--save-preset", "two")
    export(shared, tmp_path / "y", *words)
    dropped = export(shared, tmp_path / "y", "--preset", "two", "--drop", "headline")
    assert not any(record["spans"] for record in dropped)
    assert cli.run(["presets", str(shared), "--delete", "two"]) == 0
    capsys.readouterr()
    assert cli.run(["presets", str(shared)]) == 0
    assert capsys.readouterr().out == (f"my own: segmark export {shared} {out} --annotator mira\n")
    assert cli.run(["presets", str(shared), "--delete", "my own"]) == 0
    assert cli.run(["presets", str(shared), "--delete", "my own"]) == 2
    assert cli.run(["presets", str(shared)]) == 0
    assert capsys.readouterr().out == ""


def test_an_export_to_nowhere_is_refused(shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["export", str(shared)]) == 2
    assert "name the folder OUT" in capsys.readouterr().err


@pytest.fixture
def alike(project: Path) -> Path:
    """Thirty pages of each site; an article of each stands on the next site as well."""
    with make_project(project) as store:
        with store.write():
            for number in range(90):
                site, seed = SITES[number % 3], number if number < 87 else number - 86
                text = framed(article(seed), f"{site} {number}")
                store.pages.add(make_page(text, site=site), text.encode())
        with store.write():
            store.duplicates.compare_new(100)
        assert store.duplicates.count() == 3
        for number in range(1, 91):
            settle(store, "mira", number, Status.DONE)
    return project


@pytest.mark.parametrize(("by", "written"), [("site", 87), ("page", None), ("near-duplicate", 90)])
def test_no_article_is_on_two_sides_of_a_split(
    alike: Path, tmp_path: Path, by: str, written: int | None,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    records = export(alike, tmp_path / "out", "--split", "60/20/20", "--split-by", by)
    said = capsys.readouterr().out
    if written:
        assert len(records) == written
    assert ("the same article is in another part" in said) == (len(records) < 90)
    assert "all is right" in said


def test_an_article_that_was_put_on_two_sides_is_found(
    alike: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    records = export(alike, out, "--split", "60/20/20")
    whole = export(alike, tmp_path / "whole")
    forgotten = next(r for r in whole if r not in records)
    part = {"a.example": "test", "c.example": "dev", "varn.example": "train"}
    file = out / f"{part[forgotten['meta']['site']]}.jsonl"
    file.write_bytes(file.read_bytes() + json.dumps(forgotten).encode() + b"\n")
    capsys.readouterr()
    assert cli.run(["verify", str(out), "--project", str(alike)]) == 1
    assert "article" in capsys.readouterr().err


def test_a_site_is_kept_in_a_part_until_it_is_dealt_out_again(
    alike: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["split", str(alike), "--split", "60/20/20"]
    assert cli.run(words) == 0
    before = capsys.readouterr().out
    assert before.splitlines()[0] == "      30  test   a.example"
    assert (
        before.splitlines()[-1]
        == "train 29 (33.3 %), dev 29 (33.3 %), test 29 (33.3 %), left out 3"
    )
    assert cli.run([*words, "--site", "c.example", "--to", "test"]) == 0
    assert "      30  test   c.example  chosen" in capsys.readouterr().out
    records = export(alike, tmp_path / "out", "--split", "60/20/20")
    assert len(records) == 88
    assert (tmp_path / "out/dev.jsonl").read_bytes() == b""
    assert "chosen by hand" in (tmp_path / "out/README.md").read_text("utf-8")
    assert cli.run([*words, "--site", "c.example", "--to", "auto"]) == 0
    capsys.readouterr()
    assert cli.run(words) == 0
    assert capsys.readouterr().out == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--site", "c.example"], "go together"),
        (["--site", "nowhere.example", "--to", "test"], "there is no page of the site"),
        (["--split", "50/50"], "80/10/10"),
    ],
)
def test_a_split_that_can_not_be_is_refused(
    alike: Path, words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["split", str(alike), *words]) == 2
    assert said in capsys.readouterr().err


def test_what_is_forecast_is_what_is_exported(alike: Path, tmp_path: Path) -> None:
    for number, by in enumerate(SplitBy):
        chosen = ExportOptions(split=Split(40, 30, 30), split_by=by, seed="x")
        with Store.open(alike) as store:
            found = forecast(store, chosen)
        out = tmp_path / str(number)
        words = ("--split", "40/30/30", "--split-by", by.value, "--seed", "x")
        records = export(alike, out, *words)
        assert len(records) == sum(found.parts.values()) == 90 - found.left_out
        for part, count in found.parts.items():
            assert len((out / f"{part}.jsonl").read_bytes().splitlines()) == count


def test_suggestions_that_are_not_sure_enough_do_not_go_along(
    project: Path, tmp_path: Path
) -> None:
    news_project(project, pages=4, finished=2).close()

    def scores(least: float) -> list[float]:
        out = tmp_path / str(least)
        words = ("--format", "prodigy", "--suggestions", "--status", "new")
        tasks = export(project, out, *words, "--min-confidence", str(least))
        return [span["score"] for task in tasks for span in task["spans"]]

    found = sorted(scores(0))
    assert len(set(found)) > 1
    assert sorted(scores(found[-1])) == [score for score in found if score == found[-1]]


def test_a_page_that_one_person_alone_saw_is_not_agreed_on(
    shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    records = export(shared, tmp_path / "two", "--adjudicated")
    assert [record["text"] for record in records] == ["Ship sails"]
    said = capsys.readouterr().out
    assert "left out: 1 where fewer than 2 people finished it (see --views)" in said
    assert make_page("Three").id in said
    card = (tmp_path / "two/README.md").read_text("utf-8")
    assert "Left out: 1 where fewer than 2 people finished it" in card
    assert "Agreed on by 2 people: 1 page." in card
    records = export(shared, tmp_path / "one", "--adjudicated", "--views", "1")
    assert [record["text"] for record in records] == ["Ship sails", "Three"]
    card = (tmp_path / "one/README.md").read_text("utf-8")
    assert "Finished by 1 person alone: 1 page.\nAgreed on by 2 people: 1 page." in card
    assert export(shared, tmp_path / "three", "--adjudicated", "--views", "3", status=2) == []


def test_views_are_of_people_who_finished_the_page(project: Path, tmp_path: Path) -> None:
    with make_project(project, "Ship sails", "Nobody") as store:
        settle(store, "mira", 1, Status.DONE)
        settle(store, "jan", 1, Status.STARTED)
    for status in ("done", "all"):
        words = ("--adjudicated", "--status", status)
        export(project, tmp_path / status, *words, status=2)
    words = ("--adjudicated", "--status", "all")
    assert [r["text"] for r in export(project, tmp_path / "one", *words, "--views", "1")] == [
        "Ship sails"
    ]


def test_how_many_views_a_page_needs_is_kept_in_a_preset(
    shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--adjudicated", "--views", "1", "--save-preset", "alone")
    first = export(shared, tmp_path / "one", *words)
    assert export(shared, tmp_path / "two", "--preset", "alone") == first
    capsys.readouterr()
    assert cli.run(["presets", str(shared)]) == 0
    assert "--adjudicated --views 1" in capsys.readouterr().out.replace(
        "--views 1 --adjudicated", "--adjudicated --views 1"
    )


@pytest.mark.parametrize("words", [[], ["--adjudicated"], ["--redact"]])
def test_the_adjudicator_is_not_one_more_annotator_in_the_card(
    shared: Path, tmp_path: Path, words: list[str]
) -> None:
    with Store.open(shared) as store:
        label(store, "eva", 2, "headline", 0, 8)
        settle(store, "eva", 2, Status.DONE)
    export(shared, tmp_path / "before")
    card = (tmp_path / "before/README.md").read_text("utf-8")
    assert card.count("| eva, jan |") == 1
    assert "by 3 annotators" in card
    export(shared, tmp_path / "after", "--adjudicator", "eva", *words)
    card = (tmp_path / "after/README.md").read_text("utf-8")
    agreement = card.partition("## Agreement")[2].partition("## Labels")[0]
    assert agreement.count("| 2 | 0.500 |") == 1
    assert "| 1 |" not in agreement
    assert "The adjudicator is not compared." in agreement
    count = "one annotator" if words == ["--adjudicated"] else "2 annotators"
    assert f"by {count} and the adjudicator" in card


def test_agreement_is_only_in_the_card_of_an_export_of_several_annotators(
    shared: Path, tmp_path: Path
) -> None:
    export(shared, tmp_path / "one", "--annotator", "mira")
    assert "## Agreement" not in (tmp_path / "one/README.md").read_text("utf-8")
    export(shared, tmp_path / "all")
    assert "| jan, mira | 2 |" in (tmp_path / "all/README.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            [],
            "there is no page to export: none is done; 2 are started (--status started), "
            "1 is new (--status new); --status all takes all",
        ),
        (
            ["--status", "skipped", "--status", "done"],
            "none is done or skipped; 2 are started (--status started)",
        ),
        (["--since", "2900-01-01"], "no page fits the annotator, the sites and the first day"),
        (["--annotator", "mira"], "2 are new (--status new), 1 is started (--status started)"),
        (
            ["--adjudicated", "--site", ""],
            "none is done; 2 are started (--status started), 1 is new",
        ),
    ],
)
def test_an_export_of_no_page_names_the_statuses_that_there_are(
    project: Path, tmp_path: Path, words: list[str], said: str,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    with make_project(project, "Ship sails", "Two", "Three") as store:
        settle(store, "mira", 1, Status.STARTED)
        settle(store, "jan", 2, Status.STARTED)
    export(project, tmp_path / "out", *words, status=2)
    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 1
    if not words:
        assert len(export(project, tmp_path / "out", "--status", "started")) == 2


def test_an_export_of_an_empty_project_says_what_to_do(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_project(project).close()
    export(project, tmp_path / "out", status=2)
    assert "the project has no page: load some first" in capsys.readouterr().err


@pytest.fixture
def brought(project: Path, tmp_path: Path) -> Path:
    """Two records with columns of their own, labelled by Mira, who took notes."""
    lines = [
        {"text": "Ship sails", "myid": 7, "file": "a.txt", "tags": ["x", "y"], "on": True},
        {"text": "Two went", "myid": 8, "file": "b.txt", "tags": [], "on": False},
    ]
    source = tmp_path / "mine.jsonl"
    source.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    assert cli.run(["load", str(project), str(source)]) == 0
    with Store.open(project) as store:
        session = Session(store, "mira")
        session.open(1)
        session.label("headline", Selection.at(0))
        session.write_note("Is this a caption? – ü")
        session.flag()
        session.say_absent(["body"])
        session.finish()
        settle(store, "mira", 2, Status.DONE)
    return project


_MORE = ("--extra", "--notes", "--times", "--absent")


def test_what_records_brought_comes_out_again_with_notes_and_times(
    brought: Path, tmp_path: Path
) -> None:
    plain = export(brought, tmp_path / "plain")
    records = export(brought, tmp_path / "more", *_MORE)
    assert [list(record) for record in records] == [list(record) for record in plain]
    validator = jsonschema.Draft202012Validator(SCHEMA)
    for record, before in zip(records, plain, strict=True):
        validator.validate(record)
        more = dict(list(record["meta"].items())[len(before["meta"]) :])
        assert list(more) == ["extra", "note", "flagged", "changed_at", "seconds", "absent"]
        assert {**record, "meta": before["meta"]} == before
    first, second = (record["meta"] for record in records)
    assert first["extra"] == {"file": "a.txt", "myid": 7, "on": True, "tags": ["x", "y"]}
    assert second["extra"] == {"file": "b.txt", "myid": 8, "on": False, "tags": []}
    assert (first["note"], first["flagged"]) == ("Is this a caption? – ü", True)
    assert (second["note"], second["flagged"]) == ("", False)
    assert first["changed_at"] > "2020"
    assert first["seconds"] >= 0
    assert (first["absent"], second["absent"]) == (["body"], [])
    card = (tmp_path / "more/README.md").read_text("utf-8")
    assert '- name: "on"\n        dtype: bool' in card


@pytest.mark.parametrize("form", sorted(set(FORMATS) - {"dom"}))
def test_every_format_takes_what_records_brought(brought: Path, tmp_path: Path, form: str) -> None:
    if library := missing_library(form):
        pytest.skip(f"{library} is not installed")
    out = tmp_path / "out"
    words = ["export", str(brought), str(out), "--format", form, *_MORE]
    assert cli.run(words) == 0
    assert cli.run(["verify", str(out), "--project", str(brought)]) == 0
    if form not in ("parquet", "spacy"):
        files = [path for path in out.rglob("*") if path.is_file() and path.name != "README.md"]
        text = html.unescape("".join(path.read_text("utf-8") for path in files))
        for key in ("myid", "note", "flagged", "changed_at", "seconds"):
            assert f'"{key}":' in text


def test_parquet_has_the_types_of_what_records_brought(brought: Path, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    assert (
        cli.run(["export", str(brought), str(tmp_path / "out"), "--format", "parquet", *_MORE]) == 0
    )
    table = parquet.read_table(tmp_path / "out/pages-00000.parquet")
    meta = table.schema.field("meta").type
    assert str(meta.field("extra").type.field("myid").type) == "int64"
    assert str(meta.field("flagged").type) == "bool"
    assert table.to_pylist()[0]["meta"]["extra"]["tags"] == ["x", "y"]


@pytest.mark.parametrize("form", ["jsonl", "parquet", "prodigy", "doccano", "label-studio"])
def test_a_loaded_export_keeps_its_sources_and_what_its_records_brought(
    brought: Path, tmp_path: Path, form: str
) -> None:
    records = export(brought, tmp_path / "one", "--extra")
    assert records[0]["meta"]["source"].endswith("mine.jsonl:1")
    assert (
        cli.run(["export", str(brought), str(tmp_path / "one"), "--format", form, "--extra"]) == 0
    )
    again = tmp_path / "again.segmark"
    assert cli.run(["load", str(again), str(tmp_path / "one")]) == 0
    found = export(again, tmp_path / "two", "--extra")
    if form in ("doccano", "label-studio"):  # they keep the spans, and no name or status
        for one, other in zip(found, records, strict=True):
            for key in ("source", "site", "extra"):
                assert one["meta"][key] == other["meta"][key]
    else:
        assert found == records


def test_without_anything_brought_there_is_no_extra(shared: Path, tmp_path: Path) -> None:
    assert export(shared, tmp_path / "out", "--extra") == export(shared, tmp_path / "plain")
