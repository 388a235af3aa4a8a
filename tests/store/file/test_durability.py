"""A labelled span survives a program that is killed."""

import subprocess
import sys
from pathlib import Path

import pytest
from segmark.core.annotation import Annotation
from segmark.core.edit import apply
from segmark.core.span import faults
from segmark.store.store import Store

from tests.factories import LABELS, make_project, peek
from tests.places import ROOT

_WORDS = 400
_TEXT = " ".join(f"word{number:04d}" for number in range(_WORDS))

# Labels word after word, and says of each that it is saved once it is.
_LABELLING = """
import sys
from pathlib import Path
from segmark.core.caret import Selection
from segmark.session.session import Session
from segmark.store.store import Store

session = Session(Store.open(Path(sys.argv[1])), "mira")
session.open(1)
for start in range(int(sys.argv[2]) * 9, len(session.open_page.page.text), 9):
    session.label("caption", Selection(start, start + 8))
    print(start, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")
def test_nothing_that_was_said_to_be_saved_is_lost_when_the_program_is_killed(
    project: Path,
) -> None:
    make_project(project, _TEXT).close()
    saved = 0
    for kill in range(10):
        arguments = [sys.executable, "-c", _LABELLING, str(project), str(saved)]
        with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, cwd=ROOT) as child:
            assert child.stdout
            said = [int(child.stdout.readline()) for _ in range(kill + 1)]
            child.kill()
            said += [int(line) for line in child.stdout if line.endswith("\n")]
        with Store.open(project) as store:
            annotations = store.annotations("mira")
            annotation = annotations.get(1)
            spans = {span.start for span in annotation.spans}
            assert set(said) <= spans
            # What was saved but not yet said may be there as well, whole.
            assert spans == set(range(0, len(spans) * 9, 9))
            assert faults(_TEXT, annotation.spans, LABELS.names) == []
            replayed = Annotation()
            for entry in annotations.log():
                replayed = apply(replayed, entry.edit)
            assert replayed == annotation
            saved = len(spans)
    assert peek(project, "PRAGMA integrity_check") == [("ok",)]


def test_every_act_is_on_the_disk_before_it_is_said_to_be_saved(project: Path) -> None:
    with make_project(project) as store:
        # 2 is FULL: in write-ahead mode each commit is synchronised.
        assert store._db.execute("PRAGMA synchronous").fetchone() == (2,)
        assert store._db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    with Store.open(project) as store:
        assert store._db.execute("PRAGMA synchronous").fetchone() == (2,)
        assert store._db.execute("PRAGMA foreign_keys").fetchone() == (1,)
