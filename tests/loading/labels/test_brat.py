"""Texts with brat's annotations beside them, and texts with YEDDA's marks in them."""

import io
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from segmark.cli import program as cli
from segmark.core.span import Span
from segmark.loading.labelled import brat, yedda
from segmark.loading.raw import RawPage
from segmark.store.store import Store

from tests.loading.reading import quoted

TEXT = "Storm 🎭 hits Varn\r\nIt rained\r\nand rained.\r\nMenu\n"
ANN = (
    "T1\theadline 0 17\tStorm 🎭 hits Varn\n"
    "T2\tbody 19 28;30 41\tIt rained and rained.\n"
    "R1\tOrigin Arg1:T1 Arg2:T2\n#1\tAnnotatorNotes T1\tsure?\n"
)
FOUND = [("headline", "Storm 🎭 hits Varn"), ("body", "It rained\nand rained.")]


def load(project: Path, *paths: Path) -> int:
    return cli.run(["load", str(project), *map(str, paths), "--annotator", "mira"])


def labelled(project: Path) -> dict[str, list[tuple[str, str]]]:
    """The labels and quotes of each page, by its source."""
    with Store.open(project) as store:
        return {
            store.pages.get(number).info.source: quoted(store, "mira", number)
            for number in range(1, store.pages.count() + 1)
        }


def corpus(folder: Path, count: int = 2) -> Path:
    folder.mkdir()
    for number in range(count):
        # Each text is a page of its own.
        (folder / f"{number}.txt").write_text(f"{TEXT}{number}", newline="")
        (folder / f"{number}.ann").write_text(ANN)
    (folder / "bare.txt").write_text("No labels here")
    return folder


def test_pairs_in_a_folder_are_labelled_pages(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert load(project, corpus(tmp_path / "corpus")) == 0
    assert labelled(project) == {
        "corpus/0.txt": FOUND, "corpus/1.txt": FOUND, "corpus/bare.txt": []
    }  # fmt: skip
    said = capsys.readouterr().err
    assert "2 relations between labels" in said
    assert "2 notes on labels" in said


@pytest.mark.parametrize("named", [["0.txt"], ["0.ann"], ["0.ann", "0.txt"]], ids=str)
def test_either_half_may_be_named(project: Path, tmp_path: Path, named: list[str]) -> None:
    folder = corpus(tmp_path / "corpus")
    assert load(project, *(folder / name for name in named)) == 0
    assert labelled(project) == {"corpus/0.txt": FOUND}


def test_shared_task_halves_are_joined(project: Path, tmp_path: Path) -> None:
    folder = corpus(tmp_path / "corpus", count=1)
    (folder / "0.ann").unlink()
    lines = ANN.splitlines(keepends=True)
    (folder / "0.a1").write_text(lines[0])
    (folder / "0.a2").write_text(lines[1] + "E1\tbody:T2\n")
    assert load(project, folder) == 0
    assert labelled(project)["corpus/0.txt"] == FOUND


@pytest.mark.parametrize("kind", ["zip", "tgz"])
@pytest.mark.parametrize("texts_first", [True, False])
def test_pairs_in_archives_in_any_order(
    project: Path, tmp_path: Path, kind: str, *, texts_first: bool
) -> None:
    folder = corpus(tmp_path / "corpus", count=3)
    files = sorted(folder.iterdir(), key=lambda path: (path.suffix == ".ann") == texts_first)
    archive = tmp_path / f"corpus.{kind}"
    if kind == "zip":
        with zipfile.ZipFile(archive, "w") as packed:
            for path in files:
                packed.write(path, f"corpus/{path.name}")
    else:
        with tarfile.open(archive, "w:gz") as tar:
            for path in files:
                info = tarfile.TarInfo(f"corpus/{path.name}")
                info.size = path.stat().st_size
                tar.addfile(info, io.BytesIO(path.read_bytes()))
    assert load(project, archive) == 0
    found = {name.rpartition("/")[2]: spans for name, spans in labelled(project).items()}
    assert found == {"0.txt": FOUND, "1.txt": FOUND, "2.txt": FOUND, "bare.txt": []}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("T9\tbody 19 21;38 40\tIt ed", "2 pieces with other text between them"),
        ("T9\tbody 19 21\tHe", "quotes 'He'"),
        ("T9\tbody 19 900\tIt", "does not lie in the text"),
        ("T9\tadvert 43 47\tMenu", "lacks its labels advert"),
        ("what is this", "is no annotation"),
    ],
)
def test_a_bad_line_is_named(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str, said: str
) -> None:
    folder = corpus(tmp_path / "corpus", count=1)
    (folder / "0.ann").write_text(f"{ANN.splitlines()[0]}\n{line}\n")
    assert load(project, folder) == 1
    assert said in capsys.readouterr().err
    if "lacks" not in said:
        assert labelled(project)["corpus/0.txt"] == FOUND[:1]


@pytest.mark.parametrize("packed", [True, False])
def test_annotations_without_their_text_are_refused(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], *, packed: bool
) -> None:
    folder = corpus(tmp_path / "corpus")
    (folder / "0.txt").unlink()
    path = folder
    if packed:
        path = tmp_path / "corpus.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for each in folder.iterdir():
                archive.write(each, each.name)
    assert load(project, path) == 1
    assert "their text 0.txt is not beside it" in capsys.readouterr().err


PIECES = st.lists(
    st.tuples(st.text("ab 🎭\n[]#*", min_size=1, max_size=6), st.booleans()), max_size=6
)


@given(PIECES)
def test_brat_spans_are_exact(pieces: list[tuple[str, bool]]) -> None:
    text = "".join(piece for piece, _ in pieces)
    lines, expected, at = [], [], 0
    for number, (piece, is_span) in enumerate(pieces):
        if is_span:
            quote = piece.replace("\n", " ")
            lines.append(f"T{number}\tbody {at} {at + len(piece)}\t{quote}\n")
            expected.append((at, at + len(piece)))
        at += len(piece)
    page = brat.labelled(RawPage(text.encode(), "a.txt"), ["".join(lines).encode()])
    spans = [
        span for each in (page.labels.annotations if page.labels else ()) for span in each.spans
    ]
    assert [(span.start, span.end) for span in spans] == expected


def test_marks_of_yedda_are_labels(project: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.txt.ann"
    path.write_text("Menu\n[@Storm [1] hits#headline*]\n[$It#body*] [@was\nhere#body*] [@open")
    assert load(project, path) == 0
    with Store.open(project) as store:
        assert store.pages.get(1).text == "Menu\nStorm [1] hits\nIt was\nhere [@open"
        spans = store.annotations("mira").get(1).spans
    assert spans == (Span(5, 19, "headline"), Span(23, 31, "body"))


@given(st.lists(st.tuples(st.text("ab 🎭\n[]*#", max_size=6), st.booleans()), max_size=6))
def test_marks_of_yedda_are_taken_out_exactly(pieces: list[tuple[str, bool]]) -> None:
    """Whatever the text, other than marks themselves."""
    plain = [(piece.replace("#", "").replace("*", ""), is_span) for piece, is_span in pieces]
    marked = "".join(f"[@{each}#body*]" if is_span else each for each, is_span in plain)
    page = yedda.read(marked.encode(), "a.ann", "")
    text = "".join(each for each, _ in plain)
    expected, at = [], 0
    for each, is_span in plain:
        if is_span:
            expected.append((at, at + len(each)))
        at += len(each)
    assert page.source.decode() == text
    assert page.labels
    spans = page.labels.annotations[0].spans
    assert [(span.start, span.end) for span in spans] == expected
