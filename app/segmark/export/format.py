"""Format: what an export format can do, and how it writes and reads its files."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from segmark.core.label import LabelSet
from segmark.core.record import Record
from segmark.export.features import Struct
from segmark.export.file_set import FileSet
from segmark.export.options import ExportOptions
from segmark.export.row import ExportedRow


class Capability(StrEnum):
    """What a format can use besides text and labels; the first four are named like an option."""

    GZIP = "gzip"
    SHARD = "shard"
    PROVENANCE = "provenance"
    SUGGESTIONS = "suggestions"
    ANCHORS = "anchors"
    MARKUP = "markup"


@dataclass(frozen=True, slots=True)
class CardLayout:
    """What the dataset card says about a format.

    Attributes:
        loading: how to load the files, as Markdown; ``SPLIT`` stands for the name of the first
            split, ``PART`` for that of its part, and ``FILE`` for its first file.
        fields: what the files contain, as Markdown.
        columns: the types of the columns, if ``datasets`` reads the files.
        task: the Hub's name for what is trained on the files.
        introduction: what the export is, as Markdown, unless annotators made its labels.
    """

    loading: str
    fields: str
    columns: Struct | None = None
    task: str = "token-classification"
    introduction: str = ""


class DataFiles(Protocol):
    """The data files of one export while they are written."""

    def add(self, part: str, record: Record) -> int:
        """Write a record to its part and return how many rows it added."""

    def finish(self) -> Sequence[str]:
        """Complete all files and return their names in the order of the card."""


#: Makes of a record what takes long, in any process.
Maker = Callable[[Record], Any]


def _never(_record: Record) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Format:
    """An export format; ``segmark.export.formats.registry`` lists all of them.

    Attributes:
        name: as ``--format`` takes it.
        place: the data file of ``{part}``, or a pattern for its files.
        open_files: opens the data files of an export, never to hold all records in memory.
        card: what the dataset card says about an export.
        preview: shows a record in this format, shortened for people.
        read: reads a data file row by row, with what is wrong with each row. Raises ExportError if
            a library is missing, and OSError, EOFError or ValueError if the file is damaged.
        units: what can make a row, the default first.
        can: what the format can use.
        left_out: why the format can't hold a record; "" if it can.
        maker: returns what makes ``Record.made``, for formats that take longer for a page than it
            takes to send it to another process; ``DataFiles.add`` uses it where it is there.
    """

    name: str
    place: str
    open_files: Callable[[FileSet, LabelSet, ExportOptions], DataFiles]
    card: Callable[[LabelSet, ExportOptions], CardLayout]
    preview: Callable[[Record, ExportOptions], str]
    read: Callable[[Path], Iterator[ExportedRow]]
    units: tuple[str, ...] = ("page",)
    can: frozenset[Capability] = frozenset()
    left_out: Callable[[Record], str] = _never
    maker: Callable[[LabelSet, ExportOptions], Maker] | None = None

    @property
    def suffixes(self) -> tuple[str, str]:
        """What the names of its data files end in."""
        suffix = Path(self.place).suffix
        return suffix, f"{suffix}.gz"

    def places(self, options: ExportOptions) -> dict[str, str]:
        """The file of each part, or a pattern for its files."""
        return {part: self.place.format(part=part) + ".gz" * options.gzip for part in options.parts}

    def facts(self, options: ExportOptions) -> dict[str, str | int]:
        """What a reader of the export has to know about its options."""
        facts: dict[str, str | int] = {}
        if self.name != ExportOptions().form:
            facts["format"] = self.name
        if self.units[1:]:
            facts["unit"] = options.unit
        if options.unit == "window":
            facts |= {"window": options.window, "stride": options.stride}
        return facts
