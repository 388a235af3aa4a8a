"""The status line: messages never take space from the fields."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from segmark.core.label import LabelSet
from segmark.gui.keys.bindings import bind, clash_message
from segmark.gui.keys.commands import all_commands
from segmark.gui.window.status_line import StatusLine

from tests.factories import LABELS
from tests.gui.robot import Robot


def _field(line: StatusLine, text: str) -> QLabel:
    return next(each for each in line.findChildren(QLabel) if each.text() == text)


def test_a_long_message_leaves_room_for_the_rest_and_is_whole_in_its_tooltip(qtbot: QtBot) -> None:
    line, message = StatusLine(), "A file with a very long name was not loaded. " * 20
    qtbot.addWidget(line)
    line.show_saved("✓ All saved")
    line.resize(400, 30)
    line.show()
    line.show_message(message)
    assert line.minimumSizeHint().width() < 400
    assert _field(line, "✓ All saved").geometry().right() < 400
    assert _field(line, message).toolTip() == line.message == message
    line.grab()


def test_every_letter_that_a_label_lost_is_told_in_one_message() -> None:
    assert clash_message(bind(all_commands(LABELS), {}).clashes) == ""
    overrides = {"page.next": ("H",), "page.skip": ("B",)}
    one, two = (
        clash_message(bind(all_commands(LABELS), dict(list(overrides.items())[:count])).clashes)
        for count in (1, 2)
    )
    assert one == (
        "H is the key of “Next page”, so “Label headline” does not have it. "
        "You can change the keys of both in the settings."
    )
    assert "H is “Next page”, not “Label headline”; B is “Skip the page”, not “Label body”" in two


def test_a_project_whose_labels_lose_their_letters_says_so_when_it_opens(
    qtbot: QtBot, project: Path
) -> None:
    labels = LabelSet("own", (replace(LABELS["body"], key="D"), replace(LABELS["ticker"], key="S")))
    message = Robot(qtbot).create(project, labels).window.status.message
    assert "D is “Next page”, not “Label body”" in message
    assert "S is “Skip the page”, not “Label ticker”" in message
