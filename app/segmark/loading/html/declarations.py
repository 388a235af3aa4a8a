"""What a style says about how an element is shown: a list of CSS declarations.

CSS Syntax Level 3. Values are checked, because a browser ignores a declaration it does not know.
"""

from collections.abc import Mapping
from functools import lru_cache

from tinycss2 import parse_blocks_contents

from segmark.environment.extras import Untyped

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
    try:
        parts = parse_blocks_contents(style, skip_comments=True, skip_whitespace=True)
    except RecursionError:  # brackets nested too deeply
        return _NOTHING
    for part in parts:
        if part.type != "declaration" or part.lower_name not in _VALUES:
            continue
        name, value = part.lower_name, _value(part.value)
        if value not in _VALUES[name]:
            continue
        if part.important or not found.get(name, ("", False))[1]:
            found[name] = value, part.important
    return found


def _value(tokens: list[Untyped]) -> str:
    """Return a value of one keyword, or of the two of a ``display``; ``""`` for any other."""
    words = [token for token in tokens if token.type not in ("whitespace", "comment")]
    if not all(word.type == "ident" for word in words):
        return ""
    names = [str(word.lower_value) for word in words]
    match names:
        case [name]:
            return name
        case ["block", inside] | [inside, "block"]:
            return {"flow": "block"}.get(inside, inside)
        case ["inline", inside] | [inside, "inline"]:
            return {"flow": "inline", "flow-root": "inline-block"}.get(inside, f"inline-{inside}")
    return ""
