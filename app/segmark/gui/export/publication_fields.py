"""The fields for publishing an export: what the data set is called and who made it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFormLayout, QLineEdit, QWidget

from segmark.export.publication import LICENCES, Publication

_FIELDS = {
    "title": ("Title", "Harbour news 2026, labelled"),
    "authors": ("Authors", "Okonjo, Ada; Varn University"),
    "version": ("Version", "1.0"),
    "licence": ("Licence", "CC-BY-4.0"),
    "released": ("Released on", "2026-01-31"),
    "url": ("Address", "https://example.org/data"),
}
_BETWEEN = ";"


class PublicationFields(QWidget):
    """Whether the files for publishing are written, and what they say.

    Signals:
        changed: after any change.
        told: what is said about the data set was changed: a ``Publication``.

    Attributes:
        publish: the box that says whether the files are written.
        lines: the fields by name.
    """

    changed = Signal()
    told = Signal(object)

    def __init__(self, about: Publication, publish: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.publish = QCheckBox("Des&cribe the data set for publication", self)
        self.publish.setToolTip("croissant.json and CITATION.cff, beside the card")
        self.publish.setChecked(publish)
        self.lines = {
            name: QLineEdit(self, placeholderText=example) for name, (_, example) in _FIELDS.items()
        }
        for name, line in self.lines.items():
            said = f"{_BETWEEN} ".join(about.authors) if name == "authors" else getattr(about, name)
            line.setText(said)
        self.lines["authors"].setToolTip("People as Family, Given; with ; between two authors")
        self.lines["licence"].setToolTip(f"{', '.join(LICENCES)}, or the address of another one")
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(self.publish)
        for name, line in self.lines.items():
            form.addRow(_FIELDS[name][0], line)
        self._form = form
        self._show_lines()
        self.publish.toggled.connect(self._on_publish)
        for line in self.lines.values():
            line.textChanged.connect(lambda _text: self.changed.emit())
            line.editingFinished.connect(lambda: self.told.emit(self.about))

    @property
    def about(self) -> Publication:
        """What the fields say."""
        said = {name: line.text() for name, line in self.lines.items() if name != "authors"}
        return Publication.of({**said, "authors": self.lines["authors"].text().split(_BETWEEN)})

    @property
    def problem(self) -> str:
        """Why the files can't be written, in one line; "" if they can or are not wanted."""
        if not self.publish.isChecked():
            return ""
        said = self.about
        if not said.title or not said.authors:
            return "Give the data set a title and an author, under How it is written."
        return said.problem

    def _on_publish(self) -> None:
        self._show_lines()
        self.changed.emit()

    def _show_lines(self) -> None:
        for line in self.lines.values():
            self._form.setRowVisible(line, self.publish.isChecked())
