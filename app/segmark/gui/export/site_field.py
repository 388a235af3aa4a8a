"""A field for the names of sites, which helps to type them."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QCompleter, QLineEdit, QStyle, QWidget

#: What stands for pages that have no site.
NO_SITE = "(none)"


class SiteField(QLineEdit):
    """Names of sites with commas between; nothing stands for all of them."""

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
            f"Only pages of these sites, with commas between; {NO_SITE} stands for pages without"
        )

    @property
    def sites(self) -> frozenset[str] | None:
        """The sites; None for all."""
        # A name that was chosen elsewhere may have a comma in it.
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
        """What is to be completed of a text."""
        return [path.rpartition(",")[2].strip()]

    def pathFromIndex(self, index: QModelIndex | QPersistentModelIndex) -> str:
        """The text with one of the names put in."""
        before = self._field.text().rpartition(",")[0]
        return ", ".join(filter(None, (before, super().pathFromIndex(index))))
