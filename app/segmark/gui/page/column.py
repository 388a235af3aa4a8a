"""PageColumn: read-only text in a column of readable width, with a widget to its left."""

from math import ceil

from PySide6.QtCore import QEvent, QMimeData, QPoint, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPalette,
    QTextDocument,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QToolTip, QWidget

from segmark.gui.page.layout import PageLayout

#: The maximal width of the text, in average characters of its font.
COLUMN = 90
#: Font sizes of the text in points.
SMALLEST, NORMAL, LARGEST = 7, 12, 40
_PADDING = 12

_Key = QKeySequence.StandardKey
_NAVIGATION = (
    *(_Key.MoveToNextChar, _Key.MoveToPreviousChar, _Key.SelectNextChar, _Key.SelectPreviousChar),
    *(_Key.MoveToNextWord, _Key.MoveToPreviousWord, _Key.SelectNextWord, _Key.SelectPreviousWord),
    *(_Key.MoveToStartOfLine, _Key.MoveToEndOfLine),
    *(_Key.SelectStartOfLine, _Key.SelectEndOfLine),
    *(_Key.MoveToStartOfDocument, _Key.MoveToEndOfDocument),
    *(_Key.SelectStartOfDocument, _Key.SelectEndOfDocument),
    *(_Key.MoveToNextPage, _Key.MoveToPreviousPage),
    *(_Key.SelectNextPage, _Key.SelectPreviousPage),
)
_MOUSE = {
    QEvent.Type.MouseButtonPress: "mousePressEvent",
    QEvent.Type.MouseButtonDblClick: "mouseDoubleClickEvent",
    QEvent.Type.MouseMove: "mouseMoveEvent",
    QEvent.Type.MouseButtonRelease: "mouseReleaseEvent",
}


class PageColumn(QPlainTextEdit):
    """Read-only text in a column of readable width.

    Keys only move the caret and select; all others are left to the actions and the window.
    """

    #: The new font size in points.
    zoomed = Signal(int)
    #: The width that a line of the text needs has changed.
    width_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        # Qt sends events to a widget that is still being constructed.
        self._left: QWidget | None = None
        self._needed = 0
        super().__init__(parent)
        document = QTextDocument(self)
        document.setUndoRedoEnabled(False)
        document.setDocumentMargin(_PADDING)
        # Kept here, because Qt does not own a layout created in Python.
        self._layout = PageLayout(document)
        document.setDocumentLayout(self._layout)
        self.setDocument(document)
        self.setReadOnly(True)
        # After setReadOnly, which changes these flags.
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setCursorWidth(2)
        self.setAcceptDrops(False)
        self.setViewport(QWidget())  # PySide takes long to find the class of Qt's own viewport
        # As Qt does for its own viewport: the page's colour in any theme.
        self.viewport().setBackgroundRole(QPalette.ColorRole.Base)
        self.viewport().setAutoFillBackground(True)
        self.viewport().setAcceptDrops(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setBackgroundRole(self.viewport().backgroundRole())
        self.setAutoFillBackground(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # If the bar appeared when needed, the whole text would be laid out twice.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)

    @property
    def font_size(self) -> int:
        """The font size of the text in points."""
        return self.font().pointSize()

    def zoom(self, steps: int) -> None:
        """Make the text larger or smaller by a number of points."""
        self.set_font_size(self.font_size + steps)

    def set_font_size(self, points: int) -> None:
        """Set the font size in points, limited to a sensible range."""
        before, font = self.font_size, QFont(self.font())
        font.setPointSize(min(max(SMALLEST, points), LARGEST))
        self.setFont(font)
        if self.font_size != before:
            self.zoomed.emit(self.font_size)

    def set_font_family(self, family: str) -> None:
        """Set the font of the text."""
        font = QFont(self.font())
        font.setFamily(family)
        self.setFont(font)

    def width_for(self, characters: int) -> int:
        """The width of the widget with this many average characters in a line, in pixels."""
        text = QFontMetricsF(self.font()).averageCharWidth() * characters + 2 * _PADDING
        left = self._left.sizeHint().width() if self._left else 0
        return ceil(text) + left + self.verticalScrollBar().sizeHint().width()

    def place_column(self) -> None:
        """Centre the text and the widget to its left in the width."""
        if self._left is None:
            return
        left, needed = self._left.sizeHint().width(), self.width_for(COLUMN)
        spare = max(0, self.width() - needed)
        indent = spare // 2
        self.setViewportMargins(left + indent, 0, spare - indent, 0)
        self._left.setGeometry(0, 0, left + indent, self.height())
        if needed != self._needed:
            self._needed = needed
            self.width_changed.emit()

    def event(self, event: QEvent) -> bool:
        """Handle events; Qt calls this for every event."""
        kind = event.type()
        if kind == QEvent.Type.Resize:
            self.place_column()
        elif kind == QEvent.Type.Wheel and isinstance(event, QWheelEvent):
            self.wheelEvent(event)
            return True
        elif kind in _MOUSE and isinstance(event, QMouseEvent):
            self._mouse_beside(event)
            return True
        return super().event(event)

    def _mouse_beside(self, event: QMouseEvent) -> None:
        """Treat the empty space to the right of the column as part of its lines."""
        point = self.viewport().mapFrom(self, event.position())
        moved = QMouseEvent(
            event.type(), point, event.globalPosition(), event.button(), event.buttons(),
            event.modifiers(), event.pointingDevice(),
        )  # fmt: skip
        moved.setTimestamp(event.timestamp())
        getattr(self, _MOUSE[event.type()])(moved)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll, or zoom while Ctrl is held."""
        turned = event.angleDelta().y()
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().wheelEvent(event)
        elif turned:
            self.zoom(1 if turned > 0 else -1)

    def viewportEvent(self, event: QEvent) -> bool:
        """Show the tooltips; Qt calls this for every event of the viewport."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.tip(event.pos()), self.viewport())
            return True
        return super().viewportEvent(event)

    def tip(self, _point: QPoint) -> str:
        """The tooltip for a point of the viewport; "" for none."""
        return ""

    def selected_text(self) -> str:
        """The selected text, as it is copied."""
        return self.textCursor().selectedText()

    def copy(self) -> None:
        """Copy the selected text to the clipboard."""
        # As text: some platforms delete the clipboard's data after Python has exited, and would
        # crash on an object created in Python.
        if text := self.selected_text():
            QGuiApplication.clipboard().setText(text)

    def createMimeDataFromSelection(self) -> QMimeData:
        """The data for other uses by Qt, such as pasting with the middle mouse button."""
        data = QMimeData()
        data.setText(self.selected_text())
        return data

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Handle keys that move the caret, and ignore all others."""
        if any(event.matches(key) for key in _NAVIGATION):
            super().keyPressEvent(event)
        else:
            event.ignore()

    def focusNextPrevChild(self, _next: bool) -> bool:
        """Keep the focus, because Tab is a key of the page."""
        return False
