"""The open page of a session, and the events that a session sends to its listeners."""

from dataclasses import dataclass

from segmark.core.annotation import Annotation
from segmark.core.edit import Edit
from segmark.core.history import ActKind
from segmark.core.page import Page


@dataclass(frozen=True, slots=True)
class OpenPage:
    """The page that the annotator works on; ``number`` is its position in load order."""

    number: int
    page: Page
    annotation: Annotation


@dataclass(frozen=True, slots=True)
class PageOpened:
    """A page was opened, or the open page was read again."""

    number: int


@dataclass(frozen=True, slots=True)
class Edited:
    """The annotation of the open page changed, and the change is stored."""

    edit: Edit
    kind: ActKind


@dataclass(frozen=True, slots=True)
class PagesChanged:
    """One act changed many pages and is stored; pages may have been removed or restored."""


@dataclass(frozen=True, slots=True)
class GuidelineChanged:
    """An example of the guideline or a question changed, and the change is stored."""


@dataclass(frozen=True, slots=True)
class LabelsChanged:
    """The label set changed, here or over another connection, and perhaps spans with it."""


SessionEvent = PageOpened | Edited | PagesChanged | GuidelineChanged | LabelsChanged
