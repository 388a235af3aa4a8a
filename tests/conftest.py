"""Fixtures for every test: no screen, none of the user's settings, and patient waits."""

import os

from segmark.gui.startup import virtual_screens

if os.environ.get("QT_QPA_PLATFORM", "offscreen") == "offscreen":
    os.environ["QT_QPA_PLATFORM"] = virtual_screens()

import gc
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from hypothesis.database import InMemoryExampleDatabase
from pytestqt.qtbot import QtBot
from segmark.core.label import LabelSet
from segmark.store.file.connection import Database
from segmark.store.store import Store

from tests.factories import LABELS, make_project
from tests.fonts import POINTS
from tests.machine import tests_problem
from tests.places import ROOT, SHARED
from tests.working import STORY

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

settings.register_profile("segmark", deadline=None)
# Hypothesis warns where it can't keep its examples in the checkout, and a warning is an error.
settings.register_profile(
    "read-only", settings.get_profile("segmark"), database=InMemoryExampleDatabase()
)
settings.load_profile("segmark" if os.access(ROOT, os.W_OK) else "read-only")

#: The longest wait for anything in the window, in milliseconds. A wait ends as soon as its
#: condition holds, so a long one costs nothing, and a test passes on a busy machine too.
PATIENCE = 30_000

#: What stands between a test that opens a project and the connection.
_STORE = ("segmark.store.", "contextlib", "functools")

# pytest-qt has no setting for this: its own default is 5 seconds.
for _wait in (
    QtBot.waitActive, QtBot.waitCallback, QtBot.waitExposed,
    QtBot.waitSignal, QtBot.waitSignals, QtBot.waitUntil,
):  # fmt: skip
    _wait.__kwdefaults__ = {**(_wait.__kwdefaults__ or {}), "timeout": PATIENCE}


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Stop with one line where no test could pass: Qt can't start, or there is no room."""
    if hasattr(config, "workerinput"):
        return  # pytest-xdist has checked before it started this worker
    if problem := tests_problem():
        pytest.exit(f"segmark: {problem}", returncode=2)


def pytest_collection_finish() -> None:
    """Keep what lives until the end out of the sight of the garbage collector."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Destroy the windows that a test left here, before another thread collects garbage."""
    if "qapp" in getattr(item, "fixturenames", ()):
        gc.collect()
        gc.enable()  # a window has disabled it


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test marked ``shared`` on a machine that does not have the files it needs."""
    mark = item.get_closest_marker("shared")
    if mark and not SHARED.joinpath(*mark.args).exists():
        pytest.skip(f"needs {SHARED.joinpath(*mark.args)}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Report how many tests need files that are not part of the project."""
    reports = terminalreporter.stats.get("skipped", [])
    skipped = sum("shared" in getattr(report, "keywords", ()) for report in reports)
    if skipped:
        tests = "1 test needs" if skipped == 1 else f"{skipped} tests need"
        terminalreporter.write_line(
            f"Skipped: {tests} files in ../shared, which is not part of the project."
        )


def _live_in(home: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setenv("SEGMARK_CONFIG", str(home / "segmark"))
    for name in ("CONFIG", "DATA", "STATE"):
        patch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))


@pytest.fixture(autouse=True, scope="session")
def _home_of_the_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A home for fixtures of the whole session."""
    with pytest.MonkeyPatch.context() as patch:
        _live_in(tmp_path_factory.mktemp("home"), patch)
        yield


@pytest.fixture(autouse=True)
def _own_projects_are_closed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Close the projects that the test opened itself, and no other ones.

    From Python 3.13 on, a connection that is left to the garbage collector is a warning, and so an
    error: also one that the program forgets.
    """
    opened: set[Database] = set()
    close_one = Database.close

    def init(database: Database, *arguments: object, **options: object) -> None:
        sqlite3.Connection.__init__(database, *arguments, **options)  # type: ignore[arg-type]
        frame = sys._getframe(1)
        while frame.f_back and frame.f_globals["__name__"].startswith(_STORE):
            frame = frame.f_back
        if frame.f_globals["__name__"].startswith("tests."):
            opened.add(database)

    def close(database: Database) -> None:
        opened.discard(database)
        close_one(database)

    monkeypatch.setattr(Database, "__init__", init)
    monkeypatch.setattr(Database, "close", close)
    yield
    for database in list(opened):
        with suppress(sqlite3.ProgrammingError):  # it belongs to a thread that has ended
            database.close()


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home beside the test's own folder, which stays empty."""
    _live_in(tmp_path.with_name(f"{tmp_path.name}-home"), monkeypatch)


@pytest.fixture(scope="session")
def qapp(qapp: "QApplication") -> "QApplication":
    """The application, with a font of the size that ``tests.fonts`` wants."""
    if points := os.environ.get(POINTS):
        font = qapp.font()
        font.setPointSize(int(points))
        qapp.setFont(font)
    return qapp


@pytest.fixture(scope="session")
def label_set() -> LabelSet:
    return LABELS


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The path of a project that does not exist yet."""
    return tmp_path / "news.segmark"


@pytest.fixture
def story_store(project: Path) -> Iterator[Store]:
    """A project of three pages: ``STORY``, one of two lines, one of one."""
    with make_project(project, STORY, "Two\nlines", "Three") as store:
        yield store
