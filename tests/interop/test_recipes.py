"""The recipes of the help, run as they stand there on exports of made-up news."""

import re
from pathlib import Path

import pytest

from tests.export.made import LABELS
from tests.interop.conftest import Exported, Run, needs
from tests.places import ROOT

HELP = (ROOT / "resources/help/training.md").read_text("utf-8")


def recipe(heading: str) -> tuple[list[str], str]:
    """The options of the export and the Python of a section."""
    section = HELP.split(f"## {heading}\n")[1].split("\n## ")[0]
    (command,) = re.findall(r"^segmark export news\.segmark \w+ --format (.*)$", section, re.M)
    (code,) = re.findall(r"```python\n(.*?)```", section, re.DOTALL)
    return command.split(), code


def place(out: Path, name: str, folder: Path) -> None:
    """The export under the name that the recipe gives it."""
    (folder / name).symlink_to(out, target_is_directory=True)


def scores_in(printed: str) -> dict[str, float]:
    """F1 by label, as each recipe prints it: the label first, F1 third or last."""
    numbers = {label.name: [float("nan")] for label in LABELS}
    for line in printed.splitlines():
        words = line.split()
        if words and words[0] in numbers:
            numbers[words[0]] = [float(word) for word in words[1:] if re.fullmatch(r"[\d.]+", word)]
    return {label: found[2] for label, found in numbers.items()}


def test_lines_are_told_apart_by_scikit_learn(exported: Exported, run: Run, tmp_path: Path) -> None:
    needs("sklearn")
    options, code = recipe("Lines with scikit-learn")
    assert len(code.splitlines()) < 30
    place(exported(*options), "lines", tmp_path)
    scores = scores_in(run("-c", code, cwd=tmp_path))
    assert min(scores.values()) > 0.9, scores


def test_spans_are_found_by_spacy(exported: Exported, run: Run, tmp_path: Path) -> None:
    needs("spacy")
    options, code = recipe("Spans with spaCy")
    out = exported(*options)
    (train,) = re.findall(r"^python (-m spacy train .*) --training", HELP, re.M)
    words = train.replace("--output model", f"--output {tmp_path / 'model'}").split()
    run(*words, "--training.max_steps", "60", "--training.eval_frequency", "30", cwd=out)
    place(out / "test", "test", tmp_path)
    scores = scores_in(run("-c", code, cwd=tmp_path))
    assert scores.keys() == LABELS.names


def test_tokens_are_tagged_by_a_model_of_transformers(
    exported: Exported, run: Run, tmp_path: Path
) -> None:
    needs("torch", "transformers", "accelerate", "datasets", "seqeval")
    options, code = recipe("Tokens with Hugging Face")
    place(exported(*options), "tokens", tmp_path)
    scores = scores_in(run("-c", code, cwd=tmp_path))
    assert max(scores.values()) > 0.5, scores


@pytest.mark.parametrize("form", ["lines", "docs", "tokens"])
def test_every_export_of_the_recipes_is_split_alike(form: str) -> None:
    assert re.search(rf"^segmark export news.segmark {form} .*--split 70/15/15$", HELP, re.M)
