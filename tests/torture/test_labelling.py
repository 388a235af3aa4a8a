"""The short form; ``make torture`` kills the labelling of a crawl more often."""

import sys
from pathlib import Path

import pytest

from tests.torture.labelling import kill_labelling


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
def test_a_crawl_whose_labelling_is_killed_has_every_page_once_in_the_end(tmp_path: Path) -> None:
    outcome = kill_labelling(tmp_path, kills=3, seed=2)
    assert outcome.wrong == []
    assert outcome.kills > 0
    assert outcome.done[-1] > 0
