"""Renamed labels in everything that people and programs read: their names, and never their ids."""

import json
import re
from pathlib import Path

import pytest
import segmark
from segmark.cli import program as cli
from segmark.core.annotation import Status
from segmark.core.span import Span
from segmark.export.formats.registry import FORMATS
from segmark.export.reading import Export
from segmark.store.store import Store

from tests.crawls import write_crawl
from tests.export.made import missing_library
from tests.factories import LABELS, label, settle
from tests.news_project import SPOILT_PAGES, gold, spoilt_project, sure

#: What labels are called for good, and their names by now.
NAMES = {"headline": "banner", "caption": "legend"}
PRESENT = {"banner", "legend", "body", "ticker", "comment"}
_IDS = re.compile(rf"\b({'|'.join(NAMES)})\b")
#: The only place for ids, for ``diff``.
_FACT = re.compile(r"^  ids:\n(?:  - .*\n)+", re.MULTILINE)
#: In the log, what an act did to the labels, as it was at the time.
MOVES = '"field": "labels"'
#: One more page than the finished ones; it has suggestions.
OPEN = SPOILT_PAGES + 1


@pytest.fixture
def renamed(project: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """Finished pages and predictions of a model, all older than two renames."""
    spoilt_project(project)
    with Store.open(project) as store, store.write():
        for number in range(1, OPEN + 1):
            store.suggestions.keep_predictions(number, sure(*gold(number)), "tagger")
    for was, name in NAMES.items():
        assert cli.run(["labels", str(project), "rename", was, name]) == 0
        words = ["define", name, "--definition", "What it is."]
        assert cli.run(["labels", str(project), *words]) == 0
    capsys.readouterr()
    return project


def no_id(text: str) -> str:
    """The text, which has no id of a renamed label."""
    found = [line[:300] for line in text.splitlines() if _IDS.search(line)]
    assert found == []
    return text


def files_in(folder: Path) -> str:
    """All that can be read as text in the files of a folder, without the fact of the card."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return "\n".join(_FACT.sub("", path.read_text("utf-8", "replace")) for path in files)


@pytest.mark.parametrize(
    ("form", "unit"),
    [(form, unit) for form in FORMATS if form != "dom" for unit in FORMATS[form].units],
)
def test_every_format_its_card_and_verify_have_the_present_names(
    form: str, unit: str, renamed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if library := missing_library(form):
        pytest.skip(f"{library} is not installed")
    out = tmp_path / "out"
    words = ["--format", form, "--unit", unit, "--status", "all"]
    assert cli.run(["export", str(renamed), str(out), *words]) == 0
    no_id(capsys.readouterr().out)
    no_id(files_in(out))
    export = Export(out)
    assert {span.label for page in export.pages() for span in page.spans} == PRESENT
    assert set(export.card.labels) == PRESENT
    assert cli.run(["verify", str(out), "--project", str(renamed)]) == 0
    no_id("".join(capsys.readouterr()))


def test_options_of_an_export_find_a_label_by_either_name(
    renamed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = []
    for name in ("legend", "caption"):
        out = tmp_path / name
        words = ["--label", name, "--provenance", "--absent", "--save-preset", name]
        assert cli.run(["export", str(renamed), str(out), *words]) == 0
        found.append((out / "pages.jsonl").read_bytes())
        no_id(files_in(out))
        assert {span.label for page in Export(out).pages() for span in page.spans} == {"legend"}
    assert found[0] == found[1]
    capsys.readouterr()
    assert cli.run(["presets", str(renamed)]) == 0
    assert "--label legend" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words",
    [
        ["stats"], ["stats", "--json"], ["review"], ["review", "--json"],
        ["score", "tagger"], ["score", "tagger", "--json"],
        ["audit", "--site", "news.example", "--sample", "1"],
        ["audit", "--site", "news.example", "--sample", "1", "--json"],
        ["pages", "--json"], ["check"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_what_is_printed_has_the_present_names(
    words: list[str], renamed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run([words[0], str(renamed), *words[1:]]) in (0, 1)
    printed = no_id("".join(capsys.readouterr()))
    if words[0] in ("stats", "review", "score"):
        assert "legend" in printed


def test_predictions_are_scored_by_label_whatever_its_name(
    renamed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["export", str(renamed), str(tmp_path / "out")]) == 0
    row = (tmp_path / "out/pages.jsonl").read_text("utf-8")
    for was, name in NAMES.items():
        row = row.replace(f'"{name}"', f'"{was}"')
    old, report = tmp_path / "old.jsonl", tmp_path / "report.html"
    old.write_text(row, "utf-8")
    for words in (["tagger"], [str(old)], [str(old), "--gold", str(old)]):
        capsys.readouterr()
        asked = ["score", str(renamed), *words, "--html", str(report), "--json"]
        assert cli.run(asked) == 0
        found = json.loads(no_id(capsys.readouterr().out))
        (model,) = found["models"]
        assert set(model["labels"]) >= PRESENT
        assert model["labels"]["banner"]["exact"]["f1"]["value"] == 1
        assert re.findall(r">(?:headline|caption)<", report.read_text("utf-8")) == []


def test_an_export_from_before_the_renames_still_agrees_with_its_project(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoilt_project(project)
    assert cli.run(["export", str(project), str(tmp_path / "out")]) == 0
    for was, name in NAMES.items():
        assert cli.run(["labels", str(project), "rename", was, name]) == 0
    assert cli.run(["verify", str(tmp_path / "out"), "--project", str(project)]) == 0
    assert "all is right" in capsys.readouterr().out


def test_the_log_has_present_names_but_for_the_act_that_renamed(
    renamed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in ([], ["--json"], ["--today"], ["--today", "--json"]):
        assert cli.run(["log", str(renamed), *words]) == 0
        lines = capsys.readouterr().out.splitlines()
        no_id("\n".join(line for line in lines if "  labels  " not in line and MOVES not in line))


def test_suggestions_labellers_and_labelled_crawls_have_the_present_names(
    renamed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["labels", str(renamed), "rename", "body", "story"]) == 0
    assert cli.run(["suggest", str(renamed), str(tmp_path / "s"), "--jobs", "1"]) == 0
    assert '"story"' in no_id(files_in(tmp_path / "s"))
    capsys.readouterr()
    labeller = tmp_path / "news.labeller"
    assert cli.run(["labeller", str(renamed), str(labeller)]) == 0
    no_id(labeller.with_name("news.labeller.md").read_text("utf-8"))
    write_crawl(tmp_path / "crawl", 1, 8)
    for source in (renamed, labeller):
        out = tmp_path / f"from-{source.suffix[1:]}"
        words = ["label", str(tmp_path / "crawl"), str(out), "--labeller", str(source)]
        assert cli.run([*words, "--processes", "1"]) == 0
        labelled = no_id(files_in(out))
        assert '"story"' in labelled
        assert '"body"' not in labelled
        one = segmark.Labeller.load(source)
        assert set(one.labels) == {*PRESENT, "story"} - {"body"}
    no_id("".join(capsys.readouterr()))


def test_the_library_has_the_present_names(renamed: Path) -> None:
    with segmark.open(renamed) as opened:
        of_records = {span.label for record in opened.records() for span in record.spans}
        annotated = {
            span.label for name in opened.annotators for _, there in opened.annotations(name)
            for span in there.spans
        }  # fmt: skip
    assert of_records == annotated == PRESENT


def test_exports_before_and_after_the_renames_differ_by_names_alone(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoilt_project(project)
    for out, rename in (("old", True), ("new", False)):
        assert cli.run(["export", str(project), str(tmp_path / out)]) == 0
        for was, name in NAMES.items() if rename else ():
            assert cli.run(["labels", str(project), "rename", was, name]) == 0
    capsys.readouterr()
    assert cli.run(["diff", str(tmp_path / "old"), str(tmp_path / "new"), "--exit-code"]) == 1
    captions = sum(
        span.label == "caption" for page in Export(tmp_path / "old").pages() for span in page.spans
    )
    assert capsys.readouterr().out.splitlines() == [
        f"pages: 0 added, 0 removed, 0 changed, {SPOILT_PAGES} the same",
        f"label headline → banner: {SPOILT_PAGES} spans on {SPOILT_PAGES} pages",
        f"label caption → legend: {captions} spans on {captions} pages",
    ]


def test_what_the_body_and_the_headline_are_for_stays_with_the_renamed_labels(
    renamed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["labels", str(renamed), "rename", "body", "story"]) == 0
    capsys.readouterr()
    assert cli.run(["score", str(renamed), "tagger"]) == 0
    words = next(
        line for line in capsys.readouterr().out.splitlines() if "words of the body" in line
    )
    assert "1.000" in words
    assert cli.run(["export", str(renamed), str(tmp_path / "out"), "--format", "html"]) == 0
    with Store.open(renamed) as store:
        text = store.pages.get(1).text
    headline = next(span for span in gold(1) if span.label == "headline")
    pages = (tmp_path / "out").rglob("page1.html")
    assert f"<title>{text[headline.start : headline.end]}</title>" in next(pages).read_text("utf-8")


def test_an_export_of_html_sources_has_the_present_names(project: Path, tmp_path: Path) -> None:
    source = tmp_path / "page.html"
    source.write_text("<!doctype html><body><h1>Ferry sails</h1><p>It sailed.</p></body>", "utf-8")
    Store.create(project, LABELS).close()
    assert cli.run(["load", str(project), str(source)]) == 0
    with Store.open(project) as store:
        label(store, "ada", 1, "headline", 0, 11)
        settle(store, "ada", 1, Status.DONE)
    assert cli.run(["labels", str(project), "rename", "headline", "banner"]) == 0
    assert cli.run(["export", str(project), str(tmp_path / "out"), "--format", "dom"]) == 0
    spans = [span for page in Export(tmp_path / "out").pages() for span in page.spans]
    assert spans == [Span(0, 11, "banner")]
    assert cli.run(["verify", str(tmp_path / "out"), "--project", str(project)]) == 0
