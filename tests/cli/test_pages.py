"""``segmark pages``: which pages it lists, and in which order."""

import json
from pathlib import Path

import pytest
from segmark.cli import program as cli
from segmark.core.annotation import Status
from segmark.core.page_change import answer_question, ask
from segmark.store.store import Store

from tests.factories import LABELS, alter, flag, label, make_page, peek, settle, write_note


@pytest.fixture
def listed(project: Path) -> Path:
    """Four pages of two sites; ada has worked on some of them."""
    with Store.create(project, LABELS) as store:
        with store.write():
            for name, site, text in (
                ("a/1", "varn", "Ferries sail"), ("a/2", "varn", "Stop\n\nThe ferry is late."),
                ("b/3", "oder", "Long page\n" + "and on " * 90), ("b/4", "oder", "Short"),
            ):  # fmt: skip
                page = make_page(text, source=name, site=site, language="en")
                store.pages.add(page, text.encode())
        alter(project, "INSERT INTO near_duplicate VALUES (3, 1)")
        label(store, "ada", 1, "headline")
        settle(store, "ada", 1, Status.DONE)
        flag(store, "ada", 2)
        write_note(store, "ada", 4, "Ask whether “Short” is a page")
        store.annotations("ada").change_pages([4], ask(0, 5))
    return project


@pytest.mark.parametrize(
    ("options", "sources"),
    [
        ("", "a/1 a/2 b/3 b/4"),
        ("--site oder", "b/3 b/4"),
        ("--status done", "a/1"),
        ("--flagged", "a/2"),
        ("--not-flagged --status new", "b/3 b/4"),
        ("--noted", "b/4"),
        ("--not-noted --site oder", "b/3"),
        ("--words whether", "b/4"),
        ("--text whether", "b/4"),
        ("--source a", "a/1 a/2"),
        ("--label headline", "a/1"),
        ("--language de", ""),
        ("--near-duplicates", "b/3"),
        ("--no-near-duplicates --site oder", "b/4"),
        ("--suggested", ""),
        ("--removed", ""),
        ("--questions answered", ""),
        ("--work by-me", "a/1"),
        ("--work finished-today", "a/1"),
        ("--work changed-after-done", ""),
        ("--words ferr", "a/1"),
        ("--text ferr", "a/1 a/2"),
        ("--order shortest", "b/4 a/1 a/2 b/3"),
        ("--order site", "b/3 b/4 a/1 a/2"),
        ("--strategy spread", "a/1 b/3 a/2 b/4"),
        ("--order longest --strategy site-by-site", "b/3 b/4 a/2 a/1"),
    ],
)
def test_pages_are_listed_by_filter_and_order(
    listed: Path, options: str, sources: str, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["pages", str(listed), "--annotator", "ada", "--json", *options.split()]
    assert cli.run(arguments) == 0
    found = [json.loads(line)["source"] for line in capsys.readouterr().out.splitlines()]
    assert found == sources.split()


def test_a_page_is_told_with_what_is_known_of_it(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    known = {"url": "https://varn.example/1", "title": "Ferry", "site": "varn", "id": "n1"}
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": "Ships sail", "lang": "en", **known}))
    assert cli.run(["load", str(project), str(tmp_path / "a.jsonl")]) == 0
    capsys.readouterr()
    assert cli.run(["pages", str(project), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {name: told[name] for name in ("url", "title", "site", "language")} == {
        "url": known["url"], "title": "Ferry", "site": "varn", "language": "en",
    }  # fmt: skip
    assert told["rest"] == {"id": "n1"}


def test_a_page_is_listed_with_its_note_and_flag(
    listed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["pages", str(listed), "--annotator", "ada", "--json"]) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(page["flagged"], page["note"]) for page in found] == [
        (False, ""), (True, ""), (False, ""), (False, "Ask whether “Short” is a page"),
    ]  # fmt: skip


def test_a_seed_gives_the_same_shuffled_order_again(
    listed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def order(seed: int) -> str:
        assert cli.run(["pages", str(listed), "--order", "shuffled", "--seed", str(seed)]) == 0
        return capsys.readouterr().out

    assert order(1) == order(1)
    assert len({order(seed) for seed in range(9)}) > 1


def test_pages_that_are_loaded_later_are_found_by_their_text(
    listed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["pages", str(listed), "--text", "lighthouse"]) == 0
    assert capsys.readouterr().out == ""
    (tmp_path / "later.txt").write_text("Headline\n\nThe lighthouse keeper.")
    assert cli.run(["load", str(listed), str(tmp_path / "later.txt")]) == 0
    capsys.readouterr()
    assert peek(listed, "SELECT last_page FROM word_index") == [(5,)]
    assert cli.run(["pages", str(listed), "--text", "light"]) == 0
    assert "Headline" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--label", "advert"], "headline"),
        (["--words", "a", "--text", "b"], "--text also searches titles"),
        (["--order", "size"], "shuffled"),
        (["--seed", "-1"], "--seed"),
    ],
)
def test_a_list_that_can_not_be_made_is_refused_in_one_line(
    listed: Path, options: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["pages", str(listed), *options]) == 2
    assert said in capsys.readouterr().err


def test_questions_are_listed_with_who_asks_and_what_was_answered(
    listed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["pages", str(listed), "--questions"]) == 0
    page, question = capsys.readouterr().out.splitlines()
    assert page.endswith("oder  Short question")
    assert question.strip() == "ada: Ask whether “Short” is a page"
    with Store.open(listed) as store:
        [asked] = store.guideline.questions()
        store.annotations("ben").change_pages([4], answer_question(asked, "It is."))
    assert cli.run(["pages", str(listed), "--questions"]) == 0
    assert capsys.readouterr().out == ""
    assert cli.run(["pages", str(listed), "--questions", "answered", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["questions"] == [
        {
            "annotator": "ada",
            "question": "Ask whether “Short” is a page",
            "start": 0,
            "end": 5,
            "answer": "It is.",
            "answered_by": "ben",
        }
    ]
