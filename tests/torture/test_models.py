"""The short form of altered models; ``make torture`` alters hundreds."""

from pathlib import Path

from tests.torture.models import alter_models


def test_altered_models_neither_crash_the_program_nor_change_its_suggestions(
    tmp_path: Path,
) -> None:
    outcome = alter_models(tmp_path, times=12, seed=1)
    assert outcome.wrong == []
    assert outcome.tried == 12
