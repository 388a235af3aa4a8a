"""FilterWindow: the filters of the page list, which take effect immediately."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from segmark.core.label import LabelSet
from segmark.core.queue import Asked, PageFilter, PageWork
from segmark.gui.base.fitting import FittedDialog
from segmark.gui.base.whole_popup import show_whole
from segmark.store.store import Store

_MOST_NAMES = 500  # the number of sites to choose from; others can be typed
_ANY = "Any"
_WORK = {
    PageWork.MINE: "By me",
    PageWork.TODAY: "Finished today",
    PageWork.CHANGED: "Changed after done",
}
_ASKED = {Asked.OPEN: "Open", Asked.ANSWERED: "Answered"}


def filter_text(shown: PageFilter, labels: LabelSet) -> str:
    """A filter as text, without status and words, such as ``site varn, flagged``."""
    parts = [
        f"{name} {value}"
        for name, value in (
            ("site", shown.site), ("language", shown.language), ("source", shown.source),
            ("label", shown.label and labels.name_of(shown.label)),
        )
        if value is not None
    ]  # fmt: skip
    options = (
        (shown.flagged, "flagged", "not flagged"),
        (shown.noted, "with a note", "without a note"),
        (shown.near, "near-duplicates only", "no near-duplicates"),
        (shown.suggested, "with suggestions", "without suggestions"),
        (shown.removed or None, "removed pages", ""),
    )
    if shown.listed is not None:
        parts.insert(0, shown.listed.name)
    if shown.work is not None:
        parts.append(_WORK[shown.work].lower())
    if shown.asked is not None:
        parts.append(f"{_ASKED[shown.asked].lower()} questions")
    parts += [yes if option else no for option, yes, no in options if option is not None]
    return ", ".join(parts)


class FilterWindow(FittedDialog):
    """The filters of the page list except status and words.

    Signals:
        changed: the new ``PageFilter``; its status and words are the given ones.
    """

    changed = Signal(object)

    def __init__(self, store: Store, shown: PageFilter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Filter pages")
        self._shown = shown
        self.site = self._names(store.pages.sites(_MOST_NAMES))
        self.language = self._names(store.pages.languages(_MOST_NAMES))
        self.source = QLineEdit(clearButtonEnabled=True, placeholderText="file or folder")
        labels = [(label.name, label.id) for label in store.label_set]
        self.label = _choice([(_ANY, None), *labels])
        self.flagged = _choice([(_ANY, None), ("Flagged", True), ("Not flagged", False)])
        self.noted = _choice([(_ANY, None), ("With", True), ("Without", False)])
        self.near = _choice([("Shown", None), ("Hidden", False), ("Nothing else", True)])
        self.suggested = _choice([(_ANY, None), ("With", True), ("Without", False)])
        self.work = _choice([(_ANY, None), *((words, work) for work, words in _WORK.items())])
        self.asked = _choice([(_ANY, None), *((words, asked) for asked, words in _ASKED.items())])
        self.removed = QCheckBox("The pages that were &removed")
        self.clear = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Reset | QDialogButtonBox.StandardButton.Close
        )
        self._lay_out()
        self.show_filter(shown)
        self._connect()

    def _names(self, names: list[str]) -> QComboBox:
        box = QComboBox(editable=True, insertPolicy=QComboBox.InsertPolicy.NoInsert)
        box.addItems(["", *names])
        if field := box.lineEdit():
            field.setPlaceholderText(_ANY)
            field.setClearButtonEnabled(True)
        box.setMinimumContentsLength(22)
        show_whole(box)
        return box

    def _lay_out(self) -> None:
        form = QFormLayout()
        for words, field in (
            ("&Site", self.site), ("&Language", self.language), ("S&ource", self.source),
            ("L&abel on it", self.label), ("&Flag", self.flagged), ("No&te", self.noted),
            ("&Near-duplicates", self.near), ("S&uggestions", self.suggested),
            ("Your &work", self.work), ("&Questions", self.asked),
        ):  # fmt: skip
            form.addRow(words, field)
            field.setAccessibleName(words.replace("&", ""))
        form.addRow("", self.removed)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(self.clear)

    def _connect(self) -> None:
        for box in (self.site, self.language):
            box.currentTextChanged.connect(self._take)
        self.source.textChanged.connect(self._take)
        for choice in (
            self.label, self.flagged, self.noted, self.near, self.suggested, self.work, self.asked,
        ):  # fmt: skip
            choice.currentIndexChanged.connect(self._take)
        self.removed.toggled.connect(self._take)
        self.clear.rejected.connect(self.close)
        self.clear.button(QDialogButtonBox.StandardButton.Close).setDefault(True)
        reset = self.clear.button(QDialogButtonBox.StandardButton.Reset)
        reset.setAutoDefault(False)
        reset.clicked.connect(lambda: self._reset())

    def show_filter(self, shown: PageFilter) -> None:
        """Show a filter in the fields."""
        self._shown = shown
        before = self.blockSignals(True)
        self.site.setCurrentText(shown.site or "")
        self.language.setCurrentText(shown.language or "")
        self.source.setText(shown.source or "")
        for choice, value in (
            (self.label, shown.label), (self.flagged, shown.flagged), (self.noted, shown.noted),
            (self.near, shown.near),
            (self.suggested, shown.suggested), (self.work, shown.work), (self.asked, shown.asked),
        ):  # fmt: skip
            choice.setCurrentIndex(max(0, choice.findData(value)))
        self.removed.setChecked(shown.removed)
        self.blockSignals(before)

    def _reset(self) -> None:
        self.show_filter(PageFilter(self._shown.status, self._shown.words))
        self.changed.emit(self._shown)

    def _take(self) -> None:
        if self.signalsBlocked():
            return
        shown = replace(
            self._shown,
            site=self.site.currentText().strip() or None,
            language=self.language.currentText().strip() or None,
            source=self.source.text().strip() or None,
            label=self.label.currentData(),
            flagged=self.flagged.currentData(),
            noted=self.noted.currentData(),
            near=self.near.currentData(),
            suggested=self.suggested.currentData(),
            work=self.work.currentData(),
            asked=self.asked.currentData(),
            removed=self.removed.isChecked(),
        )
        if shown != self._shown:
            self._shown = shown
            self.changed.emit(shown)


def _choice(entries: Sequence[tuple[str, object]]) -> QComboBox:
    box = QComboBox()
    for words, value in entries:
        box.addItem(words, value)
    return box
