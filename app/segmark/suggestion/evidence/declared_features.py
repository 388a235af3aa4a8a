"""Features of a unit that follow from what the page's source declares about its story."""

import re
from collections.abc import Sequence
from functools import lru_cache

from segmark.core.page import Declared
from segmark.suggestion.evidence.text_shape import bucket

_INK = re.compile(r"[\W_]+")
#: Fewer letters and digits than this may be anywhere by chance.
_FEW = 20
_READ = 160
_SHARES = (0.05, 0.3, 0.7, 0.95)


def ink(text: str) -> str:
    """Return the letters and digits of a text in lower case."""
    return _INK.sub("", text).lower()


@lru_cache(maxsize=64)
def _inks(declared: Declared) -> tuple[tuple[str, ...], ...]:
    groups = declared.titles, declared.summaries, declared.bodies, declared.captions
    return tuple(tuple(filter(None, map(ink, group))) for group in groups)


def declared_names(declared: Declared, texts: Sequence[str]) -> list[list[str]]:
    """Return, for each unit's text, the names of its features; none if nothing is declared."""
    titles, summaries, bodies, captions = _inks(declared)
    if not (titles or summaries or bodies or captions):
        return [[] for _ in texts]
    inks = [ink(text[:_READ]) for text in texts]
    found = [[*_alike("dt", one, titles), *_alike("ds", one, summaries)] for one in inks]
    for names, one in zip(found, inks, strict=True):
        names += _alike("dc", one, captions) if captions else ()
    if bodies:
        within = [_within(one, bodies) for one in inks]
        total = sum(len(one) for one, there in zip(inks, within, strict=True) if there == "in")
        share = bucket(total / (max(map(len, bodies)) or 1), _SHARES)
        for names, there in zip(found, within, strict=True):
            names += (f"db={there}", f"db={there}{share}")
    return found


def _alike(kind: str, one: str, values: Sequence[str]) -> list[str]:
    """Compare a unit with declared values: whether it is one, begins one, or is in one."""
    if one in values:
        return [f"{kind}=is"]
    if len(one) < _FEW:
        return []
    if any(value.startswith(one) or one.startswith(value) for value in values if len(value) > _FEW):
        return [f"{kind}=begins"]
    if any(one in value or value in one for value in values if len(value) > _FEW):
        return [f"{kind}=in"]
    return []


def _within(one: str, bodies: Sequence[str]) -> str:
    if len(one) < _FEW:
        return "short"
    return "in" if any(one in body for body in bodies) else "out"
