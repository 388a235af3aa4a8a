"""Tables as scripts and data sets on the web have them: read, or named with what to do."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from segmark.cli import program as cli
from segmark.loading.labels.span_lists import parsed_cell

from tests.loading.reading import labelled

FOUND = [("headline", "Storm hits Varn"), ("body", "It rained")]


def load(project: Path, path: Path) -> int:
    return cli.run(["load", str(project), str(path), "--annotator", "mira"])


@pytest.mark.parametrize(
    "content",
    [
        # as json.dumps writes the list, and as pandas does
        'text,label\n"Storm hits Varn It rained","[[0, 15, ""headline""], [16, 25, ""body""]]"\n',
        "text,label\n\"Storm hits Varn It rained\",\"[[0, 15, 'headline'], [16, 25, 'body']]\"\n",
        "text,entities\nStorm hits Varn It rained,\"[(0, 15, 'headline'), (16, 25, 'body')]\"\n",
        'text,spans\nStorm hits Varn It rained,"['
        "{'start': 0, 'end': 15, 'label': 'headline'}, {'start': 16, 'end': 25, 'label': 'body'}"
        ']"\n',
        "tokens,ner_tags\n\"['Storm', 'hits', 'Varn', 'It', 'rained']\","
        "\"['B-headline', 'I-headline', 'I-headline', 'B-body', 'I-body']\"\n",
    ],
)
def test_lists_in_a_table_are_read_as_json_and_as_python_writes_them(
    project: Path, tmp_path: Path, content: str
) -> None:
    path = tmp_path / "doccano.csv"
    path.write_text(content, "utf-8")
    assert load(project, path) == 0
    assert labelled(project) == FOUND


@given(st.text("[](){}'\"0a, :\\", max_size=60))
def test_no_cell_breaks_the_reader(cell: str) -> None:
    parsed_cell(f"[{cell}")


def test_a_backslash_in_a_cell_is_kept_and_warns_of_nothing() -> None:
    assert parsed_cell("['a\\(b']") == ["a\\(b"]


def test_a_cell_runs_nothing() -> None:
    cell = "[__import__('os').getcwd()]"
    assert parsed_cell(cell) == cell


def test_a_table_with_a_token_a_row_is_named(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "ner_dataset.csv"
    path.write_text("Sentence #,Word,POS,Tag\nSentence: 1,Storm,NN,B-headline\n,hits,VB,O\n")
    assert load(project, path) == 1
    assert "one token in each row" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "said"), [("data.arrow", "data of Arrow"), ("a.pkl", "a pickle, which can run any")]
)
def test_data_of_other_libraries_is_named_with_the_nearest_format(
    project: Path, tmp_path: Path, name: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    path.write_bytes(b"\xff\xff\xff\xff\x00 some bytes")
    assert load(project, path) == 1
    line = capsys.readouterr().err
    assert said in line
    assert "as Parquet or JSON Lines, and load that" in line
