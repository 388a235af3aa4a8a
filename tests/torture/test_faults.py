"""The short form of the other faults; ``make torture`` tries each a hundred times and more."""

from pathlib import Path

import pytest
from segmark.core.carrying import CarryOutcome

from tests.torture.changes import change_pages
from tests.torture.damage import DAMAGES, cut_logs, damage_copies
from tests.torture.faults import back_up_under_work, fill_the_disk


@pytest.mark.parametrize("kind", DAMAGES)
def test_what_is_saved_from_a_damaged_project_is_healthy(kind: str, tmp_path: Path) -> None:
    outcome = damage_copies(tmp_path, kind, times=8, seed=1)
    assert outcome.words == []
    assert outcome.saved_spans > outcome.spans / 2


def test_a_log_that_was_cut_or_spoilt_leaves_whole_acts_only(tmp_path: Path) -> None:
    assert cut_logs(tmp_path, times=20, seed=1).wrong == 0


def test_a_disk_that_fills_up_again_and_again_loses_nothing(tmp_path: Path) -> None:
    outcome = fill_the_disk(tmp_path, times=8, seed=1)
    assert outcome.lost == []
    assert outcome.tried == 8


def test_backups_while_somebody_labels_are_whole(tmp_path: Path) -> None:
    assert back_up_under_work(tmp_path, times=3).lost == []


def test_labels_of_pages_that_change_are_placed_or_named(tmp_path: Path) -> None:
    outcome = change_pages(tmp_path, times=20, seed=1)
    assert outcome.lost == []
    assert outcome.tried == 20
    assert outcome.outcomes[CarryOutcome.UNCHANGED] > outcome.labels / 3
