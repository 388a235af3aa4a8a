"""Text from pages, files and projects as it is written, wherever Qt would change how it reads.

A name that holds ``<img src=…>`` would be drawn as that image, from the disk or from a share; a
name with directional marks would be shown in another order than it is stored.
"""

from html import escape

from PySide6.QtGui import Qt

# Embeddings, overrides and isolates (Unicode Standard Annex 9), and the marks shown for them.
_REORDERING_MARKS = str.maketrans(
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", "⇒⇐⇔⇛⇚↦↤↔⊣"
)


def in_stored_order(text: str) -> str:
    """The text with arrows, one for one, for what would have it shown in another order."""
    # Character by character: a third of a pattern's time, which a long page would notice.
    if text.isascii() or not any(chr(mark) in text for mark in _REORDERING_MARKS):
        return text
    return text.translate(_REORDERING_MARKS)


def plain_words(text: str) -> str:
    """The words so that a tip or a message box shows them as they are written."""
    shown = in_stored_order(text)
    return escape(shown).replace("\n", "<br>") if Qt.mightBeRichText(shown) else shown
