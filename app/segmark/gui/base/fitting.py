"""Windows that fit their screen, and dialogs that scroll where there is no room."""

from PySide6.QtCore import QMargins, QObject, QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QResizeEvent, QScreen, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QFrame,
    QLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

_WINDOWS = (Qt.WindowType.Window, Qt.WindowType.Dialog)
_FILLS_SCREEN = Qt.WindowState.WindowMaximized | Qt.WindowState.WindowFullScreen


def text_size(widget: QWidget, characters: int, lines: int) -> QSize:
    """The size of a number of average characters and lines in a widget's font, in pixels."""
    metrics = widget.fontMetrics()
    return QSize(characters * metrics.averageCharWidth(), lines * metrics.lineSpacing())


def screen_room(window: QWidget) -> QRect:
    """The part of its screen that a window can fill, without its frame, in logical pixels."""
    return window.screen().availableGeometry().marginsRemoved(_frame(window))


def _frame(window: QWidget) -> QMargins:
    handle = window.windowHandle()
    known = handle.frameMargins() if handle else QMargins()
    if known.top():
        return known
    # Some window managers add the frame after the window is shown, and do not say how large it is.
    line = window.fontMetrics().height()
    return QMargins(line // 3, 2 * line, line // 3, line // 3)


def fit(window: QWidget) -> None:
    """Make a window small enough for its screen, and move it there; one that fits stays as it is.

    A dialog whose content needs more room than the screen has scrolls from then on.
    """
    if window.windowState() & _FILLS_SCREEN:
        return
    if isinstance(window, FittedDialog):
        window.scroll_if_needed()
    room, place = screen_room(window), window.geometry()
    size = place.size().boundedTo(room.size())
    if size != place.size():
        window.resize(size)
    size = window.size()
    corner = QPoint(
        max(room.left(), min(place.left(), room.right() + 1 - size.width())),
        max(room.top(), min(place.top(), room.bottom() + 1 - size.height())),
    )
    if corner != place.topLeft():
        window.setGeometry(QRect(corner, size))


class FittedDialog(QDialog):
    """A dialog that opens in the size it prefers, but never larger than its screen.

    Where its content needs more room than the screen has, the content scrolls; the buttons at the
    end stay in view.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        self._preferred = (0, 0)
        self._scrolls = False
        super().__init__(parent)

    def prefer(self, characters: int, lines: int) -> None:
        """Prefer at least this size, in average characters and lines of the dialog's font."""
        self._preferred = (characters, lines)

    def sizeHint(self) -> QSize:
        """The size of the content, or the preferred size if that is larger."""
        hint = super().sizeHint().expandedTo(text_size(self, *self._preferred))
        layout = self.layout()
        if layout is not None and layout.hasHeightForWidth():
            hint.setHeight(max(hint.height(), layout.totalHeightForWidth(hint.width())))
        return hint

    def scroll_if_needed(self) -> None:
        """Let the content scroll from now on if the screen has no room for it."""
        layout, room = self.layout(), screen_room(self).size()
        if self._scrolls or layout is None:
            return
        needed = layout.totalMinimumSize()
        if layout.hasHeightForWidth():
            width = max(needed.width(), min(self.width(), room.width()))
            needed.setHeight(layout.totalMinimumHeightForWidth(width))
        if needed != needed.boundedTo(room):
            self._scroll(layout, room)

    def _scroll(self, layout: QLayout, room: QSize) -> None:
        self._scrolls = True
        focused, margins, buttons = self.focusWidget(), layout.contentsMargins(), _buttons(layout)
        if buttons and buttons.minimumSizeHint().width() + 2 * margins.left() <= room.width():
            layout.removeWidget(buttons)
        else:
            buttons = None
        body, area = QWidget(), QScrollArea(widgetResizable=True)
        body.setLayout(layout)  # takes the layout and its widgets from the dialog
        area.setWidget(body)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(area, 1)
        if buttons:
            row = QVBoxLayout()
            row.setContentsMargins(margins.left(), 0, margins.right(), margins.bottom())
            row.addWidget(buttons)
            column.addLayout(row)
        if focused is not None:
            focused.setFocus()
        wanted = self.size() + QSize(area.verticalScrollBar().sizeHint().width(), 0)
        self.setMinimumSize(0, 0)
        self.resize(wanted.boundedTo(room))

    def take_room(self) -> None:
        """Take the preferred size of the content as it is now, within the screen."""
        self.resize(self.sizeHint().boundedTo(screen_room(self).size()))
        self.scroll_if_needed()
        fit(self)

    def showEvent(self, event: QShowEvent) -> None:
        """Open in the preferred size, within the screen."""
        if not event.spontaneous():
            if not self.testAttribute(Qt.WidgetAttribute.WA_Resized):
                self.resize(self.sizeHint().boundedTo(screen_room(self).size()))
            self.scroll_if_needed()
        super().showEvent(event)  # places the dialog over its parent
        if not event.spontaneous():
            fit(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Scroll if the content has grown larger than the screen."""
        super().resizeEvent(event)
        if self.isVisible():
            self.scroll_if_needed()


def _buttons(layout: QLayout) -> QDialogButtonBox | None:
    """The buttons at the end of a column."""
    last = layout.itemAt(layout.count() - 1) if isinstance(layout, QVBoxLayout) else None
    widget = last.widget() if last else None
    return widget if isinstance(widget, QDialogButtonBox) else None


class ScreenWatch(QObject):
    """Fits the open windows again when a screen goes or gets smaller."""

    def __init__(self, application: QGuiApplication) -> None:
        super().__init__(application)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(_fit_all)
        application.screenRemoved.connect(lambda _screen: self._soon.start())
        application.screenAdded.connect(self._follow)
        for screen in application.screens():
            self._follow(screen)

    def _follow(self, screen: QScreen) -> None:
        screen.availableGeometryChanged.connect(lambda _geometry: self._soon.start())


def _fit_all() -> None:
    for window in QApplication.topLevelWidgets():
        if window.isVisible() and window.windowType() in _WINDOWS:
            fit(window)
