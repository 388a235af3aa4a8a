"""The brush: a label that everything selected by mouse gets, until Esc."""

from collections.abc import Callable

from PySide6.QtCore import Qt

from segmark.gui.page.view import PageView
from segmark.gui.panels.labels import LabelPanel
from segmark.gui.window.page_acts import PageActs


class Brush:
    """What the label buttons do: label the selection, or with none become the brush.

    ``attempt`` runs an act that the store may refuse.
    """

    def __init__(
        self, view: PageView, panel: LabelPanel, attempt: Callable[[Callable[[], None]], None]
    ) -> None:
        self._view = view
        self._panel = panel
        self._attempt = attempt
        self._acts: PageActs | None = None
        self._painted: tuple[int, int, int] | None = None  # the last range, and its act
        #: Name of the label that is the brush; None for none.
        self.label: str | None = None
        panel.label_chosen.connect(self._on_button)
        view.range_chosen.connect(self._on_range)
        view.pointer.widened.connect(self._on_widened)

    def set_acts(self, acts: PageActs | None) -> None:
        """Label with these acts from now on; the brush is put away."""
        self._acts = acts
        self.take(None)

    def take(self, label: str | None) -> None:
        """Make a label the brush; None puts it away."""
        self.label = label
        self._painted = None
        self._panel.show_brush(label)
        shape = Qt.CursorShape.CrossCursor if label else Qt.CursorShape.IBeamCursor
        self._view.viewport().setCursor(shape)

    def _on_button(self, label: str) -> None:
        acts = self._acts
        if acts is None:
            return
        if self.label or acts.selection.empty:
            self.take(None if self.label == label else label)
        else:
            self._attempt(lambda: acts.label(label))
            self.take(None)
        self._view.setFocus()

    def _on_range(self, start: int, end: int) -> None:
        acts, label = self._acts, self.label
        if acts and label:
            self._painted = None
            self._attempt(lambda: self._paint(acts, label, start, end))

    def _paint(self, acts: PageActs, label: str, start: int, end: int) -> None:
        act = acts.paint_range(label, start, end)
        self._painted = (start, end, act) if act else None

    def _on_widened(self, start: int, end: int) -> None:
        """Take back what a double click labelled: with the third click the block is meant."""
        acts, painted = self._acts, self._painted
        if acts and painted and painted[:2] == (start, end):
            self._painted = None
            self._attempt(lambda: acts.take_back(painted[2]))
