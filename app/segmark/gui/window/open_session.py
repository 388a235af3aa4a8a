"""OpenSession: a session in the window, with what the window needs to work on it."""

from dataclasses import dataclass

from segmark.gui.suggestions.service import SuggestionService
from segmark.gui.window.page_acts import PageActs
from segmark.session.session import Session


@dataclass(frozen=True, slots=True)
class OpenSession:
    """What is made when a session begins in the window.

    Attributes:
        session: what the annotator is doing.
        suggestions: makes suggestions for the open page.
        acts: the commands on the open page.
    """

    session: Session
    suggestions: SuggestionService
    acts: PageActs
