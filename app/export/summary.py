"""Summary: what an export wrote, counted while it was written."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from app.core.record import Record

#: What pyarrow, the JSON reader of ``datasets``, takes for a point in time.
_DATE = re.compile(r"\d{4}-\d\d-\d\d([ T]\d\d.*)?", re.ASCII)


@dataclass(slots=True)
class Part:
    """What went into one part; ``wanted`` is its share in per cent."""

    wanted: int = 100
    pages: int = 0
    rows: int = 0
    spans: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Summary:
    """What an export wrote.

    Attributes:
        labels: names of the exported labels, in the order of the label set.
        parts: by name: ``pages`` alone, or ``train``, ``dev`` and ``test``.
        unit: what makes a row: the page, or each block, window, … of it.
        statuses: records by status.
        annotators: records by annotator, without those that nobody has opened.
        sites: records by site; those without a site count under the empty string.
        files: paths of the files written.
    """

    labels: tuple[str, ...]
    parts: dict[str, Part]
    unit: str = "page"
    statuses: Counter[str] = field(default_factory=Counter)
    annotators: Counter[str] = field(default_factory=Counter)
    sites: Counter[str] = field(default_factory=Counter)
    files: tuple[Path, ...] = ()

    def add(self, part: str, record: Record) -> None:
        """Count a record that goes to the part."""
        tally = self.parts[part]
        tally.pages += 1
        for span in record.spans:
            tally.spans[span.label] += 1
        self.statuses[record.status] += 1
        if record.annotator:
            self.annotators[record.annotator] += 1
        self.sites[record.site] += 1

    @property
    def pages(self) -> int:
        """Records written; a page that two annotators labelled makes two."""
        return sum(part.pages for part in self.parts.values())

    @property
    def spans(self) -> Counter[str]:
        """Spans written, by label; every exported label is there, if only with 0."""
        total = Counter(dict.fromkeys(self.labels, 0))
        for part in self.parts.values():
            total.update(part.spans)
        return total

    @property
    def noun(self) -> str:
        """What the records are to be called: one annotator's are pages."""
        return "pages" if len(self.annotators) < 2 else "records"

    @property
    def warnings(self) -> tuple[str, ...]:
        """What whoever trains on the export should know, a line each."""
        return tuple(self._warnings())

    def _warnings(self) -> Iterator[str]:
        for name, part in self.parts.items():
            if part.wanted and not part.pages:
                yield (
                    f"{name} got no page: all pages of a site go to one part, and this export has "
                    f"{len(self.sites)} site{'s'[: len(self.sites) != 1]}; "
                    "more sites, other shares or another seed would fill it"
                )
        dates = sorted(site for site in self.sites if _DATE.fullmatch(site))
        if dates:
            yield (
                f"site {dates[0]} reads as a date: datasets may add a time to it (the file has it "
                "right); load the pages from a folder with another name to avoid that"
            )

    def table(self) -> list[tuple[str, ...]]:
        """The counts as rows of words: a head, pages, shares, rows, spans of each label."""
        # A single part would only say again what stands under "all".
        shown = self.parts if len(self.parts) > 1 else {}
        columns = shown.values()
        spans = self.spans
        rows = [("", "all", *shown), (self.noun, *_counts(self.pages, (p.pages for p in columns)))]
        if columns:
            rows.append(("share", "100 %", *(_share(part.pages, self.pages) for part in columns)))
        if self.unit != "page":
            total = sum(part.rows for part in self.parts.values())
            rows.append((f"{self.unit}s", *_counts(total, (part.rows for part in columns))))
        for label in self.labels:
            rows.append((label, *_counts(spans[label], (part.spans[label] for part in columns))))
        rows.append(("spans", *_counts(spans.total(), (part.spans.total() for part in columns))))
        return rows

    def text(self) -> str:
        """The counts, files and warnings in aligned lines, for a terminal or a dialog."""
        rows = self.table()[len(self.parts) == 1 :]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = [
            "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])])
            for row in rows
        ]
        lines += [f"wrote {path}" for path in self.files]
        lines += [f"warning: {warning}" for warning in self.warnings]
        return "\n".join(lines)


def _counts(total: int, parts: Iterable[int]) -> list[str]:
    return [f"{count:,}" for count in (total, *parts)]


def _share(count: int, total: int) -> str:
    return f"{100 * count / total:.1f} %" if total else "–"
