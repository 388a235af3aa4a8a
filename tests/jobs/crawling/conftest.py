from pathlib import Path

import pytest

from tests.crawls import learn_labeller


@pytest.fixture(scope="session")
def labeller(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a labeller."""
    return learn_labeller(tmp_path_factory.mktemp("labeller"))
