"""The bar with the export presets of a project."""

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QWidget

from segmark.gui.base.box_name import name_box
from segmark.gui.base.whole_popup import show_whole


class PresetBar(QWidget):
    """Chooses, saves and deletes presets.

    Signals:
        chosen: the preset of this name was chosen.
        saved: the current options are to be kept under this name.
        deleted: the preset of this name is to be deleted.

    Attributes:
        name: the names, of which one is chosen or typed.
        save: saves the current options.
        delete: deletes the preset.
    """

    chosen = Signal(str)
    saved = Signal(str)
    deleted = Signal(str)

    def __init__(self, names: Iterable[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = QComboBox(self, editable=True)
        self.name.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        name_box(self.name, "Preset")
        show_whole(self.name)
        self.save = QPushButton("Sa&ve", self)
        self.delete = QPushButton("&Delete", self)
        # Return starts the export and must not press one of these.
        for button in (self.save, self.delete):
            button.setAutoDefault(False)
        if line := self.name.lineEdit():
            line.setPlaceholderText("a name for these options")
        title = QLabel("Prese&t", self)
        title.setBuddy(self.name)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(title)
        row.addWidget(self.name, 1)
        row.addWidget(self.save)
        row.addWidget(self.delete)
        self.show_names(names, "")
        self.name.activated.connect(lambda: self.chosen.emit(self.name.currentText()))
        self.name.editTextChanged.connect(self._enable)
        self.save.clicked.connect(lambda: self.saved.emit(self.name.currentText().strip()))
        self.delete.clicked.connect(lambda: self.deleted.emit(self.name.currentText().strip()))

    def show_names(self, names: Iterable[str], shown: str) -> None:
        """Offer these presets and show one of the names, or none with ""."""
        self.name.clear()
        self.name.addItems(list(names))
        self.name.setCurrentIndex(self.name.findText(shown) if shown else -1)
        self.name.setEditText(shown)
        self._enable()

    def _enable(self) -> None:
        name = self.name.currentText().strip()
        self.save.setEnabled(bool(name))
        self.delete.setEnabled(self.name.findText(name) >= 0 if name else False)
