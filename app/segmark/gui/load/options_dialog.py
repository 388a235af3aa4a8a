"""LoadOptionsDialog: the options of the command ``load``."""

import os
from pathlib import Path

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from segmark.core.label import LabelSet
from segmark.core.people.person import PersonError, checked_name
from segmark.gui.base.fitting import FittedDialog
from segmark.gui.base.theme import Theme
from segmark.gui.load.label_questions import UNITS, chosen_unit
from segmark.loading.options import LabelOptions, LoadOptions, RecordFields

_MOST = 100_000_000


class LoadOptionsDialog(FittedDialog):
    """Asks for ``LoadOptions``; the files are chosen afterwards.

    Attributes:
        of_folder: whether the user chose to load a folder.
        match, sample, seed, limit: which pages to load.
        fields: the columns with text, HTML and address.
        tags, layer: the names of tags that are numbers; the layer of labels.
        names, drop, offsets, annotator, labelled_done: how to read labels.
        newer, predictions, model: whether they replace others, whether a model made them, which.
        table, browse_button: the file for the report.
        problem: the reason why the options can't be used.
        files_button, folder_button: accept the options.
    """

    def __init__(
        self,
        labels: LabelSet,
        annotator: str,
        options: LoadOptions,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Load with options")
        self.of_folder = False
        self._label_set = labels
        taken = options.labels
        self.match = _line(" ".join(options.match), "example.org  */news/*")
        self.sample = _count(options.sample or 0, "all")
        self.seed = QSpinBox(maximum=_MOST, value=options.seed, prefix="seed ")
        self.limit = _count(options.limit or 0, "no limit")
        self.fields = [
            _line(named, usual)
            for named, usual in (
                (options.fields.text, "text"),
                (options.fields.html, "html, raw_html or content"),
                (options.fields.url, "url"),
            )
        ]
        self.tags = _line(", ".join(options.fields.tags), "O, B-headline, I-headline")
        self.layer = _line(options.fields.layer, "all that are not linguistic")
        pairs = ", ".join(f"{theirs}={ours}" for theirs, ours in taken.names)
        self.names = _line(pairs, "Title=headline, Menu=")
        self.drop = QCheckBox("Leave out labels that the project &lacks")
        self.drop.setChecked(taken.drop_unknown)
        self.offsets = QComboBox()
        self.offsets.addItem("as the file shows", None)
        for unit, title in UNITS.items():
            self.offsets.addItem(title, unit)
        self.offsets.setCurrentIndex(max(0, self.offsets.findData(taken.offsets)))
        self.annotator = _line(taken.annotator, annotator)
        people = ", ".join(f"{theirs}={ours}" for theirs, ours in taken.people)
        self.people = _line(people, "Ada=Ada Lovelace")
        self.labelled_done = QCheckBox("Labelled pages are &done unless the file says otherwise")
        self.labelled_done.setChecked(taken.done)
        self.newer = QCheckBox("Re&place what the same annotator labelled differently here")
        self.newer.setChecked(taken.newer)
        self.predictions = QCheckBox("All of them are predict&ions of a model")
        self.predictions.setChecked(taken.predictions)
        self.model = _line(taken.model, "as the file says")
        self.table = _line(str(options.report or ""), "none")
        self.browse_button = QPushButton("&Browse…")
        self.problem = QLabel(wordWrap=True)
        self.problem.setStyleSheet(f"color: {theme.bad}")
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        role = QDialogButtonBox.ButtonRole.AcceptRole
        self.folder_button = self._buttons.addButton("Load f&older…", role)
        self.files_button = self._buttons.addButton("Load &files…", role)
        self._lay_out()
        self._connect()
        self._check()

    def _lay_out(self) -> None:
        drawn = QHBoxLayout()
        drawn.addWidget(self.sample, 1)
        drawn.addWidget(self.seed)
        which = QFormLayout()
        which.addRow("Of these &addresses", self.match)
        which.addRow(_title("Draw a &sample", self.sample), drawn)
        which.addRow("At &most", self.limit)
        records = QFormLayout()
        for title, line in zip(("&Text", "&HTML", "Addr&ess"), self.fields, strict=True):
            records.addRow(title, line)
        records.addRow("Ta&gs", self.tags)
        records.addRow("Layer (&UIMA)", self.layer)
        labels = QFormLayout()
        labels.addRow("&Names", self.names)
        labels.addRow("", self.drop)
        labels.addRow("Offsets &count", self.offsets)
        labels.addRow("&Whose they are", self.annotator)
        labels.addRow("Who is who &here", self.people)
        labels.addRow("", self.labelled_done)
        labels.addRow("", self.newer)
        labels.addRow("", self.predictions)
        labels.addRow("Predicted b&y", self.model)
        table = QHBoxLayout()
        table.addWidget(self.table, 1)
        table.addWidget(self.browse_button)
        report = QFormLayout()
        report.addRow(_title("&Report (CSV)", self.table), table)
        rows = QVBoxLayout(self)
        for title, form in (
            ("Which pages", which),
            ("Columns of records", records),
            ("Labels of other tools", labels),
        ):
            group = QGroupBox(title, self)
            group.setLayout(form)
            rows.addWidget(group)
        rows.addLayout(report)
        rows.addWidget(self.problem)
        rows.addWidget(self._buttons)
        for form in (which, records, labels, report):
            form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.files_button.setDefault(True)
        self.seed.setAccessibleName("Seed of the sample")
        self.match.setToolTip(
            "Hosts with their subdomains, or addresses with *; separated by spaces"
        )
        self.names.setToolTip("Their label = your label; a label with nothing after = is left out")
        self.tags.setToolTip("The names of tags that are numbers, from 0 on")
        self.layer.setToolTip("In WebAnno TSV and UIMA; a feature may follow after a dot")
        self.annotator.setToolTip("Used if the file does not name the annotator")
        self.people.setToolTip("Their annotator = the person here; the same name may be two people")
        self.newer.setToolTip("One act for each page, which can be undone")
        self.model.setToolTip(
            "Used if the file does not name the model of its predictions;\n"
            "rows that Segmark exported are then predictions for pages of the project"
        )
        self.table.setToolTip("The outcome of every source, as a table")

    def _connect(self) -> None:
        self.browse_button.clicked.connect(self._choose_table)
        self.names.textChanged.connect(self._check)
        self.people.textChanged.connect(self._check)
        self.table.textChanged.connect(self._check)
        self.sample.valueChanged.connect(self._check)
        self.folder_button.clicked.connect(self._take_folder)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)

    @property
    def options(self) -> LoadOptions:
        """The chosen options."""
        text, html, url = (line.text().strip() for line in self.fields)
        tags = tuple(name.strip() for name in self.tags.text().split(",") if self.tags.text())
        fields = RecordFields(text, html, url, tags, self.layer.text().strip())
        labels = LabelOptions(
            _pairs(self.names),
            self.drop.isChecked(),
            chosen_unit(self.offsets),
            self.annotator.text().strip(),
            self.labelled_done.isChecked(),
            self.newer.isChecked(),
            self.predictions.isChecked(),
            " ".join(self.model.text().split()),
            tuple((theirs, " ".join(ours.split())) for theirs, ours in _pairs(self.people)),
        )
        report = self.table.text().strip()
        return LoadOptions(
            fields,
            tuple(self.match.text().split()),
            self.sample.value() or None,
            self.seed.value(),
            self.limit.value() or None,
            labels,
            Path(report).expanduser() if report else None,
        )

    def _check(self) -> None:
        problem = self._found_problem()
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self.seed.setEnabled(self.sample.value() > 0)
        for button in (self.files_button, self.folder_button):
            button.setEnabled(not problem)

    def _found_problem(self) -> str:
        """A one-line message why the options can't be used; "" if they can."""
        for theirs, ours in _pairs(self.people):
            if not theirs:
                return "Who is who: write their annotator, =, and the person here, as in Ada=Bea."
            try:
                checked_name(ours)
            except PersonError as error:
                return f"Who is who: {error}."
        for theirs, ours in _pairs(self.names):
            if not theirs:
                return "Names: write their label, =, and your label, as in Title=headline."
            if ours and ours not in self._label_set.names:
                names = ", ".join(label.name for label in self._label_set)
                return f"Names: there is no label {ours}; the labels are {names}."
        table = self.options.report
        if table and not table.is_absolute():
            return f"Report: {table} has no folder; give the whole path."
        if table and (os.path.isdir(table) or not os.path.isdir(table.parent)):
            return f"Report: {table} can't be written; choose another file."
        return ""

    def _choose_table(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "Report", "load.csv", "Tables (*.csv)")
        if name:
            self.table.setText(name)

    def _take_folder(self) -> None:
        self.of_folder = True


def _pairs(line: QLineEdit) -> tuple[tuple[str, str], ...]:
    """The pairs in a line such as ``Title=headline, Menu=``."""
    parted = (pair.rpartition("=") for pair in line.text().split(",") if pair.strip())
    return tuple((theirs.strip(), ours.strip()) for theirs, _, ours in parted)


def _title(text: str, buddy: QWidget) -> QLabel:
    title = QLabel(text)
    title.setBuddy(buddy)
    return title


def _line(text: str, placeholder: str) -> QLineEdit:
    return QLineEdit(text, placeholderText=placeholder)


def _count(value: int, none: str) -> QSpinBox:
    """A field for a number of pages; 0 means no number."""
    box = QSpinBox(maximum=_MOST, suffix=" pages")
    box.setSpecialValueText(none)
    box.setGroupSeparatorShown(True)
    box.setValue(value)
    return box
