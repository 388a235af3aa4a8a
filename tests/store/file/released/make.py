"""Makes a project as this version writes it, to be kept for the versions to come.

Run it once when the tables of a release are settled, as
``python -m tests.store.file.released.make NAME``. A file that exists is never replaced.
"""

import gzip
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from segmark.core.annotation import Status
from segmark.core.edit import change_state
from segmark.core.history import ActKind
from segmark.core.page import Anchor, Page, PageInfo
from segmark.store.store import Store

from tests.factories import LABELS, label, settle

FOLDER = Path(__file__).parent
TEXTS = ("Ship sails\n\nIt did. שלום 😀\n", "Two\nlines", "Three")


def make(path: Path) -> None:
    """A project with everything in it: anchors, two annotators, all statuses, undo and redo."""
    with Store.create(path, LABELS) as store:
        with store.write():
            for number, text in enumerate(TEXTS):
                info = PageInfo(f"pages/{number}.html", "example.org", "", f"Page {number}")
                anchors = {0: Anchor("/html/body/h1", ("head", ""), ("em",))}
                page = Page.of(f"page{number}", text, info, anchors)
                store.pages.add(page, text.encode())
        for name in ("mira", "wren"):
            label(store, name, 1, "headline", 0, 10)
            label(store, name, 1, "body", 12)
        settle(store, "mira", 1, Status.DONE)
        settle(store, "mira", 2, Status.SKIPPED)
        mira = store.annotations("mira")
        before = mira.get(3)
        noted = change_state(before, "Write note", replace(before.state, note="a note"))
        assert noted
        act = mira.save(3, noted)
        mira.get(3)
        mira.save(3, noted.inverse(), kind=ActKind.UNDO, act=act.number)


if __name__ == "__main__":
    kept = FOLDER / f"{sys.argv[1]}.segmark.gz"
    if kept.exists():
        sys.exit(f"{kept} is there already, and what is released never changes")
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder, "made.segmark")
        make(made)
        kept.write_bytes(gzip.compress(made.read_bytes(), 9, mtime=0))
