"""The recipes of the help, run as they stand there on exports of made-up news."""

import json
import re
import shlex
import shutil
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot
from segmark.cli import program as cli
from segmark.core.annotation import Status
from segmark.store.store import Store
from segmark.store.suggestions import Policy

from tests.export.made import LABELS
from tests.gui.robot import Robot, wait_for
from tests.interop.conftest import Run, needs
from tests.interop.news import PAGES, write_pages
from tests.places import ROOT

HELP = (ROOT / "resources/help/training.md").read_text("utf-8")


NEW = range(1000, 1008)


@pytest.fixture
def crawl(news: Path, tmp_path: Path) -> Path:
    """A folder with the project, which also has pages that nobody has opened."""
    shutil.copy(news, tmp_path / "news.segmark")
    (tmp_path / "crawl").mkdir()
    write_pages(tmp_path / "crawl", NEW)
    assert cli.run(["load", str(tmp_path / "news.segmark"), str(tmp_path / "crawl")]) == 0
    with Store.open(tmp_path / "news.segmark") as store, store.write():
        store.suggestions.keep_policy(Policy(blind_share=0))
    return tmp_path


def section(heading: str) -> str:
    return HELP.split(f"## {heading}\n")[1].split("\n## ")[0]


def follow(heading: str, run: Run, folder: Path, *training: str) -> str:
    """Do what a section says, in its order, and give what its Python printed."""
    printed, code = "", ""
    for language, block in re.findall(r"```(sh|python)\n(.*?)```", section(heading), re.DOTALL):
        if language == "python":
            code += block  # one program in pieces
            continue
        printed += run("-c", code, cwd=folder) if code else ""
        code = ""
        for line in block.splitlines():
            command, *words = shlex.split(line)
            if command == "segmark":
                run("-m", "segmark", *words, cwd=folder)
            elif command == "python":
                run(*words, *training, cwd=folder)
    assert not code
    return printed


def accepted(qtbot: QtBot, folder: Path, run: Run, model: str) -> dict[str, list[dict[str, Any]]]:
    """Look at what a model predicted, accept it in the window, and export it: spans by source."""
    project = folder / "news.segmark"
    with Store.open(project) as store:
        assert store.pages.count() == PAGES + 1 + len(NEW)
        numbers = range(PAGES + 2, PAGES + 2 + len(NEW))
        predicted = {
            store.pages.get(number).id: store.suggestions.predictions_by_model(number)[model]
            for number in numbers
        }
    assert any(predicted.values())
    robot = Robot(qtbot, "mira").open(project)
    suggestions = robot.window.suggestions
    assert suggestions
    shown, store = suggestions.suggesting, robot.session.store

    def done(page: str) -> bool:
        number = store.pages.number_of(page) or 0
        return store.annotations("mira").get(number).state.status is Status.DONE

    for _ in numbers:
        page = robot.page.id
        wait_for(robot, lambda: len(shown.open) == len(predicted[page]))  # noqa: B023 - at once
        robot.press("Ctrl+Return")
        if not done(page):
            robot.press("Ctrl+Return")  # it asked whether the page really has no such label
        assert done(page)
    robot.close()
    follow("Look, accept, export again", run, folder)
    rows = map(json.loads, (folder / "again/pages.jsonl").read_text("utf-8").splitlines())
    exported = {row["id"]: row["spans"] for row in rows if row["id"] in predicted}
    assert exported.keys() == predicted.keys()
    for page, spans in exported.items():
        places = [(one["start"], one["end"], one["label"]) for one in spans]
        assert places == [tuple(one.span) for one in predicted[page]]
        assert {one["source"] for one in spans} <= {"loaded"}
    return exported


def scores_in(printed: str) -> dict[str, float]:
    """F1 by label, as each recipe prints it: the label first, F1 third or last."""
    numbers = {label.name: [float("nan")] for label in LABELS}
    for line in printed.splitlines():
        words = line.split()
        if words and words[0] in numbers:
            numbers[words[0]] = [float(word) for word in words[1:] if re.fullmatch(r"[\d.]+", word)]
    return {label: found[2] for label, found in numbers.items()}


def test_lines_are_told_apart_by_scikit_learn(crawl: Path, run: Run, qtbot: QtBot) -> None:
    needs("sklearn")
    printed = follow("Lines with scikit-learn", run, crawl)
    scores = scores_in(printed)
    assert min(scores.values()) > 0.9, scores
    found = accepted(qtbot, crawl, run, "lines-1")
    assert min(map(len, found.values())) >= len(LABELS.names) - 1


def test_spans_are_found_by_spacy(crawl: Path, run: Run, qtbot: QtBot) -> None:
    needs("spacy")
    few = ("--training.max_steps", "60", "--training.eval_frequency", "30")
    scores = scores_in(follow("Spans with spaCy", run, crawl, *few))
    assert scores.keys() == LABELS.names
    accepted(qtbot, crawl, run, "spacy-1")


def test_tokens_are_tagged_by_a_model_of_transformers(crawl: Path, run: Run, qtbot: QtBot) -> None:
    needs("torch", "transformers", "accelerate", "datasets", "seqeval")
    scores = scores_in(follow("Tokens with Hugging Face", run, crawl))
    assert max(scores.values()) > 0.5, scores
    accepted(qtbot, crawl, run, "tokens-1")


@pytest.mark.parametrize("form", ["lines", "docs", "tokens"])
def test_every_export_of_the_recipes_is_split_alike(form: str) -> None:
    assert re.search(rf"^segmark export news.segmark {form} .*--split 70/15/15$", HELP, re.M)
