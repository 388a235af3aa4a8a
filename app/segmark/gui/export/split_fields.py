"""The fields for a split: the shares of the parts, what is kept together, the seed."""

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QSpinBox,
    QWidget,
)

from segmark.export.options import ExportOptions
from segmark.export.split import PARTS, Split, SplitBy
from segmark.gui.base.box_name import name_box

_DEFAULT = Split(80, 10, 10)
_BY = {
    SplitBy.SITE: "whole sites",
    SplitBy.PAGE: "nothing: page by page",
    SplitBy.NEAR_DUPLICATE: "pages with the same article",
}


class SplitFields(QWidget):
    """Whether to split, and how; ``changed`` is emitted after any change.

    Attributes:
        on: whether to split.
        shares: of the parts.
        by: what is kept together.
        seed: a different word gives a different split.
    """

    changed = Signal()

    def __init__(self, options: ExportOptions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.on = QCheckBox("&Split into train, dev and test", self)
        self.on.setChecked(options.split is not None)
        shares = options.split or _DEFAULT
        self.shares = [_share(part, getattr(shares, part), self) for part in PARTS]
        self.by = QComboBox(self)
        for by, name in _BY.items():
            self.by.addItem(name, by)
        self.by.setCurrentIndex(self.by.findData(options.split_by))
        name_box(self.by, "What is kept together in one part")
        self.by.setToolTip("What is kept together in one part; no article is ever in two parts")
        self.seed = QLineEdit(options.seed, self, placeholderText="any word")
        self.seed.setAccessibleName("Seed")
        self.seed.setToolTip("A different word gives a different split")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        shares = QHBoxLayout()
        for widget in self.shares:
            shares.addWidget(widget)
        shares.addStretch(1)
        rows = QFormLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addRow(self.on)
        rows.addRow(shares)
        rows.addRow("Kept together", self.by)
        rows.addRow("Seed", self.seed)

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
        """Why the shares make no split, in one line."""
        total = sum(share.value() for share in self.shares)
        if self.on.isChecked() and total != 100:
            return f"The three shares of the split make {total} %; they must make 100 %."
        return None

    @property
    def options(self) -> dict[str, Any]:
        """The chosen options by name; there is no split while the shares do not make 100."""
        if not self.on.isChecked():
            return {}
        split = None if self.problem else Split(*(share.value() for share in self.shares))
        by = SplitBy(self.by.currentData())
        return {"split": split, "split_by": by, "seed": self.seed.text()}


def _share(part: str, value: int, parent: QWidget) -> QSpinBox:
    share = QSpinBox(parent, maximum=100, singleStep=5, value=value)
    share.setPrefix(f"{part} ")
    share.setSuffix(" %")
    share.setAccessibleName(f"Share of {part} in per cent")
    return share
