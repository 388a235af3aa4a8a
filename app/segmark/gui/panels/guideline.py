"""GuidelinePanel: the guideline of the label set, with a search over its hard cases."""

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent, QTextDocument
from PySide6.QtWidgets import QLineEdit, QTextBrowser, QVBoxLayout, QWidget

from segmark.core.guideline import find_cases, hard_cases, label_text, whole_text
from segmark.core.label import LabelSet

_CELL_BREAKS = str.maketrans({"|": "\\|", "<": "&lt;"})


class _GuidelineText(QTextBrowser):
    """Markdown without links and images."""

    def loadResource(self, kind: QTextDocument.ResourceType, name: QUrl | str) -> object:  # type: ignore[override]
        """Nothing: a label set may come from anywhere, so its images are not loaded."""
        del kind, name
        return None


class GuidelinePanel(QWidget):
    """The guideline of one label, or of all; words in the field find hard cases instead.

    The text is made when the panel is seen.

    Signals:
        left: Esc was pressed in the field.
    """

    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._labels: LabelSet | None = None
        self._label: str | None = None
        self._shown = ""
        self.search = QLineEdit(placeholderText="Find a hard case", clearButtonEnabled=True)
        self.search.setAccessibleName("Find a hard case in the guideline")
        self.browser = _GuidelineText()
        self.browser.setOpenLinks(False)
        self.browser.setAccessibleName("Guideline")
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 4, 8, 4)
        column.setSpacing(4)
        column.addWidget(self.search)
        column.addWidget(self.browser, 1)
        self.setFocusProxy(self.search)
        self.search.textChanged.connect(self._show)

    def set_labels(self, labels: LabelSet) -> None:
        """Show the guideline of a label set."""
        self._labels, self._label = labels, None
        self._show()

    def show_label(self, name: str | None) -> None:
        """Show what the guideline says on a label; None keeps what is shown."""
        if name is not None and name != self._label:
            self._label = name
            self._show()

    @property
    def text(self) -> str:
        """The text on the screen."""
        return self.browser.toPlainText()

    def _show(self) -> None:
        if self._labels is None or not self.isVisible():
            return
        wanted = self.search.text().strip()
        if wanted:
            text = self._found(wanted)
        elif self._label in self._labels.names:
            text = label_text(self._labels[self._label])
        else:
            text = whole_text(self._labels)
        if text != self._shown:
            self._shown = text
            self.browser.setMarkdown(text)

    def _found(self, wanted: str) -> str:
        cases = find_cases(hard_cases(self._labels), wanted) if self._labels else ()
        if not cases:
            return "No hard case of the guideline contains these words."
        rows = (
            f"| {one.seen.translate(_CELL_BREAKS)} | {one.answer.translate(_CELL_BREAKS)} |"
            for one in cases
        )
        return "\n".join(("| You see | Label |", "|---|---|", *rows))

    def showEvent(self, event: QShowEvent) -> None:
        """Make the text, which was not needed before."""
        super().showEvent(event)
        self._show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc empties the field, or else goes back to the page."""
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.search.text():
            self.search.clear()
        else:
            self.left.emit()
