"""The short form; ``make torture`` kills a hundred exports and more."""

from pathlib import Path

from tests.torture.exports import kill_exports


def test_an_export_that_is_killed_leaves_the_old_one_whole_and_the_next_one_no_trace(
    tmp_path: Path,
) -> None:
    outcome = kill_exports(tmp_path, kills=10, seed=1)
    assert outcome.wrong == []
    assert outcome.kills == 10
    assert outcome.finished < 10
