"""Shows the label set of the project, and makes the changes that are chosen there.

Dialogs are imported when they open, so that the program starts sooner.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from segmark.core.guideline import Example, examples_toml
from segmark.core.label_acts.change import LabelSetChange
from segmark.core.label_acts.toml import to_toml
from segmark.core.page_change import pages as page_words
from segmark.core.progress import Progress
from segmark.gui.window.main_window import MainWindow
from segmark.gui.window.undo_notice import UndoNotice
from segmark.session.guideline_work import GuidelineWork
from segmark.session.session import Session

if TYPE_CHECKING:
    from segmark.gui.rules.forecast_box import ActForecast, Reopening
    from segmark.gui.rules.label_set_dialog import LabelSetDialog

_MOST_SITES = 500  # to choose from; others can be typed


class LabelSetActs:
    """The command that shows the label set, for one session."""

    def __init__(
        self, window: MainWindow, session: Session, use_example: Callable[[int, str], object]
    ) -> None:
        """``use_example`` changes or removes an example of the guideline, given by number."""
        self._window, self._session, self._use = window, session, use_example
        self._dialog: LabelSetDialog | None = None
        self._notice = UndoNotice(window, session)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """The function of each command, by the command's id."""
        return {"project.labels": self.show}

    def show(self) -> None:
        """Show the label set until the dialog is closed."""
        from segmark.gui.rules.label_set_dialog import LabelSetDialog

        store = self._session.store
        self._dialog = dialog = LabelSetDialog(
            self._window.theme, self._forecast, lambda: store.pages.sites(_MOST_SITES),
            read_only=store.read_only, parent=self._window,
        )  # fmt: skip
        dialog.change_made.connect(self._change)
        dialog.examples_read.connect(self._take_in)
        dialog.export_wanted.connect(self._export)
        dialog.example_chosen.connect(self._use_example)
        self._show_labels()
        dialog.exec()
        self._dialog = None
        dialog.deleteLater()
        self._window.view.setFocus()

    def _show_labels(self) -> None:
        if self._dialog:
            store = self._session.store
            examples = store.guideline.examples()
            self._dialog.show_labels(store.label_set, store.count_spans(), examples)

    def _forecast(
        self,
        change: LabelSetChange,
        reopening: "Reopening | None",
        then: "Callable[[ActForecast], object]",
        failed: Callable[[str], object],
    ) -> None:
        from segmark.gui.rules.forecast_box import ActForecast

        opener, annotator = self._session.store.opener, self._session.annotator

        def work(_progress: Progress) -> ActForecast:
            with opener() as store:
                reopen = list[int]()
                if reopening is not None:
                    sites = (reopening.site,) if reopening.site else ()
                    reopen = store.finished_pages(sites, reopening.words)
                found = store.forecast_labels(change, annotator, reopen)
                numbers = map(store.pages.number_of, found.reopened)
                titles = [store.pages.names(each)[1] for each in numbers if each]
                return ActForecast(found, reopen, titles)

        self._window.do_in_background("Count", work, then, failed=failed)

    def _change(self, change: LabelSetChange, reopen: Sequence[int], pages: int) -> None:
        def act() -> None:
            changed = self._session.change_labels(change, reopen, pages)
            if self._session.store.label_set == change.before:
                self._window.status.show_message("Nothing was changed.")
                return
            on_pages = f" {page_words(changed).capitalize()} changed." if changed else ""
            self._notice.show(f"{change.title}.{on_pages}")

        self._window.attempt(act)
        self._show_labels()

    def _use_example(self, number: int, act: str) -> None:
        self._use(number, act)
        self._show_labels()

    def _take_in(self, examples: Sequence[Example]) -> None:
        """Add the examples of a file to the guideline, and tell which were left out."""

        def act() -> None:
            taken = GuidelineWork(self._session).take_in(examples)
            self._window.status.show_message(f"Guideline: {taken}")
            if taken.refused:
                self._window.warn("Import labels", "\n".join(taken.reasons()))

        if examples:
            self._window.attempt(act)
            self._show_labels()

    def _export(self, path: Path) -> None:
        """Write the label set and the examples of its guideline to a file."""
        store = self._session.store
        text = to_toml(store.label_set) + examples_toml(store.guideline.examples())
        try:
            path.write_text(text, "utf-8")
        except OSError as error:
            self._window.warn("Export labels", f"{path}: {error.strerror or error}")
        else:
            self._window.status.show_message(f"Labels written to {path.name}.")
