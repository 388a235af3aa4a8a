"""Summary: what an export contains, counted while it is written."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, field
from pathlib import Path

from segmark.core.guideline import Example
from segmark.core.label import LabelSet
from segmark.core.record import Record
from segmark.environment.language import language_tag
from segmark.export.findings import NOTHING_KNOWN, Findings
from segmark.export.lengths import Lengths
from segmark.export.options import ExportOptions
from segmark.export.split import SplitBy

#: What pyarrow, the JSON reader of ``datasets``, reads as a time stamp.
_DATE = re.compile(r"\d{4}-\d\d-\d\d([ T]\d\d.*)?", re.ASCII)
_FEW = 20  # pages that a part needs for a meaningful score
_NAMED = 20  # pages left out that are listed by id
_FILES = 10


@dataclass(slots=True)
class PartSummary:
    """The contents of one part; ``wanted`` is its share in per cent."""

    wanted: int = 100
    pages: int = 0
    rows: int = 0
    spans: Counter[str] = field(default_factory=Counter)
    sites: set[str] = field(default_factory=set)


@dataclass(slots=True)
class LeftOut:
    """The number of pages left out for one reason, and the ids of the first of them."""

    count: int = 0
    first: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        more = self.count - len(self.first)
        return ", ".join([*self.first, *([f"and {more:,} more"] if more else [])])


@dataclass(slots=True)
class Summary:
    """The contents of an export.

    Attributes:
        label_set: the labels of the project.
        options: of the export, with all defaults filled in.
        findings: how good the labels are.
        examples: of the guideline.
        parts: by name: ``pages`` alone, or ``train``, ``dev`` and ``test``.
        statuses: number of records by status.
        annotators: number of records by annotator, except pages that nobody has opened.
        views: number of records by how many people agree, if adjudicated; 0 is settled.
        sites: number of records by site, "" for none.
        languages: number of records by the language tag that the page names, "" for none.
        text_lengths: of the pages, in code points; a page of two annotators counts twice.
        span_lengths: by label, in code points.
        left_out: pages that were not written, by reason.
        renamed: labels with another name than in the export that was replaced: the name there, and
            the present one.
        files: paths of the files, relative to the folder.
    """

    label_set: LabelSet
    options: ExportOptions
    findings: Findings = NOTHING_KNOWN
    examples: tuple[Example, ...] = ()
    parts: dict[str, PartSummary] = field(init=False)
    statuses: Counter[str] = field(default_factory=Counter)
    annotators: Counter[str] = field(default_factory=Counter)
    views: Counter[int] = field(default_factory=Counter)
    sites: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    text_lengths: Lengths = field(default_factory=Lengths)
    span_lengths: defaultdict[str, Lengths] = field(default_factory=lambda: defaultdict(Lengths))
    left_out: dict[str, LeftOut] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)
    files: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        shares = astuple(self.options.split) if self.options.split else (100,)
        parts = zip(self.options.parts, shares, strict=True)
        self.parts = {part: PartSummary(share) for part, share in parts}

    @property
    def labels(self) -> tuple[str, ...]:
        """The names of the labels, in the order of the label set."""
        return tuple(label.name for label in self.label_set)

    @property
    def folder(self) -> Path:
        """Where the files are."""
        return self.options.folder or Path()

    def add(self, part: str, record: Record) -> None:
        """Count a record that goes to the part."""
        tally = self.parts[part]
        tally.pages += 1
        tally.sites.add(record.site)
        spans, lengths = tally.spans, self.span_lengths
        for start, end, label in record.spans:
            spans[label] += 1
            lengths[label].add(end - start)
        self.statuses[record.status] += 1
        if record.annotator:
            self.annotators[record.annotator] += 1
        if self.options.adjudicated:
            self.views[record.views] += 1
        self.sites[record.site] += 1
        self.languages[language_tag(record.language)] += 1
        self.text_lengths.add(len(record.text))

    def leave_out(self, page: str, reason: str) -> None:
        """Count a page that is not written."""
        found = self.left_out.setdefault(reason, LeftOut())
        found.count += 1
        if len(found.first) < _NAMED:
            found.first.append(page)

    @property
    def pages(self) -> int:
        """The number of records; a page of two annotators gives two."""
        return sum(part.pages for part in self.parts.values())

    @property
    def spans(self) -> Counter[str]:
        """The number of spans by label, 0 included."""
        total = Counter(dict.fromkeys(self.labels, 0))
        for part in self.parts.values():
            total.update(part.spans)
        return total

    @property
    def noun(self) -> str:
        """What records are called: pages if a page gives only one."""
        alone = self.options.adjudicated or len(self.annotators) < 2
        return "pages" if alone else "records"

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a user of the export should know, a line each."""
        return tuple(self._warnings())

    def _warnings(self) -> Iterator[str]:
        for name, part in self.parts.items():
            if self.options.split and part.wanted:
                yield from self._warnings_of(name, part)
        dates = sorted(site for site in self.sites if _DATE.fullmatch(site))
        if dates:
            yield (
                f"site {dates[0]} reads as a date: datasets may add a time to it (the file has it "
                "right); load the pages from a folder with another name to avoid that"
            )

    def _warnings_of(self, name: str, part: PartSummary) -> Iterator[str]:
        """What is wrong with a part of a split."""
        whole = ""
        if self.options.split_by is SplitBy.SITE:
            count = len(self.sites)
            whole = f"all pages of a site go to one part, and this export has {_sites(count)}; "
        remedy = f"{whole}more pages, other shares or another seed would help"
        if not part.pages:
            yield f"{name} got no page: {remedy}"
            return
        if is_small(part.pages, part.wanted, self.pages):
            share = _share(part.pages, self.pages)
            yield f"{name} is small: {part.pages:,} {self.noun}, {share} of all: {remedy}"
        missing = [label for label in self.labels if self.spans[label] and not part.spans[label]]
        if missing:
            what = "learnt from" if name == "train" else "measured on"
            yield f"{name} has no {', '.join(missing)}: nothing of that can be {what} it"

    def table(self) -> list[tuple[str, ...]]:
        """The counts as a table: a head, then pages, shares, rows and the spans of each label."""
        # A single part would repeat the column "all".
        shown = self.parts if len(self.parts) > 1 else {}
        columns = shown.values()
        spans = self.spans
        rows = [("", "all", *shown), (self.noun, *_counts(self.pages, (p.pages for p in columns)))]
        if columns:
            rows.append(("share", "100 %", *(_share(part.pages, self.pages) for part in columns)))
            rows.append(("sites", *_counts(len(self.sites), (len(p.sites) for p in columns))))
        if self.options.unit != "page":
            total = sum(part.rows for part in self.parts.values())
            rows.append((f"{self.options.unit}s", *_counts(total, (part.rows for part in columns))))
        for label in self.labels:
            rows.append((label, *_counts(spans[label], (part.spans[label] for part in columns))))
        rows.append(("spans", *_counts(spans.total(), (part.spans.total() for part in columns))))
        return rows

    def text(self) -> str:
        """The counts, files and warnings as aligned lines."""
        rows = self.table()[len(self.parts) == 1 :]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = [
            "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])])
            for row in rows
        ]
        lines += [f"wrote {self.folder / name}" for name in self.files[:_FILES]]
        if more := self.files[_FILES:]:
            lines.append(f"wrote {len(more):,} more files, the last {self.folder / more[-1]}")
        for reason, found in self.left_out.items():
            lines.append(f"left out: {found.count:,} where {reason}: {found}")
        lines += [f"warning: {warning}" for warning in self.warnings]
        return "\n".join(lines)


def is_small(pages: int, wanted: int, total: int) -> bool:
    """Whether a part has too few pages, or less than half of its wanted share."""
    return bool(wanted) and (pages < _FEW or 200 * pages < wanted * total)


def _counts(total: int, parts: Iterable[int]) -> list[str]:
    return [f"{count:,}" for count in (total, *parts)]


def _share(count: int, total: int) -> str:
    return f"{100 * count / total:.1f} %" if total else "–"


def _sites(count: int) -> str:
    return f"{count:,} site{'s'[: count != 1]}"
