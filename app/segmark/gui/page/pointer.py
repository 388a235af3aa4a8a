"""Selecting text of a page with the mouse, by characters, words or blocks."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from PySide6.QtCore import QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

from segmark.core.page import Page
from segmark.core.text.normalise import trim
from segmark.core.text.words import REACH, words

#: A pointer that moves fewer pixels than this while pressed is a click, not a drag.
JITTER = 4
#: The share of a character at its far edge that a drag may cover without selecting it.
EDGE = 1 / 3
_SCROLL_EVERY_MS = 40
#: Either selects by characters. Many window managers take drags with Alt to move windows.
_BY_CHARACTER = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


class DragUnit(Enum):
    """The unit by which a drag selects."""

    CHARACTER = "character"
    WORD = "word"
    BLOCK = "block"


@dataclass(frozen=True, slots=True, order=True)
class Hit:
    """The character (grapheme) under the pointer, and the position across it, 0 to 1.

    ``start == end`` if there is no character, such as after the end of a line. A fold is like one
    character, as long as all of its text.
    """

    start: int
    across: float
    end: int

    @property
    def caret(self) -> int:
        """The offset where a click places the caret."""
        return self.start if self.across < 0.5 else self.end


class Surface(Protocol):
    """The view in which the pointer selects."""

    @property
    def page(self) -> Page | None:
        """The current page."""

    @property
    def selection(self) -> tuple[int, int]:
        """The offsets of the anchor and the caret."""

    def hit(self, point: QPoint) -> Hit:
        """The hit at a point of the viewport; for a point outside, the nearest one inside."""

    def place(self, anchor: int, caret: int) -> None:
        """Select without scrolling."""

    def scroll_towards(self, point: QPoint) -> bool:
        """Scroll if the point is above or below the viewport, and return whether it is."""


def word_at(page: Page, hit: Hit) -> tuple[int, int]:
    """The word under the pointer, or else the one that ends or begins there; may be empty."""
    before = max(0, hit.start - 1)
    for start, end in ((hit.start, hit.end), (before, hit.start), (hit.end, hit.end + 1)):
        first, last = trim(page.text, start, min(end, len(page.text)))
        if first < last:
            return snap_to_words(page.text, first, last)
    return hit.caret, hit.caret


def snap_to_words(text: str, start: int, end: int) -> tuple[int, int]:
    """The range trimmed and extended to whole words; empty if it was blank."""
    start, end = trim(text, start, end)
    if start >= end:
        return start, start
    for first, last in _words_near(text, start):
        if first <= start < last:
            start = first
    for first, last in _words_near(text, end - 1):
        if first < end <= last:
            end = last
    return start, end


def _words_near(text: str, at: int) -> Iterator[tuple[int, int]]:
    """The words around a character, up to the nearest white space."""
    start = end = at
    while start > max(0, at - REACH) and not text[start - 1].isspace():
        start -= 1
    while end < min(len(text), at + REACH) and not text[end].isspace():
        end += 1
    return words(text, start, end)


def block_range(page: Page, first: int, last: int) -> tuple[int, int]:
    """The trimmed range from the block at one offset to the block at another."""
    a, b = page.block_at(min(first, last)), page.block_at(max(first, last))
    if a is None or b is None:
        return first, first
    return trim(page.text, page.blocks[a].start, page.blocks[b].end)


def dragged_range(
    page: Page, unit: DragUnit, origin: Hit, now: Hit, kept: tuple[int, int] | None = None
) -> tuple[int, int]:
    """The anchor and caret of a drag from one hit to another; ``kept`` is always included."""
    if unit is DragUnit.CHARACTER:
        return origin.caret, now.caret
    low, high = min(origin, now), max(origin, now)
    if unit is DragUnit.BLOCK:
        # The end, because the hit of a fold is as long as its blocks.
        start, end = block_range(page, low.start, max(high.start, high.end - 1))
    else:
        start = low.start if low.across <= 1 - EDGE else low.end
        end = high.end if high.across >= EDGE else high.start
        start, end = snap_to_words(page.text, start, max(start, end))
        if start == end:
            start = end = origin.caret
        if kept:
            start, end = min(start, kept[0]), max(end, kept[1])
    return (start, end) if now >= origin else (end, start)


class Pointer(QObject):
    """Turns mouse presses, moves and releases into selections of a surface."""

    #: The start and end of a range selected with the mouse, when the button is released.
    chosen = Signal(int, int)
    #: The point of a click that selected nothing, when the button is released.
    clicked = Signal(QPoint)
    #: A further press of a double or triple click is about to replace what the last one selected.
    pressed_again = Signal()

    def __init__(self, surface: Surface, parent: QObject) -> None:
        super().__init__(parent)
        self._surface = surface
        self._unit = DragUnit.WORD
        self._origin: Hit | None = None
        self._kept: tuple[int, int] | None = None
        self._pressed_at = self._now_at = QPoint()
        self._dragging = False
        self._double_pressed: tuple[int, QPoint] | None = None
        self._by_character = False
        self._timer = QTimer(self, interval=_SCROLL_EVERY_MS)
        self._timer.timeout.connect(self._scroll_on)

    def press(self, point: QPoint, modifiers: Qt.KeyboardModifier, time: int) -> None:
        """Handle a press of the left button on the text; ``time`` in milliseconds."""
        hit = self._begin(point, modifiers)
        if self._is_third_press(point, time):
            self._unit, self._dragging = DragUnit.BLOCK, True
            self.pressed_again.emit()
            self._select(hit)
        elif modifiers & Qt.KeyboardModifier.ShiftModifier:
            self._extend(hit)
        else:
            self._surface.place(hit.caret, hit.caret)
        self._double_pressed = None

    def press_twice(self, point: QPoint, modifiers: Qt.KeyboardModifier, time: int) -> None:
        """Handle a double click: select the word."""
        self.pressed_again.emit()
        hit = self._begin(point, modifiers & ~_BY_CHARACTER)
        page = self._surface.page
        self._double_pressed = (time, point)
        self._dragging = True
        if page:
            self._kept = word_at(page, hit)
            self._surface.place(*self._kept)

    def press_block(self, point: QPoint, modifiers: Qt.KeyboardModifier) -> None:
        """Handle a press of the left button in the margin: select the block."""
        hit = self._begin(point, modifiers & ~_BY_CHARACTER)
        self._unit = DragUnit.BLOCK
        if modifiers & Qt.KeyboardModifier.ShiftModifier:
            self._extend(hit)
        else:
            self._dragging = True
            self._select(hit)

    def move(self, point: QPoint, modifiers: Qt.KeyboardModifier) -> None:
        """Handle a move of the pointer while the button is down."""
        if self._origin is None:
            return
        self._now_at = point
        self._by_character = bool(modifiers & _BY_CHARACTER)
        if not self._dragging and (point - self._pressed_at).manhattanLength() < JITTER:
            return
        self._dragging = True
        if self._surface.scroll_towards(point):
            self._timer.start()
        else:
            self._timer.stop()
        self._select(self._surface.hit(point))

    def release(self) -> None:
        """Handle the release of the button."""
        self._timer.stop()
        pressed, self._origin = self._origin is not None, None
        start, end = sorted(self._surface.selection)
        if pressed and start < end:
            self.chosen.emit(start, end)
        elif pressed and not self._dragging:
            self.clicked.emit(self._pressed_at)

    def _begin(self, point: QPoint, modifiers: Qt.KeyboardModifier) -> Hit:
        hit = self._surface.hit(point)
        self._unit, self._origin, self._kept = DragUnit.WORD, hit, None
        self._pressed_at = self._now_at = point
        self._dragging = False
        self._by_character = bool(modifiers & _BY_CHARACTER)
        return hit

    def _is_third_press(self, point: QPoint, time: int) -> bool:
        if not self._double_pressed:
            return False
        then, there = self._double_pressed
        near = (point - there).manhattanLength() < 2 * JITTER
        return near and time - then <= QApplication.doubleClickInterval()

    def _extend(self, hit: Hit) -> None:
        anchor = self._surface.selection[0]
        self._origin = Hit(anchor, 0.0, anchor)
        self._dragging = True
        self._select(hit)

    def _select(self, now: Hit) -> None:
        page = self._surface.page
        if page and self._origin:
            unit = self._unit
            if unit is DragUnit.WORD and self._by_character and not self._kept:
                unit = DragUnit.CHARACTER
            self._surface.place(*dragged_range(page, unit, self._origin, now, self._kept))

    def _scroll_on(self) -> None:
        if self._surface.scroll_towards(self._now_at):
            self._select(self._surface.hit(self._now_at))
        else:
            self._timer.stop()
