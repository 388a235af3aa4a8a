"""What somebody chose to export: as a command, as a preset, and as it is written."""

import os
import shlex
from dataclasses import replace
from datetime import date
from pathlib import Path

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st
from segmark.cli.export import _changed, _is_told
from segmark.cli.program import commands
from segmark.core.annotation import Status
from segmark.export.error import ExportError
from segmark.export.split import Split, SplitBy
from segmark.jobs.exporting.exporting import (
    ExportChoice,
    choice_of,
    command_line,
    preset_of,
    record_filter,
)
from segmark.store.store import Store

from tests.factories import LABELS

PROJECT = Path("/my pages/it's news.segmark")

_words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
_choices = st.builds(
    ExportChoice,
    folder=_words.filter(lambda word: word not in (".", "..")).map(lambda word: Path("/") / word),
    statuses=st.frozensets(st.sampled_from(Status), min_size=1),
    annotator=st.none() | _words,
    adjudicated=st.booleans(),
    labels=st.none() | st.frozensets(st.sampled_from(["body", "ticker"]), min_size=1),
    sites=st.none() | st.frozensets(_words, min_size=1, max_size=2),
    since=st.none() | st.dates(date(2000, 1, 1)),
    unique=st.booleans(),
    min_confidence=st.sampled_from([0.0, 0.5, 0.875]),
    split=st.none() | st.just(Split(60, 20, 20)),
    seed=st.just("") | _words,
    gzip=st.booleans(),
    form=st.sampled_from(["jsonl", "tokens", "lines"]),
    unit=st.sampled_from(["window", "block"]),
    window=st.sampled_from([0, 128]),
    stride=st.sampled_from([0, 64]),
    shard=st.sampled_from([0, 3]),
    provenance=st.booleans(),
    redact=st.booleans(),
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store.create(tmp_path_factory.mktemp("project") / "news.segmark", LABELS)


def read_back(line: str, store: Store) -> tuple[Path, ExportChoice]:
    """The project and the choice that the program reads from a command line."""
    program, name, *words = shlex.split(line)
    assert program == "segmark"
    command = commands.get_command(click.Context(commands), name)
    assert command is not None
    ctx = command.make_context(name, words)
    told = {name: value for name, value in ctx.params.items() if _is_told(ctx, name)}
    project, folder = Path(told.pop("project")), told.pop("out")
    return project, replace(_changed(ExportChoice(), store, told), folder=folder)


@pytest.mark.skipif(os.name == "nt", reason="quotes are read as a Unix shell does")
@given(choice=_choices, by=st.sampled_from(SplitBy))
def test_the_program_reads_its_own_command_line_as_the_same_choice(
    store: Store, choice: ExportChoice, by: SplitBy
) -> None:
    choice = replace(choice, split_by=by) if choice.split else choice
    assert read_back(command_line(choice, PROJECT), store) == (PROJECT, choice)


def test_the_usual_choice_makes_a_short_command() -> None:
    choice = ExportChoice(folder=Path("/data/out"))
    assert command_line(choice, Path("news.segmark")) == "segmark export news.segmark /data/out"


@given(choice=_choices)
def test_a_preset_is_the_same_choice_again(store: Store, choice: ExportChoice) -> None:
    with store.write():
        store.exports.keep_preset("train", preset_of(choice, store.path))
    assert choice_of(store.exports.presets["train"], store.path) == choice


def test_the_folder_of_a_preset_moves_with_its_project() -> None:
    preset = preset_of(ExportChoice(folder=Path("/data/out/train")), Path("/data/news.segmark"))
    assert preset == {"folder": "out/train"}
    moved = choice_of(preset, Path("/elsewhere/news.segmark"))
    assert moved.folder == Path("/elsewhere/out/train")


@pytest.mark.parametrize("preset", [{"colour": "red"}, {"split": "9/9/9"}, {"statuses": ["ripe"]}])
def test_a_preset_of_another_version_is_refused_in_one_line(preset: dict[str, object]) -> None:
    with pytest.raises(ExportError, match="delete it and keep it again") as refusal:
        choice_of(preset, PROJECT)
    assert "\n" not in str(refusal.value)


def test_the_choice_is_what_store_and_exporter_are_asked_for(store: Store) -> None:
    choice = ExportChoice(annotator="Bo", labels=frozenset({"body"}), gzip=True, form="lines")
    chosen = record_filter(store, choice)
    assert (chosen.annotator, chosen.labels) == ("Bo", frozenset({"body"}))
    assert chosen.statuses == {Status.DONE}
    assert chosen.anchors
    assert choice.options.gzip
