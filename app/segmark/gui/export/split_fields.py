"""The fields for a split: shares of the parts, what is in one part as a whole, the seed."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from segmark.export.error import ExportError
from segmark.export.split import PARTS, Split, SplitBy
from segmark.jobs.exporting.exporting import ExportChoice

_USUAL_SHARES = (80, 10, 10)
_BY = {
    SplitBy.SITE: "whole sites",
    SplitBy.PAGE: "page by page",
    SplitBy.NEAR_DUPLICATE: "pages with the same article together",
}


class SplitFields(QWidget):
    """Whether to split, and how; ``changed`` after each change of any of them."""

    changed = Signal()

    def __init__(self, choice: ExportChoice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.on = QCheckBox("&Split", self)
        self.on.setChecked(choice.split is not None)
        values = _USUAL_SHARES
        if split := choice.split:
            values = (split.train, split.dev, split.test)
        self.shares = [_share(*share, self) for share in zip(PARTS, values, strict=True)]
        self.by = QComboBox(self)
        for by, name in _BY.items():
            self.by.addItem(name, by)
        self.by.setCurrentIndex(self.by.findData(choice.split_by))
        self.by.setAccessibleName("What is in one part as a whole")
        self.by.setToolTip("What is in one part as a whole; no article is ever in two parts")
        self.seed = QLineEdit(choice.seed, self, placeholderText="seed")
        self.seed.setAccessibleName("Seed")
        self.seed.setToolTip("Another word deals all out otherwise")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        first, second = QHBoxLayout(), QHBoxLayout()
        for widget in (self.on, *self.shares):
            first.addWidget(widget)
        first.addStretch(1)
        second.addWidget(self.by)
        second.addWidget(self.seed, 1)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addLayout(first)
        rows.addLayout(second)

    def _connect(self) -> None:
        self.setFocusProxy(self.on)
        self.on.toggled.connect(self._on_change)
        self.by.currentIndexChanged.connect(self._on_change)
        self.seed.textChanged.connect(self._on_change)
        for share in self.shares:
            share.valueChanged.connect(self._on_change)
        self._enable()

    def _on_change(self) -> None:
        self._enable()
        self.changed.emit()

    def _enable(self) -> None:
        for widget in (*self.shares, self.by, self.seed):
            widget.setEnabled(self.on.isChecked())

    @property
    def problem(self) -> str | None:
        """Why this is no split, in one line."""
        total = sum(share.value() for share in self.shares)
        if self.on.isChecked() and total != 100:
            return f"The three shares of the split make {total} %; they must make 100 %."
        return None

    @property
    def split(self) -> Split | None:
        """The shares; None where there is no split, or while they do not make 100."""
        if not self.on.isChecked():
            return None
        try:
            return Split(*(share.value() for share in self.shares))
        except ExportError:
            return None

    @property
    def split_by(self) -> SplitBy:
        """What is in one part as a whole; a site where there is no split."""
        return SplitBy(self.by.currentData()) if self.on.isChecked() else SplitBy.SITE

    @property
    def seed_word(self) -> str:
        """The seed; "" where there is no split."""
        return self.seed.text() if self.on.isChecked() else ""


def _share(part: str, value: int, parent: QWidget) -> QSpinBox:
    share = QSpinBox(parent, maximum=100, singleStep=5, value=value)
    share.setPrefix(f"{part} ")
    share.setSuffix(" %")
    share.setAccessibleName(f"Share of {part} in per cent")
    return share
