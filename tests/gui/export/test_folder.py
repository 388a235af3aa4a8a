"""What becomes of the folder that is chosen for an export."""

from pathlib import Path

from segmark.gui.export.folder import folder_notice, folder_problem, folder_warning


def test_a_new_or_empty_folder_needs_no_warning(tmp_path: Path) -> None:
    assert folder_problem(tmp_path) is None
    assert folder_notice(tmp_path) == folder_warning(tmp_path) == ""
    assert folder_problem(tmp_path / "new") is None
    assert "will be made" in folder_notice(tmp_path / "new")


def test_many_other_files_are_counted_and_hidden_ones_ignored(tmp_path: Path) -> None:
    for name in ("a", "b", "c", "d", "e", ".hidden"):
        (tmp_path / name).touch()
    assert "(a, b, c and 2 more)" in folder_warning(tmp_path)
