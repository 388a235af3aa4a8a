"""Whether the colours of a label can be seen, and colours for a new label."""

from segmark.core.label import Label, LabelSet

#: The ground of a page in the light theme and in the dark one.
GROUNDS = ("#fdfcf9", "#1d1e21")
#: The least contrast of a mark on its ground: WCAG 2.2, 1.4.11.
LEAST_CONTRAST = 3.0
_ALIKE = 90.0  # colours that are closer are easily taken for each other

#: Colours on a light page and on a dark one, for labels that are added.
_PALETTE = (
    ("#7a4d00", "#e0b060"), ("#006d77", "#6fd3dd"), ("#8f2d56", "#f29bbd"),
    ("#3d5a00", "#b5d65b"), ("#4b3f9e", "#b3a7ff"), ("#a03a1e", "#ff9f7f"),
    ("#00574b", "#5fdcc0"), ("#5c5c5c", "#c4c4c4"), ("#1d4e89", "#86b8ff"),
    ("#6a1b9a", "#dba2ff"),
)  # fmt: skip


def contrast(one: str, other: str) -> float:
    """The contrast of two colours ``#rrggbb``, 1 to 21.

    As in WCAG 2.2: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
    """
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in _parts(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _parts(colour: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red, green, blue


def colour_warnings(label: Label, labels: LabelSet) -> list[str]:
    """Sentences about colours of a label that are hard to see, or hard to tell from others."""
    found = []
    for place, (ground, theme) in enumerate(zip(GROUNDS, ("light", "dark"), strict=True)):
        colour = _colours(label)[place]
        if (seen := contrast(colour, ground)) < LEAST_CONTRAST:
            found.append(
                f"{colour} of {label.name} is hard to see on a {theme} page: its contrast is "
                f"{seen:.1f}, and at least {LEAST_CONTRAST:g} is needed."
            )
        found += [
            f"{colour} of {label.name} is nearly {_colours(other)[place]} of {other.name} "
            f"on a {theme} page."
            for other in labels
            if other.id != label.id and _distance(colour, _colours(other)[place]) < _ALIKE
        ]
    return found


def free_colours(labels: LabelSet) -> tuple[str, str]:
    """The colours of the palette, light and dark, that differ most from those in use."""
    return max(
        _PALETTE,
        key=lambda pair: min(
            _distance(colour, used)
            for label in labels
            for colour, used in zip(pair, _colours(label), strict=True)
        ),
    )


def _colours(label: Label) -> tuple[str, str]:
    return label.light, label.dark


def _distance(one: str, other: str) -> float:
    """How different two colours look, roughly: red and blue weighed by how red they are."""
    (red, green, blue), (red2, green2, blue2) = _parts(one), _parts(other)
    mean = (red + red2) / 2
    return float(
        (
            (2 + mean / 256) * (red - red2) ** 2
            + 4 * (green - green2) ** 2
            + (2 + (255 - mean) / 256) * (blue - blue2) ** 2
        )
        ** 0.5
    )
