"""Export options as a command, as a preset, and in a project."""

import os
import shlex
from dataclasses import replace
from datetime import date
from pathlib import Path

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st
from segmark.cli.export import changed, is_given
from segmark.cli.program import commands
from segmark.core.annotation import Status
from segmark.export.error import ExportError
from segmark.export.options import ExportOptions
from segmark.export.split import Split, SplitBy
from segmark.jobs.exporting.exporting import in_project
from segmark.jobs.exporting.presets import command_line, options_of, preset_of
from segmark.store.store import Store

from tests.factories import LABELS

PROJECT = Path("/my pages/it's news.segmark")

_words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
_options = st.builds(
    ExportOptions,
    folder=_words.filter(lambda word: word not in (".", "..")).map(lambda word: Path("/") / word),
    statuses=st.frozensets(st.sampled_from(Status), min_size=1),
    annotator=st.none() | _words,
    adjudicated=st.booleans(),
    views=st.sampled_from([1, 2, 3]),
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
    extra=st.booleans(),
    notes=st.booleans(),
    times=st.booleans(),
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store.create(tmp_path_factory.mktemp("project") / "news.segmark", LABELS)


def read_back(line: str, store: Store) -> tuple[Path, ExportOptions]:
    """The project and the options that the program reads from a command line."""
    program, name, *words = shlex.split(line)
    assert program == "segmark"
    command = commands.get_command(click.Context(commands), name)
    assert command is not None
    ctx = command.make_context(name, words)
    told = {name: value for name, value in ctx.params.items() if is_given(ctx, name)}
    project, folder = Path(told.pop("project")), told.pop("out")
    return project, replace(changed(ExportOptions(), store, told), folder=folder)


@pytest.mark.skipif(os.name == "nt", reason="quotes are read as a Unix shell does")
@given(options=_options, by=st.sampled_from(SplitBy))
def test_the_program_reads_its_own_command_line_as_the_same_options(
    store: Store, options: ExportOptions, by: SplitBy
) -> None:
    options = replace(options, split_by=by) if options.split else options
    assert read_back(command_line(options, PROJECT, LABELS), store) == (PROJECT, options)


def test_the_usual_options_makes_a_short_command() -> None:
    options = ExportOptions(folder=Path("/data/out"))
    assert (
        command_line(options, Path("news.segmark"), LABELS)
        == "segmark export news.segmark /data/out"
    )


@given(options=_options)
def test_a_preset_is_the_same_options_again(store: Store, options: ExportOptions) -> None:
    with store.write():
        store.exports.keep_preset("train", preset_of(options, store.path))
    assert options_of(store.exports.presets["train"], store.path) == options


def test_the_folder_of_a_preset_moves_with_its_project() -> None:
    preset = preset_of(ExportOptions(folder=Path("/data/out/train")), Path("/data/news.segmark"))
    assert preset == {"folder": "out/train"}
    moved = options_of(preset, Path("/elsewhere/news.segmark"))
    assert moved.folder == Path("/elsewhere/out/train")


@pytest.mark.parametrize("preset", [{"colour": "red"}, {"split": "9/9/9"}, {"statuses": ["ripe"]}])
def test_a_preset_of_another_version_is_refused_in_one_line(preset: dict[str, object]) -> None:
    with pytest.raises(ExportError, match="delete it and save it again") as refusal:
        options_of(preset, PROJECT)
    assert "\n" not in str(refusal.value)


def test_the_format_and_the_project_complete_the_options(store: Store) -> None:
    options = ExportOptions(annotator="Bo", labels=frozenset({"body"}), gzip=True, form="lines")
    assert in_project(store, options) == replace(options, anchors=True)
    with store.write():
        store.exports.fix_part("a.example", "test")
    found = in_project(store, ExportOptions())
    assert (found.anchors, found.fixed_parts) == (False, {"a.example": "test"})
