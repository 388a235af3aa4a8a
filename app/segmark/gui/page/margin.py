"""PageMargin: block numbers, and the bars and names of spans, to the left of a page's text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, inf
from types import MappingProxyType
from typing import Protocol

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QToolTip, QWidget

from segmark.core.label import LabelSet
from segmark.core.page import Page
from segmark.core.span import Span
from segmark.core.suggestion import Suggestion
from segmark.gui.base.theme import LIGHT, Theme
from segmark.gui.page.places import Line, PagePlaces
from segmark.gui.page.pointer import Pointer

#: The gap between two bars in pixels.
GAP = 3.0
_MARKER = 4
_PAD = 10
_BAR = 6
_CORNER = 6
#: The most average characters of a name; a longer one is shortened in its middle.
_LONGEST = 20
#: The font size of numbers and names, relative to the text's.
_SMALL = 0.78
_NUMBER = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class SpanBar:
    """The bar of a span or a suggestion, in pixels of the viewport.

    Attributes:
        suggestion: None for the bar of a label.
        top, bottom: infinite where the span continues out of view.
        middle: the middle of the span's share of its first line; None if that is out of view.
        foot: the lowest position of the bottom of the span's name.
    """

    span: Span
    suggestion: Suggestion | None
    top: float
    bottom: float
    middle: float | None
    foot: float


@dataclass(frozen=True, slots=True)
class Name:
    """A name beside the bars: that of a label, or "+2" if there is no room for two names.

    The name of a suggestion ends in a question mark, and ``suggested`` is set.
    """

    label: str
    text: str
    top: float
    suggested: bool = False


def bars(
    places: PagePlaces, labelled: Sequence[Span], suggested: Sequence[Suggestion]
) -> list[SpanBar]:
    """The bars of the spans in view; spans on one line of the screen share its height."""
    proposed = {one.span: one for one in suggested}
    spans = sorted([*labelled, *proposed]) if proposed else labelled
    lines = [(places.line(span.start), places.line(span.end - 1)) for span in spans]
    shares: dict[Line | None, int] = {}
    for first, last in lines:
        shares[first] = shares.get(first, 0) + 1
        if last != first:
            shares[last] = shares.get(last, 0) + 1
    taken = dict.fromkeys(shares, 0)
    made = []
    for span, (first, last) in zip(spans, lines, strict=True):
        top, bottom, middle, foot = -inf, inf, None, inf
        if first:
            share = (first.bottom - first.top) / shares[first]
            top = first.top + share * taken[first]
            middle = top + share / 2
            taken[first] += 1
        if last:
            taken[last] += last != first
            bottom = last.top + (last.bottom - last.top) / shares[last] * taken[last]
            foot = max(bottom, places.rows[(first or last).row].bottom)
        made.append(SpanBar(span, proposed.get(span), top, bottom, middle, foot))
    return made


def names(
    made: Sequence[SpanBar], height: float, by_label: Mapping[str, str] = MappingProxyType({})
) -> list[Name]:
    """The names of the bars, each of the given height, without overlap.

    ``by_label`` are the names of labels whose names are not their ids.
    """
    placed: list[Name] = []
    last_foot, crowded = -inf, 1
    for bar in made:
        wanted = min(GAP, bar.bottom - height) if bar.middle is None else bar.middle - height / 2
        top = max(wanted, last_foot)
        if top + height <= bar.foot:
            label, suggested = bar.span.label, bar.suggestion is not None
            shown = by_label.get(label, label)
            placed.append(Name(label, f"{shown}?" if suggested else shown, top, suggested))
            last_foot, crowded = top + height, 1
        elif placed:
            crowded += 1
            placed[-1] = Name("", f"+{crowded}", placed[-1].top)
    return placed


class MarginHost(Protocol):
    """The view that the margin belongs to."""

    places: PagePlaces

    @property
    def page(self) -> Page | None:
        """The current page."""

    @property
    def caret_block(self) -> int | None:
        """The index of the block that contains the caret."""

    def spans_in_view(self) -> Sequence[Span]:
        """The spans that are at least partly in view."""

    def suggestions_in_view(self) -> Sequence[Suggestion]:
        """The suggestions that are at least partly in view."""

    def band(self, index: int | None) -> tuple[float, float] | None:
        """The top and bottom of the band behind a block; None if it is out of view."""


class PageMargin(QWidget):
    """Shows block numbers and labels; the mouse selects whole blocks here."""

    def __init__(self, text: QWidget, view: MarginHost, pointer: Pointer) -> None:
        super().__init__(text)
        self._text = text
        self._view = view
        self._pointer = pointer
        self._theme = LIGHT
        self._colours: dict[str, tuple[QColor, QColor]] = {}
        self.label_names: Mapping[str, str] = {}
        self._bars: list[SpanBar] | None = None
        self._names: list[Name] = []
        self._hovered: int | None = None
        self.set_text_font(text.font())
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName("Margin of the page")

    def set_text_font(self, font: QFont) -> None:
        """Adjust the margin to the font of the text."""
        self._font = QFont(font)
        self._font.setPointSizeF(max(6.5, font.pointSizeF() * _SMALL))
        self._bold = QFont(self._font)
        self._bold.setBold(True)
        self._metrics = QFontMetricsF(self._font)
        self._digit = QFontMetricsF(self._bold).horizontalAdvance("0")
        self._widest: float | None = None  # the width of the longest label name
        self.changed()

    def set_labels(self, labels: LabelSet, theme: Theme) -> None:
        """Show these labels in the colours of a theme."""
        self._theme = theme
        self._widest, self.label_names = None, labels.renamed
        self._colours = {
            label.id: (theme.label_colour(label), theme.label_pill(label)) for label in labels
        }
        self.changed()

    def changed(self) -> None:
        """Repaint all, because other text is in view or it looks different."""
        self._bars = None
        self.update()

    def spans_changed(self) -> None:
        """Repaint the bars, because the spans have changed but not the text in view."""
        before, before_names = self._bars, self._names
        if before is None:
            self.update()
            return
        self._bars = None
        now, names_now = self._shown()
        height = self._metrics.height()
        edges = [edge for bar in set(before) ^ set(now) for edge in (bar.top, bar.bottom)]
        for name in set(before_names) ^ set(names_now):
            edges += [name.top, name.top + height]
        if edges:
            top, bottom = max(0.0, min(edges)), min(float(self.height()), max(edges))
            self.update(0, floor(top), self.width(), ceil(bottom - top) + 1)

    def follow(self, rect: QRect, dy: int) -> None:
        """Repaint the margin beside a part of the text that is repainted."""
        if not dy:
            self.update(0, rect.y(), self.width(), rect.height())

    def sizeHint(self) -> QSize:
        """The width of the longest number and the longest name."""
        return QSize(ceil(_PAD + self._number_width() + self._label_width() + 2 * _PAD), 0)

    def _number_width(self) -> float:
        page = self._view.page
        digits = max(2, len(str(len(page.blocks)))) if page else 2
        return digits * self._digit

    def _label_width(self) -> float:
        """The width of names, bars and the gaps between them."""
        if self._widest is None:
            shown = (self.label_names.get(label, label) for label in self._colours)
            widest = max(map(self._metrics.horizontalAdvance, shown), default=0.0)
            self._widest = min(widest, self._metrics.averageCharWidth() * _LONGEST)
        return self._widest + _PAD + GAP + _BAR

    def _shown(self) -> tuple[list[SpanBar], list[Name]]:
        if self._bars is None:
            view = self._view
            self._bars = bars(view.places, view.spans_in_view(), view.suggestions_in_view())
            self._names = names(self._bars, self._metrics.height(), self.label_names)
        return self._bars, self._names

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the bands and numbers, then the bars and their names."""
        painter = QPainter(self)
        painter.setBackground(QColor(self._theme.page))
        # Beyond the edges: on a screen with a scale of 1.5, they are in the middle of a pixel.
        painter.eraseRect(event.rect().adjusted(-1, -1, 1, 1))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font)
        clip = QRectF(event.rect())
        self._paint_bands(painter)
        self._paint_numbers(painter, clip)
        self._paint_bars(painter, clip)
        painter.end()

    def _paint_bands(self, painter: QPainter) -> None:
        """Paint the bands of the blocks under the pointer and at the caret, and the marker."""
        left = self.width() - self.sizeHint().width() + _PAD / 2 - _MARKER
        painter.setPen(Qt.PenStyle.NoPen)
        hovered, caret = self._hovered, self._view.caret_block
        for index, colour in ((hovered, self._theme.hover), (caret, self._theme.band)):
            band = self._view.band(index)
            if band is None or (index == hovered and colour == self._theme.band):
                continue
            painter.setPen(QColor(self._theme.edge) if index == caret else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colour))
            # The right corners lie outside: the text paints the other half of the caret's band.
            rect = QRectF(left, band[0], self.width() - left + _CORNER, band[1] - band[0])
            painter.drawRoundedRect(rect, _CORNER, _CORNER)
        if band := self._view.band(caret):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._theme.accent))
            painter.drawRoundedRect(QRectF(left, band[0], _MARKER, band[1] - band[0]), 2, 2)

    def _paint_numbers(self, painter: QPainter, clip: QRectF) -> None:
        right = self.width() - self._label_width() - 2 * _PAD
        muted, strong = QColor(self._theme.muted), QColor(self._theme.text)
        for row in self._view.places.rows:
            if row.index is None or row.bottom < clip.top() or row.top > clip.bottom():
                continue
            is_caret = row.index == self._view.caret_block
            painter.setPen(strong if is_caret or row.index == self._hovered else muted)
            painter.setFont(self._bold if is_caret else self._font)
            line = self._view.places.text_line(row)
            place = QRectF(0, row.top + line.y(), right, line.height())
            painter.drawText(place, _NUMBER, str(row.index + 1))
        painter.setFont(self._font)

    def _paint_bars(self, painter: QPainter, clip: QRectF) -> None:
        made, named = self._shown()
        right = self.width() - _PAD
        for bar in made:
            colour, _ = self._colour(bar.span.label)
            inset = min(GAP / 2, (bar.bottom - bar.top) / 5)
            top = max(bar.top + inset, clip.top() - 2 * _BAR)
            bottom = min(bar.bottom - inset, clip.bottom() + 2 * _BAR)
            if top < bottom:
                _draw_with(painter, colour, dashed=bar.suggestion is not None)
                painter.drawRoundedRect(
                    QRectF(right - _BAR, top, _BAR, bottom - top), _BAR / 3, _BAR / 3
                )
        height = self._metrics.height()
        most = self._label_width() - _PAD - GAP - _BAR + self._metrics.horizontalAdvance("?")
        for name in named:
            if name.top > clip.bottom() or name.top + height < clip.top():
                continue
            cut = self._metrics.elidedText(name.text, Qt.TextElideMode.ElideMiddle, most)
            width = self._metrics.horizontalAdvance(cut) + _PAD
            place = QRectF(right - _BAR - GAP - width, name.top, width, height)
            bar_colour, pill = self._colour(name.label)
            _draw_with(painter, bar_colour if name.suggested else pill, dashed=name.suggested)
            painter.drawRoundedRect(place.adjusted(0, 0.5, 0, -0.5), _CORNER / 2, _CORNER / 2)
            painter.setPen(QColor(self._theme.text))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, cut)

    def _colour(self, label: str) -> tuple[QColor, QColor]:
        """The colours of a label's bar and of the background of its name."""
        plain = QColor(self._theme.muted), QColor(self._theme.hover)
        return self._colours.get(label, plain)

    def tip(self, y: float) -> str:
        """The tooltip of the bar at a height; "" if there is none."""
        for bar in self._shown()[0]:
            if bar.top <= y < bar.bottom:
                return span_tip(bar.span, bar.suggestion, self.label_names)
        return ""

    def event(self, event: QEvent) -> bool:
        """Show the tooltips; Qt calls this for every event."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.tip(event.pos().y()), self)
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select the block."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._text.setFocus(Qt.FocusReason.MouseFocusReason)
            self._pointer.press_block(event.position().toPoint(), event.modifiers())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Select the block again; nothing smaller can be selected here."""
        self.mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Extend the selection by blocks, or highlight the block under the pointer."""
        point = event.position().toPoint()
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._pointer.move(point, event.modifiers())
        page, row = self._view.page, self._view.places.row_at(point.y())
        self._hover(page.block_at(row.start) if page and row else None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Finish the selection."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pointer.release()

    def leaveEvent(self, _event: QEvent) -> None:
        """Remove the highlight when the pointer leaves."""
        self._hover(None)

    def _hover(self, index: int | None) -> None:
        if index != self._hovered:
            self._hovered = index
            self.update()


def span_tip(span: Span, suggestion: Suggestion | None, by_label: Mapping[str, str]) -> str:
    """The tooltip of a span: its label and length, and the reason if it is a suggestion.

    ``by_label`` are the names of labels whose names are not their ids.
    """
    length = span.end - span.start
    text = (
        f"{by_label.get(span.label, span.label)} · {length:,} character{'s' if length > 1 else ''}"
    )
    return f"Suggested: {text}\n{suggestion.reason}" if suggestion else text


def _draw_with(painter: QPainter, colour: QColor, *, dashed: bool) -> None:
    """Set the painter to fill with a colour, or to draw a dashed outline for a suggestion."""
    if dashed:
        painter.setPen(QPen(colour, 1, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
