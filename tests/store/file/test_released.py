"""A project of every released version opens in this one, with all that was in it."""

import gzip
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from segmark.core.annotation import Status
from segmark.session.session import Session
from segmark.store.file.backup import Reason, back_up
from segmark.store.safety.check import check
from segmark.store.safety.repair import repair
from segmark.store.safety.restoring import differences, restore
from segmark.store.store import Store

from tests.factories import LABELS
from tests.store.file.released import make

_KEPT = sorted(make.FOLDER.glob("*.segmark.gz"))
_each_version = pytest.mark.parametrize(
    "kept", _KEPT, ids=lambda path: path.name.partition(".seg")[0]
)


def test_there_is_a_project_of_a_released_version() -> None:
    assert _KEPT


@_each_version
def test_an_old_project_opens_with_all_that_was_in_it(kept: Path, project: Path) -> None:
    project.write_bytes(gzip.decompress(kept.read_bytes()))
    with Store.open(project) as store:
        assert store.label_set == LABELS
        assert [store.pages.get(number).text for number in (1, 2, 3)] == list(make.TEXTS)
        assert store.pages.get(1).anchors[0].path == "/html/body/h1"
        assert store.pages.source(1) == make.TEXTS[0].encode()
        for name, status in (("mira", Status.DONE), ("wren", Status.STARTED)):
            annotation = store.annotations(name).get(1)
            assert [span.label for span in annotation.spans] == ["headline", "body"]
            assert annotation.state.status is status
        session = Session(store, "mira")
        session.open(3)
        assert session.redo_title == "Write note"
        session.redo()
        assert session.state.note == "a note"
        while session.undo():
            pass
        assert sum(store.statistics("mira").spans.values()) == 0
    assert check(project).damage == ()


@_each_version
def test_an_old_project_is_well_and_is_not_changed_by_the_check(kept: Path, project: Path) -> None:
    project.write_bytes(written := gzip.decompress(kept.read_bytes()))
    found = check(project)
    assert found.lines()[1:] == ["All is well."]
    assert (found.pages, found.annotations) == (3, 4)
    assert project.read_bytes() == written
    assert [path.name for path in project.parent.iterdir()] == [project.name]


@_each_version
def test_damage_to_an_old_project_is_found(kept: Path, project: Path) -> None:
    project.write_bytes(gzip.decompress(kept.read_bytes()))
    with closing(sqlite3.connect(project)) as other, other:
        other.execute("UPDATE page_text SET text = 'Other' WHERE page = 2")
    assert any("pages/1.html" in line for line in check(project).damage)


@_each_version
def test_an_old_project_is_repaired_without_loss(kept: Path, project: Path, tmp_path: Path) -> None:
    project.write_bytes(gzip.decompress(kept.read_bytes()))
    saved = tmp_path / "saved.segmark"
    report = repair(project, saved, LABELS)
    assert (report.pages, report.annotations, report.lost) == (3, 4, [])
    assert check(saved).damage == ()
    with Store.open(saved) as store:
        assert store.annotations("mira").history().redo


@_each_version
def test_an_old_project_is_backed_up_compared_and_restored(kept: Path, project: Path) -> None:
    project.write_bytes(gzip.decompress(kept.read_bytes()))
    backup = back_up(project, Reason.ASKED).path
    assert check(backup).damage == ()
    Store.open(project).close()  # migrates it
    assert differences(project, backup).none
    restore(project, backup)
    assert check(project).damage == ()
