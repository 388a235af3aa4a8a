"""The status line: what is saved, where the annotator is, what is selected."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel, QStatusBar, QWidget

_MESSAGE_MS = 6_000


class StatusLine(QStatusBar):
    """Messages at the left; page, position, annotator and "All saved" at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._message = QLabel()
        self._message.setAccessibleName("Message")
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
        label.setContentsMargins(8, 0, 8, 0)
        self.addPermanentWidget(label)
        return label

    @property
    def message(self) -> str:
        """The message that is shown."""
        return self._message.text()

    def tell(self, message: str) -> None:
        """Show a short message for some seconds."""
        self._message.setText(message)
        self._message.setToolTip(message)
        self._fading.start()

    def show_saved(self, words: str) -> None:
        """Show what is saved."""
        self._saved.setText(words)

    def show_annotator(self, name: str) -> None:
        """Show who is labelling."""
        self._annotator.setText(name)

    def show_page(self, position: int, pages: int) -> None:
        """Show which page of how many is open; position 0 for none."""
        self._page.setText(f"Page {position:,} of {pages:,}" if position else f"{pages:,} pages")

    def clear_all(self) -> None:
        """Show nothing: no project is open."""
        for field in (self._selection, self._position, self._page, self._annotator, self._saved):
            field.clear()

    def show_caret(self, block: int, blocks: int, selected: int) -> None:
        """Show which block the caret is in and how many characters are selected."""
        self._position.setText(f"Block {block:,} of {blocks:,}" if blocks else "")
        self._selection.setText(f"{selected:,} selected" if selected else "")
