"""Shows texts that are labelled differently, and makes them alike."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from segmark.core.page_change import pages
from segmark.core.progress import Progress
from segmark.gui.window.main_window import MainWindow
from segmark.gui.window.page_acts import PageActs
from segmark.session.session import Session

if TYPE_CHECKING:
    from segmark.suggestion.second_look.consistency import DifferingText


class DifferingTextsActs:
    """The command on texts that are labelled differently, for one session."""

    def __init__(self, window: MainWindow, session: Session, acts: PageActs) -> None:
        self._window, self._session, self._acts = window, session, acts

    def handlers(self) -> dict[str, Callable[[], object]]:
        """The function of each command, by the command's id."""
        return {"review.texts": self.search}

    def search(self) -> None:
        """Look for such texts in a process, and then show them."""
        self._window.do_in_background(
            "Texts labelled differently", self._searching(), self._show, show_progress=True
        )

    def _searching(self) -> "Callable[[Progress], list[DifferingText]]":
        project, annotator = self._session.store.path, self._session.annotator

        def work(progress: Progress) -> "list[DifferingText]":
            from segmark.jobs.second_look.alike import texts_in_process

            return texts_in_process(project, annotator, progress)

        return work

    def _show(self, found: "list[DifferingText]") -> None:
        """Show what was found, unless another project was opened meanwhile."""
        from segmark.gui.rules.differing_texts import DifferingTextsDialog

        window, store = self._window, self._session.store
        if window.session is not self._session:
            return
        dialog = DifferingTextsDialog(
            found, store.label_set, can_write=not store.read_only, parent=window
        )
        dialog.decided.connect(
            lambda text, label: window.attempt(lambda: self._make_alike(text, label, dialog.remove))
        )
        accepted, chosen = dialog.exec(), dialog.chosen
        dialog.deleteLater()
        window.view.setFocus()
        if accepted and chosen:
            window.attempt(lambda: self._go(chosen))

    def _make_alike(
        self, text: "DifferingText", label: str, done: "Callable[[DifferingText], object]"
    ) -> None:
        from segmark.jobs.second_look.alike import make_alike

        changed = make_alike(self._session, text, label)
        done(text)
        name = self._session.store.label_set.name_of(label) or "no label"
        words = f"{name} on {pages(changed)}" if changed else "nothing changed"
        self._window.status.show_message(f"Made alike: {words}. Undo takes it back.")

    def _go(self, text: "DifferingText") -> None:
        """Open a page where the text has the rarest of its labels."""
        rarest = list(text.labels)[-1]
        page, span = next(place for place in text.places if place[1].label == rarest)
        self._acts.show_place(page, span.start, span.end)
