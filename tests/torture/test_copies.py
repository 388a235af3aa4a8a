"""The short form of killed copies, long logs and altered containers; ``make torture`` does more."""

from pathlib import Path

import pytest

from tests.torture.containers import alter_containers
from tests.torture.copies import kill_copies
from tests.torture.logs import alter_logs


def test_what_is_killed_while_it_is_made_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    outcome = kill_copies(tmp_path, kills=12, seed=1)
    assert outcome.wrong == []
    assert outcome.kills == 12


def test_an_altered_act_in_a_long_log_is_reported(tmp_path: Path) -> None:
    outcome = alter_logs(tmp_path, acts=2_000, seed=1)
    assert outcome.wrong == []
    assert outcome.tried == 4


def test_an_altered_container_loads_or_is_refused_and_the_page_beside_it_loads(
    tmp_path: Path,
) -> None:
    pytest.importorskip("pyarrow")
    outcome = alter_containers(tmp_path, times=40, seed=1)
    assert outcome.wrong == []
    assert outcome.tried == 40
