"""NewProjectDialog: asks for the file and labels of a new project."""

import os
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from segmark.core.guideline import Example
from segmark.core.label import LabelSet, LabelSetError
from segmark.environment.label_sets import NEWS_LABELS, read_label_file
from segmark.gui.base.fitting import FittedDialog
from segmark.gui.base.label_swatch import swatch
from segmark.gui.base.plain_words import plain_words
from segmark.gui.base.theme import Theme

SUFFIX = ".segmark"


def project_path(text: str, folder: Path) -> Path | None:
    """The project file for a typed name or path, relative to the folder, with the suffix added.

    None if the text is not the name of a file, such as an incomplete path.
    """
    typed = text.strip()
    if not typed or typed.endswith(("/", os.sep)):
        return None
    try:
        path = folder / Path(typed).expanduser()
    except RuntimeError:  # an unknown user after "~"
        return None
    if path.name in ("", ".", ".."):
        return None
    return path if path.suffix.lower() == SUFFIX else path.with_name(path.name + SUFFIX)


class NewProjectDialog(FittedDialog):
    """Asks for the file and labels of a project, but does not create it.

    Attributes:
        path, label_set: the choices, after the dialog was accepted.
        name_field, browse_button, place: the name, and the file that it means.
        built_in, own, file_field, choose_button: the choice of the labels.
        labels: the table of the chosen labels.
        problem: the reason why the project can't be created.
        create_button: accepts the dialog; enabled when there is no problem.
    """

    def __init__(self, folder: Path, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("New project")
        self._start = folder
        self._theme = theme
        self.path: Path | None = None
        self.label_set: LabelSet | None = None
        self.examples: Sequence[Example] = ()
        self.name_field = QLineEdit(_free_name(folder), self)
        self.browse_button = QPushButton("&Browse…", self)
        self.place = QLabel(self, wordWrap=True)
        self.built_in = QRadioButton("&News pages: headline, caption, body, ticker, comment", self)
        self.own = QRadioButton("From a &file (TOML)", self)
        self.file_field = QLineEdit(self, placeholderText="labels.toml")
        self.choose_button = QPushButton("C&hoose…", self)
        self.labels = _label_table(self)
        self.problem = QLabel(self, wordWrap=True)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self.create_button = self._buttons.addButton(
            "&Create", QDialogButtonBox.ButtonRole.AcceptRole
        )
        self.built_in.setChecked(True)
        self._lay_out()
        self._connect()
        self._read_labels()
        self.name_field.selectAll()

    def _lay_out(self) -> None:
        file = QHBoxLayout()
        file.addWidget(self.name_field, 1)
        file.addWidget(self.browse_button)
        own = QHBoxLayout()
        for widget, stretch in ((self.own, 0), (self.file_field, 1), (self.choose_button, 0)):
            own.addWidget(widget, stretch)
        form = QFormLayout()
        title = QLabel("&Project", self)
        title.setBuddy(self.name_field)
        form.addRow(title, file)
        form.addRow("", self.place)
        form.addRow("Labels", self.built_in)
        form.addRow("", own)
        rows = QVBoxLayout(self)
        rows.addLayout(form)
        rows.addWidget(self.labels, 1)
        rows.addWidget(self.problem)
        rows.addWidget(self._buttons)
        self.name_field.setAccessibleName("Name or file of the project")
        self.file_field.setAccessibleName("File of the label set")
        self.create_button.setDefault(True)
        self.place.setStyleSheet(f"color: {self._theme.muted}")
        self.problem.setStyleSheet(f"color: {self._theme.bad}")
        self.prefer(127, 33)

    def _connect(self) -> None:
        self.name_field.textChanged.connect(self._check)
        self.browse_button.clicked.connect(self._browse_project)
        self.choose_button.clicked.connect(self._browse_labels)
        self.file_field.textEdited.connect(lambda: self.own.setChecked(True))
        self.file_field.textChanged.connect(self._read_labels)
        self.built_in.toggled.connect(self._read_labels)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)

    def _browse_project(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(
            self,
            "New project",
            str(self._start / self.name_field.text()),
            f"Segmark projects (*{SUFFIX})",
            options=QFileDialog.Option.DontConfirmOverwrite,
        )
        if chosen:
            self.name_field.setText(chosen)

    def _browse_labels(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(
            self, "Label set", str(self._start), "Label sets (*.toml);;All files (*)"
        )
        if chosen:
            self.own.setChecked(True)
            self.file_field.setText(chosen)

    def _read_labels(self) -> None:
        """Read the chosen label set and show it, or the problem with it."""
        self.label_set, self._label_problem = None, ""
        self.examples = ()
        try:
            self.label_set, self.examples = read_label_file(self._label_file())
        except LabelSetError as error:
            self._label_problem = " ".join(str(error).split())
        self.labels.clear()
        for place, label in enumerate(self.label_set or (), start=1):
            keys = f"{place}  {label.key.upper()}" if place <= 9 else label.key.upper()
            row = QTreeWidgetItem(self.labels, [label.name, keys, label.definition])
            row.setIcon(0, swatch(label, self._theme))
            row.setToolTip(2, plain_words(label.definition))
        for column in (0, 1):
            self.labels.resizeColumnToContents(column)
            self.labels.setColumnWidth(column, self.labels.columnWidth(column) + 12)
        self._check()

    def _label_file(self) -> Path:
        if self.built_in.isChecked():
            return NEWS_LABELS
        text = self.file_field.text().strip()
        if not text:
            raise LabelSetError("Choose a label set file.")
        return self._start / Path(text).expanduser()

    def _check(self) -> None:
        self.path = project_path(self.name_field.text(), self._start)
        self.place.setText(f"Everything is saved in {self.path}" if self.path else "")
        problem = path_problem(self.path) or self._label_problem
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self.create_button.setEnabled(not problem)


def path_problem(path: Path | None) -> str:
    """A one-line message why no project can be created there; "" if it can."""
    if path is None:
        return "Give the project a name."
    if os.path.lexists(path):
        return f"{path.name} already exists: choose another name, or open it instead."
    if not os.path.isdir(path.parent):
        return f"There is no folder {path.parent}."
    return ""


def _free_name(folder: Path) -> str:
    """A name that no project in the folder uses."""
    number = 1
    while True:
        name = "news" if number == 1 else f"news-{number}"
        if not os.path.exists(folder / (name + SUFFIX)):
            return name
        number += 1


def _label_table(parent: QWidget) -> QTreeWidget:
    table = QTreeWidget(parent, columnCount=3)
    table.setRootIsDecorated(False)
    table.setHeaderLabels(["Label", "Keys", "Definition"])
    table.setAccessibleName("The labels of the project")
    table.setIconSize(QSize(16, 16))
    table.setSelectionMode(QTreeWidget.SelectionMode.NoSelection)
    table.setTextElideMode(Qt.TextElideMode.ElideRight)
    table.header().setStretchLastSection(True)
    return table
