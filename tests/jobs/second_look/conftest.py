from collections.abc import Iterator
from pathlib import Path

import pytest
from segmark.store.store import Store

from tests.news_project import spoilt_project


@pytest.fixture
def store(project: Path) -> Iterator[Store]:
    """A project with two mistakes on its finished pages."""
    spoilt_project(project)
    with Store.open(project) as opened:
        yield opened
