"""GuidelinePanel: the guideline of the label set, beside the page."""

from PySide6.QtCore import QUrl
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QTextBrowser

from segmark.core.label import LabelSet


class GuidelinePanel(QTextBrowser):
    """The guideline and examples of each label; links and images are disabled."""

    def __init__(self) -> None:
        super().__init__()
        self.setOpenLinks(False)
        self.setAccessibleName("Guideline")

    def set_labels(self, labels: LabelSet) -> None:
        """Show the guideline of a label set."""
        parts = [labels.guideline]
        for label in labels:
            example = f"> {label.example}" if label.example else ""
            title = f"## {label.name.capitalize()} ({label.key.upper()})"
            parts += [title, f"*{label.definition}*", label.guideline, example]
        self.setMarkdown("\n\n".join(part for part in parts if part))

    def loadResource(self, kind: QTextDocument.ResourceType, name: QUrl | str) -> object:  # type: ignore[override]
        """Nothing: a label set may come from anywhere, so its images are not loaded."""
        del kind, name
        return None
