"""The files of a labelled crawl, written beside their places and renamed when they are whole."""

import os
import platform
import re
import secrets
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO

from segmark.export.formats.json_rows import line
from segmark.jobs.crawling.output_formats import OutputFormat, RowsWriter
from segmark.jobs.crawling.pages import LabelledBatch
from segmark.store.file.building import flush_folder
from segmark.store.file.processes import process_runs

#: What follows the name of an input in that of the file about what was left of it.
LEFT = ".left.jsonl"
_MOST_REASONS = 20  # of an input that are counted one by one
_OTHER = "other reasons"


class CrawlOutput:
    """The output of an input, and beside it what was left of the input.

    Attributes:
        pages: the number of rows written so far.
        left: how often each reason was given for what should have been a page.
        passed: the number of remarks about what is merely no page.
        bands: the number of spans in each band of confidence.
    """

    def __init__(self, folder: Path, name: str, form: OutputFormat) -> None:
        """Begin an output; the files are made when there is something to write."""
        self._form = form
        self._place, self._left_place = output_places(folder, name, form)
        self._opened = dict[Path, tuple[Path, BinaryIO]]()
        self._writer: RowsWriter | None = None
        self.pages = self.passed = 0
        self.left = Counter[str]()
        self.bands = Counter[int]()

    def write(self, found: LabelledBatch) -> None:
        """Write a batch.

        Raises:
            OSError: it can't be written.
        """
        if found.pages:
            if self._writer is None:
                self._writer = self._form.writer(self._open(self._place))
            self._writer.write(found.rows)
            self.pages += found.pages
            self.bands += found.bands
        for one in found.left:
            self._open(self._left_place).write(line(asdict(one)))
            if one.passed:
                self.passed += 1
            else:
                known = one.reason in self.left or len(self.left) < _MOST_REASONS
                self.left[one.reason if known else _OTHER] += 1

    def put_in_place(self) -> None:
        """Give the files their names, the output last; files of an earlier time give way.

        Raises:
            OSError: it can't be written.
        """
        if self._writer:
            self._writer.end()
        for _, stream in self._opened.values():
            stream.flush()
            os.fsync(stream.fileno())
            stream.close()
        for place in (self._left_place, self._place):
            if place in self._opened:
                os.replace(self._opened.pop(place)[0], place)
            else:
                place.unlink(missing_ok=True)
        flush_folder(self._place.parent)

    def discard(self) -> None:
        """Remove what has no name yet."""
        for hidden, stream in self._opened.values():
            with suppress(OSError):
                stream.close()
            with suppress(OSError):
                hidden.unlink()
        self._opened.clear()

    def _open(self, place: Path) -> BinaryIO:
        if place not in self._opened:
            place.parent.mkdir(parents=True, exist_ok=True)
            hidden = place.with_name(hidden_name(os.getpid()))
            self._opened[place] = hidden, hidden.open("xb")
        return self._opened[place][1]


def output_places(folder: Path, name: str, form: OutputFormat) -> tuple[Path, Path]:
    """Where the output of an input goes, and what was left of it."""
    return folder / f"{name}{form.suffix}", folder / f"{name}{LEFT}"


#: The name of this computer, as it stands in the names of hidden files.
_HERE = re.sub(r"[^\w.]", "_", platform.node())
_HIDDEN = re.compile(r"\.segmark-(.*)-(\d+)-[0-9a-f]{8}\.tmp")


def hidden_name(process: int) -> str:
    """A new name for a file that this process, of this number, is writing."""
    return f".segmark-{_HERE}-{process}-{secrets.token_hex(4)}.tmp"


def remove_leftovers(folder: Path, names: Iterable[str]) -> None:
    """Remove hidden files that killed processes of this computer left beside these outputs."""
    for parent in {(folder / name).parent for name in names}:
        for leftover in parent.glob(".segmark-*.tmp"):
            made = _HIDDEN.fullmatch(leftover.name)
            if made and made[1] == _HERE and not process_runs(int(made[2])):
                with suppress(OSError):
                    leftover.unlink()
