"""Settings of odd types and values: the window opens, says so, and the file is kept."""

import json
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from segmark.environment import settings as stored
from segmark.environment.settings import Settings
from segmark.gui.window import geometry

from tests.factories import make_project
from tests.gui.robot import Robot

_SETTINGS = (
    "theme", "font_size", "font_family", "folded", "keys", "annotator", "without_suggestions",
    "opens_at_work", "shows_pace", "recent", "folders", "geometry", "state",
)  # fmt: skip
_VALUES: tuple[object, ...] = (
    None, 10**30, "\0ä", "not base64!", [None], ["\0", "/"], {"page.done": ["", "Ctrl+", "\0"]},
)  # fmt: skip


def _write(text: str) -> Path:
    path = stored.settings_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize("name", _SETTINGS)
def test_the_window_opens_with_any_value_of_a_setting(
    qtbot: QtBot, project: Path, name: str
) -> None:
    make_project(project, "Ship sails\nIt did.").close()
    for value in _VALUES:
        path = _write(json.dumps({name: value, "later": 1}))
        before = path.read_bytes()
        fallen_back = getattr(stored.load(), name) == getattr(Settings(), name)
        robot = Robot(qtbot)
        said = robot.window.status.message
        geometry.restore(robot.window, robot.window.panels.folding, robot.window.settings)
        robot.open(project)
        robot.close()
        kept = path.with_name("settings.json.broken")
        if said:
            assert name in said
            assert fallen_back
            assert kept.read_bytes() == before
            kept.unlink()
        else:
            assert not kept.exists()
        assert json.loads(path.read_bytes())["later"] == 1


def test_every_setting_is_tried() -> None:
    names = set(json.loads(_saved()))
    assert names == set(_SETTINGS)


def _saved() -> str:
    stored.save(Settings())
    return stored.settings_path().read_text("utf-8")


def test_a_wrong_type_is_told_once_and_the_file_is_kept(qtbot: QtBot) -> None:
    path = _write('{"font_size": "large", "theme": 7, "annotator": "Ada"}')
    robot = Robot(qtbot, annotator=None)
    assert "theme, font_size" in robot.window.status.message
    assert "settings.json.broken" in robot.window.status.message
    assert robot.window.settings.annotator == "Ada"
    robot.close()
    assert "large" in path.with_name("settings.json.broken").read_text()
    assert Robot(qtbot).window.status.message == ""


@pytest.mark.parametrize("text", ["", "[]", "{", "\0", "[" * 100_000, '{"font_size": 12}garbage'])
def test_a_file_that_is_no_settings_file_is_told_and_kept(qtbot: QtBot, text: str) -> None:
    path = _write(text)
    robot = Robot(qtbot)
    assert "not a settings file" in robot.window.status.message
    robot.close()
    assert path.with_name("settings.json.broken").read_text("utf-8") == text
