"""The fields for the format and its own options: unit, windows, the size of files."""

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QSpinBox, QWidget

from segmark.export.format import Capability, Format
from segmark.export.formats.registry import FORMATS
from segmark.export.options import ExportOptions
from segmark.gui.base.box_name import name_box

_LONGEST = 100_000  # tokens of a window
_LARGEST = 10_000  # millions of code points of a file


class FormatFields(QWidget):
    """Format, unit, window, stride and shard; ``changed`` is emitted after any change.

    Attributes:
        form: the list of formats.
        unit: the list of the format's units.
        window_size: tokens of a window.
        stride: tokens from the start of one window to the start of the next.
        shard: text in one file.
    """

    changed = Signal()

    def __init__(self, options: ExportOptions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.form = QComboBox(self)
        self.form.addItems(list(FORMATS))
        self.form.setCurrentText(options.form)
        self.unit = QComboBox(self)
        self.unit.setToolTip("What makes a row: the whole page, or each part of it")
        self.window_size = self._number("256", options.window, _LONGEST, 32)
        self.stride = self._number("half a window", options.stride, _LONGEST, 32)
        self.shard = self._number("usual", options.shard, _LARGEST, 1)
        self.shard.setSuffix(" million characters")
        name_box(self.form, "Format")
        name_box(self.unit, "What makes a row")
        self.window_size.setAccessibleName("Tokens of a window")
        self.stride.setAccessibleName("Tokens from the start of a window to the start of the next")
        self.shard.setAccessibleName("Text in one file, in millions of characters")
        self._fill_units()
        self.unit.setCurrentText(options.unit)
        self._lay_out()
        self._connect()

    def _number(self, default: str, value: int, most: int, step: int) -> QSpinBox:
        spin = QSpinBox(self, maximum=most, singleStep=step, value=value)
        spin.setSpecialValueText(default)
        return spin

    def _lay_out(self) -> None:
        self.setFocusProxy(self.form)
        self._rows = rows = QFormLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        for title, field in (
            ("For&mat", self.form), ("One row for each", self.unit),
            ("Tokens in a window", self.window_size),
            ("Tokens to the next window", self.stride), ("Text in one file", self.shard),
        ):  # fmt: skip
            rows.addRow(title, field)

    def _connect(self) -> None:
        for spin in (self.window_size, self.stride, self.shard):
            spin.setToolTip(spin.accessibleName())
            spin.valueChanged.connect(self._on_change)
        self.form.currentIndexChanged.connect(self._on_format)
        self.unit.currentIndexChanged.connect(self._on_change)
        self._show_fields()

    def _fill_units(self) -> None:
        self.unit.blockSignals(True)
        self.unit.clear()
        self.unit.addItems(list(self.chosen.units))
        self.unit.blockSignals(False)

    def _on_format(self) -> None:
        self._fill_units()
        self._on_change()

    def _on_change(self) -> None:
        self._show_fields()
        self.changed.emit()

    def _show_fields(self) -> None:
        self._rows.setRowVisible(self.unit, self.unit.count() > 1)
        for spin in (self.window_size, self.stride):
            self._rows.setRowVisible(spin, self.unit.currentText() == "window")
        self._rows.setRowVisible(self.shard, Capability.SHARD in self.chosen.can)

    @property
    def chosen(self) -> Format:
        """The chosen format."""
        return FORMATS[self.form.currentText()]

    @property
    def options(self) -> dict[str, Any]:
        """The chosen options by name; those that the format lacks are left at their defaults."""
        in_windows = self.unit.currentText() == "window"
        return {
            "form": self.chosen.name,
            "unit": self.unit.currentText() if self.unit.currentIndex() > 0 else "",
            "window": self.window_size.value() if in_windows else 0,
            "stride": self.stride.value() if in_windows else 0,
            "shard": self.shard.value() if Capability.SHARD in self.chosen.can else 0,
        }
