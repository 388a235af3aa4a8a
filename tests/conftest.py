"""What every test stands on: no screen, and never the user's own settings."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from segmark.core.label import LabelSet
from segmark.store.store import Store

from tests.factories import LABELS, make_project
from tests.working import STORY

settings.register_profile("segmark", deadline=None)
settings.load_profile("segmark")


def _live_in(home: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setenv("SEGMARK_CONFIG", str(home / "segmark"))
    for name in ("CONFIG", "DATA", "STATE"):
        patch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))


@pytest.fixture(autouse=True, scope="session")
def _home_of_the_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """For what is made once for many tests."""
    with pytest.MonkeyPatch.context() as patch:
        _live_in(tmp_path_factory.mktemp("home"), patch)
        yield


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside the test's own folder, which stays empty."""
    _live_in(tmp_path.with_name(f"{tmp_path.name}-home"), monkeypatch)


@pytest.fixture(scope="session")
def label_set() -> LabelSet:
    return LABELS


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Where a project can be made."""
    return tmp_path / "news.segmark"


@pytest.fixture
def story_store(project: Path) -> Iterator[Store]:
    """A project of three pages: ``STORY``, one of two lines, one of one."""
    with make_project(project, STORY, "Two\nlines", "Three") as store:
        yield store
