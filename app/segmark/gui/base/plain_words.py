"""Showing text from pages, files and projects literally, where Qt would interpret it.

Qt would show a name that contains ``<img src=…>`` as that image, from the disk or from a network
share, and a name with directional marks in another order than it is stored.
"""

from PySide6.QtGui import Qt

# Embeddings, overrides and isolates (Unicode Standard Annex 9), and the arrows shown instead.
_REORDERING_MARKS = str.maketrans(
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", "⇒⇐⇔⇛⇚↦↤↔⊣"
)


def in_stored_order(text: str) -> str:
    """The text with each character that reorders it replaced by an arrow."""
    # One search for each character takes a third of the time of a regular expression.
    if text.isascii() or not any(chr(mark) in text for mark in _REORDERING_MARKS):
        return text
    return text.translate(_REORDERING_MARKS)


def plain_words(text: str) -> str:
    """The text in a form that a tooltip or message box shows literally."""
    shown = in_stored_order(text)
    if not Qt.mightBeRichText(shown):
        return shown
    from html import escape  # most words need none, and the program starts sooner

    return escape(shown).replace("\n", "<br>")
