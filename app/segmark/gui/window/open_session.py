"""OpenSession: the session in the window, and what is made for it."""

from dataclasses import dataclass

from segmark.gui.suggestions.service import SuggestionService
from segmark.gui.window.page_acts import PageActs
from segmark.jobs.page_folds import PageFolds
from segmark.session.session import Session


@dataclass(frozen=True, slots=True)
class OpenSession:
    """What exists in the window while a project is open.

    Attributes:
        session: what the annotator is doing.
        suggestions: requests suggestions for the open page.
        folds: the folds of the open page.
        acts: the commands on the open page.
    """

    session: Session
    suggestions: SuggestionService
    folds: PageFolds
    acts: PageActs
