"""PanelFolding: hides panels while the window has no room for them."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QByteArray, QObject, QSize, Qt, Signal
from PySide6.QtWidgets import QApplication, QDockWidget, QMainWindow, QToolBar, QWidget

_Area = Qt.DockWidgetArea
_SIDES = (_Area.LeftDockWidgetArea, _Area.RightDockWidgetArea)
_ENDS = (_Area.TopDockWidgetArea, _Area.BottomDockWidgetArea)
SEPARATOR = 1  # pixels between two panels, as in the style sheet
_AROUND_TAB = 16  # pixels above and below the text of a tab, at most


class PanelFolding(QObject):
    """Hides panels in a fixed order while a window has no room for them, and shows them again.

    A panel that the person closes stays closed. One that the person opens stays open, even if the
    page then gets narrower than it should be, unless panels would overlap.

    Signals:
        disturbed: the person opened, closed or moved a panel, so ``fold`` is to be called.
    """

    disturbed = Signal()

    def __init__(
        self,
        window: QMainWindow,
        docks: Sequence[QDockWidget],
        page: QWidget,
        least_width: Callable[[], int],
    ) -> None:
        """The first dock is hidden first; ``least_width`` is that of the page, in pixels."""
        super().__init__(window)
        self._window = window
        self._docks = tuple(docks)
        self._page = page
        self._least_width = least_width
        self._closed = set[QDockWidget]()
        self._open: Sequence[QDockWidget] = ()  # those that had room the last time
        self._kept: list[QDockWidget] = []  # opened by the person without room, the last one last
        self._busy = False
        for dock in self._docks:
            dock.toggleViewAction().toggled.connect(partial(self._on_toggled, dock))
            dock.dockLocationChanged.connect(lambda _area: self.disturbed.emit())
            dock.topLevelChanged.connect(lambda _floats: self.disturbed.emit())

    def fold(self) -> bool:
        """Hide and show panels as the window has room now; return whether anything changed."""
        if self._busy:  # showing a panel has resized something
            return False
        natural = self._fitting(())
        self._kept = [dock for dock in self._kept if dock not in natural]
        fitting = self._fitting(self._kept) if self._kept else natural
        changed = [
            dock
            for dock in self._docks
            if not dock.isFloating() and dock.isHidden() == (dock in fitting)
        ]
        self._show(changed)
        self._open = fitting
        return bool(changed)

    def column_room(self, dock: QDockWidget) -> int:
        """The height that a panel can have beside those above and below it, in pixels."""
        shown = self._shown
        column = self._in_area(self._window.dockWidgetArea(dock), shown)
        others = [each for each in column if each is not dock]
        return self._room(shown).height() - self._stack_height(others)

    def columns(self) -> list[list[QDockWidget]]:
        """The panels that are shown at the left and at the right of the page."""
        return self._columns(self._shown)

    def save_state(self) -> QByteArray:
        """The state of the window's panels, without the folding."""
        folded = [dock for dock in self._docks if dock.isHidden() and dock not in self._closed]
        self._show(folded)
        state = self._window.saveState()
        self._show(folded)
        return state

    def restore_state(self, state: QByteArray) -> None:
        """Restore what ``save_state`` returned, and fold what has no room."""
        self._busy = True
        self._window.restoreState(state)
        self._busy = False
        self._closed = {dock for dock in self._docks if dock.isHidden()}
        self._kept = []
        self.disturbed.emit()

    def _show(self, docks: Sequence[QDockWidget]) -> None:
        """Show these docks if they are hidden, or else hide them."""
        focused = QApplication.focusWidget()
        self._busy = True
        for dock in docks:
            if focused is not None and dock.isVisible() and dock.isAncestorOf(focused):
                self._page.setFocus()
            dock.setVisible(dock.isHidden())
        self._busy = False

    def _on_toggled(self, dock: QDockWidget, shown: bool) -> None:
        if self._busy or (shown and dock in self._open):
            return  # the person did nothing: it is shown or restored with its window
        self._kept = [each for each in self._kept if each is not dock]
        if shown:
            self._closed.discard(dock)
            self._kept.append(dock)
        else:
            self._closed.add(dock)
            self._open = [each for each in self._open if each is not dock]
        self.disturbed.emit()

    def _fitting(self, kept: Sequence[QDockWidget]) -> list[QDockWidget]:
        """The docks to show, if these were opened by the person."""
        shown = [dock for dock in self._docks if dock not in self._closed and not dock.isFloating()]
        middle = self._page.minimumSizeHint().width()
        for page, fixed in ((self._least_width(), kept), (middle, kept[-1:])):
            while excess := self._excess(shown, page, fixed):
                shown = [dock for dock in shown if dock not in excess]
        return shown

    def _excess(
        self, shown: Sequence[QDockWidget], page: int, kept: Sequence[QDockWidget]
    ) -> list[QDockWidget]:
        """The docks that have to be hidden next; none if all have room."""
        room = self._room(shown)
        columns = self._columns(shown)
        for column in columns:
            free = [dock for dock in column if dock not in kept]
            if free and self._stack_height(column) > room.height():
                return free[:1]
        if sum(map(self._stack_width, columns)) > room.width() - page:
            columns.sort(key=lambda column: max(map(self._docks.index, column)))
            return next((column for column in columns if not set(kept) & set(column)), [])
        rows = [dock for end in _ENDS for dock in self._in_area(end, shown) if dock not in kept]
        middle = self._page.minimumSizeHint().height()
        return rows[:1] if rows and room.height() < middle else []

    def _room(self, shown: Sequence[QDockWidget]) -> QSize:
        """The space for the page and the panels at its sides, if these are shown."""
        bars = [self._window.menuBar(), self._window.statusBar()]
        bars += [bar for bar in self._window.findChildren(QToolBar) if not bar.isHidden()]
        taken = sum(bar.sizeHint().height() for bar in bars)
        for end in _ENDS:
            row = self._in_area(end, shown)
            taken += max((dock.minimumSizeHint().height() + SEPARATOR for dock in row), default=0)
        return self._window.size() - QSize(0, taken)

    @property
    def _shown(self) -> list[QDockWidget]:
        return [dock for dock in self._docks if not dock.isHidden()]

    def _columns(self, shown: Sequence[QDockWidget]) -> list[list[QDockWidget]]:
        return [column for side in _SIDES if (column := self._in_area(side, shown))]

    def _in_area(self, area: _Area, docks: Sequence[QDockWidget]) -> list[QDockWidget]:
        where = self._window.dockWidgetArea
        return [dock for dock in docks if not dock.isFloating() and where(dock) == area]

    def _stack_width(self, column: Sequence[QDockWidget]) -> int:
        return max(dock.minimumSizeHint().width() for dock in column) + SEPARATOR

    def _stack_height(self, column: Sequence[QDockWidget]) -> int:
        """The height of docks on top of one another; those with tabs share one place."""
        height, placed = 0, set[QDockWidget]()
        for dock in column:
            if dock in placed:
                continue
            tabs = [dock, *self._window.tabifiedDockWidgets(dock)]
            group = [each for each in column if each in tabs]
            placed.update(group)
            height += max(each.minimumSizeHint().height() for each in group) + SEPARATOR
            if len(group) > 1:
                line = dock.fontMetrics().height()
                height += line + max(line, _AROUND_TAB)
        return height
