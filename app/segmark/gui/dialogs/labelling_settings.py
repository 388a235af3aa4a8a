"""LabellingPage: the settings of how pages open and are worked on."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QLabel, QSizePolicy, QVBoxLayout, QWidget

from segmark.environment.settings import Settings

#: Each switch: the setting, its title, and what it does.
_SWITCHES = (
    (
        "folded",
        "Open &pages folded",
        "Runs of lines without a label, and the inside of long spans, are one line each.",
    ),
    (
        "opens_at_work",
        "&Open a page where the work is",
        "A page opens at its first suggestion, or else at its likely headline; otherwise in its "
        "first block. A page that you come back to opens where you left it.",
    ),
    (
        "shows_pace",
        "Show your &pace in the status line",
        "How many pages you finished today, the median time of your latest pages, and how long the "
        "rest of the list takes at this pace.",
    ),
)


class LabellingPage(QWidget):
    """One check box for each switch.

    Signals:
        changed: the settings after a change.
    """

    changed = Signal(object)

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings
        self.boxes: dict[str, QCheckBox] = {}
        column = QVBoxLayout(self)
        for name, title, about in _SWITCHES:
            box = QCheckBox(title)
            box.setAccessibleDescription(about)
            words = QLabel(about, wordWrap=True)
            words.setIndent(24)
            words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
            column.addWidget(box)
            column.addWidget(words)
            column.addSpacing(10)
            self.boxes[name] = box
        column.addStretch()
        self.show_settings(settings)
        for name, box in self.boxes.items():
            box.toggled.connect(lambda on, name=name: self._set(name, on))

    def show_settings(self, settings: Settings) -> None:
        """Show settings that were changed in another place."""
        self._settings = settings
        for name, box in self.boxes.items():
            with QSignalBlocker(box):
                box.setChecked(getattr(settings, name))

    def _set(self, name: str, on: bool) -> None:
        change: dict[str, Any] = {name: on}
        self._settings = replace(self._settings, **change)
        self.changed.emit(self._settings)
