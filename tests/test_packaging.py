"""What is installed: one package, ``segmark``, whatever packages lie around it."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from segmark import __version__

from tests.places import ROOT

#: A program of the user's own whose package happens to be called ``app``.
_OTHER_PROGRAM = 'raise ImportError("this is the app of another program")\n'


@pytest.fixture
def folder_with_an_app(tmp_path: Path) -> Path:
    (tmp_path / "app").mkdir()
    (tmp_path / "app/__init__.py").write_text(_OTHER_PROGRAM)
    return tmp_path


def _run_in(folder: Path, *arguments: str) -> str:
    """What Python prints in the folder, which comes first on its path."""
    # PYTHONPATH also carries the source root, where the tests were started that way.
    path = os.pathsep.join([".", *filter(None, [os.environ.get("PYTHONPATH")])])
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder, env={**os.environ, "PYTHONPATH": path},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_segmark_runs_in_a_folder_that_has_an_app_package(folder_with_an_app: Path) -> None:
    printed = _run_in(folder_with_an_app, "-m", "segmark", "--version")
    assert __version__ in printed


def test_the_installed_command_runs_in_a_folder_that_has_an_app_package(
    folder_with_an_app: Path,
) -> None:
    call = "from importlib.metadata import entry_points as points; import sys"
    call += "; sys.argv = ['segmark', '--version']"
    call += "; sys.exit(next(iter(points(group='console_scripts', name='segmark'))).load()())"
    assert __version__ in _run_in(folder_with_an_app, "-c", call)


def test_segmark_is_imported_in_a_folder_that_has_an_app_package(
    folder_with_an_app: Path,
) -> None:
    printed = _run_in(folder_with_an_app, "-c", "import segmark; print(segmark.__version__)")
    assert printed.strip() == __version__


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The paths of all files in the wheel, built by the backend alone, without a network."""
    out = tmp_path_factory.mktemp("wheel")
    program = f"from hatchling.build import build_wheel; build_wheel({str(out)!r})"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    (built,) = out.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        return set(archive.namelist())


def test_the_wheel_holds_segmark_and_nothing_else(wheel: set[str]) -> None:
    tops = {name.partition("/")[0] for name in wheel}
    assert tops == {"segmark", f"segmark-{__version__}.dist-info"}


def test_the_wheel_holds_every_module_and_resource(wheel: set[str]) -> None:
    sources = [path.relative_to(ROOT / "app") for path in (ROOT / "app").rglob("*.py")]
    resources = [Path("segmark", path.relative_to(ROOT)) for path in _files(ROOT / "resources")]
    assert {path.as_posix() for path in (*sources, *resources)} <= wheel
    assert "segmark/py.typed" in wheel


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and path.name[0] != "."]
