"""The real window, killed with SIGKILL at random moments while keys are pressed."""

import sys
from pathlib import Path

import pytest

from tests.torture.crashes import kill_the_window


@pytest.mark.skipif(sys.platform != "linux", reason="processes are forked")
def test_fifty_crashes_of_the_window_lose_nothing_that_it_showed_as_saved(tmp_path: Path) -> None:
    outcome = kill_the_window(tmp_path, kills=50, seed=20_26)
    assert outcome.lost == []
    assert outcome.kills == 50
    assert outcome.acknowledged > 100
