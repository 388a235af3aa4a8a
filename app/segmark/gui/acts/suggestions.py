"""What the commands do about the suggestions of the project that is open.

Dialogs are imported where they open: the program would start later.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMessageBox, QWidget

from segmark.core.progress import Progress
from segmark.gui.base.plain_words import plain_words
from segmark.gui.base.tasks import Task
from segmark.gui.window.main_window import MainWindow
from segmark.store.store import Store
from segmark.store.suggestions import Policy

if TYPE_CHECKING:
    from segmark.store.figures.accuracy import Accuracy, Stamps


class SuggestionActs:
    """The commands that say how suggestions are used, and show how good they are."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        window.add_handlers(self.handlers())

    def handlers(self) -> dict[str, Callable[[], object]]:
        """What to call for each command, by the command's id."""
        return {"suggest.settings": self.show_settings, "suggest.accuracy": self.show_accuracy}

    def show_settings(self) -> None:
        """Open the dialog on how this project uses suggestions."""
        from segmark.gui.suggestions.dialog import SuggestionDialog

        window, session = self._window, self._window.session
        if session is None:
            return
        dialog = SuggestionDialog(
            session.store.suggestions.policy,
            wanted=window.settings.wants_suggestions(session.annotator),
            annotator=session.annotator,
            parent=window,
        )
        if session.store.read_only:
            dialog.forbid_policy(session.store.read_only)
        dialog.policy_changed.connect(self._take_policy)
        dialog.wanted_changed.connect(
            lambda wanted: window.apply_settings(
                window.settings.with_suggestions(session.annotator, wanted)
            )
        )
        dialog.accuracy_requested.connect(lambda: self.show_accuracy(dialog))
        self._count(lambda store: store.certainty(), dialog.show_judged)
        dialog.exec()
        dialog.deleteLater()

    def show_accuracy(self, above: QWidget | None = None) -> None:
        """Show how good the suggestions were."""
        from segmark.gui.suggestions.accuracy_dialog import AccuracyDialog

        window, session = self._window, self._window.session
        if session is None:
            return
        dialog = AccuracyDialog(session.labels, window.theme, above or window)

        def count(store: Store) -> "tuple[Accuracy, dict[str, Stamps]]":
            stamps = {name: store.statistics(name).stamps for name in store.annotators()}
            return store.accuracy(), stamps

        self._count(count, dialog.show_counts)
        dialog.exec()
        dialog.deleteLater()

    def _take_policy(self, policy: Policy) -> None:
        session, suggestions = self._window.session, self._window.suggestions
        if session is None or suggestions is None:
            return

        def keep() -> None:
            with session.store.write():
                session.store.suggestions.keep_policy(policy)
            suggestions.make_anew()

        self._window.attempt(keep)

    def _count(self, count: Callable[[Store], object], show: Callable[..., None]) -> None:
        """Count something in the project beside the window, and show it."""
        window, session = self._window, self._window.session
        if session is None:
            return
        project = session.store.path

        def work(_progress: Progress) -> object:
            with Store.open_or_read(project) as store:
                return count(store)

        task = Task("Counting suggestions", work)
        task.finished.connect(show)
        task.failed.connect(
            lambda line: QMessageBox.warning(window, "Suggestions", plain_words(line))
        )
        window.background.start(task)
