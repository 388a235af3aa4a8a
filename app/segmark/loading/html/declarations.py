"""What a style says about how an element is shown: a list of CSS declarations.

CSS Syntax Level 3. Values are checked, because a browser ignores a declaration it does not know.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from tinycss2 import parse_blocks_contents

_DISPLAYS = frozenset(
    """
    none contents block inline inline-block flow flow-root list-item flex inline-flex grid
    inline-grid table inline-table table-row table-cell table-caption table-column
    table-column-group table-row-group table-header-group table-footer-group ruby ruby-base
    ruby-text math -webkit-box -webkit-inline-box -webkit-flex -webkit-inline-flex initial unset
    """.split()  # noqa: SIM905
)
#: The properties that matter, and their values.
_VALUES = {
    "content-visibility": frozenset({"visible", "hidden", "auto"}),
    "display": _DISPLAYS,
    "float": frozenset({"left", "right", "none", "inline-start", "inline-end"}),
    "position": frozenset({"static", "relative", "absolute", "fixed", "sticky"}),
    "visibility": frozenset({"visible", "hidden", "collapse"}),
    "white-space": frozenset({"normal", "nowrap", "pre", "pre-wrap", "pre-line", "break-spaces"}),
}
_LONGEST = 20_000  # characters; longer ones are data

# Most styles: no escape, comment or block. The parser takes ten times as long for them.
_QUOTED = r""""[^"\\\n\r\f]*+"|'[^'\\\n\r\f]*+'"""
_BRACKETS = rf"\((?:[\t\n\f\r !#-&*-:;=?A-Z^_`a-z|~]++|{_QUOTED})*+\)"
_PLAIN = re.compile(rf"(?:[\t\n\f\r !#-&*-.0-:;=?A-Z^_`a-z|~]++|/(?!\*)|{_BRACKETS}|{_QUOTED})*+")
_ATOMS = re.compile(rf"{_BRACKETS}|{_QUOTED}")
_IMPORTANT = re.compile(r"!\s*important\s*$")

#: Values by property, each with whether it is ``!important``.
Declarations = Mapping[str, tuple[str, bool]]
_NOTHING: Declarations = {}


# The same styles occur again and again on a page, and on the pages of a site.
@lru_cache(maxsize=4000)
def parse_declarations(style: str) -> Declarations:
    """Return the declarations of a style attribute or a rule that matter to the text."""
    lowered = style.lower()
    if len(style) > _LONGEST or not any(name in lowered for name in _VALUES):
        return _NOTHING
    found: dict[str, tuple[str, bool]] = {}
    plain = _PLAIN.fullmatch(style)
    for name, words, important in _plain(lowered) if plain else _parsed(style):
        value = _value(words)
        if value in _VALUES[name] and (important or not found.get(name, ("", False))[1]):
            found[name] = value, important
    return found


#: The name of a property, the words of its value, and whether it is ``!important``.
_Parts = Iterator[tuple[str, list[str], bool]]


def _plain(style: str) -> _Parts:
    for declaration in _ATOMS.sub("()", style).split(";"):
        name, _, value = declaration.partition(":")
        name = name.strip()
        if name in _VALUES:
            kept = _IMPORTANT.sub("", value)
            yield name, kept.split(), kept != value


def _parsed(style: str) -> _Parts:
    try:
        parts = parse_blocks_contents(style, skip_comments=True, skip_whitespace=True)
    except RecursionError:  # brackets nested too deeply
        return
    for part in parts:
        if part.type == "declaration" and part.lower_name in _VALUES:
            tokens = [token for token in part.value if token.type not in ("whitespace", "comment")]
            words = [str(token.lower_value) if token.type == "ident" else "" for token in tokens]
            yield part.lower_name, words, part.important


def _value(words: list[str]) -> str:
    """Return a value of one keyword, or of the two of a ``display``; ``""`` for any other."""
    match words:
        case [name]:
            return name
        case ["block", inside] | [inside, "block"]:
            return {"flow": "block"}.get(inside, inside)
        case ["inline", inside] | [inside, "inline"]:
            return {"flow": "inline", "flow-root": "inline-block"}.get(inside, f"inline-{inside}")
    return ""
