"""PageColumn: a read-only text in a reading column, with a widget of one's own to its left."""

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

#: The widest the text gets, in average characters of its font.
COLUMN = 90
#: Sizes of the text in points.
SMALLEST, NORMAL, LARGEST = 7, 12, 40
_PADDING = 12
#: The most of the room to spare that is left of the column, in pixels.
_WIDEST_INDENT = 160

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
    """A read-only text in a column of comfortable width, whose keys move the caret and no more.

    Keys that don't move the caret are left to actions and to the window.
    """

    #: The text has another size in points.
    zoomed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        # Qt sends events to a widget while it is still being made.
        self._left: QWidget | None = None
        super().__init__(parent)
        document = QTextDocument(self)
        document.setUndoRedoEnabled(False)
        document.setDocumentMargin(_PADDING)
        # Kept, since Qt does not own a layout that was made in Python.
        self._layout = PageLayout(document)
        document.setDocumentLayout(self._layout)
        self.setDocument(document)
        self.setReadOnly(True)
        # After setReadOnly, which sets flags of its own.
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setCursorWidth(2)
        self.setAcceptDrops(False)
        self.setViewport(QWidget())  # one of Qt's own takes PySide long to find a class for
        # What Qt gives to its own: the page's colour, in any theme.
        self.viewport().setBackgroundRole(QPalette.ColorRole.Base)
        self.viewport().setAutoFillBackground(True)
        self.viewport().setAcceptDrops(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setBackgroundRole(self.viewport().backgroundRole())
        self.setAutoFillBackground(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # A bar that comes and goes would lay the whole text out a second time.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)

    @property
    def font_size(self) -> int:
        """Size of the text in points."""
        return self.font().pointSize()

    def zoom(self, steps: int) -> None:
        """Make the text larger, or smaller, by so many points."""
        self.set_font_size(self.font_size + steps)

    def set_font_size(self, points: int) -> None:
        """Give the text a size in points, within what is sensible."""
        before, font = self.font_size, QFont(self.font())
        font.setPointSize(min(max(SMALLEST, points), LARGEST))
        self.setFont(font)
        if self.font_size != before:
            self.zoomed.emit(self.font_size)

    def set_font_family(self, family: str) -> None:
        """Show the text in another font."""
        font = QFont(self.font())
        font.setFamily(family)
        self.setFont(font)

    def place_column(self) -> None:
        """Divide the width between the widget on the left, the text and what is to spare."""
        if self._left is None:
            return
        widest = QFontMetricsF(self.font()).averageCharWidth() * COLUMN + 2 * _PADDING
        left = self._left.sizeHint().width()
        room = self.width() - self.verticalScrollBar().sizeHint().width() - left
        spare = max(0, room - ceil(widest))
        indent = min(spare // 3, _WIDEST_INDENT)
        self.setViewportMargins(left + indent, 0, spare - indent, 0)
        self._left.setGeometry(0, 0, left + indent, self.height())

    def event(self, event: QEvent) -> bool:
        """Qt's hook for every event."""
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
        """Treat the empty area right of the column as part of its lines."""
        point = self.viewport().mapFrom(self, event.position())
        moved = QMouseEvent(
            event.type(), point, event.globalPosition(), event.button(), event.buttons(),
            event.modifiers(), event.pointingDevice(),
        )  # fmt: skip
        moved.setTimestamp(event.timestamp())
        getattr(self, _MOUSE[event.type()])(moved)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll, or zoom with Ctrl."""
        turned = event.angleDelta().y()
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().wheelEvent(event)
        elif turned:
            self.zoom(1 if turned > 0 else -1)

    def viewportEvent(self, event: QEvent) -> bool:
        """Qt's hook for every event of the text's area; shows the tooltips."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.tip(event.pos()), self.viewport())
            return True
        return super().viewportEvent(event)

    def tip(self, _point: QPoint) -> str:
        """What a tooltip says of a point of the text's area; "" for nothing."""
        return ""

    def selected_text(self) -> str:
        """What is selected, as it is to be copied."""
        return self.textCursor().selectedText()

    def copy(self) -> None:
        """Put what is selected on the clipboard."""
        # As text: some platforms delete the clipboard's data only after Python is gone, and crash
        # if it was made in Python.
        if text := self.selected_text():
            QGuiApplication.clipboard().setText(text)

    def createMimeDataFromSelection(self) -> QMimeData:
        """What Qt itself offers elsewhere, such as to the middle mouse button."""
        data = QMimeData()
        data.setText(self.selected_text())
        return data

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the caret, if that is what the key is for."""
        if any(event.matches(key) for key in _NAVIGATION):
            super().keyPressEvent(event)
        else:
            event.ignore()

    def focusNextPrevChild(self, _next: bool) -> bool:
        """Keep the focus: the tab key belongs to the page."""
        return False
