"""The settings: kept whole, read from anything, never the user's own in a test."""

import getpass
import json
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as checked
from hypothesis import strategies as st
from segmark.environment import settings as stored
from segmark.environment.settings import (
    FONT_SIZES,
    THEMES,
    Settings,
    SettingsError,
    annotator_name,
    load,
    save,
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SEGMARK_CONFIG", str(tmp_path / "config"))
    return tmp_path / "config"


_TEXT = st.text(max_size=8)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=6,
)
_SETTINGS = st.builds(
    Settings,
    theme=st.sampled_from(THEMES),
    font_size=st.sampled_from(FONT_SIZES),
    font_family=_TEXT,
    folded=st.booleans(),
    keys=st.dictionaries(_TEXT, st.lists(_TEXT, max_size=3).map(tuple), max_size=3),
    annotator=_TEXT,
    opens_at_work=st.booleans(),
    shows_pace=st.booleans(),
    recent=st.lists(_TEXT, max_size=10).map(tuple),
    folders=st.dictionaries(_TEXT, _TEXT, max_size=2),
    geometry=_TEXT,
    state=_TEXT,
    unknown=st.dictionaries(st.sampled_from(["later", "newer"]), _JSON, max_size=2),
)
_SAME_FOLDER = checked(suppress_health_check=[HealthCheck.function_scoped_fixture])


def test_without_a_file_the_defaults_hold_and_nothing_is_written(folder: Path) -> None:
    assert load() == Settings()
    assert not folder.exists()


@_SAME_FOLDER
@given(_SETTINGS)
def test_what_is_saved_is_loaded(settings: Settings) -> None:
    save(settings)
    assert load() == settings


@_SAME_FOLDER
@given(st.binary(max_size=200))
def test_any_bytes_in_the_file_are_survived(content: bytes) -> None:
    path = stored.settings_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    assert isinstance(load(), Settings)


@_SAME_FOLDER
@given(st.dictionaries(st.sampled_from(sorted(stored._READERS)), _JSON))
def test_any_values_in_the_file_are_survived(data: dict[str, object]) -> None:
    path = stored.settings_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data))
    settings = load()
    save(settings)
    assert load() == settings


def _write(folder: Path, text: str) -> None:
    folder.mkdir(parents=True)
    (folder / "settings.json").write_text(text)


def test_a_value_of_a_wrong_kind_falls_back_alone(folder: Path) -> None:
    _write(
        folder,
        '{"theme": "pink", "font_size": 20.0, "folded": 1, "annotator": "Ana", "recent": [1]}',
    )
    assert load() == Settings(annotator="Ana")


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"text"', "[" * 100_000])
def test_a_file_that_holds_no_settings_is_kept_beside_the_next(folder: Path, text: str) -> None:
    _write(folder, text)
    read = load()
    assert replace(read, problem="") == Settings()
    assert "it is not a settings file" in read.problem
    save(replace(read, problem=""))
    assert load() == Settings()
    assert (folder / "settings.json.broken").read_text() == text


def test_entries_of_a_newer_version_are_kept(folder: Path) -> None:
    _write(folder, '{"later": {"a": [1]}}')
    save(replace(load(), annotator="Ana"))
    assert json.loads((folder / "settings.json").read_text())["later"] == {"a": [1]}


def test_a_save_leaves_nothing_but_the_file(folder: Path) -> None:
    save(Settings())
    save(Settings(theme="dark"))
    assert [path.name for path in folder.iterdir()] == ["settings.json"]


def test_a_save_that_fails_leaves_the_old_file_and_says_where(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(Settings(annotator="Ana"))

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SettingsError, match="No space left") as caught:
        save(Settings(annotator="Bo"))
    assert str(folder) in str(caught.value)
    assert load().annotator == "Ana"
    assert len(list(folder.iterdir())) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_to_the_settings_stays_a_link(folder: Path, tmp_path: Path) -> None:
    _write(folder, "{}")
    (folder / "settings.json").rename(tmp_path / "dotfile.json")
    (folder / "settings.json").symlink_to(tmp_path / "dotfile.json")
    save(Settings(annotator="Ana"))
    assert (folder / "settings.json").is_symlink()
    assert "Ana" in (tmp_path / "dotfile.json").read_text(encoding="utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="paths are always text there")
def test_a_project_whose_path_is_no_text_stays_among_the_recent_ones() -> None:
    path = os.fsdecode(b"/tmp/caf\xe9.segmark")
    save(Settings().with_recent(path))
    assert load().recent == (path,)


def test_recent_projects_stand_newest_first_once_each_and_ten_at_most() -> None:
    settings = Settings()
    for number in [*range(12), 5]:
        settings = settings.with_recent(Path(f"/p/{number}.segmark").absolute())
    names = [Path(path).stem for path in settings.recent]
    assert names == ["5", "11", "10", "9", "8", "7", "6", "4", "3", "2"]
    gone = settings.without_recent(settings.recent[0])
    assert gone.recent == settings.recent[1:]


def test_the_annotator_is_the_one_given_then_the_one_set_then_the_login_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(getpass, "getuser", lambda: "login")
    assert annotator_name(Settings(annotator="Ana"), "Bo") == "Bo"
    assert annotator_name(Settings(annotator=" Ana \n Lind "), None) == "Ana Lind"
    assert annotator_name(Settings(annotator="  "), " ") == "login"


@pytest.mark.parametrize("error", [OSError, KeyError, ImportError])
def test_without_a_login_name_there_is_still_an_annotator(
    monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def nobody() -> str:
        raise error

    monkeypatch.setattr(getpass, "getuser", nobody)
    assert annotator_name(Settings()) == "annotator"


def test_all_folders_of_the_program_follow_the_environment(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert stored.log_folder() == folder / "log"
    assert stored.data_folder() == folder / "data"
    monkeypatch.delenv("SEGMARK_CONFIG")
    for path in (stored.settings_path(), stored.log_folder(), stored.data_folder()):
        assert "segmark" in str(path)
        assert path.is_absolute()


def test_each_annotator_has_suggestions_or_none() -> None:
    settings = Settings().with_suggestions("Ana", False).with_suggestions("Bo", False)
    settings = settings.with_suggestions("Ana", False).with_suggestions("Bo", True)
    assert settings.without_suggestions == ("Ana",)
    assert not settings.wants_suggestions("Ana")
    assert settings.wants_suggestions("Bo")
    assert settings.wants_suggestions("Cy")
