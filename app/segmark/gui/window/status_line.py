"""The status line: what is saved, where the annotator is, what is selected."""

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QStatusBar, QWidget

from segmark.gui.base.plain_words import plain_words

_MESSAGE_MS = 6_000
_MS_PER_CHARACTER = 65  # some 15 characters a second are read with ease
_PADDING = 8


class _Message(QLabel):
    """A line that is cut short where there is no room; a plain label would push the rest out."""

    def minimumSizeHint(self) -> QSize:
        """As narrow as need be."""
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint as much as there is room for."""
        painter, inside = QPainter(self), self.contentsRect()
        cut = Qt.TextElideMode.ElideRight
        line = self.fontMetrics().elidedText(self.text(), cut, inside.width())
        painter.drawText(inside, self.alignment(), line)
        painter.end()


class StatusLine(QStatusBar):
    """Messages at the left; page, position, annotator and "All saved" at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._message = _Message()
        self._message.setTextFormat(Qt.TextFormat.PlainText)
        self._message.setAccessibleName("Message")
        self._message.setContentsMargins(8, 0, 8, 0)
        self._selection = self._field("Selection")
        self._position = self._field("Position")
        self._page = self._field("Page")
        self._annotator = self._field("Annotator")
        self._saved = self._field("Saved")
        self.addWidget(self._message, 1)
        self._fading = QTimer(self, singleShot=True, interval=_MESSAGE_MS)
        self._fading.timeout.connect(self._message.clear)
        self.setSizeGripEnabled(False)

    def _field(self, name: str) -> QLabel:
        label = QLabel()
        label.setAccessibleName(name)
        label.setContentsMargins(_PADDING, 0, _PADDING, 0)
        self.addPermanentWidget(label)
        return label

    def _write(self, field: QLabel, text: str) -> None:
        """Write into a field that grows but never shrinks.

        A field of another size would have Qt lay out the whole window anew, with every step of
        the caret.
        """
        needed = field.fontMetrics().horizontalAdvance(text) + 2 * _PADDING
        if needed > field.minimumWidth():
            field.setFixedSize(needed, field.fontMetrics().height() + _PADDING)
        field.setText(text)

    @property
    def message(self) -> str:
        """The message that is shown."""
        return self._message.text()

    def tell(self, message: str) -> None:
        """Show a message for some seconds, a long one for as long as it takes to read."""
        self._message.setText(message)
        self._message.setToolTip(plain_words(message))
        self._fading.start(max(_MESSAGE_MS, len(message) * _MS_PER_CHARACTER))

    def show_saved(self, words: str) -> None:
        """Show what is saved."""
        self._write(self._saved, words)

    def show_annotator(self, name: str) -> None:
        """Show who is labelling."""
        self._write(self._annotator, name)

    def show_page(self, position: int, pages: int) -> None:
        """Show which page of how many is open; position 0 for none."""
        page = f"Page {position:,} of {pages:,}" if position else f"{pages:,} pages"
        self._write(self._page, page)

    def clear_all(self) -> None:
        """Show nothing: no project is open."""
        for field in (self._selection, self._position, self._page, self._annotator, self._saved):
            field.clear()

    def show_caret(self, block: int, blocks: int, selected: int) -> None:
        """Show which block the caret is in and how many characters are selected."""
        self._write(self._position, f"Block {block:,} of {blocks:,}" if blocks else "")
        self._write(self._selection, f"{selected:,} selected" if selected else "")
