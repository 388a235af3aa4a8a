"""PageChange: one thing that is changed of many pages in one act.

Like an edit it is a value: the command, the undo step and the row in the log. What each page was
before stands beside it in the project, so that undo brings back just that.
"""

from dataclasses import dataclass
from enum import StrEnum

from segmark.core.annotation import Status


class PageField(StrEnum):
    """What is changed: of one annotator's annotations, or of the pages for everybody."""

    STATUS = "status"
    FLAGGED = "flagged"
    SITE = "site"
    REMOVED = "removed"

    @property
    def own(self) -> bool:
        """Whether each annotator has it for themselves."""
        return self in (PageField.STATUS, PageField.FLAGGED)


@dataclass(frozen=True, slots=True)
class PageChange:
    """A change of pages.

    Attributes:
        title: what the menu says after "Undo".
        field: what is changed.
        value: what it becomes: a status, a site, or ``1`` and ``0`` for yes and no.
    """

    title: str
    field: PageField
    value: str

    @property
    def other(self) -> str:
        """What a page had before, of a field that is yes or no."""
        return "0" if self.value == "1" else "1"


def skip_pages(count: int) -> PageChange:
    """Mark so many pages skipped."""
    return PageChange(f"Skip {pages(count)}", PageField.STATUS, Status.SKIPPED)


def flag_pages(count: int, flagged: bool) -> PageChange:
    """Put a flag on so many pages, or take it off."""
    word = "Flag" if flagged else "Take the flag off"
    return PageChange(f"{word} {pages(count)}", PageField.FLAGGED, str(int(flagged)))


def remove_pages(count: int, removed: bool) -> PageChange:
    """Remove so many pages, or bring them back."""
    word = "Remove" if removed else "Restore"
    return PageChange(f"{word} {pages(count)}", PageField.REMOVED, str(int(removed)))


def give_site(count: int, site: str) -> PageChange:
    """Give so many pages a site; "" for none."""
    return PageChange(f"Give {pages(count)} the site {site}".rstrip(), PageField.SITE, site)


def pages(count: int) -> str:
    """A number of pages in words: ``1 page``, ``1,200 pages``."""
    return "1 page" if count == 1 else f"{count:,} pages"
