"""PageMarks: the tints of spans and the highlights of search results in a page's text."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QTextEdit

from segmark.core.label import LabelSet
from segmark.core.span import Span, overlapping
from segmark.core.suggestion import Suggestion
from segmark.gui.base.theme import Theme
from segmark.gui.page.places import PagePlaces
from segmark.gui.page.text import PageText

_Tint = tuple[int, int, str]  # Qt positions, and the label, followed by "?" for a suggestion


class PageMarks:
    """The extra selections of a page's text, created only for the part in view.

    Attributes:
        spans: sorted and disjoint.
        suggestions: sorted, disjoint with each other and with the spans.
        hits: the ranges found by a search, sorted and disjoint.
        current_hit: the index of the current hit of the search; None for none.
    """

    def __init__(self, document: QTextDocument, places: PagePlaces) -> None:
        self._document = document
        self._places = places
        self._formats: dict[str, QTextCharFormat] = {}
        self._hit = self._current = QTextCharFormat()
        self.show(PageText(""))

    def show(self, text: PageText) -> None:
        """Switch to another text, without spans and hits."""
        self.spans: Sequence[Span] = ()
        self.suggestions: Sequence[Suggestion] = ()
        self.hits: Sequence[tuple[int, int]] = ()
        self.current_hit: int | None = None
        self.move(text)

    def move(self, text: PageText) -> None:
        """Use other positions, because the same text is shown with other folds."""
        self._text = text
        # Creating a cursor is slow, and most tints do not change.
        self._made: dict[_Tint, QTextEdit.ExtraSelection] = {}

    def set_labels(self, labels: LabelSet, theme: Theme) -> None:
        """Use these labels and the colours of a theme."""
        self._formats, self._made = {}, {}
        for label in labels:
            self._formats[label.id] = QTextCharFormat()
            self._formats[label.id].setBackground(theme.label_tint(label))
            self._formats[f"{label.id}?"] = _suggestion_format(theme.label_colour(label))
        self._hit, self._current = (
            _hit_format(colour, theme.on_hit) for colour in (theme.hit, theme.current_hit)
        )

    def spans_in_view(self) -> Sequence[Span]:
        """The spans that are at least partly in view."""
        return overlapping(self.spans, *self._places.range)

    def suggestions_in_view(self) -> Sequence[Suggestion]:
        """The suggestions that are at least partly in view."""
        first, last = self._places.range
        return [one for one in self.suggestions if one.span.end > first and one.span.start < last]

    def selections(self) -> list[QTextEdit.ExtraSelection]:
        """The tints in view, followed by the hits."""
        made: dict[_Tint, QTextEdit.ExtraSelection] = {}
        named = [(span, span.label) for span in self.spans_in_view()]
        named += [(one.span, f"{one.span.label}?") for one in self.suggestions_in_view()]
        for span, name in named:
            if form := self._formats.get(name):
                for low, high in self._row_ranges(span.start, span.end):
                    tint = low, high, name
                    made[tint] = self._made.get(tint) or self._selection(low, high, form)
        self._made = made
        first, last = self._places.range
        begin = bisect_left(self.hits, first, key=lambda hit: hit[1])
        end = bisect_right(self.hits, last, key=lambda hit: hit[0])
        return [*made.values()] + [
            self._selection(low, high, self._current if index == self.current_hit else self._hit)
            for index in range(begin, end)
            for low, high in self._row_ranges(*self.hits[index])
        ]

    def _row_ranges(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The Qt positions of a range by rows; otherwise Qt would also colour the line ends."""
        first, last = self._text.to_qt(start), self._text.to_qt(end)
        for row in self._places.rows_in(start, end):
            begin = row.block.position()
            low, high = max(first, begin), min(last, begin + row.block.length() - 1)
            if low < high:
                yield low, high

    def _selection(self, low: int, high: int, form: QTextCharFormat) -> QTextEdit.ExtraSelection:
        made = QTextEdit.ExtraSelection()
        made.format = form
        made.cursor = QTextCursor(self._document)
        made.cursor.setPosition(low)
        made.cursor.setPosition(high, QTextCursor.MoveMode.KeepAnchor)
        return made


def _suggestion_format(colour: QColor) -> QTextCharFormat:
    """A dashed underline without a tint, so that a suggestion does not look like a label."""
    made = QTextCharFormat()
    made.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DashUnderline)
    made.setUnderlineColor(colour)
    return made


def _hit_format(background: str, foreground: str) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setBackground(QColor(background))
    made.setForeground(QColor(foreground))
    return made
