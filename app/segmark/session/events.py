"""What a session works on, and what it tells its listeners once it is stored."""

from dataclasses import dataclass

from segmark.core.annotation import Annotation
from segmark.core.edit import Edit
from segmark.core.history import ActKind
from segmark.core.page import Page


@dataclass(frozen=True, slots=True)
class OpenPage:
    """The page that is being worked on, by its number in load order."""

    number: int
    page: Page
    annotation: Annotation


@dataclass(frozen=True, slots=True)
class PageOpened:
    """Another page is shown, or the same one anew."""

    number: int


@dataclass(frozen=True, slots=True)
class Edited:
    """The open page's annotation changed, and the change is stored."""

    edit: Edit
    kind: ActKind


@dataclass(frozen=True, slots=True)
class PagesChanged:
    """Many pages changed in one act, which is stored; some may be gone, or back."""


SessionEvent = PageOpened | Edited | PagesChanged
