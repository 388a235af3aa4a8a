"""The structure of the program: layers of imports, names that say something, sizes."""

import ast
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.layers import FOLDERS, MODULES, NAMES, folder_of, name_of, rule
from tests.places import ROOT

#: Libraries that only these packages import. The log imports SQLite for the types of its errors.
_OWNERS = {
    "PySide6": {"gui"},
    "sqlite_utils": {"store"},
    "sqlite3": {"store", "environment.log"},
}
_SAYS_NOTHING = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "tools"}
_MOST_LINES = 500
_MOST_MODULES = 20


def _allowed(folder: str) -> set[str]:
    """What a package may import: its own rule, and what the package around it may."""
    parent = folder.partition(".")[0]
    around = {name for name in rule(parent) if not name.startswith(f"{parent}.")}
    found = rule(folder) | around | {folder}
    # A package of another part of the program comes with all of its sub-packages.
    return found | {name for name in FOLDERS if name.partition(".")[0] in around}


def _imports(source: str) -> Iterator[tuple[str, int]]:
    """Every module that is imported anywhere, in functions and for type checking too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield name.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            module = node.module or ""
            # "from segmark import cli" names the module after "import".
            yield from ((f"{module}.{name.name}", node.lineno) for name in node.names)


def _ours(imported: str) -> str | None:
    """The module of the program that an import names; None for a library's."""
    top, _, rest = imported.partition(".")
    if top != "segmark":
        return None
    while rest and rest not in NAMES:
        rest = rest.rpartition(".")[0]
    return rest


def _wrong_imports(module: str, source: str) -> list[str]:
    wrong, folder = [], folder_of(module)
    for name, line in _imports(source):
        top, ours = name.partition(".")[0], _ours(name)
        where = f"{module}:{line} imports {name}"
        owners = _OWNERS.get(top)
        if owners and not {module, module.partition(".")[0]} & owners:
            wrong.append(f"{where}: only for {', '.join(sorted(owners))}")
        elif module.startswith("core.") and ours is None and top not in sys.stdlib_module_names:
            wrong.append(f"{where}: core is standard library only")
        elif ours and folder_of(ours) not in _allowed(folder):
            wrong.append(f"{where}: the docstring of {folder} does not allow it")
    return wrong


def test_imports_point_down_and_qt_and_sql_stay_in_their_packages() -> None:
    wrong = [_wrong_imports(name, path.read_text()) for name, path in NAMES.items()]
    assert [line for lines in wrong for line in lines] == []


def test_each_package_says_what_it_holds() -> None:
    for folder in FOLDERS:
        doc = ast.get_docstring(ast.parse(NAMES[folder].read_text())) or ""
        assert len(doc.splitlines()) >= 3, folder


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("core.page", "import orjson"),
        ("core.page", "from segmark.environment.settings import load"),
        ("core.page", "def f():\n    from segmark.store.store import Store"),
        ("store.store", "if TYPE_CHECKING:\n    from segmark.session.session import Session"),
        ("store.store", "from segmark.export.formats import jsonl"),
        ("store.file.lock", "from segmark.store.safety.check import check"),
        ("store.figures.accuracy", "from segmark.store.pages import Pages"),
        ("export.formats.jsonl", "import segmark.store.store"),
        ("session.session", "from segmark import cli"),
        ("session.session", "import sqlite3"),
        ("session.session", "from segmark.jobs.loading.pages import load_pages"),
        ("jobs.exporting.exporting", "from segmark.cli.program import run"),
        ("jobs.loading.pages", "from segmark.jobs.suggesting.learner import Learner"),
        ("cli.program", "from segmark.gui.window.main_window import MainWindow"),
        ("cli.program", "from PySide6.QtCore import Qt"),
        ("gui.window.main_window", "from sqlite_utils import Database"),
        ("gui.window.main_window", "from segmark.cli.program import run"),
        ("gui.page.view", "from segmark.gui.window.main_window import MainWindow"),
        ("gui.base.theme", "from segmark.gui.page.view import PageView"),
        ("gui.panels.note", "from segmark.gui.acts import lists"),
    ],
)
def test_an_import_that_breaks_the_layers_is_found(module: str, source: str) -> None:
    assert len(_wrong_imports(module, source)) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("core.page", "import re\nfrom segmark.core.text.normalise import trim"),
        (
            "store.store",
            "import sqlite3\nfrom sqlite_utils import Database\nfrom segmark import core",
        ),
        ("store.file.lock", "from segmark.store.errors import StoreError"),
        (
            "session.session",
            "from segmark.core import caret\nfrom segmark.store.store import Store",
        ),
        ("gui.window.main_window", "from PySide6 import QtCore\nfrom segmark import __version__"),
        ("gui.page.view", "from segmark.gui.base import theme"),
        ("__main__", "from segmark import cli\nfrom segmark.gui import startup"),
    ],
)
def test_an_import_that_keeps_the_layers_passes(module: str, source: str) -> None:
    assert _wrong_imports(module, source) == []


def _needed(path: Path) -> set[str]:
    """The modules of the program that one imports."""
    found = {_ours(name) for name, _ in _imports(path.read_text())}
    return {name for name in found if name} - {name_of(path)}


def test_no_modules_need_each_other() -> None:
    needed = {name: _needed(path) for name, path in NAMES.items()}
    TopologicalSorter(needed).prepare()  # raises CycleError, which names them


@pytest.mark.parametrize("package", ["", *sorted(name for name in FOLDERS if "." not in name)])
def test_no_parts_of_a_package_need_each_other(package: str) -> None:
    depth = len(package.split(".")) if package else 0

    def part(module: str) -> str | None:
        inside = not package or module.startswith(f"{package}.")
        return module.split(".")[depth] if inside else None

    needed: dict[str, set[str]] = defaultdict(set)
    for name, path in NAMES.items():
        if name and (here := part(name)) and name not in FOLDERS:
            needed[here] |= {there for other in _needed(path) if (there := part(other))} - {here}
    TopologicalSorter(needed).prepare()


def test_no_folder_holds_more_than_20_modules() -> None:
    counts: dict[Path, int] = defaultdict(int)
    for path in MODULES:
        counts[path.parent] += path.stem != "__init__"
    assert {str(path): count for path, count in counts.items() if count > _MOST_MODULES} == {}


def test_names_of_modules_and_classes_say_something() -> None:
    named = {path.stem: path for path in MODULES}
    for path in MODULES:
        classes = (n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.ClassDef))
        named |= {node.name: path for node in classes}
    empty = [name for name in named if set(_words(name)) & _SAYS_NOTHING]
    assert empty == []


def _public_types(path: Path) -> Iterator[str]:
    """The names of the classes and type aliases that a module defines for others."""
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.ClassDef):
            name = node.name
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            name = node.target.id
        else:
            continue
        if name[0].isupper() and not name.isupper():
            yield name


def test_a_public_type_has_one_name_and_the_name_one_meaning() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for module, path in NAMES.items():
        for name in _public_types(path):
            places[name].append(module)
    assert {name: where for name, where in places.items() if len(where) > 1} == {}


def _words(name: str) -> list[str]:
    """The words of a name in snake case or with capitals, in lower case."""
    apart = "".join(f" {char}" if char.isupper() else char for char in name)
    return apart.lower().replace("_", " ").split()


def test_no_file_is_longer_than_500_lines() -> None:
    lines = {path: len(path.read_text().splitlines()) for path in MODULES}
    assert {path.name: count for path, count in lines.items() if count > _MOST_LINES} == {}


def _modules_loaded_by(program: str) -> set[str]:
    """The top-level modules that are loaded after running a program in a new interpreter."""
    program += "\nimport sys\nprint(*sorted({name.partition('.')[0] for name in sys.modules}))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True
    )
    return set(done.stdout.splitlines()[-1].split())


def test_the_core_and_the_session_load_nothing_heavy() -> None:
    loaded = _modules_loaded_by("import segmark.session.session")
    assert "sqlite3" in loaded
    assert not loaded & {"PySide6", "lxml", "charset_normalizer", "orjson"}


def test_opening_a_project_does_not_wait_for_sqlite_utils(tmp_path: Path) -> None:
    project = tmp_path / "news.segmark"
    make = (
        "from pathlib import Path\n"
        "from segmark.environment.label_sets import NEWS_LABELS, read_label_set\n"
        f"from segmark.store.store import Store\npath = Path({str(project)!r})\n"
    )
    made = _modules_loaded_by(f"{make}Store.create(path, read_label_set(NEWS_LABELS)).close()")
    opened = _modules_loaded_by(f"{make}Store.open(path).close()")
    assert "sqlite_utils" in made
    assert not made & {"pandas", "numpy"}
    assert "sqlite_utils" not in opened


@pytest.mark.parametrize("arguments", [["--help"], ["export", "--help"], ["load", "--help"]])
def test_the_command_line_never_loads_qt(arguments: list[str]) -> None:
    program = f"import segmark.__main__\nfrom segmark.cli.program import run\nrun({arguments})"
    loaded = _modules_loaded_by(program)
    assert "click" in loaded
    assert "PySide6" not in loaded
