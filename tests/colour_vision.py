"""How far apart two colours look, to eyes of every kind.

Colours are ``#rrggbb``, or three floats: linear sRGB from 0 to 1, or CIELAB.
"""

from collections.abc import Callable
from itertools import combinations
from math import atan2, cos, degrees, exp, hypot, radians, sin, sqrt
from typing import TypeAlias

Colour: TypeAlias = tuple[float, float, float]
Matrix: TypeAlias = tuple[Colour, Colour, Colour]
Vision: TypeAlias = Callable[[Colour], Colour]


def linear(colour: str) -> Colour:
    """Linear light of ``#rrggbb``, as IEC 61966-2-1 (sRGB) has it."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return red, green, blue


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2.2, 0 to 1."""
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.2, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def tint(colour: str, paper: str, share: float) -> str:
    """The colour laid over the paper, ``share`` of it from 0 to 1."""
    pairs = ((int(colour[at : at + 2], 16), int(paper[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(share * c + (1 - share) * p):02x}" for c, p in pairs)


def times(matrix: Matrix, colour: Colour) -> Colour:
    """The matrix times the colour."""
    first, second, third = (sum(m * c for m, c in zip(row, colour, strict=True)) for row in matrix)
    return first, second, third


def protanopia(colour: Colour) -> Colour:
    """Linear sRGB as seen without the long cones.

    Viénot, Brettel & Mollon 1999, "Digital video colourmaps for checking the legibility of displays
    by dichromats", with the cones of Smith & Pokorny 1975 and the primaries of sRGB: the numbers
    are those of libDaltonLens (public domain).
    """
    return times(((0.11238, 0.88762, 0), (0.11238, 0.88762, 0), (0.00401, -0.00401, 1)), colour)


def deuteranopia(colour: Colour) -> Colour:
    """Linear sRGB as seen without the middle cones; source as for protanopia."""
    return times(((0.29275, 0.70725, 0), (0.29275, 0.70725, 0), (-0.02234, 0.02234, 1)), colour)


def tritanopia(colour: Colour) -> Colour:
    """Linear sRGB as seen without the short cones.

    Brettel, Viénot & Mollon 1997, "Computerized simulation of color appearance for dichromats": two
    half planes, since one does not do for this kind. Numbers from libDaltonLens as above.
    """
    red, green, blue = colour
    if 0.03901 * red - 0.02788 * green - 0.01113 * blue >= 0:
        rows = (1.01277, 0.13548, -0.14826), (-0.01243, 0.86812, 0.14431), (0.07589, 0.805, 0.11911)
    else:
        rows = (
            (0.93678, 0.18979, -0.12657),
            (0.06154, 0.81526, 0.1232),
            (-0.37562, 1.12767, 0.24796),
        )
    return times(rows, colour)


def trichromacy(colour: Colour) -> Colour:
    """Linear sRGB as most people see it."""
    return colour


VISIONS = (trichromacy, protanopia, deuteranopia, tritanopia)


def lab(colour: Colour) -> Colour:
    """CIELAB of linear sRGB under D65; what lies outside the gamut is clipped."""
    red, green, blue = (min(1.0, max(0.0, part)) for part in colour)
    xyz = times(
        ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.072175),
         (0.0193339, 0.119192, 0.9503041)),
        (red, green, blue),
    )  # fmt: skip
    shares = (value / white for value, white in zip(xyz, (0.95047, 1, 1.08883), strict=True))
    x, y, z = (t ** (1 / 3) if t > 216 / 24389 else (24389 / 27 * t + 16) / 116 for t in shares)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def chroma_weight(chroma: float) -> float:
    """How much CIEDE2000 corrects at this chroma, 0 to 1."""
    return sqrt(chroma**7 / (chroma**7 + 25**7))


def ciede2000(one: Colour, other: Colour) -> float:
    """The colour difference of CIE 142-2001, as Sharma, Wu & Dalal 2005 write it."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    stretch = 1 + 0.5 * (1 - chroma_weight((hypot(a1, b1) + hypot(a2, b2)) / 2))
    a1, a2 = a1 * stretch, a2 * stretch
    c1, c2 = hypot(a1, b1), hypot(a2, b2)
    h1, h2 = degrees(atan2(b1, a1)) % 360, degrees(atan2(b2, a2)) % 360
    turn = (h2 - h1 + 180) % 360 - 180
    lightness, chroma, hue = (l1 + l2) / 2, (c1 + c2) / 2, (h1 + turn / 2) % 360
    t = (
        1 - 0.17 * cos(radians(hue - 30)) + 0.24 * cos(radians(2 * hue))
        + 0.32 * cos(radians(3 * hue + 6)) - 0.2 * cos(radians(4 * hue - 63))
    )  # fmt: skip
    off = (lightness - 50) ** 2
    dl = (l2 - l1) / (1 + 0.015 * off / sqrt(20 + off))
    dc = (c2 - c1) / (1 + 0.045 * chroma)
    dh = 2 * sqrt(c1 * c2) * sin(radians(turn / 2)) / (1 + 0.015 * chroma * t)
    blue = -2 * chroma_weight(chroma) * sin(radians(60 * exp(-(((hue - 275) / 25) ** 2))))
    return sqrt(dl**2 + dc**2 + dh**2 + blue * dc * dh)


def closest(colours: list[str], vision: Vision) -> float:
    """The smallest CIEDE2000 difference between any two of the colours."""
    seen = [lab(vision(linear(colour))) for colour in colours]
    return min(ciede2000(one, other) for one, other in combinations(seen, 2))
