"""The panels around the page: page list, labels, outline, guideline, note."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QMainWindow,
    QTabWidget,
    QToolButton,
    QWidget,
)
from shiboken6 import isValid

from segmark.core.label import LabelSet
from segmark.core.suggestion import Suggestion
from segmark.gui.base.fitting import text_size
from segmark.gui.base.theme import Theme
from segmark.gui.page.column import PageColumn
from segmark.gui.panels.guideline import GuidelinePanel
from segmark.gui.panels.labels import LabelPanel
from segmark.gui.panels.note import NotePanel
from segmark.gui.panels.spans import SpanList
from segmark.gui.queue.page_list import PageList
from segmark.gui.window.panel_folding import SEPARATOR, PanelFolding
from segmark.session.session import Session

#: The average characters of a line of the page that panels leave, and that wide panels leave. 40 is
#: what matters; tabs and separators take a few pixels more than they say.
_LEAST_LINE, _ROOMY_LINE = 42, 50
_NOTE = 6  # the height of the note in lines
_WIDE = 43  # the width of a wide panel in average characters


class SidePanels:
    """The dock widgets of a window and their contents."""

    def __init__(self, window: QMainWindow, view: PageColumn) -> None:
        self.pages = PageList()
        self.labels = LabelPanel()
        self.spans = SpanList()
        self.note = NotePanel()
        self.guideline = GuidelinePanel()
        left, right = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
        pages = _dock(window, "Pages", self.pages, left)
        labels = _dock(window, "Labels", self.labels, right)
        outline = _dock(window, "Outline", self.spans, right)
        guideline = _dock(window, "Guideline", self.guideline, right)
        note = _dock(window, "Note", self.note, right)
        self._docks = (pages, labels, outline, guideline, note)
        window.setTabPosition(right, QTabWidget.TabPosition.North)
        window.tabifyDockWidget(note, guideline)
        note.raise_()
        guideline.visibilityChanged.connect(self.guideline.set_seen)
        guideline.visibilityChanged.connect(self._give_room)
        self._window, self._view = window, view
        self._roomy: bool | None = None
        self._untitled = {dock: QWidget(dock) for dock in self._docks}
        for dock in self._docks:
            for moved in (dock.visibilityChanged, dock.dockLocationChanged, dock.topLevelChanged):
                moved.connect(self._show_titles)
        self._show_titles()
        lines = [text_size(labels, 0, count).height() for count in (12, 24, _NOTE)]
        window.resizeDocks([labels, outline, note], lines, Qt.Orientation.Vertical)
        order = (note, guideline, outline, pages, labels)
        self.folding = PanelFolding(window, order, view, lambda: view.width_for(_LEAST_LINE))
        self.folding.disturbed.connect(self.fit)
        view.width_changed.connect(self.fit)

    def _show_titles(self) -> None:
        """Show the title of each panel, unless it is on the panel's tab already."""
        if not isValid(self._window):
            return  # it is being destroyed, and hides its panels
        for dock, untitled in self._untitled.items():
            others = self._window.tabifiedDockWidgets(dock)
            on_tab = not dock.isFloating() and not all(other.isHidden() for other in others)
            if on_tab != (dock.titleBarWidget() is untitled):
                dock.setTitleBarWidget(untitled if on_tab else None)  # type: ignore[arg-type]

    def fit(self) -> None:
        """Fold what the window has no room for, and divide the room among the other panels."""
        if not isValid(self._window):
            return  # it is being destroyed, and removes its panels
        if not self._window.testAttribute(Qt.WidgetAttribute.WA_WState_Created):
            return  # it gets its size when it is shown
        labels = self._docks[1]
        self.labels.leave_room(self.labels.usual_height)
        changed = self.folding.fold()
        title = labels.minimumSizeHint().height() - self.labels.minimumSizeHint().height()
        self.labels.leave_room(self.folding.column_room(labels) - title)
        columns = self.folding.columns()
        wide = text_size(self._window, _WIDE, 0).width()
        width, taken = (
            self._window.width(),
            sum(column[-1].width() + SEPARATOR for column in columns),
        )
        roomy = width >= self._view.width_for(_ROOMY_LINE) + wide * len(columns)
        if changed or roomy != self._roomy or taken > width - self._view.width_for(_LEAST_LINE):
            self._roomy = roomy
            self._divide(columns, wide)

    def _divide(self, columns: Sequence[Sequence[QDockWidget]], wide: int) -> None:
        """Make the columns of panels wide, or as wide as the page permits."""
        least = [max(dock.minimumSizeHint().width() for dock in column) for column in columns]
        spare = (
            self._window.width()
            - self._view.width_for(_ROOMY_LINE)
            - sum(least)
            - SEPARATOR * len(least)
        )
        share = max(0, spare) // max(1, len(columns))
        widths = [max(each, min(wide, each + share)) for each in least]
        docks = [column[-1] for column in columns]
        self._window.resizeDocks(docks, widths, Qt.Orientation.Horizontal)

    @property
    def toggles(self) -> list[QAction]:
        """The actions that show and hide the panels."""
        return [dock.toggleViewAction() for dock in self._docks]

    def show_label_button(self, name: str) -> QToolButton:
        """Bring the button of a label into view and return it."""
        labels, button = self._docks[1], self.labels.button(name)
        labels.show()
        labels.raise_()
        self.labels.bring_into_view(name)
        return button

    def show_note_field(self) -> None:
        """Show the note panel with the caret in its field."""
        note = self._docks[-1]
        note.show()
        note.raise_()
        self.note.edit()

    def _give_room(self, seen: bool) -> None:
        """Give the guideline half of the height below the labels, and the note only its own."""
        _, _, outline, guideline, _ = self._docks
        if isValid(self._window) and self.guideline.isVisible():
            rest = outline.height() + guideline.height()
            low = rest // 2 if seen else text_size(self._window, 0, _NOTE).height()
            heights = [rest - low, low]
            self._window.resizeDocks([outline, guideline], heights, Qt.Orientation.Vertical)

    def show_guideline(self, label: str | None) -> None:
        """Show what the guideline says on a label, with the focus in the field for hard cases."""
        _, _, outline, guideline, _ = self._docks
        if outline in self._window.tabifiedDockWidgets(guideline):
            # As an earlier version arranged them.
            self._window.splitDockWidget(outline, guideline, Qt.Orientation.Vertical)
        guideline.show()
        guideline.raise_()
        self.guideline.search.clear()
        self.guideline.show_label(label)
        self.guideline.search.setFocus()

    def step_focus(self, page: QWidget, step: int) -> None:
        """Move the focus to the next (+1) or previous (-1) of the page and the visible panels."""
        panels = (self.pages, page, self.labels, self.spans, self.guideline, self.note)
        places = [place for place in panels if _is_seen(place.focusProxy() or place)]
        if not places:
            return
        focused = QApplication.focusWidget()
        here = next(
            (at for at, place in enumerate(places) if focused and _holds(place, focused)),
            places.index(page) if page in places else 0,
        )
        there = places[(here + step) % len(places)]
        there.setFocus(Qt.FocusReason.TabFocusReason)

    def set_enabled(self, enabled: bool) -> None:
        """Enable the panels if a project is open; the guideline can always be read."""
        for dock in self._docks:
            widget = dock.widget()
            if widget is not self.guideline:
                widget.setEnabled(enabled)

    def set_session(self, session: Session | None) -> None:
        """Show the pages of this session's project."""
        self.pages.set_session(session)
        self.guideline.set_examples()
        self.note.show_questions((), "")

    def set_labels(self, labels: LabelSet, theme: Theme, keys: Mapping[str, str]) -> None:
        """Show these labels in this theme; ``keys`` maps a label to the keys to show beside it."""
        self.pages.set_theme(theme)
        self.labels.set_labels(labels, theme, keys)
        self.spans.set_labels(labels, theme)
        self.guideline.set_labels(labels)

    def show_page(
        self, session: Session, counts: Mapping[str, int], suggestions: Sequence[Suggestion]
    ) -> None:
        """Show the open page; ``counts`` is the number of its spans by label."""
        opened = session.open_page
        if opened is None:
            return
        self.labels.show_counts(counts)
        self.spans.set_spans(opened.page.text, session.spans, suggestions)
        self.note.show_note(opened.number, session.state.note)
        self.pages.show_current(opened.number)


def _is_seen(widget: QWidget) -> bool:
    # For Qt, a panel behind the tab of another one is visible.
    return widget.isVisible() and not widget.visibleRegion().isEmpty()


def _holds(place: QWidget, widget: QWidget) -> bool:
    return place is widget or place.isAncestorOf(widget)


def _dock(window: QMainWindow, title: str, widget: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
    dock = QDockWidget(title)
    dock.setObjectName(f"dock.{title.lower()}")
    dock.setWidget(widget)
    window.addDockWidget(area, dock)
    return dock
