"""PageSuggestions in a process of its own: what it answers, how it ends, what its end does."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue

import pytest
from segmark.environment.log import log_path
from segmark.jobs.suggesting.client import SuggestionClient
from segmark.jobs.suggesting.learner import Learner
from segmark.jobs.suggesting.protocol import (
    GaveUp,
    LookAhead,
    Prefetch,
    Suggested,
    SuggestNow,
    WorkerReply,
)
from segmark.store.store import Store
from segmark.store.suggestions import NOTHING

from tests.factories import peek
from tests.news_project import finish, gold, news_project
from tests.working import connection

_PATIENCE = 60  # seconds, for a machine that is busy with other things


@pytest.fixture
def made(project: Path) -> Path:
    """A project of one site, two of its five pages being finished."""
    news_project(project, pages=5, finished=2).close()
    return project


@contextmanager
def suggesting(project: Path) -> Iterator[tuple[SuggestionClient, SimpleQueue[WorkerReply]]]:
    answers: SimpleQueue[WorkerReply] = SimpleQueue()
    client = SuggestionClient(project, "ada", answers.put)
    try:
        yield client, answers
    finally:
        client.stop()
        assert multiprocessing.active_children() == []


def wait_until(true: Callable[[], bool]) -> None:
    until = time.monotonic() + _PATIENCE
    while not true():
        assert time.monotonic() < until
        time.sleep(0.01)


def kill_the_process() -> None:
    wait_until(lambda: bool(multiprocessing.active_children()))
    for child in multiprocessing.active_children():
        child.kill()
        child.join()


def test_it_suggests_what_is_suggested_without_it(made: Path) -> None:
    with suggesting(made) as (client, answers):
        client.send(SuggestNow(3, 1))
        answer = answers.get(timeout=_PATIENCE)
    with Store.open(made) as store:
        assert answer == Suggested(SuggestNow(3, 1), Learner(store, "ada").offer(3))


def test_what_is_finished_meanwhile_counts(made: Path) -> None:
    with Store.open(made) as store, suggesting(made) as (client, answers):
        client.send(SuggestNow(3, 1))
        answers.get(timeout=_PATIENCE)
        client.send(Prefetch(3, 4))
        finish(store, 3, gold(3)[:1])
        client.send(LookAhead(3, 4))
        client.send(SuggestNow(4, 2))
        answer = answers.get(timeout=_PATIENCE)
        assert answer == Suggested(SuggestNow(4, 2), Learner(store, "ada").offer(4))


def test_what_was_learnt_is_in_the_project_after_its_end(made: Path) -> None:
    with suggesting(made) as (client, answers):
        client.send(SuggestNow(3, 1))
        answers.get(timeout=_PATIENCE)
    kept = [name for (name,) in peek(made, "SELECT name FROM model ORDER BY name")]
    assert kept == ["ada on news.example", "ada on news.example, field 0"]


def test_a_page_it_can_not_suggest_for_is_logged_and_stops_nothing(made: Path) -> None:
    with Store.open(made) as store, store.write():
        connection(store).execute("UPDATE page_text SET text = 'something else' WHERE page = 3")
    with suggesting(made) as (client, answers):
        client.send(SuggestNow(3, 1))
        wait_until(lambda: log_path().is_file() and "page 3" in log_path().read_text())
        client.send(SuggestNow(4, 2))
        answer = answers.get(timeout=_PATIENCE)
    assert isinstance(answer, Suggested)
    assert answer.request == SuggestNow(4, 2)
    assert answer.offer != NOTHING


def test_where_it_ends_by_itself_it_is_started_once_more_and_asked_again(made: Path) -> None:
    with suggesting(made) as (client, answers):
        kill_the_process()
        client.send(SuggestNow(3, 1))
        answer = answers.get(timeout=_PATIENCE)
        assert isinstance(answer, Suggested)
        kill_the_process()
        assert answers.get(timeout=_PATIENCE) == GaveUp()
        client.send(SuggestNow(4, 2))
        with pytest.raises(Empty):
            answers.get(timeout=0.1)


def test_a_project_that_is_gone_is_given_up_calmly(made: Path) -> None:
    for path in made.parent.glob(f"{made.name}*"):
        path.unlink()
    with suggesting(made) as (_, answers):
        assert answers.get(timeout=_PATIENCE) == GaveUp()


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="there is no such signal")
def test_a_process_that_is_frozen_does_not_keep_the_window_open(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("segmark.jobs.suggesting.client._PATIENCE", 0.2)
    with suggesting(made) as (client, answers):
        client.send(SuggestNow(3, 1))
        answers.get(timeout=_PATIENCE)
        os.kill(multiprocessing.active_children()[0].pid or 0, signal.SIGSTOP)
        for turn in range(5_000):
            client.send(LookAhead(turn, 4))


_WINDOW = """
import sys, time
from pathlib import Path
from segmark.jobs.suggesting.client import SuggestionClient
from segmark.jobs.suggesting.protocol import SuggestNow

if __name__ == "__main__":
    def tell(answer):
        print(client.pid, flush=True)

    client = SuggestionClient(Path(sys.argv[1]), "ada", tell)
    client.send(SuggestNow(3, 1))
    time.sleep(600)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="processes are looked up in another way there")
def test_it_ends_with_the_window_even_when_that_is_killed(made: Path, tmp_path: Path) -> None:
    program = tmp_path / "window.py"
    program.write_text(_WINDOW)
    with subprocess.Popen(
        [sys.executable, str(program), str(made)], stdout=subprocess.PIPE, text=True
    ) as window:
        assert window.stdout
        process = int(window.stdout.readline())
        assert _runs(process)
        window.kill()
        window.wait()
        wait_until(lambda: not _runs(process))


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{process}/stat")
    # One that nobody has waited for yet is still listed.
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] != "Z"


def test_no_qt_is_loaded_for_it() -> None:
    program = "import segmark.jobs.suggesting.worker, sys; print('PySide6' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "False"
