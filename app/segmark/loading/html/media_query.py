"""Media queries, decided for a person who reads the page on a wide screen.

Media Queries Level 4. What is not known is not true, nor is its opposite.
"""

import re
from functools import lru_cache

_WIDTH, _HEIGHT = 1280.0, 800.0  # CSS pixels
_UNITS = {"px": 1.0, "em": 16.0, "rem": 16.0, "pt": 4 / 3, "cm": 96 / 2.54, "in": 96.0}
_LONGEST = 2000  # characters
_FEATURES = {
    "any-hover": "hover", "any-pointer": "fine", "hover": "hover", "pointer": "fine",
    "orientation": "landscape", "prefers-color-scheme": "light", "scripting": "enabled",
    "prefers-reduced-motion": "no-preference", "prefers-contrast": "no-preference",
    "display-mode": "browser", "update": "fast", "forced-colors": "none",
}  # fmt: skip
_TRUE = frozenset({"any-hover", "any-pointer", "hover", "pointer", "color", "width", "height"})
_LENGTH = r"(-?[\d.]+)([a-z]*)"
_EDGE = re.compile(rf"(min|max)-(?:device-)?(width|height)\s*:\s*{_LENGTH}")
_RANGE = re.compile(rf"(?:device-)?(width|height)\s*(<=|>=|<|>|=)\s*{_LENGTH}")
_FROM = re.compile(rf"{_LENGTH}\s*(<=|>=|<|>|=)\s*(?:device-)?(width|height)")
_BETWEEN = re.compile(rf"({_LENGTH}\s*<=?)\s*(width|height)\s*(<=?\s*{_LENGTH})")
_VALUE = re.compile(r"([a-z-]+)\s*:\s*([a-z-]+)")
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "="}


@lru_cache(maxsize=500)
def applies(queries: str) -> bool:
    """Whether one of the queries in a list is true; an empty list is."""
    if len(queries) > _LONGEST:
        return False
    return not queries.strip() or any(_query(each) is True for each in queries.lower().split(","))


def _query(query: str) -> bool | None:
    conditions = [each.strip() for each in re.split(r"\sand\s|\sand(?=\()|(?<=\))and\s", query)]
    words = conditions[0].split()
    negated = words[:1] == ["not"] and not conditions[0].startswith("not (")
    if words[:1] in (["not"], ["only"]) and not conditions[0].endswith(")"):
        words = words[1:]
    first = " ".join(words)
    found = [_type(first) if "(" not in first else _condition(first)]
    found += [_condition(each) for each in conditions[1:]]
    # The answer is unknown if any part of it is, unless another part is false.
    whole = False if False in found else None if None in found else True
    return whole if whole is None or not negated else not whole


def _type(name: str) -> bool | None:
    return name in ("all", "screen")


def _condition(text: str) -> bool | None:
    if text.startswith("not"):
        inner = _condition(text.removeprefix("not").strip())
        return None if inner is None else not inner
    parts = [part.strip().strip("()").strip() for part in re.split(r"\)\s*or\s*\(", text)]
    found = [_feature(part) for part in parts]
    return True if True in found else None if None in found else False


def _feature(text: str) -> bool | None:
    if edge := _EDGE.fullmatch(text):
        sign = ">=" if edge[1] == "min" else "<="
        return _compare(edge[2], sign, edge[3], edge[4])
    if found := _RANGE.fullmatch(text):
        return _compare(found[1], found[2], found[3], found[4])
    if found := _FROM.fullmatch(text):
        return _compare(found[4], _FLIPPED[found[3]], found[1], found[2])
    if found := _BETWEEN.fullmatch(text):
        halves = (_feature(f"{found[1]} {found[4]}"), _feature(f"{found[4]} {found[5]}"))
        return None if None in halves else all(halves)
    if found := _VALUE.fullmatch(text):
        return _FEATURES[found[1]] == found[2] if found[1] in _FEATURES else None
    return True if text in _TRUE else None


def _compare(name: str, sign: str, number: str, unit: str) -> bool | None:
    if unit not in _UNITS and number.strip("0."):
        return None
    try:
        length = float(number) * _UNITS.get(unit, 0)
    except ValueError:
        return None
    value = _WIDTH if name == "width" else _HEIGHT
    match sign:
        case "<":
            return value < length
        case "<=":
            return value <= length
        case ">":
            return value > length
        case ">=":
            return value >= length
    return value == length
