"""A project of every released version opens in this one, with all that was in it."""

import gzip
from pathlib import Path

import pytest
from segmark.core.annotation import Status
from segmark.session.session import Session
from segmark.store.safety.check import check
from segmark.store.store import Store

from tests.factories import LABELS
from tests.store.file.released import make

_KEPT = sorted(make.FOLDER.glob("*.segmark.gz"))


def test_there_is_a_project_of_a_released_version() -> None:
    assert _KEPT


@pytest.mark.parametrize("kept", _KEPT, ids=lambda path: path.name.partition(".seg")[0])
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
