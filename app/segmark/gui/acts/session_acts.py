"""SessionActs: the acts that need an open project, created with each session."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from segmark.gui.acts.carry import CarryActs
from segmark.gui.acts.export import ExportActs
from segmark.gui.acts.figures import FiguresActs
from segmark.gui.acts.last_choices import LastChoices
from segmark.gui.acts.lists import ListActs
from segmark.gui.acts.safety import SafetyActs
from segmark.gui.acts.suggestions import SuggestionActs
from segmark.gui.acts.word_index import WordIndexer
from segmark.gui.window.main_window import MainWindow
from segmark.store.store import Store

if TYPE_CHECKING:
    from segmark.gui.figures.dialog import FiguresDialog


class SessionActs:
    """Begins a session in the window and creates its acts, which end with the session.

    Attributes:
        figures: the command that opens the figures.
    """

    def __init__(
        self,
        window: MainWindow,
        store: Store,
        annotator: str,
        last: LastChoices,
        indexer: WordIndexer,
        *,
        close: Callable[[], object],
        open_path: Callable[[Path], object],
        figures: "FiguresDialog | None" = None,
    ) -> None:
        """Begin; ``close`` and ``open_path`` close and open projects."""
        opened = window.begin_session(store, annotator)
        session, project = opened.session, store.path
        self.figures = FiguresActs(window, session, figures)
        for acts in (
            CarryActs(window, session, opened.acts),
            ExportActs(window, project, last),
            self.figures,
            ListActs(window, session, indexer),
            SafetyActs(window, project, close, open_path),
            SuggestionActs(window, session, opened.suggestions),
        ):
            window.add_session_handlers(acts.handlers())
