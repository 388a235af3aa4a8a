"""The tables of a project: the same in a new project and in one of a released version."""

import gzip
import re
from pathlib import Path

import pytest
from segmark.store.file import migrations
from segmark.store.store import Store

from tests.factories import LABELS, make_project, peek
from tests.store.file.released import make

_SCHEMA = Path(__file__).with_name("schema.sql")
_RELEASED = sorted(make.FOLDER.glob("*.segmark.gz"))


def _tokens(sql: str) -> list[str]:
    """The words and comments of SQL, without white space and the quotes around names."""
    return re.findall(r"--[^\n]*|\w+|'[^']*'|[^\s\w\"]", sql)


def _schema(project: Path) -> str:
    rows = peek(
        project,
        "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type DESC, name",
    )
    return "\n".join(f"{sql};" for (sql,) in rows)


def test_a_new_project_has_the_schema_that_is_written_down(project: Path) -> None:
    make_project(project).close()
    assert _tokens(_schema(project)) == _tokens(_SCHEMA.read_text("utf-8"))


@pytest.mark.parametrize("released", _RELEASED, ids=lambda path: path.name)
def test_a_released_project_is_migrated_to_the_same_schema(released: Path, project: Path) -> None:
    project.write_bytes(gzip.decompress(released.read_bytes()))
    Store.open(project).close()
    assert _tokens(_schema(project)) == _tokens(_SCHEMA.read_text("utf-8"))


def test_opening_a_project_knows_the_migrations_by_name_alone(project: Path) -> None:
    Store.create(project, LABELS).close()
    taken = peek(project, "SELECT name FROM _sqlite_migrations ORDER BY id")
    assert tuple(name for (name,) in taken) == migrations.NAMES
