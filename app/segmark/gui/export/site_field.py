"""A field for the names of sites, with completion."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QCompleter, QLineEdit, QStyle, QWidget

#: Stands for pages without a site.
NO_SITE = "(none)"


class SiteField(QLineEdit):
    """Names of sites with commas between; an empty field means all sites."""

    def __init__(
        self, known: Sequence[str], chosen: frozenset[str] | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, clearButtonEnabled=True, placeholderText="all sites")
        self._chosen = chosen
        self._shown = ", ".join(sorted(site or NO_SITE for site in chosen or ()))
        self.setText(self._shown)
        self.setCursorPosition(0)
        self.setCompleter(_LastName([*known, NO_SITE], self))
        self.setAccessibleName("Sites")
        self.setToolTip(
            f"Only pages of these sites, with commas between; {NO_SITE} means pages without a site"
        )

    @property
    def sites(self) -> frozenset[str] | None:
        """The sites; None for all."""
        # A name from a preset may have a comma in it.
        if self.text() == self._shown:
            return self._chosen
        names = {name.strip() for name in self.text().split(",")} - {""}
        return frozenset("" if name == NO_SITE else name for name in names) or None


class _LastName(QCompleter):
    """Completes the name after the last comma, by any part of it."""

    def __init__(self, names: Sequence[str], parent: QLineEdit) -> None:
        super().__init__(names, parent)
        self._field = parent
        self.setFilterMode(Qt.MatchFlag.MatchContains)
        self.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        if popup := self.popup():
            # As wide as the longest name: the field may be narrower.
            bar = popup.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
            popup.setMinimumWidth(popup.sizeHintForColumn(0) + 2 * bar)

    def splitPath(self, path: str) -> list[str]:
        """The name to complete."""
        return [path.rpartition(",")[2].strip()]

    def pathFromIndex(self, index: QModelIndex | QPersistentModelIndex) -> str:
        """The text with the completed name."""
        before = self._field.text().rpartition(",")[0]
        return ", ".join(filter(None, (before, super().pathFromIndex(index))))
