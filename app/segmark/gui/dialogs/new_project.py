"""The dialog that asks for a new project's file and labels."""

import os
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
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

from segmark.core.label import LabelSet, LabelSetError
from segmark.environment.label_sets import NEWS_LABELS, read_label_set
from segmark.gui.base.label_swatch import swatch
from segmark.gui.base.plain_words import plain_words
from segmark.gui.base.theme import Theme

SUFFIX = ".segmark"


def project_path(text: str, folder: Path) -> Path | None:
    """The file that is meant by what was typed: in the folder unless it says where, and suffixed.

    None where no file is named, as in a path that is only begun.
    """
    typed = text.strip()
    if not typed or typed.endswith(("/", os.sep)):
        return None
    try:
        path = folder / Path(typed).expanduser()
    except RuntimeError:  # of a user, after "~", who is not there
        return None
    if path.name in ("", ".", ".."):
        return None
    return path if path.suffix.lower() == SUFFIX else path.with_name(path.name + SUFFIX)


class NewProjectDialog(QDialog):
    """Asks for a project's file and its labels; makes nothing itself.

    After ``Accepted``, ``path`` and ``label_set`` hold what was chosen.
    """

    def __init__(self, folder: Path, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("New project")
        self._start = folder
        self._theme = theme
        self.path: Path | None = None
        self.label_set: LabelSet | None = None
        self._name = QLineEdit(_free_name(folder), self)
        self._browse = QPushButton("&Browse…", self)
        self._place = QLabel(self, wordWrap=True)
        self._built_in = QRadioButton("&News pages: headline, caption, body, ticker, comment", self)
        self._own = QRadioButton("From a &file (TOML)", self)
        self._file = QLineEdit(self, placeholderText="labels.toml")
        self._choose = QPushButton("C&hoose…", self)
        self._labels = _label_table(self)
        self._problem = QLabel(self, wordWrap=True)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self._create = self._buttons.addButton("&Create", QDialogButtonBox.ButtonRole.AcceptRole)
        self._built_in.setChecked(True)
        self._lay_out()
        self._connect()
        self._read_labels()
        self._name.selectAll()

    def _lay_out(self) -> None:
        file = QHBoxLayout()
        file.addWidget(self._name, 1)
        file.addWidget(self._browse)
        own = QHBoxLayout()
        for widget, stretch in ((self._own, 0), (self._file, 1), (self._choose, 0)):
            own.addWidget(widget, stretch)
        form = QFormLayout()
        title = QLabel("&Project", self)
        title.setBuddy(self._name)
        form.addRow(title, file)
        form.addRow("", self._place)
        form.addRow("Labels", self._built_in)
        form.addRow("", own)
        rows = QVBoxLayout(self)
        rows.addLayout(form)
        rows.addWidget(self._labels, 1)
        rows.addWidget(self._problem)
        rows.addWidget(self._buttons)
        self._name.setAccessibleName("Name or file of the project")
        self._file.setAccessibleName("File of the label set")
        self._create.setDefault(True)
        self._place.setStyleSheet(f"color: {self._theme.muted}")
        self._problem.setStyleSheet(f"color: {self._theme.bad}")
        self.resize(760, 460)

    def _connect(self) -> None:
        self._name.textChanged.connect(self._check)
        self._browse.clicked.connect(self._browse_project)
        self._choose.clicked.connect(self._browse_labels)
        self._file.textEdited.connect(lambda: self._own.setChecked(True))
        self._file.textChanged.connect(self._read_labels)
        self._built_in.toggled.connect(self._read_labels)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)

    def _browse_project(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(
            self,
            "New project",
            str(self._start / self._name.text()),
            f"Segmark projects (*{SUFFIX})",
            options=QFileDialog.Option.DontConfirmOverwrite,
        )
        if chosen:
            self._name.setText(chosen)

    def _browse_labels(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(
            self, "Label set", str(self._start), "Label sets (*.toml);;All files (*)"
        )
        if chosen:
            self._own.setChecked(True)
            self._file.setText(chosen)

    def _read_labels(self) -> None:
        """Read the label set that is chosen, show it, and say what is wrong with it."""
        self.label_set, self._label_problem = None, ""
        try:
            self.label_set = read_label_set(self._label_file())
        except LabelSetError as error:
            self._label_problem = " ".join(str(error).split())
        self._labels.clear()
        for place, label in enumerate(self.label_set or (), start=1):
            keys = f"{place}  {label.key.upper()}" if place <= 9 else label.key.upper()
            row = QTreeWidgetItem(self._labels, [label.name, keys, label.definition])
            row.setIcon(0, swatch(label, self._theme))
            row.setToolTip(2, plain_words(label.definition))
        for column in (0, 1):
            self._labels.resizeColumnToContents(column)
            self._labels.setColumnWidth(column, self._labels.columnWidth(column) + 12)
        self._check()

    def _label_file(self) -> Path:
        if self._built_in.isChecked():
            return NEWS_LABELS
        text = self._file.text().strip()
        if not text:
            raise LabelSetError("Choose the file of the label set.")
        return self._start / Path(text).expanduser()

    def _check(self) -> None:
        self.path = project_path(self._name.text(), self._start)
        self._place.setText(f"Everything is kept in {self.path}" if self.path else "")
        problem = path_problem(self.path) or self._label_problem
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        self._create.setEnabled(not problem)


def path_problem(path: Path | None) -> str:
    """Why no project can be made there, in one line; "" when it can."""
    if path is None:
        return "Give the project a name."
    if path.exists():
        return f"{path.name} is there already: choose another name, or open it instead."
    if not path.parent.is_dir():
        return f"There is no folder {path.parent}."
    return ""


def _free_name(folder: Path) -> str:
    """A name that no project in the folder has."""
    number = 1
    while True:
        name = "news" if number == 1 else f"news-{number}"
        if not (folder / (name + SUFFIX)).exists():
            return name
        number += 1


def _label_table(parent: QWidget) -> QTreeWidget:
    table = QTreeWidget(parent, columnCount=3)
    table.setRootIsDecorated(False)
    table.setHeaderLabels(["Label", "Keys", "What it is"])
    table.setAccessibleName("The labels of the project")
    table.setIconSize(QSize(16, 16))
    table.setSelectionMode(QTreeWidget.SelectionMode.NoSelection)
    table.setTextElideMode(Qt.TextElideMode.ElideRight)
    table.header().setStretchLastSection(True)
    return table
