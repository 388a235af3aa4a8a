"""LabelForm: what one label is called, looks like and means."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from segmark.core.guideline import Example
from segmark.core.label import Expected, Label
from segmark.core.label_acts.colours import GROUNDS
from segmark.gui.base.plain_words import in_stored_order
from segmark.gui.rules.colour_field import ColourField

_EXPECTED = {
    Expected.ANY: "Any number, or none",
    Expected.ONE: "One on each page",
    Expected.SOME: "At least one on each page",
}
_GUIDELINE_LINES = 8


class LabelForm(QWidget):
    """The fields of a label.

    Signals:
        changed: a field was changed.
        example_chosen: the number of an example, and ``change`` or ``remove``.

    Attributes:
        name, key, light, dark, joins, inside, expected, definition, guideline, example: the fields.
        examples: the examples of pages; ``reason`` and ``remove`` act on the chosen one.
        tabs: what the label is, what the guideline says on it, its examples.
    """

    changed = Signal()
    example_chosen = Signal(int, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label: Label | None = None
        self._showing = False
        self.name = QLineEdit()
        self.key = QLineEdit(maxLength=1)
        self.key.setFixedWidth(6 * self.key.fontMetrics().averageCharWidth())
        light, dark = GROUNDS
        self.light = ColourField("Colour on a light page", light)
        self.dark = ColourField("Colour on a dark page", dark)
        self.joins = QCheckBox("Spans with only white space between them &join")
        self.inside = QCheckBox("A span may begin or end inside a &block")
        self.expected = QComboBox()
        for value, words in _EXPECTED.items():
            self.expected.addItem(words, value)
        self.definition = QLineEdit()
        self.guideline = QPlainTextEdit(tabChangesFocus=True)
        self.guideline.setMinimumHeight(
            _GUIDELINE_LINES * self.guideline.fontMetrics().lineSpacing()
        )
        self.example = QLineEdit()
        self.former = QLabel(wordWrap=True)
        self.former.setTextFormat(Qt.TextFormat.PlainText)
        self.examples = QListWidget()
        self.examples.setWordWrap(True)
        self.examples.setAlternatingRowColors(True)
        self.examples.setAccessibleName("Examples from pages")
        self.reason, self.remove = QPushButton("Rea&son…"), QPushButton("Re&move")
        self.tabs = QTabWidget()
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        rules, words = QWidget(), QWidget()
        form = QFormLayout(rules)
        for title, field in (
            ("&Name", self.name), ("&Key", self.key), ("On a &light page", self.light),
            ("On a &dark page", self.dark), ("&Expected", self.expected),
        ):  # fmt: skip
            form.addRow(title, field)
        for box in (self.joins, self.inside, self.former):
            form.addRow("", box)
        texts = QFormLayout(words)
        texts.addRow("De&finition", self.definition)
        texts.addRow("&Guideline", self.guideline)
        texts.addRow("E&xample", self.example)
        self.tabs.addTab(rules, "&Rules")
        self.tabs.addTab(words, "G&uideline")
        self.tabs.addTab(self._examples_tab(), "Exam&ples")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.tabs)

    def _examples_tab(self) -> QWidget:
        tab, row = QWidget(), QHBoxLayout()
        hint = QLabel("“Add to the guideline” on a page adds one.", wordWrap=True)
        row.addWidget(hint, 1)
        for button, act in ((self.reason, "change"), (self.remove, "remove")):
            button.setAutoDefault(False)
            button.clicked.connect(partial(self._use_example, act))
            row.addWidget(button)
        column = QVBoxLayout(tab)
        column.addWidget(self.examples, 1)
        column.addLayout(row)
        self.examples.currentRowChanged.connect(self._enable)
        return tab

    def _enable(self, row: int) -> None:
        for button in (self.reason, self.remove):
            button.setEnabled(row >= 0)

    def _use_example(self, act: str) -> None:
        if item := self.examples.currentItem():
            self.example_chosen.emit(item.data(Qt.ItemDataRole.UserRole), act)

    def _connect(self) -> None:
        for field in (self.name, self.key, self.definition, self.example):
            field.textChanged.connect(self._tell)
        for colour in (self.light, self.dark):
            colour.changed.connect(self._tell)
        for box in (self.joins, self.inside):
            box.toggled.connect(self._tell)
        self.expected.currentIndexChanged.connect(self._tell)
        self.guideline.textChanged.connect(self._tell)

    def _tell(self) -> None:
        if not self._showing:
            self.changed.emit()

    def show_label(self, label: Label, examples: Sequence[Example]) -> None:
        """Show a label in the fields, and its examples."""
        self._label, self._showing = label, True
        self.name.setText(label.name)
        self.key.setText(label.key.upper())
        self.light.set_colour(label.light)
        self.dark.set_colour(label.dark)
        self.joins.setChecked(label.joins)
        self.inside.setChecked(label.inside)
        self.expected.setCurrentIndex(list(_EXPECTED).index(label.expected))
        self.definition.setText(label.definition)
        self.guideline.setPlainText(label.guideline)
        self.example.setText(label.example)
        names = ", ".join(label.former)
        self.former.setText(f"Called before: {names}" if names else "")
        self._showing = False
        self.examples.clear()
        for one in examples:
            words = " – ".join(filter(None, (" ".join(one.text.split()), one.reason)))
            item = QListWidgetItem(in_stored_order(words), self.examples)
            item.setData(Qt.ItemDataRole.UserRole, one.number)
        self._enable(self.examples.currentRow())

    @property
    def label(self) -> Label | None:
        """The label as the fields say; None if no label was shown. It may break a rule."""
        was = self._label
        if was is None:
            return None
        key = self.key.text().strip()
        return replace(
            was,
            name=self.name.text().strip(),
            key=was.key if key == was.key.upper() else key,
            light=self.light.colour,
            dark=self.dark.colour,
            joins=self.joins.isChecked(),
            inside=self.inside.isChecked(),
            expected=Expected(self.expected.currentData()),
            definition=self.definition.text().strip(),
            guideline=kept_or_typed(was.guideline, self.guideline.toPlainText()),
            example=kept_or_typed(was.example, self.example.text()),
        )


def kept_or_typed(before: str, typed: str) -> str:
    """The text before, if the field only shows its white space otherwise."""
    return before if typed.split() == before.split() else typed.strip()
