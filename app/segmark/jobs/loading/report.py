"""What becomes of the sources that are loaded, told as a report and as a CSV file."""

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from segmark.loading.rejection import LoadError, PassedOver
from segmark.loading.survey import Survey

#: What is said of sources that were in the project with another text.
CHANGED = "changed: new page, linked to the old one"


class SourceOutcome(StrEnum):
    """What becomes of a source."""

    ADDED = "added"
    CHANGED = "changed"
    NEAR_DUPLICATE = "near-duplicate"
    ALREADY = "already there"
    REJECTED = "rejected"
    PASSED_OVER = "passed over"


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What became of one source; ``page`` is the id of its page, ``why`` says more."""

    source: str
    outcome: SourceOutcome
    page: str = ""
    why: str = ""


@dataclass(slots=True)
class LoadReport:
    """What became of the sources.

    Attributes:
        added: sources that made a new page.
        changed: names of those among them that were in the project with another text: the new page
            is linked to the old one.
        near: those of all these that hold the same article as an earlier page, and are marked.
        already: sources whose bytes or whose text was in the project before.
        rejected: what could not be a page, each with its reason.
        passed_over: what is no page, with nothing wrong about it.
        first: id of the page of the first source that was not rejected.
        predicted: sources with predictions, which are now suggested for their pages.
        labelled: annotations that came with pages and are now the project's.
        kept: annotations that were not taken, as the project has one for the page and annotator.
        survey: what was seen of labels before; what it refused can be asked of a person.
    """

    added: int = 0
    already: int = 0
    rejected: list[LoadError] = field(default_factory=list)
    first: str | None = None
    near: int = 0
    passed_over: list[PassedOver] = field(default_factory=list)
    predicted: int = 0
    labelled: int = 0
    kept: int = 0
    survey: Survey = field(default_factory=Survey)
    changed: list[str] = field(default_factory=list)

    @property
    def left_out(self) -> list[tuple[str, str]]:
        """All that did not become a page, each source with why; what is rejected comes first."""
        rejected = [(error.source, error.reason) for error in self.rejected]
        passed = [(each.source, f"passed over: {each.what}") for each in self.passed_over]
        return rejected + passed

    def __str__(self) -> str:
        changed = f"{len(self.changed)} changed: new pages, linked to the old ones"
        of_them = [changed] if self.changed else []
        near_ones = f"{self.near} near-duplicate{'' if self.near == 1 else 's'}"
        of_them += [near_ones] if self.near else []
        near = f" ({'; '.join(of_them)})" if of_them else ""
        beside = {
            "labelled": self.labelled,
            "already labelled": self.kept,
            "with predictions": self.predicted,
        }
        work = "".join(f", {count} {what}" for what, count in beside.items() if count)
        return (
            f"{self.added} added{near}, {self.already} already there, "
            f"{len(self.rejected)} rejected{work}"
        )


class ReportFileError(Exception):
    """The file of the report can't be written; the message is one line that says what to do."""


#: What is told of each source.
Tell = Callable[[SourceReport], None]


@contextmanager
def report_file(path: Path | None) -> Iterator[Tell | None]:
    """What is to be told of each source, so that it stands in the CSV file at once.

    Raises:
        ReportFileError: the file can't be written.
    """
    if path is None:
        yield None
        return

    def tell(fate: SourceReport) -> None:
        with _told(path):
            rows.writerow([fate.source, fate.outcome, fate.page, fate.why])

    with _told(path):
        file = path.open("w", encoding="utf-8", newline="")
    with file:
        rows = csv.writer(file)
        rows.writerow(["source", "outcome", "page", "why"])
        yield tell


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ReportFileError(
            f"{path}: the report can't be written: {error.strerror}; choose another place"
        ) from error
