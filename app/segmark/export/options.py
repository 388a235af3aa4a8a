"""ExportOptions: what to export, how, and where to, in one value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from segmark.core.record import RecordFilter
from segmark.export.features import META, NOTHING, NUMBER, STRING, STRINGS, TRUTH, Feature, Struct
from segmark.export.publication import UNNAMED, Publication
from segmark.export.split import PARTS, Split, SplitBy, Splitter

#: The only part of an export that is not split.
WHOLE = "pages"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportOptions(RecordFilter):
    """All options of an export, with the filter for its records; a project can keep a preset.

    Attributes:
        folder: where the files go; None until one is chosen.
        form: name of the format.
        split: shares of train, dev and test; None writes a single part.
        split_by: what is kept together in one part.
        seed: a different word gives a different split.
        gzip: whether the data files are compressed.
        unit: what makes a row, one of the format's units; "" for its first.
        window: tokens of a window; 0 for the default.
        stride: tokens from the start of one window to the start of the next; 0 for the default.
        shard: text in one file, in millions of code points; 0 for the format's default.
        redact: whether annotators appear under pseudonyms.
        plots: whether the card has plots.
        suggestions: whether unfinished pages come with their suggestions.
        publish: whether ``croissant.json`` and ``CITATION.cff`` are written.
        extra_columns: the columns of what records brought; filled in from the project.
        fixed_parts: sites assigned to a part by hand; filled in from the project.
        publication: what the data set is called and who made it; filled in from the project if
            nothing is said.
    """

    folder: Path | None = None
    form: str = "jsonl"
    split: Split | None = None
    split_by: SplitBy = SplitBy.SITE
    seed: str = ""
    gzip: bool = False
    unit: str = ""
    window: int = 0
    stride: int = 0
    shard: int = 0
    redact: bool = False
    plots: bool = False
    suggestions: bool = False
    publish: bool = False
    extra_columns: Struct = NOTHING
    fixed_parts: Mapping[str, str] = field(default_factory=dict)
    publication: Publication = UNNAMED

    @property
    def meta_columns(self) -> Struct:
        """The types of ``meta``."""
        more: dict[str, Feature] = {}
        if self.extra_columns.fields:
            more["extra"] = self.extra_columns
        if self.notes:
            more |= {"note": STRING, "flagged": TRUTH}
        if self.times:
            more |= {"changed_at": STRING, "seconds": NUMBER}
        if self.absent:
            more["absent"] = STRINGS
        return Struct({**META.fields, **more})

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of the parts."""
        return PARTS if self.split else (WHOLE,)

    @property
    def splitter(self) -> Splitter | None:
        """Assigns pages to parts; None without a split."""
        if not self.split:
            return None
        return Splitter(self.split, self.split_by, self.seed, self.fixed_parts)


#: The default options.
PLAIN = ExportOptions()
