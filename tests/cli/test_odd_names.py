"""Projects whose names hold what means something to a shell, to SQLite or to a pattern."""

import sys
from pathlib import Path

import pytest
from segmark.cli import program as cli
from segmark.store.errors import for_shell

_NAMES = [
    "two\nlines", "file:x", "file:x?mode=memory", "what?", "a#b", "50%20", "-x", "--list", "[ab]*",
    "it's", '"quoted"', ":memory:", "~", "a b", "é\u0301", " x ", "$HOME", "back\\slash",
]  # fmt: skip

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="most names are not allowed there")


@pytest.mark.parametrize("relative", [True, False], ids=["relative", "absolute"])
@pytest.mark.parametrize("name", _NAMES, ids=repr)
def test_every_command_works_on_a_project_of_any_name(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    relative: bool,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "page.txt").write_text("Ship sails\nIt did.\n")
    project = f"{name}.segmark" if relative else str(tmp_path / f"{name}.segmark")
    assert cli.run(["load", "--", project, "page.txt"]) == 0
    assert cli.run(["backup", "--", project]) == 0
    assert cli.run(["backup", "--", project]) == 0
    capsys.readouterr()
    assert cli.run(["backup", "--list", "--", project]) == 0
    assert capsys.readouterr().out.count("  asked  ") == 2
    assert cli.run(["restore", "--yes", "--", project]) == 0
    assert cli.run(["check", "--repair", "saved.segmark", "--", project]) == 0
    assert cli.run(["stats", "--", project]) == 0
    capsys.readouterr()
    made = {path.name for path in tmp_path.iterdir()}
    assert made == {"page.txt", "saved.segmark", f"{name}.segmark", f"{name}.backups"}


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("news.segmark", "news.segmark"),
        ("my news.segmark", "'my news.segmark'"),
        ("-x.segmark", "./-x.segmark"),
        ("two\nlines.segmark", r"$'two\nlines.segmark'"),
    ],
)
def test_messages_name_a_project_as_it_is_typed(path: str, typed: str) -> None:
    assert for_shell(Path(path)) == typed
