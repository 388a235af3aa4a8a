"""Keys and text colours of labels for other labelling programs."""

import string

from segmark.core.label import LabelSet


def hotkeys(label_set: LabelSet) -> dict[str, str]:
    """A key for each label: its letter, or else the digit of its position, if there is one.

    The programs accept only ASCII letters and digits.
    """
    keys: dict[str, str] = {}
    for place, label in enumerate(label_set, 1):
        letter = label.key.lower()
        wanted = letter if letter in string.ascii_lowercase else str(place)
        if len(wanted) == 1:
            keys[label.name] = wanted
    return keys


def ink_on(colour: str) -> str:
    """Black or white, whichever has more contrast with a colour ``#rrggbb``.

    By the contrast of WCAG 2.2: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
    """
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "#000000" if (luminance + 0.05) ** 2 > 1.05 * 0.05 else "#ffffff"


def _linear(share: float) -> float:
    return float(share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4)
