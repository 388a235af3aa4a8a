"""SessionActs: the acts that need an open project, created with each session.

Most of them are imported and created after the first picture, so that the program starts sooner.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from segmark.gui.acts.carry import CarryActs
from segmark.gui.acts.last_choices import LastChoices
from segmark.gui.window.main_window import MainWindow
from segmark.gui.window.open_session import OpenSession
from segmark.store.store import Store

if TYPE_CHECKING:
    from segmark.gui.acts.figures import FiguresActs
    from segmark.gui.acts.review.compare_models import CompareActs
    from segmark.gui.acts.word_index import WordIndexer
    from segmark.gui.figures.dialog import FiguresDialog


class SessionActs:
    """Begins a session in the window and creates its acts, which end with the session."""

    def __init__(
        self,
        window: MainWindow,
        store: Store,
        annotator: str,
        last: LastChoices,
        indexer: "Callable[[], WordIndexer]",
        *,
        close: Callable[[], object],
        open_path: Callable[[Path], object],
        follow: Callable[[], object],
        figures: "FiguresDialog | None" = None,
    ) -> None:
        """Begin; ``close`` and ``open_path`` close and open projects.

        ``follow`` begins again under another name, where the annotator has one.
        """
        self._window = window
        self._last, self._indexer = last, indexer
        self._close, self._open_path, self._follow = close, open_path, follow
        self._figures: FiguresActs | None = None
        self._comparing: CompareActs | None = None
        opened = window.begin_session(store, annotator)
        # These can show a notice above the page.
        window.add_session_handlers(CarryActs(window, opened.session, opened.acts).handlers())
        window.after_paint.do(lambda: self._create_others(opened, figures))

    def release(self) -> "FiguresDialog | None":
        """Let the figures go on with another session of the project; close other windows."""
        self.comparing.close()
        return self.figures.release()

    def close(self) -> None:
        """Close the windows that show the project."""
        self.comparing.close()
        self.figures.close()

    @property
    def figures(self) -> "FiguresActs":
        """The command that opens the figures."""
        self._window.after_paint.finish()
        assert self._figures is not None
        return self._figures

    @property
    def comparing(self) -> "CompareActs":
        """The command that compares models."""
        self._window.after_paint.finish()
        assert self._comparing is not None
        return self._comparing

    def _create_others(self, opened: OpenSession, figures: "FiguresDialog | None") -> None:
        from segmark.gui.acts.export import ExportActs
        from segmark.gui.acts.figures import FiguresActs
        from segmark.gui.acts.history import HistoryActs
        from segmark.gui.acts.lists import ListActs
        from segmark.gui.acts.look import LookActs
        from segmark.gui.acts.review.compare_models import CompareActs
        from segmark.gui.acts.review.differing_texts import DifferingTextsActs
        from segmark.gui.acts.review.second_look import SecondLookActs
        from segmark.gui.acts.rules.guideline import GuidelineActs
        from segmark.gui.acts.rules.label_set import LabelSetActs
        from segmark.gui.acts.rules.people import PeopleActs
        from segmark.gui.acts.safety import SafetyActs
        from segmark.gui.acts.suggestions import SuggestionActs

        window, session, project = self._window, opened.session, opened.session.store.path
        self._figures = FiguresActs(window, session, figures)
        suggestions = SuggestionActs(window, session, opened.suggestions)
        self._comparing = CompareActs(
            window,
            session,
            list_pages=suggestions.list_pages,
            use_policy=suggestions.use_policy,
            folder=lambda: self._last.folder("predictions"),
            keep_folder=lambda folder: self._last.keep_folder("predictions", folder),
        )
        guideline = GuidelineActs(window, session, opened.acts)
        for acts in (
            ExportActs(window, project, self._last),
            self._figures,
            guideline,
            HistoryActs(window, session),
            LabelSetActs(window, session, guideline.use),
            ListActs(window, session, self._indexer()),
            LookActs(window, session),
            PeopleActs(window, session, self._follow),
            SafetyActs(window, project, self._close, self._open_path),
            SecondLookActs(window, session, opened.acts),
            DifferingTextsActs(window, session, opened.acts),
            self._comparing,
            suggestions,
        ):
            window.add_session_handlers(acts.handlers())
