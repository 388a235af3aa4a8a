"""The commands on the use of suggestions in a project, and on their accuracy.

Dialogs are imported when they open, so that the program starts sooner.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtWidgets import QWidget

from segmark.core.progress import Progress
from segmark.gui.base.plain_words import in_stored_order
from segmark.gui.suggestions.service import SuggestionService
from segmark.gui.window.main_window import MainWindow
from segmark.session.session import Session
from segmark.store.store import Store
from segmark.store.suggestions import Policy

if TYPE_CHECKING:
    from segmark.core.queue import ListedPages
    from segmark.store.figures.accuracy import Accuracy, Stamps

_Counts = TypeVar("_Counts")


class SuggestionActs:
    """The commands on the suggestions of one session's project."""

    def __init__(
        self, window: MainWindow, session: Session, suggestions: SuggestionService
    ) -> None:
        self._window = window
        self._session = session
        self._suggestions = suggestions

    def handlers(self) -> dict[str, Callable[[], object]]:
        """The function of each command, by the command's id."""
        return {
            "suggest.settings": self.show_settings,
            "suggest.accuracy": self.show_accuracy,
            "suggest.audit": self.show_audit,
        }

    def list_pages(self, listed: "ListedPages") -> None:
        """Put pages in the page list."""
        self._window.panels.pages.show_only(listed)
        pages = "1 page is" if len(listed.ids) == 1 else f"{len(listed.ids):,} pages are"
        self._window.status.show_message(
            in_stored_order(f"{pages} in the list: {listed.name}. Clear its filter to see all.")
        )

    def show_audit(self) -> None:
        """Show only the pages that were drawn for the annotator to check."""
        from segmark.jobs.scoring.audits import pages_to_audit

        waiting = pages_to_audit(self._session.store, self._session.annotator)
        if waiting is None:
            self._window.status.show_message(
                "No page waits for an audit by you. segmark audit draws some: see the help on "
                "models."
            )
            return
        self.list_pages(waiting)

    def show_settings(self) -> None:
        """Open the dialog on how this project uses suggestions."""
        from segmark.gui.suggestions.dialog import SuggestionDialog

        window, store, annotator = self._window, self._session.store, self._session.annotator
        dialog = SuggestionDialog(
            store.suggestions.policy,
            wanted=window.settings.wants_suggestions(annotator),
            annotator=annotator,
            models=tuple(store.suggestions.models()),
            parent=window,
        )
        if store.read_only:
            dialog.forbid_policy(store.read_only)
        dialog.policy_changed.connect(self.use_policy)
        dialog.wanted_changed.connect(
            lambda wanted: window.apply_settings(
                window.settings.with_suggestions(annotator, wanted)
            )
        )
        dialog.accuracy_requested.connect(lambda: self.show_accuracy(dialog))
        self._count(lambda store: store.certainty(), dialog.show_judged)
        dialog.exec()
        dialog.deleteLater()

    def show_accuracy(self, above: QWidget | None = None) -> None:
        """Open the dialog on the accuracy of the suggestions."""
        from segmark.gui.suggestions.accuracy_dialog import AccuracyDialog

        window = self._window
        dialog = AccuracyDialog(self._session.store.label_set, window.theme, above or window)

        def count(store: Store) -> "tuple[Accuracy, dict[str, Stamps]]":
            stamps = {name: store.statistics(name).stamps for name in store.annotators()}
            return store.accuracy(), stamps

        self._count(count, dialog.show_counts)
        dialog.exec()
        dialog.deleteLater()

    def use_policy(self, policy: Policy) -> None:
        """Make the project use suggestions so."""
        store = self._session.store

        def keep() -> None:
            with store.write():
                store.suggestions.keep_policy(policy)
            self._suggestions.refresh()

        self._window.attempt(keep)

    def _count(self, count: Callable[[Store], _Counts], show: Callable[[_Counts], object]) -> None:
        """Count in the background, and show the result."""
        project = self._session.store.path

        def work(_progress: Progress) -> _Counts:
            with Store.open_or_read(project) as store:
                return count(store)

        self._window.do_in_background(
            "Counting suggestions",
            work,
            show,
            failed=lambda line: self._window.warn("Suggestions", line),
        )
