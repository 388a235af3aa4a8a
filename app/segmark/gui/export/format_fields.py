"""The fields for a format and what it can be told: units, windows, the size of files."""

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSpinBox, QWidget

from segmark.export.exporter import SOURCED
from segmark.export.formats.registry import EXPORTERS
from segmark.jobs.exporting.exporting import ExportChoice

_LONGEST = 100_000  # tokens of a window
_LARGEST = 10_000  # millions of code points of a file


class FormatFields(QWidget):
    """Format, unit, window, stride and shard; ``changed`` after each change of any of them."""

    changed = Signal()

    def __init__(
        self, formats: Iterable[str], choice: ExportChoice, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.form = QComboBox(self)
        self.form.addItems(list(formats))
        self.form.setCurrentText(choice.form)
        self._unit = QComboBox(self)
        self._window = self._number("window ", "256", choice.window, _LONGEST, 32)
        self._stride = self._number("stride ", "half", choice.stride, _LONGEST, 32)
        self._shard = self._number("shard ", "usual", choice.shard, _LARGEST, 1)
        self._shard.setSuffix(" M")
        self._fill_units()
        self._unit.setCurrentText(choice.unit)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for widget in (self.form, self._unit, self._window, self._stride, self._shard):
            row.addWidget(widget)
        row.addStretch(1)
        self._name_and_connect()
        self._show_what_counts()

    def _number(self, prefix: str, usual: str, value: int, most: int, step: int) -> QSpinBox:
        spin = QSpinBox(self, maximum=most, singleStep=step, value=value)
        spin.setPrefix(prefix)
        spin.setSpecialValueText(prefix + usual)
        return spin

    def _name_and_connect(self) -> None:
        self.setFocusProxy(self.form)
        self.form.setAccessibleName("Format")
        self._unit.setAccessibleName("What makes a row")
        self._unit.setToolTip("What makes a row: the whole page, or each part of it")
        self._window.setAccessibleName("Tokens of a window")
        self._stride.setAccessibleName("Tokens from one window's start to the next one's")
        self._shard.setAccessibleName("Text in one file, in millions of characters")
        for spin in (self._window, self._stride, self._shard):
            spin.setToolTip(spin.accessibleName())
            spin.valueChanged.connect(self._on_change)
        self.form.currentIndexChanged.connect(self._on_format)
        self._unit.currentIndexChanged.connect(self._on_change)

    def _fill_units(self) -> None:
        self._unit.blockSignals(True)
        self._unit.clear()
        self._unit.addItems(list(EXPORTERS[self.form.currentText()].units))
        self._unit.blockSignals(False)

    def _on_format(self) -> None:
        self._fill_units()
        self._on_change()

    def _on_change(self) -> None:
        self._show_what_counts()
        self.changed.emit()

    def _show_what_counts(self) -> None:
        self._unit.setVisible(self._unit.count() > 1)
        for spin in (self._window, self._stride):
            spin.setVisible(self._unit.currentText() == "window")
        self._shard.setVisible(self._sharded)

    @property
    def _sharded(self) -> bool:
        return EXPORTERS[self.form.currentText()].sharded

    @property
    def unit(self) -> str:
        """The unit, "" for the format's first."""
        return self._unit.currentText() if self._unit.currentIndex() > 0 else ""

    @property
    def window_tokens(self) -> int:
        """Tokens of a window, 0 for the usual number."""
        return self._window.value() if self.unit == "window" else 0

    @property
    def stride_tokens(self) -> int:
        """Tokens between the starts of windows, 0 for the usual number."""
        return self._stride.value() if self.unit == "window" else 0

    @property
    def shard_millions(self) -> int:
        """Text in one file, in millions of code points, 0 for the usual."""
        return self._shard.value() if self._sharded else 0

    @property
    def compressible(self) -> bool:
        """Whether the format can be compressed with gzip."""
        return EXPORTERS[self.form.currentText()].compressible

    @property
    def suggestible(self) -> bool:
        """Whether the format has a place for suggestions."""
        return EXPORTERS[self.form.currentText()].suggestible

    @property
    def sourced(self) -> bool:
        """Whether the format has a place for where a span came from."""
        return self.form.currentText() in SOURCED
