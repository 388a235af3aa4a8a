"""A page view that shows a page, and mouse events for it."""

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QTextCursor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from segmark.core.page import Page, PageInfo
from segmark.core.text.normalise import normalise
from segmark.gui.base import theme as themes
from segmark.gui.page.text import PageText
from segmark.gui.page.view import PageView

from tests.factories import LABELS

LEFT, NO_BUTTON = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
NONE, SHIFT, ALT, CTRL = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier,
)
STORY = (
    "\nNav\n\nFerry sails, at last\nThe ferry didn't sail on Monday.\n\n"
    "  It sailed on Tuesday, said the mayor.  \n"
)
#: The worst that a page can contain, with two lines too long for one paragraph.
NASTY = normalise(
    "\ufeff\ufeffA 😀👩‍👩‍👧 🇩🇪🇫🇷 family e\u0301te\u0301 👍🏽!\r\n"
    "שלום עולם, 2024 and back\n"
    "nbsp\u00a0here zero\u200bwidth\ttab soft\u00adhyphen\u2028next\x00nul\ud800lone\n"
    + "word 😀 " * 900
    + "\n"
    + "x😀" * 2_500
    + "\nlast"
)
#: A page much longer than any view.
MANY = "\n".join(f"Line {n} of many, with some words" for n in range(400))


def page_of(text: str) -> Page:
    return Page.of("p", text, PageInfo("p.txt"))


def shown(qtbot: QtBot, text: str, width: int = 900, height: int = 600) -> PageView:
    view = PageView()
    qtbot.addWidget(view)
    view.set_labels(LABELS, themes.LIGHT)
    view.resize(width, height)
    view.show()
    view.show_page(page_of(text))
    view.setFocus()
    QApplication.processEvents()
    return view


def point_at(view: PageView, offset: int) -> QPoint:
    """A point of the viewport inside the character at an offset."""
    cursor = QTextCursor(view.document())
    cursor.setPosition(PageText(view.page.text if view.page else "").to_qt(offset))
    rect = view.cursorRect(cursor)
    return QPoint(rect.left() + 1, rect.center().y())


def send(
    view: PageView,
    kind: QEvent.Type,
    point: QPoint,
    modifiers: Qt.KeyboardModifier = NONE,
    time: int = 0,
) -> None:
    """A mouse event of the left button; ``time`` in milliseconds."""
    where = QPointF(point)
    button = LEFT if kind != QEvent.Type.MouseMove else NO_BUTTON
    held = LEFT if kind != QEvent.Type.MouseButtonRelease else NO_BUTTON
    event = QMouseEvent(kind, where, view.mapToGlobal(where), button, held, modifiers)
    event.setTimestamp(time)
    QApplication.sendEvent(view.viewport(), event)


def drag(view: PageView, start: QPoint, end: QPoint, modifiers: Qt.KeyboardModifier = NONE) -> None:
    send(view, QEvent.Type.MouseButtonPress, start, modifiers)
    send(view, QEvent.Type.MouseMove, (start + end) / 2, modifiers)
    send(view, QEvent.Type.MouseMove, end, modifiers)
    send(view, QEvent.Type.MouseButtonRelease, end, modifiers)


def click(
    view: PageView,
    point: QPoint,
    modifiers: Qt.KeyboardModifier = NONE,
    times: int = 1,
    pause: int = 20,
) -> None:
    """A number of quick clicks, with the events that a window system sends."""
    for number in range(times):
        time = 10_000 + pause * number
        kind = QEvent.Type.MouseButtonDblClick if number == 1 else QEvent.Type.MouseButtonPress
        send(view, kind, point, modifiers, time)
        send(view, QEvent.Type.MouseButtonRelease, point, modifiers, time)


def selected(view: PageView) -> str:
    assert view.page
    start, end = sorted(view.selection)
    return view.page.text[start:end]


def in_view(view: PageView, offset: int) -> bool:
    line = view.places.line(offset)
    return line is not None and line.top >= 0 and line.bottom <= view.viewport().height()
