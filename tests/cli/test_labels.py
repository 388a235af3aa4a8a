"""The label set on the command line: each act says what it does, and can be taken back."""

import json
from pathlib import Path

import pytest
from segmark.cli.program import run
from segmark.core.annotation import Status
from segmark.core.people.person import Person
from segmark.store.safety.check import check
from segmark.store.store import Store

from tests.factories import label, make_project, settle


@pytest.fixture
def news(project: Path) -> Path:
    """Two captions and a body on the first page, which ben has done."""
    with make_project(project, "Ferry sails\nA caption\nAnother\n\nIt sailed.", "Two") as store:
        label(store, "ben", 1, "caption", 12, 21)
        label(store, "ben", 1, "caption", 22, 29)
        label(store, "ben", 1, "body", 31, 41)
        settle(store, "ben", 1, Status.DONE)
    return project


def _run(news: Path, *words: str) -> int:
    return run(["labels", str(news), *words])


def _spans(news: Path) -> list[tuple[int, int, str]]:
    with Store.open(news) as store:
        spans = store.annotations("ben").get(1).spans
        return [(span.start, span.end, store.label_set.name_of(span.label)) for span in spans]


def test_a_renamed_label_is_listed_under_both_names(
    news: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(news, "rename", "caption", "legend") == 0
    assert capsys.readouterr().out == (
        "Rename caption to legend: 2 spans on 1 page keep their place.\n"
    )
    assert _run(news, "list", "--json") == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert rows[1]["name"] == "legend"
    assert rows[1]["former"] == ["caption"]
    assert rows[1]["spans"] == 2
    assert _run(news) == 0
    assert "once caption" in capsys.readouterr().out


def test_a_dry_run_says_what_a_merge_would_do_and_does_not_do_it(
    news: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = news.read_bytes()
    assert _run(news, "merge", "caption", "body", "--dry-run") == 0
    assert capsys.readouterr().out.splitlines() == [
        "Merge caption into body: 2 spans on 1 page get the other label.",
        "2 spans fewer, because touching ones become one.",
        "This changes the work of ben as well.",
        "Nothing was changed.",
    ]
    assert news.read_bytes() == before


def test_a_label_in_use_is_deleted_only_with_a_word_about_its_spans(
    news: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(news, "delete", "caption") == 2
    assert "2 spans; give them another one with --into LABEL" in capsys.readouterr().err
    assert _run(news, "delete", "caption", "--clear") == 0
    assert "1 finished page is set back to started." in capsys.readouterr().out
    assert _spans(news) == [(31, 41, "body")]
    assert _run(news, "undo") == 0
    assert _spans(news)[0] == (12, 21, "caption")
    assert _run(news, "redo") == 0
    assert _spans(news) == [(31, 41, "body")]
    assert check(news).is_well


def test_undo_leaves_work_on_pages_to_the_window(
    news: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(news, "undo", "--annotator", "ben") == 2
    assert "not one on the label set" in capsys.readouterr().err
    assert _run(news, "undo", "--annotator", "eve") == 2


def test_undo_says_that_it_ends_at_a_join(news: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Store.open(news) as store, store.write():
        store.people.adopt(Person(0, "0123456789abcdef", "eve", "#000000"))
    assert run(["people", str(news), "--join", "ben", "eve", "--annotator", "mira"]) == 0
    assert _run(news, "undo", "--annotator", "ben") == 2
    assert "what ben did before the join can't be undone here" in capsys.readouterr().err


def test_finished_pages_with_some_words_are_opened_again_for_a_new_label(
    news: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(news, "add", "quote", "--reopen-words", "nowhere") == 0
    assert "finished" not in capsys.readouterr().out
    assert _run(news, "add", "place", "--reopen-words", "ferry") == 0
    assert "1 finished page is set back to started." in capsys.readouterr().out
    with Store.open(news) as store:
        assert store.annotations("ben").get(1).state.status is Status.STARTED


def test_an_exported_label_set_is_taken_over_and_recognised(
    news: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _run(news, "define", "caption", "--joins", "--expected", "some", "--guideline", 'One\nTwo \\ "')
    _run(news, "rename", "caption", "legend")
    file = tmp_path / "labels.toml"
    assert _run(news, "export", str(file)) == 0
    other = tmp_path / "other.segmark"
    make_project(other).close()
    assert _run(other, "import", str(file)) == 0
    with Store.open(news) as one, Store.open(other) as two:
        assert two.label_set.labels == one.label_set.labels
    capsys.readouterr()
    assert _run(other, "import", str(file)) == 0
    assert "it is so already" in capsys.readouterr().out


_EXAMPLE = """
[[example]]
label = "{}"
text = "{}"
"""


def test_which_examples_of_a_file_are_left_out_is_told_with_the_reason(
    news: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "labels.toml"
    _run(news, "export", str(file))
    cases = (("caption", "Photo: Ada"), ("caption", "Photo: Ada"), ("photo", "Ferry " * 20))
    file.write_text(file.read_text() + "".join(_EXAMPLE.format(*case) for case in cases))
    capsys.readouterr()
    assert _run(news, "import", str(file)) == 1
    out, error = capsys.readouterr()
    assert out.splitlines()[-1] == "1 example added, 1 there already, 1 left out."
    assert error.count("\n") == 1
    assert "example “Ferry Ferry" in error
    assert "the project has no label photo" in error
    file.write_text("[[example]]\nlabel = ")
    assert _run(news, "import", str(file)) == 2
    assert str(file) in capsys.readouterr().err


def test_a_new_project_takes_the_examples_of_its_label_set_with_its_first_page(
    news: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, page, new = tmp_path / "labels.toml", tmp_path / "page.txt", tmp_path / "new.segmark"
    _run(news, "export", str(file))
    file.write_text(file.read_text() + _EXAMPLE.format("caption", "Photo: Ada"))
    page.write_text("Ferry sails")
    nothing = tmp_path / "nothing"
    nothing.mkdir()
    run(["load", str(new), str(nothing), "--labels", str(file)])
    with Store.open(new) as store:
        assert store.guideline.examples() == ()
    capsys.readouterr()
    assert run(["load", str(new), str(page)]) == 0
    assert "1 example added." in capsys.readouterr().err
    with Store.open(new) as store:
        assert [one.answer for one in store.guideline.examples()] == ["caption"]
    assert check(new).is_well
    assert run(["load", str(new), str(page)]) == 0
    assert "example" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("rename", "photo", "x"), "there is no label 'photo'; known are: headline"),
        (("rename", "caption", "body"), "there is a label body already"),
        (("rename", "caption", "No Good"), "use lower case letters"),
        (("key", "caption", "b"), "share the key B"),
        (("merge", "body", "body"), "can't be merged into itself"),
        (("recolour", "body", "--light", "red"), "is not a colour like"),
        (("reorder", "body", "body"), "named twice"),
    ],
)
def test_what_can_not_be_done_is_said_in_a_line(
    news: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], told: str
) -> None:
    assert _run(news, *words) == 2
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1


def test_colours_and_keys_that_are_a_problem_are_told(
    news: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(news, "recolour", "body", "--light", "#ffff00") == 0
    assert "#ffff00 of body is hard to see on a light page" in capsys.readouterr().out
    assert _run(news, "key", "body", "x") == 0
    assert "The key X rejects a suggestion in the window" in capsys.readouterr().out


def test_work_that_comes_in_with_the_old_name_is_placed_on_the_label(
    news: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert run(["export", str(news), str(out)]) == 0
    _run(news, "rename", "caption", "legend")
    other = tmp_path / "other.segmark"
    make_project(other).close()
    _run(other, "rename", "caption", "legend")
    assert run(["load", str(other), str(out / "pages.jsonl")]) == 0
    with Store.open(other) as store:
        names = [
            store.label_set.name_of(span.label) for span in store.annotations("ben").get(1).spans
        ]
    assert names == ["legend", "legend", "body"]
