"""The status line: messages, the save state, the open page and the selection."""

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtWidgets import QLabel, QStatusBar, QWidget

from segmark.gui.base.announcements import announce
from segmark.gui.base.elided_label import ElidedLabel
from segmark.gui.base.fitting import text_size
from segmark.gui.base.plain_words import plain_words

_MESSAGE_MS = 6_000
_MS_PER_CHARACTER = 65  # a comfortable reading speed is about 15 characters a second
_PADDING = 8
_LEAST_MESSAGE = 16  # the average characters of a message that fields leave


class StatusLine(QStatusBar):
    """Messages at the left; page, position, annotator and "All saved" at the right.

    A screen reader says each message as it appears, and reads the fields as they are.

    Where there is no room for all fields, those that matter less are hidden; "All saved" never is.

    Signals:
        announced: what a screen reader is to say.
    """

    announced = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._message = ElidedLabel()
        self._message.setContentsMargins(8, 0, 8, 0)
        self._pace = self._field()
        self._selection = self._field()
        self._position = self._field()
        self._page = self._field()
        self._annotator = self._field()
        self._saved = self._field()
        self.addWidget(self._message, 1)
        self._fading = QTimer(self, singleShot=True, interval=_MESSAGE_MS)
        self._fading.timeout.connect(self._message.clear)
        self.setSizeGripEnabled(False)

    def _field(self) -> QLabel:
        label = QLabel()
        label.setContentsMargins(_PADDING, 0, _PADDING, 0)
        self.addPermanentWidget(label)
        return label

    def _write(self, field: QLabel, text: str) -> None:
        """Set the text of a field, which grows but never shrinks.

        A field that changed its size would make Qt lay out the whole window at every step of the
        caret.
        """
        needed = field.fontMetrics().horizontalAdvance(text) + 2 * _PADDING
        if needed > field.minimumWidth():
            field.setFixedSize(needed, field.fontMetrics().height() + _PADDING)
        field.setText(text)

    def event(self, event: QEvent) -> bool:
        """Hide and show fields as there is room; Qt calls this for every event."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self._fit()
        return super().event(event)

    def _fit(self) -> None:
        fields = (
            self._saved, self._page, self._position, self._selection, self._annotator, self._pace
        )  # fmt: skip
        others = self.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
        room = self.width() - text_size(self, _LEAST_MESSAGE, 0).width()
        for widget in others:
            if widget not in (*fields, self._message) and not widget.isHidden():
                room -= widget.minimumSizeHint().width() + _PADDING
        for field in fields:
            room -= field.minimumWidth() + _PADDING
            shown = room >= 0 or field is self._saved
            if field.isHidden() == shown:
                field.setVisible(shown)

    @property
    def message(self) -> str:
        """The message on screen."""
        return self._message.text()

    def show_message(self, message: str) -> None:
        """Show a message for some seconds; a long message stays for as long as reading takes."""
        self._message.setText(message)
        self._message.setToolTip(plain_words(message))
        self.announced.emit(message)
        announce(self, message)
        self._fading.start(max(_MESSAGE_MS, len(message) * _MS_PER_CHARACTER))

    @property
    def saved(self) -> str:
        """The save state on screen."""
        return self._saved.text()

    def show_saved(self, words: str) -> None:
        """Show the save state."""
        self._write(self._saved, words)
        self._saved.setAccessibleName(words.lstrip("✓… "))

    def show_annotator(self, name: str) -> None:
        """Show the annotator's name."""
        self._write(self._annotator, name)
        self._annotator.setAccessibleName(f"Annotator: {name}" if name else "")

    def show_page(self, position: int, pages: int) -> None:
        """Show the position of the open page among the pages; 0 if no page is open."""
        page = f"Page {position:,} of {pages:,}" if position else f"{pages:,} pages"
        self._write(self._page, page)

    @property
    def pace(self) -> str:
        """The annotator's pace on screen."""
        return self._pace.text()

    def show_pace(self, words: str) -> None:
        """Show the annotator's pace; "" for none."""
        self._write(self._pace, words)
        self._pace.setAccessibleName(f"Pace: {words}" if words else "")

    def clear_all(self) -> None:
        """Clear all fields: no project is open."""
        fields = (self._selection, self._position, self._page, self._annotator, self._saved)
        for field in (*fields, self._pace):
            field.clear()
            field.setAccessibleName("")

    @property
    def page(self) -> str:
        """The position of the page on screen."""
        return self._page.text()

    def show_caret(self, block: int, blocks: int, selected: int) -> None:
        """Show the caret's block and the number of selected characters."""
        self._write(self._position, f"Block {block:,} of {blocks:,}" if blocks else "")
        self._write(self._selection, f"{selected:,} selected" if selected else "")
