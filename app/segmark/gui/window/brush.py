"""The brush: a label for everything that is clicked or selected by mouse, until Esc."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt

from segmark.gui.page.view import PageView
from segmark.gui.panels.labels import LabelPanel
from segmark.gui.window.page_acts import PageActs


class Brush:
    """The label buttons: they label the selection, or become the brush if nothing is selected.

    ``attempt`` runs an act and shows its error if it can't be stored.
    """

    def __init__(
        self, view: PageView, panel: LabelPanel, attempt: Callable[[Callable[[], None]], None]
    ) -> None:
        self._view = view
        self._panel = panel
        self._attempt = attempt
        self._acts: PageActs | None = None
        #: The number of the act of the last press, if it painted anything.
        self._painted: int | None = None
        #: Id of the label that is the brush; None for none.
        self.label: str | None = None
        panel.label_chosen.connect(self._on_button)
        view.range_chosen.connect(self._on_range)
        view.pointer.clicked.connect(self._on_click)
        view.pointer.pressed_again.connect(self._on_pressed_again)

    def set_acts(self, acts: PageActs | None) -> None:
        """Label with these acts from now on, without a brush."""
        self._acts = acts
        self.use(None)

    def use(self, label: str | None) -> None:
        """Make a label the brush; None for no brush."""
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
            self.use(None if self.label == label else label)
        else:
            self._attempt(lambda: acts.label(label))
            self.use(None)
        self._view.setFocus()

    def _on_range(self, start: int, end: int) -> None:
        acts, label = self._acts, self.label
        if acts and label:
            self._painted = None
            self._attempt(lambda: self._paint(acts, label, start, end))

    def _on_click(self, point: QPoint) -> None:
        """Paint the block at a point, unless there is none."""
        self._painted = None
        if block := self._view.block_under(point):
            self._on_range(*block)

    def _paint(self, acts: PageActs, label: str, start: int, end: int) -> None:
        self._painted = acts.paint_range(label, start, end)

    def _on_pressed_again(self) -> None:
        """Undo what the last press painted: a double click means the word, a third the block."""
        acts, painted = self._acts, self._painted
        if acts and painted:
            self._painted = None
            self._attempt(lambda: acts.undo_if_last(painted))
