"""A command that is stopped ends with one line, and leaves nothing behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from segmark.store.safety.check import check

from tests.factories import make_project
from tests.news_project import news_project
from tests.places import ROOT
from tests.torture.stops import COMMANDS, SIGNALS, Stopper

_PATIENCE = 60.0  # seconds

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")


@pytest.fixture(autouse=True)
def _heard() -> Iterator[None]:
    """Signals reach the children, also where the tests run in the background of a shell."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


# Sends itself a signal where the command renames the file that it has built.
_CHILD = """
import os, signal, sys

def stop(event, arguments):
    if event in ("os.rename", "os.link") and ".part" in os.fsdecode(arguments[0]):
        os.kill(os.getpid(), int(sys.argv[1]))

from segmark.cli import program
sys.addaudithook(stop)
sys.exit(program.run(sys.argv[2:]))
"""


def _stopped(number: int, *words: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", _CHILD, str(number), *words]
    return subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("command", ["backup", "repair"])
def test_a_stopped_command_says_so_in_one_line(
    project: Path, number: signal.Signals, command: str
) -> None:
    make_project(project, "Ship sails").close()
    new = project.with_name("new.segmark")
    words = {"backup": ["backup"], "repair": ["check", "--repair", str(new)]}[command]
    done = _stopped(number, *words, str(project))
    assert done.returncode == 128 + number
    assert done.stderr.split("\n") == ["", "segmark: stopped; what was done so far is kept", ""]
    backups = project.with_suffix(".backups")
    assert not new.exists()
    assert not backups.exists() or not list(backups.iterdir())
    assert check(project).damage == ()


def test_ctrl_c_while_the_program_starts_shows_no_traceback() -> None:
    code = "import segmark.__main__; raise KeyboardInterrupt"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False, capture_output=True)
    assert done.stderr == b"segmark: stopped\n"
    assert done.returncode == -signal.SIGINT


def _children(process: int) -> list[int]:
    found = subprocess.run(["pgrep", "-P", str(process)], check=False, capture_output=True)
    return [int(line) for line in found.stdout.split()]


@pytest.mark.skipif(not Path("/usr/bin/pgrep").exists(), reason="needs pgrep")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_the_workers_of_suggest_end_with_it(
    project: Path, tmp_path: Path, number: signal.Signals
) -> None:
    news_project(project, pages=60, finished=2).close()
    command = [sys.executable, "-m", "segmark", "suggest", str(project), str(tmp_path / "out")]
    child = subprocess.Popen([*command, "--jobs", "2"], cwd=ROOT, stderr=subprocess.PIPE)
    until = time.monotonic() + _PATIENCE
    while len(workers := _children(child.pid)) < 3:  # with the tracker of resources
        assert child.poll() is None
        assert time.monotonic() < until
    child.send_signal(number)
    _, said = child.communicate(timeout=_PATIENCE)
    # A worker that is just starting when its parent is killed can't help Python's traceback.
    assert number == signal.SIGKILL or b"Traceback" not in said
    while any(os.path.exists(f"/proc/{worker}/exe") for worker in workers):
        assert time.monotonic() < until


@pytest.fixture(scope="module")
def stopper(tmp_path_factory: pytest.TempPathFactory) -> Stopper:
    return Stopper(tmp_path_factory.mktemp("stops"), seed=1)


@pytest.mark.parametrize("number", SIGNALS)
@pytest.mark.parametrize("command", list(COMMANDS))
def test_any_command_can_be_stopped_at_any_moment(
    stopper: Stopper, command: str, number: signal.Signals
) -> None:
    stopper.outcome.wrong.clear()
    stopper.stop(command, number)
    assert stopper.outcome.wrong == []


def test_a_reader_that_ends_early_ends_the_command_without_a_word(project: Path) -> None:
    texts = [f"Page {number} of a long list of pages" for number in range(3_000)]
    make_project(project, *texts).close()
    command = [sys.executable, "-m", "segmark", "pages", str(project)]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as child:
        assert child.stdout
        assert child.stderr
        assert child.stdout.readline()
        child.stdout.close()
        assert child.stderr.read() == b""
    assert child.returncode == 0
