"""One project and its exports for all; each library runs in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.interop.news import make_news
from tests.places import ROOT

#: Makes an export of the project with these options, once, and gives its folder.
Exported = Callable[..., Path]

#: Runs a program in a folder and gives what it printed.
Run = Callable[..., str]


def needs(*libraries: str) -> None:
    """Skip the test where one of the libraries is not installed."""
    # Not importorskip: importing these here would warn, take seconds, and read the environment.
    for library in libraries:
        if not find_spec(library):
            pytest.skip(f"{library} is not installed: make test-interop installs it")


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("interop")


@pytest.fixture(scope="session")
def news(home: Path) -> Path:
    """The project of made-up news."""
    make_news(home / "news.segmark", home / "pages")
    return home / "news.segmark"


@pytest.fixture(scope="session")
def run(home: Path) -> Run:
    """Run Python in a process of its own, without network: arguments, then where."""
    environment = {
        **os.environ,
        "HF_HUB_OFFLINE": "1",
        "HF_HOME": str(home / "cache"),
        "TQDM_DISABLE": "1",
        # Threads that wait for each other make training ten times slower on cores that are shared.
        "OMP_NUM_THREADS": "1",
        "PYTHONPATH": os.pathsep.join((str(ROOT / "app"), str(ROOT))),
        "PYTHONHASHSEED": "random",
        # Ray would make an account on this machine, and report what runs here.
        "RAY_AUTH_MODE": "disabled",
        "RAY_USAGE_STATS_ENABLED": "0",
    }

    def in_process(*arguments: str, cwd: Path = home, fails: bool = False) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=cwd, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert bool(done.returncode) == fails, done.stdout + done.stderr
        return done.stdout + (done.stderr if fails else "")

    return in_process


@pytest.fixture(scope="session")
def exported(home: Path, news: Path, run: Run) -> Exported:
    made: dict[tuple[str, ...], Path] = {}

    def export(form: str, *options: str) -> Path:
        words = (form, *options)
        if words not in made:
            out = made[words] = home / f"out{len(made)}"
            run("-m", "segmark", "export", str(news), str(out), "--format", form, *options)
        return made[words]

    return export
