"""Gold of benchmarks for extractors: articles beside HTML become labelled pages."""

import gzip
import json
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from segmark.cli import program as cli
from segmark.core.annotation import Status
from segmark.store.store import Store

from tests.loading.reading import quoted

LINES = ("A storm hits the old port of Varn", "It rained for two days and nights.", "Boats sank.")
HTML = (
    "<html><body><ul><li>Home</li><li>News</li></ul>"
    + "".join(f"<p>{line}</p>" for line in LINES)
    + "<div>Subscribe now</div><p>Comments: none so far</p></body></html>"
)
ARTICLE = "\n".join(LINES)
FOUND = "\n\n".join(LINES)


def listed(folder: Path, article: str) -> Path:
    (folder / "html").mkdir(parents=True)
    (folder / "html" / "ab12.html.gz").write_bytes(gzip.compress(HTML.encode()))
    gold = {"ab12": {"articleBody": article, "url": "https://varn.example/a"}}
    (folder / "ground-truth.json").write_text(json.dumps(gold))
    return folder


def wceb(folder: Path, article: str) -> Path:
    (folder / "html" / "dragnet").mkdir(parents=True)
    (folder / "ground-truth").mkdir()
    (folder / "html" / "dragnet" / "ab12.html").write_text(HTML)
    gold = {"page_id": "ab12", "url": "https://varn.example/a", "plaintext": article}
    (folder / "ground-truth" / "dragnet.jsonl").write_text(f"{json.dumps(gold)}\n")
    return folder


def dragnet(folder: Path, article: str) -> Path:
    (folder / "HTML").mkdir(parents=True)
    (folder / "Corrected").mkdir()
    (folder / "HTML" / "ab12.html").write_text(HTML)
    text = f"{article}\n\n!@#$%^&*()  COMMENTS\n\nComments: none so far\n"
    (folder / "Corrected" / "ab12.html.corrected.txt").write_text(text)
    return folder


def cleaneval(folder: Path, article: str) -> Path:
    (folder / "input").mkdir(parents=True)
    (folder / "gold").mkdir()
    (folder / "input" / "12.html").write_text(HTML)
    text = "URL: https://varn.example/a\n\n<h>" + article.replace("\n", "\n\n<p>")
    (folder / "gold" / "12-cleaned.txt").write_text(text)
    return folder


def labelled(project: Path) -> list[tuple[str, str]]:
    with Store.open(project) as store:
        assert store.pages.count() == 1
        assert store.pages.get(1).info.media == "html"
        return quoted(store, "mira")


@pytest.mark.parametrize("make", [listed, wceb, dragnet, cleaneval])
def test_articles_are_labels_of_their_pages(
    project: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    make: Callable[[Path, str], Path],
) -> None:
    folder = make(tmp_path / "set", ARTICLE)
    assert cli.run(["load", str(project), str(folder), "--annotator", "mira"]) == 0
    assert labelled(project) == [("body", FOUND)]
    assert "100.0% was found" in capsys.readouterr().err


def packed(folder: Path, form: str, *, backwards: bool = False) -> Path:
    """The folder as an archive, its files sorted as archives have them."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    out = folder.with_suffix(f".{form}")
    names = [(path, path.relative_to(folder.parent).as_posix()) for path in files]
    names = names[::-1] if backwards else names
    if form == "zip":
        with zipfile.ZipFile(out, "w") as archive:
            for path, name in names:
                archive.write(path, name)
    else:
        with tarfile.open(out, "w:gz") as archive_of_tar:
            for path, name in names:
                archive_of_tar.add(path, name)
    return out


@pytest.mark.parametrize("form", ["zip", "tgz"])
@pytest.mark.parametrize("make", [listed, wceb, dragnet, cleaneval])
def test_articles_in_an_archive_are_labels_of_the_pages_in_it(
    project: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    make: Callable[[Path, str], Path],
    form: str,
) -> None:
    archive = packed(make(tmp_path / "set", ARTICLE), form)
    assert cli.run(["load", str(project), str(archive), "--annotator", "mira"]) == 0
    assert labelled(project) == [("body", FOUND)]
    assert "100.0% was found" in capsys.readouterr().err


def test_articles_after_their_pages_in_an_archive_are_told(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive = packed(dragnet(tmp_path / "set", ARTICLE), "zip", backwards=True)
    assert cli.run(["load", str(project), str(archive), "--annotator", "mira"]) == 1
    said = capsys.readouterr()
    assert "set.zip/set/Corrected/ab12.html.corrected.txt: it has the labels of a page" in said.err
    assert "unpack the archive and load the folder" in said.err
    assert said.out.startswith("1 added")


def test_levels_of_l3s_are_labels(project: Path, tmp_path: Path) -> None:
    path = tmp_path / "annotated" / "a.html"
    path.parent.mkdir()
    marked = HTML
    for level, line in zip("122", LINES, strict=True):
        first, _, rest = line.partition(" ")
        spans = f'<span class="x-nc-sel{level}">{first} </span><b><span class="x-nc-sel{level}">'
        marked = marked.replace(line, f"{spans}{rest}</span></b>")
    path.write_text(marked)
    assert cli.run(["load", str(project), str(path), "--annotator", "mira"]) == 0
    assert labelled(project) == [("headline", LINES[0]), ("body", f"{LINES[1]}\n\n{LINES[2]}")]


TAGTOG = (
    '<!DOCTYPE html><html id="x"><head><title>Storm</title></head><body><article><section>'
    '<p id="s1p1">Storm</p><p id="s1p2">A storm. Storm</p></section></article></body></html>'
)


def tagtog(folder: Path, *entities: dict[str, object]) -> Path:
    for name in ("plain.html/pool", "ann.json/master/pool"):
        (folder / name).mkdir(parents=True)
    (folder / "plain.html/pool/a1.plain.html").write_text(TAGTOG)
    (folder / "annotations-legend.json").write_text('{"e_1": "headline", "e_2": "body"}')
    about = {"annotatable": {"parts": ["s1p1"]}, "anncomplete": True, "entities": entities}
    (folder / "ann.json/master/pool/a1.ann.json").write_text(json.dumps(about))
    return folder


def entity(kind: str, part: str, start: int, text: str) -> dict[str, object]:
    return {
        "classId": kind, "part": part, "offsets": [{"start": start, "text": text}],
        "confidence": {"state": "pre-added", "who": ["user:mira"], "prob": 1},
    }  # fmt: skip


def test_documents_of_tagtog(project: Path, tmp_path: Path) -> None:
    folder = tagtog(
        tmp_path / "set", entity("e_1", "s1p1", 0, "Storm"), entity("e_2", "s1p2", 0, "A storm.")
    )
    assert cli.run(["load", str(project), str(folder)]) == 0
    assert labelled(project) == [("headline", "Storm"), ("body", "A storm.")]
    with Store.open(project) as store:
        assert store.annotations("mira").get(1).state.status is Status.DONE


@pytest.mark.parametrize("form", ["zip", "tgz"])
def test_documents_of_tagtog_in_an_archive(project: Path, tmp_path: Path, form: str) -> None:
    folder = tagtog(
        tmp_path / "set", entity("e_1", "s1p1", 0, "Storm"), entity("e_2", "s1p2", 0, "A storm.")
    )
    assert cli.run(["load", str(project), str(packed(folder, form))]) == 0
    assert labelled(project) == [("headline", "Storm"), ("body", "A storm.")]


def test_the_share_that_was_found_is_reported(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = listed(tmp_path / "set", f"{ARTICLE}\nThis line was never there.")
    assert cli.run(["load", str(project), str(folder), "--annotator", "mira"]) == 0
    assert labelled(project) == [("body", FOUND)]
    assert "74.4% was found" in capsys.readouterr().err


def test_the_article_of_another_page_gives_no_labels(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = listed(tmp_path / "set", "Nothing of this text stands on that page, not one line.")
    assert cli.run(["load", str(project), str(folder), "--annotator", "mira"]) == 1
    assert labelled(project) == []
    assert "of its article is on the page" in capsys.readouterr().err


def test_an_article_without_its_html_is_refused(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = listed(tmp_path / "set", ARTICLE)
    (folder / "html" / "ab12.html.gz").unlink()
    assert cli.run(["load", str(project), str(folder / "ground-truth.json")]) == 1
    assert "whose HTML is not beside it" in capsys.readouterr().err


def test_no_name_in_a_list_leads_out_of_its_folder(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = listed(tmp_path / "set", ARTICLE)
    (tmp_path / "secret.html").write_text(HTML)
    gold = {"../../secret": {"articleBody": ARTICLE, "url": ""}}
    (folder / "ground-truth.json").write_text(json.dumps(gold))
    assert cli.run(["load", str(project), str(folder / "ground-truth.json")]) == 1
    assert "is not beside it" in capsys.readouterr().err


def test_labels_are_mapped_as_others_are(project: Path, tmp_path: Path) -> None:
    folder = listed(tmp_path / "set", ARTICLE)
    words = ["load", str(project), str(folder), "--annotator", "mira", "--map", "body=ticker"]
    assert cli.run(words) == 0
    assert labelled(project) == [("ticker", FOUND)]
