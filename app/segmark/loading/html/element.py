"""Elements of an HTML page: whether and how they are shown, and their paths.

Only inline styles are considered.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

_HIDDEN = frozenset(
    """
    audio base canvas datalist embed frameset iframe link meta meter noembed noframes noscript
    object progress rp script select style svg template textarea title video
    """.split()  # noqa: SIM905
)
# Some pages hide these until a script has run.
_NEVER_HIDDEN = frozenset({"html", "body"})
_BREAKS = dict.fromkeys(
    """
    address article aside blockquote body caption center dd details dialog dir div dl dt fieldset
    figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main
    menu nav ol plaintext pre search section summary table tbody td tfoot th thead tr ul xmp
    """.split(),  # noqa: SIM905
    1,
) | {"p": 2}
_KEEPING = frozenset({"listing", "plaintext", "pre", "xmp"})
_KEEPING_STYLES = frozenset({"pre", "pre-wrap", "pre-line", "break-spaces"})
_FLOATING = frozenset({"left", "right"})
_LIFTED = frozenset({"absolute", "fixed"})
_INVISIBLE = frozenset({"hidden", "collapse"})

# Deeper elements can hardly be found again, and their paths would use too much memory.
_ANCHOR_DEPTH = 256
_WORDS_LENGTH = 1000

_STYLE = re.compile(r"(?:^|;)\s*(display|float|position|visibility|white-space)\s*:\s*([a-z-]+)")


class Element:
    """An element that is shown.

    Attributes:
        breaks: the number of line breaks it needs before and after it: two for a paragraph, one
            for another block, none for an inline element.
        keeps: whether white space in it is preserved.
        children: the number of children so far, by tag; None if there are none.
        closed: whether only a summary inside it is shown.
    """

    __slots__ = (
        "_attributes",
        "_number",
        "_place",
        "_shallower",
        "breaks",
        "children",
        "closed",
        "depth",
        "keeps",
        "parent",
        "tag",
    )

    def __init__(self, tag: str, attributes: Mapping[str, str], parent: "Element | None") -> None:
        self.tag = tag
        self.parent = parent
        self.breaks = _BREAKS.get(tag, 0)
        self.keeps = tag in _KEEPING
        self.closed = tag == "details" and "open" not in attributes
        self.depth = 0
        self._attributes = attributes
        self.children: dict[str, int] | None = None
        self._number = 1
        self._place: tuple[str, tuple[str, ...]] | None = None
        self._shallower: Element | None = None
        if parent:
            self.depth = depth = parent.depth + 1
            self.keeps = self.keeps or parent.keeps
            self._number = parent.count(tag)
            if depth > _ANCHOR_DEPTH:
                self._shallower = parent.anchored
        if attributes and "style" in attributes:
            self._restyle(attributes["style"])

    def _restyle(self, style: str) -> None:
        styles = _styles(style)
        if display := styles.get("display"):
            if display.startswith("inline") or display == "contents":
                self.breaks = 0
            else:
                self.breaks = self.breaks or 1
        if styles.get("float") in _FLOATING or styles.get("position") in _LIFTED:
            self.breaks = self.breaks or 1
        if space := styles.get("white-space"):
            self.keeps = space in _KEEPING_STYLES

    def count(self, tag: str) -> int:
        """Count another child with this tag, and return how many there are so far."""
        if self.children is None:
            self.children = {tag: 1}
            return 1
        number = self.children[tag] = self.children.get(tag, 0) + 1
        return number

    def hides(self, tag: str, attributes: Mapping[str, str]) -> bool:
        """Whether a child of this element is not shown."""
        if tag in _HIDDEN or (self.closed and tag != "summary"):
            return True
        if tag == "dialog" and "open" not in attributes:
            return True
        if not attributes or tag in _NEVER_HIDDEN:
            return False
        if "hidden" in attributes or "popover" in attributes:
            return True
        if "style" in attributes:
            styles = _styles(attributes["style"])
            return styles.get("display") == "none" or styles.get("visibility") in _INVISIBLE
        return False

    @property
    def anchored(self) -> "Element":
        """The element itself, or its nearest ancestor that is not too deep for an anchor."""
        return self._shallower or self

    def place(self) -> tuple[str, tuple[str, ...]]:
        """Return the path and the words of an ``Anchor``; valid once the page has been read."""
        if self._place is None and self.parent:
            # The recursion is no deeper than anchors are.
            path, words = self.parent.place()
            siblings, attributes = self.parent.children, self._attributes
            alone = siblings is None or siblings[self.tag] == 1
            step = self.tag if alone else f"{self.tag}[{self._number}]"
            own = ""
            if attributes:
                own = _words_of(attributes.get("class", ""), attributes.get("id", ""))
            self._place = f"{path}/{step}", (own, *words)
        return self._place or ("", ())


# A page has the same classes and styles again and again.
@lru_cache(maxsize=1000)
def _words_of(classes: str, identifier: str) -> str:
    return " ".join(f"{classes} {identifier}".split())[:_WORDS_LENGTH]


@lru_cache(maxsize=1000)
def _styles(style: str) -> Mapping[str, str]:
    return dict(_STYLE.findall(style.lower()))
