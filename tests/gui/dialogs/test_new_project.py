"""The dialog for the file and labels of a new project."""

from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QFileDialog
from pytestqt.qtbot import QtBot
from segmark.gui.base.theme import LIGHT
from segmark.gui.dialogs.new_project import NewProjectDialog, path_problem, project_path

_OWN = """
name = "own"
[[label]]
name = "quote"
key = "Q"
light = "#102030"
dark = "#a0b0c0"
joins = false
definition = "Direct speech."
"""


@pytest.fixture
def dialog(qtbot: QtBot, tmp_path: Path) -> NewProjectDialog:
    dialog = NewProjectDialog(tmp_path, LIGHT)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def _type_name(dialog: NewProjectDialog, name: str) -> None:
    dialog.name_field.selectAll()
    QTest.keyClicks(dialog.name_field, name)


def _rows(dialog: NewProjectDialog) -> list[tuple[str, str, str]]:
    items = (dialog.labels.topLevelItem(i) for i in range(dialog.labels.topLevelItemCount()))
    return [(item.text(0), item.text(1), item.text(2)) for item in items if item]


def test_it_can_be_accepted_as_it_opens(dialog: NewProjectDialog, tmp_path: Path) -> None:
    dialog.create_button.click()
    assert dialog.result() == QDialog.DialogCode.Accepted
    assert dialog.path == tmp_path / "news.segmark"
    assert dialog.label_set is not None
    names = [label.name for label in dialog.label_set]
    assert names == ["headline", "caption", "body", "ticker", "comment"]
    assert not dialog.path.exists()


def test_the_suggested_name_is_free(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "news.segmark").touch()
    (tmp_path / "news-2.segmark").touch()
    dialog = NewProjectDialog(tmp_path, LIGHT)
    qtbot.addWidget(dialog)
    assert dialog.path == tmp_path / "news-3.segmark"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("elections", "elections.segmark"),
        ("  elections.segmark ", "elections.segmark"),
        ("Elections.SEGMARK", "Elections.SEGMARK"),
        ("elections.2024", "elections.2024.segmark"),
        ("deeper/elections", "deeper/elections.segmark"),
        ("/elsewhere/elections", "/elsewhere/elections.segmark"),
    ],
)
def test_what_is_typed_means_a_file_with_the_suffix(tmp_path: Path, typed: str, meant: str) -> None:
    assert project_path(typed, tmp_path) == tmp_path / meant


def test_the_whole_path_is_shown_while_the_name_is_typed(
    dialog: NewProjectDialog, tmp_path: Path
) -> None:
    _type_name(dialog, "elections")
    assert str(tmp_path / "elections.segmark") in dialog.place.text()


def test_an_existing_project_is_never_written_over(
    dialog: NewProjectDialog, tmp_path: Path
) -> None:
    (tmp_path / "old.segmark").write_text("labels")
    _type_name(dialog, "old")
    assert "already exists" in dialog.problem.text()
    assert not dialog.create_button.isEnabled()


def test_without_a_name_or_a_folder_nothing_can_be_made(
    dialog: NewProjectDialog, tmp_path: Path
) -> None:
    dialog.name_field.clear()
    assert not dialog.create_button.isEnabled()
    assert path_problem(tmp_path / "no" / "x.segmark") == f"There is no folder {tmp_path / 'no'}."


def test_the_labels_are_shown_with_their_keys_and_colours(dialog: NewProjectDialog) -> None:
    first, *_, last = _rows(dialog)
    assert first[:2] == ("headline", "1  H")
    assert last[:2] == ("comment", "5  M")
    assert first[2]
    row = dialog.labels.topLevelItem(0)
    assert row is not None
    assert not row.icon(0).isNull()


def test_a_label_set_of_one_s_own_can_be_chosen(
    dialog: NewProjectDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own.toml"
    own.write_text(_OWN, encoding="utf-8")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args: (str(own), ""))
    dialog.choose_button.click()
    assert dialog.own.isChecked()
    assert _rows(dialog) == [("quote", "1  Q", "Direct speech.")]
    assert dialog.label_set is not None
    assert dialog.label_set.name == "own"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "No such file or directory"),
        (b"name = ", "not TOML"),
        (b"\xff\xfe", "not UTF-8"),
        (_OWN.replace('"Q"', '"QQ"').encode(), "is not one letter"),
    ],
)
def test_a_label_set_that_can_not_be_used_is_explained_in_one_line(
    dialog: NewProjectDialog, tmp_path: Path, content: bytes | None, reason: str
) -> None:
    if content is not None:
        (tmp_path / "own.toml").write_bytes(content)
    QTest.keyClicks(dialog.file_field, "own.toml")
    assert dialog.own.isChecked()
    assert reason in dialog.problem.text()
    assert "\n" not in dialog.problem.text()
    assert not dialog.create_button.isEnabled()
    assert _rows(dialog) == []
    dialog.built_in.click()
    assert dialog.create_button.isEnabled()


def test_a_file_dialog_chooses_the_place(
    dialog: NewProjectDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = tmp_path / "chosen"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a, **_k: (str(chosen), ""))
    dialog.browse_button.click()
    assert dialog.path == tmp_path / "chosen.segmark"
