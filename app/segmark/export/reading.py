"""Reads an export of any format back, page by page."""

import hashlib
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from segmark.core.span import Span
from segmark.export.card.dataset_card import DESCRIPTIONS, NAME, Card, content_hash, read_card
from segmark.export.card.plots import TITLES
from segmark.export.error import ExportError
from segmark.export.formats.registry import format_of
from segmark.export.options import WHOLE, ExportOptions
from segmark.export.row import ExportedRow, Quote
from segmark.export.split import PARTS

_PART = re.compile(rf"({'|'.join((WHOLE, *PARTS))})\b")


@dataclass(frozen=True, slots=True)
class ReadPage:
    """One annotator's record of a page in an export.

    Attributes:
        part: of the split; ``pages`` without a split.
        rows: the rows of the page; a row that could not be parsed stands alone and has no id.
    """

    part: str
    rows: Sequence[ExportedRow]

    @property
    def id(self) -> str:
        """The page's id; "" if the row could not be parsed."""
        return self.rows[0].id

    @property
    def annotator(self) -> str:
        """The annotator."""
        return self.rows[0].meta.get("annotator", "")

    @property
    def site(self) -> str:
        """The page's site."""
        return self.rows[0].meta.get("site", "")

    @property
    def spans(self) -> list[Span]:
        """The distinct spans of all rows, sorted."""
        return sorted({span for row in self.rows for span in row.spans})

    @property
    def quotes(self) -> Iterator[tuple[ExportedRow, Quote]]:
        """The parts of the page's text in the rows."""
        return ((row, quote) for row in self.rows for quote in row.quotes)


class Export:
    """An export in a folder.

    Attributes:
        folder: where it is.
        card: what its card says.
        unit: what makes a row.
    """

    def __init__(self, folder: Path) -> None:
        """Read the card.

        Raises:
            ExportError: the folder holds no export, or one in an unknown format.
        """
        self.folder = folder
        try:
            self.card: Card = read_card(folder)
        except OSError as error:
            raise ExportError(f"{folder / NAME}: {error.strerror or error}") from error
        self._format = format_of(self.card.facts.get("format", ExportOptions().form))
        self.unit = self.card.facts.get("unit", self._format.units[0])

    @property
    def data_files(self) -> list[str]:
        """The files that hold the rows."""
        names = (name for name in self.card.files if name not in DESCRIPTIONS)
        return [name for name in names if name.endswith(self._format.suffixes)]

    @property
    def is_as_written(self) -> bool:
        """Whether the files match the content hash in the card, if there is one."""
        wanted = self.card.facts.get("content")
        if not wanted:
            return True
        beside = (NAME, *TITLES, *DESCRIPTIONS)
        names = [name for name in self.card.files if name not in beside]
        try:
            return wanted == content_hash({name: self._digest(name) for name in names})
        except OSError:
            return False

    def _digest(self, name: str) -> str:
        with (self.folder / name).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def pages(self) -> Iterator[ReadPage]:
        """The pages of all parts, part by part.

        A damaged file ends with a page whose row has that fault.
        """
        for name in self.data_files:
            part = _PART.match(name)
            rows = self._rows(name)
            for _, group in groupby(rows, _key):
                yield ReadPage(part[1] if part else "", tuple(group))

    def _rows(self, name: str) -> Iterator[ExportedRow]:
        try:
            yield from self._format.read(self.folder / name)
        except (OSError, EOFError, ValueError, zlib.error) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else error
            yield ExportedRow(name, faults=(f"it can't be read to its end: {reason}",))


def _key(row: ExportedRow) -> tuple[str, ...]:
    # A row that could not be parsed stands alone.
    return (row.id, row.meta.get("annotator", "")) if row.id else ("", row.where)
