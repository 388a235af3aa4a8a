"""How the program is built: what may import what, telling names, short files."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[1]
_APP = _ROOT / "app" / "segmark"
_MODULES = sorted(_APP.rglob("*.py"))

#: Each layer may import those below it, and itself where it is a package; never its siblings.
_LAYERS: tuple[frozenset[str], ...] = (
    frozenset({"__main__"}),
    frozenset({"gui", "cli"}),
    frozenset({"jobs", "doctor", "figures_text"}),
    frozenset({"session"}),
    frozenset({"steps", "page_times"}),
    frozenset({"store", "loading", "suggestion", "export"}),
    frozenset({"log", "label_sets"}),
    frozenset({"events"}),
    frozenset({"core", "settings", "resource_path", "extras", "html_tree"}),
)
#: What only these parts may import; the log names SQLite's errors, which it may quote.
_OWNERS = {"PySide6": {"gui"}, "sqlite_utils": {"store"}, "sqlite3": {"store", "log"}}
_SAYS_NOTHING = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "tools"}
_MOST_LINES = 350


def _package(path: Path) -> str:
    """The part of the program a module belongs to: ``store``, ``cli``, …; "" for the root."""
    first = path.relative_to(_APP).parts[0]
    return "" if first == "__init__.py" else first.removesuffix(".py")


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


def _wrong_imports(path: Path, source: str) -> list[str]:
    here, wrong = _package(path), []
    rank = {name: place for place, layer in enumerate(_LAYERS) for name in layer}
    for name, line in _imports(source):
        top, _, rest = name.partition(".")
        there = rest.partition(".")[0]
        where = f"{path.relative_to(_ROOT)}:{line} imports {name}"
        if here not in _OWNERS.get(top, {here}):
            wrong.append(f"{where}: it is for {', '.join(sorted(_OWNERS[top]))} alone")
        elif here == "core" and top != "segmark" and top not in sys.stdlib_module_names:
            wrong.append(f"{where}: core is standard library only")
        elif (
            top == "segmark"
            and there in rank
            and there != here
            and rank[there] <= rank.get(here, -1)
        ):
            wrong.append(f"{where}: imports point down, never to a sibling")
    return wrong


def test_imports_point_down_and_qt_and_sql_stay_in_their_packages() -> None:
    assert [wrong for path in _MODULES for wrong in _wrong_imports(path, path.read_text())] == []


def test_every_part_of_the_program_has_its_layer() -> None:
    known = frozenset().union(*_LAYERS)
    assert {_package(path) for path in _MODULES} - {""} <= known


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("core/page.py", "import orjson"),
        ("core/page.py", "from segmark.settings import load"),
        ("core/page.py", "def f():\n    from segmark.store.store import Store"),
        ("store/store.py", "if TYPE_CHECKING:\n    from segmark.session import Session"),
        ("store/store.py", "from segmark.export import jsonl"),
        ("export/jsonl.py", "import segmark.store.store"),
        ("session.py", "from segmark import cli"),
        ("session.py", "import sqlite3"),
        ("session.py", "from segmark.jobs.load_pages import load_pages"),
        ("jobs/exporting.py", "from segmark.cli.program import run"),
        ("cli/program.py", "from segmark.gui.main_window import MainWindow"),
        ("cli/program.py", "from PySide6.QtCore import Qt"),
        ("gui/main_window.py", "from sqlite_utils import Database"),
        ("gui/main_window.py", "from segmark.cli.program import run"),
    ],
)
def test_an_import_that_breaks_the_layers_is_found(module: str, source: str) -> None:
    assert len(_wrong_imports(_APP / module, source)) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("core/page.py", "import re\nfrom segmark.core.text import trim"),
        (
            "store/store.py",
            "import sqlite3\nfrom sqlite_utils import Database\nfrom app import core",
        ),
        ("session.py", "from segmark.core import caret\nfrom segmark.store.store import Store"),
        ("gui/main_window.py", "from PySide6 import QtCore\nfrom app import __version__, settings"),
        ("__main__.py", "from segmark import cli\nfrom segmark.gui import startup"),
    ],
)
def test_an_import_that_keeps_the_layers_passes(module: str, source: str) -> None:
    assert _wrong_imports(_APP / module, source) == []


def _needed(path: Path) -> set[str]:
    """The modules of the program that one imports, as dotted names."""
    known = {_dotted(module) for module in _MODULES}
    # "from segmark.core import caret" is read as "segmark.core.caret", a name of a module as one too many.
    found = {name for name, _ in _imports(path.read_text())}
    return {name for name in found | {name.rpartition(".")[0] for name in found} if name in known}


def _dotted(path: Path) -> str:
    return ".".join(path.relative_to(_APP.parent).with_suffix("").parts)


def test_no_modules_need_each_other() -> None:
    needed = {_dotted(path): _needed(path) for path in _MODULES}
    TopologicalSorter(needed).prepare()  # raises CycleError, which names them


def test_names_of_modules_and_classes_say_something() -> None:
    named = {path.stem: path for path in _MODULES}
    for path in _MODULES:
        classes = (n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.ClassDef))
        named |= {node.name: path for node in classes}
    empty = [name for name in named if set(_words(name)) & _SAYS_NOTHING]
    assert empty == []


def _words(name: str) -> list[str]:
    """The words of a name in snake case or with capitals, in lower case."""
    apart = "".join(f" {char}" if char.isupper() else char for char in name)
    return apart.lower().replace("_", " ").split()


def test_no_file_is_longer_than_one_can_hold_in_mind() -> None:
    lines = {path: len(path.read_text().splitlines()) for path in _MODULES}
    assert {path.name: count for path, count in lines.items() if count > _MOST_LINES} == {}


def _modules_loaded_by(program: str) -> set[str]:
    """The top-level modules in memory once the program has run in a new interpreter."""
    program += "\nimport sys\nprint(*sorted({name.partition('.')[0] for name in sys.modules}))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=_ROOT, check=True
    )
    return set(done.stdout.splitlines()[-1].split())


def test_the_core_and_the_session_load_nothing_heavy() -> None:
    loaded = _modules_loaded_by("import segmark.session")
    assert "sqlite3" in loaded
    assert not loaded & {"PySide6", "lxml", "charset_normalizer", "orjson"}


def test_opening_a_project_does_not_wait_for_sqlite_utils(tmp_path: Path) -> None:
    project = tmp_path / "news.segmark"
    make = (
        "from pathlib import Path\nfrom segmark.label_sets import NEWS_LABELS, read_label_set\n"
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
