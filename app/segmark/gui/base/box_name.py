"""The name of a combo box for screen readers."""

from PySide6.QtWidgets import QComboBox


def name_box(box: QComboBox, name: str) -> None:
    """Name a box that has no label of its own.

    On Linux, Qt reports the value of a box as its name, so the description says what it is for.
    """
    box.setAccessibleName(name)
    box.setAccessibleDescription(name)
