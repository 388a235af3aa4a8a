"""PageHistoryDialog: every act on a page, with the page as it was after it."""

from collections.abc import Mapping

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QDialogButtonBox, QLabel, QSplitter, QVBoxLayout, QWidget

from segmark.core.annotation import Annotation
from segmark.core.edit import Edit, go_back
from segmark.core.history import LoggedAct, PageHistory
from segmark.core.label import LabelSet
from segmark.core.page import Page
from segmark.core.text.counts import count_words
from segmark.gui.base.fitting import FittedDialog
from segmark.gui.base.theme import Theme
from segmark.gui.history.model import PageHistoryModel
from segmark.gui.history.table import rows_table
from segmark.gui.page.view import PageView
from segmark.reports.log_text import act_words, time_words


class PageHistoryDialog(FittedDialog):
    """Shows the acts on a page; accepted when the annotator wants to go back.

    Args:
        now: the annotator's annotation of the page.
        read_only: why the project can't be written; "" if it can.
        colours: those of people, by name.

    Attributes:
        words: what the page was after the current act, and why one can't go back.
        acts: the acts, the latest first.
        view: the page after the current act.
        go: accepts the dialog.
        edit: makes the page as it was; None if one can't go back.
    """

    def __init__(
        self,
        page: Page,
        labels: LabelSet,
        theme: Theme,
        annotator: str,
        now: Annotation,
        read_only: str,
        colours: Mapping[str, str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("History of the page")
        self._labels, self._theme, self._annotator = labels, theme, annotator
        self._now, self._read_only, self._colours = now, read_only, colours
        self._history = PageHistory(())
        self._model: PageHistoryModel | None = None
        self.edit: Edit | None = None
        self.words = QLabel("Reading the log …", wordWrap=True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.acts = rows_table("Acts on this page")
        self.view = PageView()
        self.view.setAccessibleName("The page at that moment")
        self.view.set_labels(labels, theme)
        self.view.show_page(page)
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.addWidget(self.acts)
        parts.addWidget(self.view)
        parts.setStretchFactor(0, 2)
        parts.setStretchFactor(1, 3)
        parts.setChildrenCollapsible(False)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.go = buttons.addButton(
            "&Go back to this moment", QDialogButtonBox.ButtonRole.AcceptRole
        )
        self.go.setEnabled(False)
        buttons.button(QDialogButtonBox.StandardButton.Close).setAutoDefault(False)
        self.go.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        for part, stretch in ((parts, 1), (self.words, 0), (buttons, 0)):
            column.addWidget(part, stretch)
        self.prefer(120, 40)

    def set_font(self, family: str, points: int) -> None:
        """Show the page in the font of the window."""
        if family:
            self.view.set_font_family(family)
        self.view.set_font_size(points)

    def show_history(self, history: PageHistory) -> None:
        """Show the acts, and the page after the latest one."""
        self._history = history
        self._model = PageHistoryModel(history, self._labels, self._theme, self._colours, self)
        self.acts.setModel(self._model)
        self.acts.selectionModel().currentRowChanged.connect(self._show_moment)
        self.acts.setColumnHidden(1, {act.annotator for act in history.acts} <= {self._annotator})
        self.acts.resizeColumnToContents(0)
        self.acts.resizeColumnToContents(1)
        self.acts.setCurrentIndex(self._model.index(0, 0))
        self.acts.setFocus()

    def _show_moment(self, current: QModelIndex) -> None:
        at = self._model.act_at(current.row()) if self._model else None
        act = None if at is None else self._history.acts[at]
        then = Annotation() if at is None else self._history.after(at)
        title = "Go back to the start" if act is None else f"Go back to {time_words(act.made_at)}"
        self.edit = go_back(self._now, then, title) if then else None
        why = self._why_not(act, then)
        self.go.setEnabled(not why)
        spans = then.spans if then else ()
        self.view.set_spans([span for span in spans if span.label in self._labels.ids])
        if act and (changed := act.edit.added or act.edit.removed):
            self.view.select(changed[0].start, changed[0].start)
        what = "Before the first act" if act is None else act_words(act, self._labels)
        parts = [f"{what}.", f"{_annotation_words(then, self._labels)}." if then else "", why]
        self.words.setText(" ".join(filter(None, parts)))

    def _why_not(self, act: LoggedAct | None, then: Annotation | None) -> str:
        """Why the annotator can't go back to a moment; "" if that is possible."""
        if then is None:
            return "The log contradicts itself before this act: check the project."
        if self._read_only:
            return f"You can't go back: {self._read_only}."
        if act and act.owner != self._annotator:
            return f"These are the labels of {act.owner}; you can go back to your own acts."
        gone = sorted({span.label for span in then.spans} - self._labels.ids)
        if gone:
            names = ", ".join(self._labels.names_of(gone))
            return f"You can't go back: the project no longer has the label {names}."
        return "" if self.edit else "The page is so now."


def _annotation_words(annotation: Annotation, labels: LabelSet) -> str:
    """The page at a moment in a few words: ``The page then: 3 spans, started``."""
    state = annotation.state
    marks = (
        count_words(len(annotation.spans), "span"),
        str(state.status),
        "flagged" if state.flagged else "",
        "with a note" if state.note else "",
        f"really no {', '.join(labels.names_of(state.absent))}" if state.absent else "",
    )
    return f"The page then: {', '.join(filter(None, marks))}"
