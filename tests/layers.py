"""The packages of the program, and what the docstring of each says that it may import."""

import ast
import re
from pathlib import Path

from tests.places import ROOT

PACKAGE = ROOT / "app" / "segmark"
MODULES = sorted(PACKAGE.rglob("*.py"))
_RULE = re.compile(r"May import: ([^.]*(?:\.\w[^.]*)*)\.\s*$")

#: Modules outside every package, and what they may import.
LOOSE = {
    "": "core, jobs, jobs.labelling, library, loading, store",
    "crawl": "core, environment, export, jobs, jobs.crawling, jobs.labelling, library, loading",
    "html_tree": "",
    "__main__": "cli, environment, gui, reports, store, store.file",
}


def name_of(path: Path) -> str:
    """The module's dotted name inside the package; a package goes by its own name."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


#: Every module and package by name, and the names of the packages.
NAMES = {name_of(path): path for path in MODULES}
FOLDERS = {name_of(path) for path in MODULES if path.stem == "__init__"} - {""}


def folder_of(module: str) -> str:
    """The package that holds a module; a module outside every package is its own."""
    return module if module in FOLDERS or "." not in module else module.rpartition(".")[0]


def rule(folder: str) -> set[str]:
    """The packages that the docstring of this one allows it to import."""
    if folder in LOOSE:
        return set(LOOSE[folder].split(", ")) - {""}
    doc = ast.get_docstring(ast.parse(NAMES[folder].read_text("utf-8"))) or ""
    found = _RULE.search(doc)
    assert found, f"{folder}: the docstring of its package does not say what it may import"
    named = {name for name in re.split(r",\s+", found[1]) if not name.startswith("no ")}
    assert named <= FOLDERS | LOOSE.keys(), f"{folder}: {named}"
    return named
