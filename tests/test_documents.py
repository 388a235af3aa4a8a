"""The documents for contributors are true: files exist, and the diagram shows the rules."""

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from tests.layers import FOLDERS, LOOSE, PACKAGE, rule
from tests.places import ROOT

ARCHITECTURE = ROOT / "docs/architecture.md"
DOCUMENTS = sorted([*(ROOT / "docs").rglob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"])
HELP = sorted((ROOT / "resources/help").glob("*.md"))

_FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_CODE = re.compile(r"`([^`\s]+)`")
#: What is written like a path: a folder, or a file of a kind that the project consists of.
_PATH = re.compile(r"\.?[A-Za-z_][\w.*-]*(/[\w.*-]+)*(/|\.(py|md|toml|yml|yaml))|\.ci/run|Makefile")
#: What a path may be relative to.
_BASES = (ROOT, PACKAGE, ROOT / "tests")
#: Files that exports consist of and folders that commands make; none of them is in the project.
_MADE = {"exports/tour/", "dist/"}

_DEFINED = re.compile(r"^\s*(?:async )?(?:def|class) (\w+)|^(\w+)\s*(?::[^=]+)?=", re.MULTILINE)
_STEP = re.compile(r"^\|.*?\| `([\w/]+\.py)` \| `([\w.]+)` \|", re.MULTILINE)

Arrow = tuple[str, str]


def _anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    titles = re.findall(r"^#+ (.+)$", _FENCE.sub("", page.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title).strip().lower().replace(" ", "-") for title in titles}


def _paths_named_in(document: Path) -> Iterator[str]:
    prose = _FENCE.sub("", document.read_text("utf-8"))
    yield from (name for name in _CODE.findall(prose) if _PATH.fullmatch(name))


def _exists(name: str, document: Path) -> bool:
    if "/" not in name.rstrip("/"):  # a file may go by its name alone where that is clear
        return any((base / name).exists() for base in (document.parent, *_BASES)) or bool(
            [*PACKAGE.rglob(name), *(ROOT / "tests").rglob(name)]
        )
    return any(next(base.glob(name), None) for base in (document.parent, *_BASES))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_and_folder_that_a_document_names_exists(document: Path) -> None:
    named = set(_paths_named_in(document)) - _MADE
    assert [name for name in sorted(named) if not _exists(name, document)] == []


@pytest.mark.parametrize(
    "document", [*DOCUMENTS, *HELP], ids=lambda path: str(path.relative_to(ROOT))
)
def test_every_link_of_a_document_leads_somewhere(document: Path) -> None:
    broken = []
    for link in _LINK.findall(_FENCE.sub("", document.read_text("utf-8"))):
        target, _, anchor = link.partition("#")
        page = document.parent / target if target else document
        if "://" not in link and not (page.exists() and (not anchor or anchor in _anchors(page))):
            broken.append(link)
    assert broken == []


def test_every_document_is_linked_from_the_readme_or_from_one_that_is() -> None:
    reached, ahead = set[Path](), [ROOT / "README.md"]
    while ahead:
        page = ahead.pop()
        if page not in reached and page.suffix == ".md":
            reached.add(page)
            links = (link.partition("#")[0] for link in _LINK.findall(page.read_text("utf-8")))
            ahead += [(page.parent / link).resolve() for link in links if "://" not in link]
    assert set(DOCUMENTS) <= reached


def test_the_steps_of_the_journeys_name_functions_of_their_files() -> None:
    steps = _STEP.findall(ARCHITECTURE.read_text("utf-8"))
    missing = []
    for file, function in steps:
        source = (PACKAGE / file).read_text("utf-8")
        defined = {name for pair in _DEFINED.findall(source) for name in pair if name}
        missing += [f"{file}: {name}" for name in function.split(".") if name not in defined]
    assert missing == []
    assert len(steps) >= 15


def _node(name: str) -> str:
    """The package that a node of the diagram stands for."""
    name = re.sub(r"\[.*\]", "", name).strip()
    special = {"main": "__main__", "gui_modules": "gui"}
    return special.get(name) or (name.replace("_", ".") if name.startswith("gui_") else name)


def _drawn() -> set[Arrow]:
    """The arrows of the diagram."""
    (diagram,) = re.findall(r"^```mermaid\n(.*?)^```", ARCHITECTURE.read_text("utf-8"), re.M | re.S)
    arrows = set[Arrow]()
    for line in diagram.splitlines():
        if "-->" in line:
            sources, targets = (side.split(" & ") for side in line.split("-->"))
            arrows |= set(product(map(_node, sources), map(_node, targets)))
    return arrows


def _reduced(rules: dict[str, set[str]]) -> set[Arrow]:
    """The rules as arrows, without those that follow from others."""

    def reach(package: str) -> set[str]:
        return rules[package].union(*(reach(below) for below in rules[package]))

    return {
        (package, target)
        for package, targets in rules.items()
        for target in targets
        if not any(target in reach(other) for other in targets - {target})
    }


def _between_parts() -> dict[str, set[str]]:
    """Which parts of the program each of them may import, whatever lies inside them."""
    parts = {name for name in FOLDERS | LOOSE.keys() if name and "." not in name}
    return {part: {name.partition(".")[0] for name in rule(part)} - {part} for part in parts}


def _inside_the_window() -> dict[str, set[str]]:
    """Which packages of the window each of them may import."""
    inside = {name for name in FOLDERS if name.startswith("gui.")}
    return {"gui": inside, **{name: rule(name) & inside for name in inside}}


def test_the_diagram_shows_the_rules_of_the_packages() -> None:
    wanted = _reduced(_between_parts()) | _reduced(_inside_the_window())
    drawn = _drawn()
    missing, wrong = sorted(wanted - drawn), sorted(drawn - wanted)
    assert (missing, wrong) == ([], []), "docs/architecture.md: missing and wrong arrows"


def test_the_table_of_packages_lists_every_one() -> None:
    table = re.findall(r"^\| `(\w+)(?:\.py)?` \|", ARCHITECTURE.read_text("utf-8"), re.MULTILINE)
    assert set(table) == _between_parts().keys() - {"__main__"}
