"""What a choice in the export dialog means on the command line and for a folder."""

import os
import shlex
from pathlib import Path

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cli import commands
from app.core.annotation import Status
from app.export.split import Split
from app.gui.export_choice import (
    ExportChoice,
    command_line,
    folder_notice,
    folder_problem,
    folder_warning,
)

pytestmark = pytest.mark.skipif(os.name == "nt", reason="quotes are read as a Unix shell does")

_words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
_choices = st.builds(
    ExportChoice,
    folder=_words.map(lambda word: Path("/") / word),
    statuses=st.frozensets(st.sampled_from(Status), min_size=1),
    annotator=st.none() | _words,
    labels=st.none() | st.frozensets(st.sampled_from(["body", "ticker"]), min_size=1),
    split=st.none() | st.just(Split(60, 20, 20)),
    gzip=st.booleans(),
    form=st.sampled_from(["jsonl", "tokens", "lines"]),
    unit=st.sampled_from(["", "window", "block"]),
    window=st.sampled_from([0, 128]),
    stride=st.sampled_from([0, 64]),
)


def _read_back(line: str) -> tuple[Path, ExportChoice]:
    """The project and the choice that the program reads from a command line."""
    program, name, *words = shlex.split(line)
    assert program == "segmark"
    command = commands.get_command(click.Context(commands), name)
    assert command is not None
    read = command.make_context(name, words).params
    statuses = frozenset(Status) if "all" in read["statuses"] else map(Status, read["statuses"])
    choice = ExportChoice(
        folder=Path(read["out"]),
        form=read["form"],
        statuses=frozenset(statuses),
        annotator=read["annotator"],
        labels=frozenset(read["labels"]) or None,
        split=Split.parse(read["split"]) if read["split"] else None,
        gzip=read["gzip"],
        unit=read["unit"],
        window=read["window"] or 0,
        stride=read["stride"] or 0,
    )
    return Path(read["project"]), choice


@given(_choices)
def test_the_program_reads_its_own_command_line_as_the_same_choice(choice: ExportChoice) -> None:
    project = Path("/my pages/it's news.segmark")
    assert _read_back(command_line(choice, project)) == (project, choice)


def test_the_usual_choice_makes_a_short_command() -> None:
    choice = ExportChoice(folder=Path("/data/out"))
    assert command_line(choice, Path("news.segmark")) == "segmark export news.segmark /data/out"


def test_a_new_or_empty_folder_needs_no_warning(tmp_path: Path) -> None:
    assert folder_problem(tmp_path) is None
    assert folder_notice(tmp_path) == folder_warning(tmp_path) == ""
    assert folder_problem(tmp_path / "new") is None
    assert "will be made" in folder_notice(tmp_path / "new")


def test_many_other_files_are_counted_and_hidden_ones_ignored(tmp_path: Path) -> None:
    for name in ("a", "b", "c", "d", "e", ".hidden"):
        (tmp_path / name).touch()
    assert "(a, b, c and 2 more)" in folder_warning(tmp_path)


def test_the_choice_is_what_store_and_exporter_are_asked_for() -> None:
    choice = ExportChoice(annotator="Bo", labels=frozenset({"body"}), gzip=True)
    assert choice.record_filter.annotator == "Bo"
    assert choice.record_filter.labels == frozenset({"body"})
    assert choice.record_filter.statuses == {Status.DONE}
    assert choice.options.gzip
