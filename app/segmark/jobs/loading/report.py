"""The outcome of loading, as a report and as a CSV file."""

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from segmark.loading.rejection import LoadError, PassedOver
from segmark.loading.survey import Survey

#: The message about a source that was in the project with another text.
CHANGED = "changed: new page, linked to the old one"

_MOST_KEPT = 100_000  # rejected sources, which takes some 40 MB
_MOST_OF_PLACE, _MOST_PLACES, _MOST_LINES = 20, 20, 500
_RECORD = re.compile(r":\d+(?: \(.*\))?$")


class SourceOutcome(StrEnum):
    """What has become of a source."""

    ADDED = "added"
    CHANGED = "changed"
    NEAR_DUPLICATE = "near-duplicate"
    ALREADY = "already there"
    REJECTED = "rejected"
    PASSED_OVER = "passed over"


@dataclass(frozen=True, slots=True)
class SourceReport:
    """The outcome of one source; ``page`` is the id of its page, ``why`` gives details."""

    source: str
    outcome: SourceOutcome
    page: str = ""
    why: str = ""


@dataclass(slots=True)
class LoadReport:
    """The outcome of loading.

    Attributes:
        added: the number of sources that became a new page.
        changed: names of those that were in the project with another text; the new page is linked
            to the old one.
        near: how many of the new pages are marked as near-duplicates of an earlier page.
        already: the number of sources whose bytes or text were in the project before.
        rejected: the sources that can't be pages, with reasons; only the first 100,000.
        rejected_more: the number of rejected sources after these.
        passed_over: what is not a page, though nothing is wrong with it.
        first: id of the page of the first source that was not rejected.
        predicted: the number of sources with predictions, which now are suggestions.
        labelled: the number of annotations that were loaded.
        kept: the number of annotations that were ignored, because the annotator already had an
            annotation of the page in the project.
        notes: sentences on people whom only a name connects.
        survey: of the labels; what it refused may be resolved by asking the user.
    """

    added: int = 0
    already: int = 0
    rejected: list[LoadError] = field(default_factory=list)
    rejected_more: int = 0
    first: str | None = None
    near: int = 0
    passed_over: list[PassedOver] = field(default_factory=list)
    predicted: int = 0
    labelled: int = 0
    kept: int = 0
    survey: Survey = field(default_factory=Survey)
    changed: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def reject(self, error: LoadError) -> None:
        """Add a rejected source."""
        if len(self.rejected) < _MOST_KEPT:
            self.rejected.append(error)
        else:
            self.rejected_more += 1

    @property
    def rejections(self) -> int:
        """The number of rejected sources."""
        return len(self.rejected) + self.rejected_more

    @property
    def folded(self) -> Iterator[tuple[str, str]]:
        """The rejected sources with reasons; files that are no pages come last, a line a kind."""
        kinds = Counter((error.kind, error.reason) for error in self.rejected if error.kind)
        for error in self.rejected:
            if kinds[error.kind, error.reason] < 2:
                yield error.source, error.reason
        for (kind, reason), count in kinds.most_common():
            if count > 1:
                yield f"{count:,} {kind} files", reason

    @property
    def left_out(self) -> list[tuple[str, str]]:
        """All sources that did not become pages, with reasons; rejected ones come first."""
        rejected = list(self.folded)
        if self.rejected_more:
            rejected.append(("other sources", f"{self.rejected_more:,} more are not shown"))
        passed = [(each.source, f"passed over: {each.what}") for each in self.passed_over]
        return rejected + passed + [("people", note) for note in self.notes]

    def __str__(self) -> str:
        changed = f"{len(self.changed)} changed: new pages, linked to the old ones"
        details = [changed] if self.changed else []
        near = f"{self.near} near-duplicate{'' if self.near == 1 else 's'}"
        details += [near] if self.near else []
        among_them = f" ({'; '.join(details)})" if details else ""
        label_counts = {
            "labelled": self.labelled,
            "already labelled": self.kept,
            "with predictions": self.predicted,
        }
        labels = "".join(f", {count} {what}" for what, count in label_counts.items() if count)
        return (
            f"{self.added} added{among_them}, {self.already} already there, "
            f"{self.rejections} rejected{labels}"
        )


def capped(sources: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield the lines about some sources, or their number where there are too many to read.

    ``sources`` are names with lines. The lines about one file or folder are limited, so that a file
    with many bad records does not hide what is wrong with others; and so are all lines together.
    """
    shown, left = 0, Counter[str]()
    of_place = Counter[str]()
    for source, line in sources:
        place = _place(source)
        of_place[place] += 1
        if of_place[place] > _MOST_OF_PLACE or shown >= _MOST_LINES:
            left[place] += 1
        else:
            shown += 1
            yield line
    for place, count in left.most_common(_MOST_PLACES):
        yield f"{place}: {count:,} more; --report FILE lists all"
    if rest := left.total() - sum(count for _, count in left.most_common(_MOST_PLACES)):
        yield f"{rest:,} more in other files; --report FILE lists all"


def _place(source: str) -> str:
    """Return the file that holds a record, or the folder or archive that holds a file."""
    record = _RECORD.search(source)
    return source[: record.start()] if record else source.rpartition("/")[0] or source


class ReportFileError(Exception):
    """The report can't be written; the message is one line that says what to do."""


#: Called with the outcome of each source.
SourceCallback = Callable[[SourceReport], None]


@contextmanager
def report_file(path: Path | None) -> Iterator[SourceCallback | None]:
    """Return a callback that writes the outcome of each source to a CSV file; None without a path.

    Raises:
        ReportFileError: the file can't be written.
    """
    if path is None:
        yield None
        return

    def write_row(source: SourceReport) -> None:
        with _reporting_errors(path):
            rows.writerow([source.source, source.outcome, source.page, source.why])

    with _reporting_errors(path):
        file = path.open("w", encoding="utf-8", newline="")
    with file:
        rows = csv.writer(file)
        rows.writerow(["source", "outcome", "page", "why"])
        yield write_row


@contextmanager
def _reporting_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ReportFileError(
            f"{path}: the report can't be written: {error.strerror}; choose another place"
        ) from error
