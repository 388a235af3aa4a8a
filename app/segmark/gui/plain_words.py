"""Words of pages, files and projects where Qt would take them for HTML: in tips and messages.

A name that holds ``<img src=…>`` would be drawn as that image, from the disk or from a share.
"""

from html import escape

from PySide6.QtGui import Qt

from segmark.gui.page_text import in_stored_order


def plain_words(text: str) -> str:
    """The words so that a tip or a message box shows them as they are written."""
    shown = in_stored_order(text)
    return escape(shown).replace("\n", "<br>") if Qt.mightBeRichText(shown) else shown
