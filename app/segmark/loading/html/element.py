"""Elements of an HTML page: whether and how they are shown, and their paths.

What a browser does by itself is here; a page's own styles come from ``StyleSheet``.
"""

from collections.abc import Mapping, Sequence
from enum import Enum, auto
from functools import lru_cache

from segmark.loading.html.declarations import Declarations, parse_declarations
from segmark.loading.html.selectors import Alike, Test
from segmark.loading.html.style_sheet import NumberedRules, StyleSheet

#: Elements whose content is not part of the text, whatever their style.
HIDDEN = frozenset(
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
    menu nav ol optgroup option plaintext pre search section summary table tbody td tfoot th thead
    tr ul xmp
    """.split(),  # noqa: SIM905
    1,
) | {"p": 2}
_KEEPING = frozenset({"listing", "plaintext", "pre", "xmp"})
_KEEPING_STYLES = frozenset({"pre", "pre-wrap", "pre-line", "break-spaces"})
_FLOATING = frozenset({"left", "right", "inline-start", "inline-end"})
_LIFTED = frozenset({"absolute", "fixed"})
# Each child of these is a block.
_ARRANGING = frozenset(
    """
    flex inline-flex grid inline-grid -webkit-box -webkit-inline-box -webkit-flex
    -webkit-inline-flex
    """.split()  # noqa: SIM905
)
_INLINE = frozenset({"initial", "unset", "math", "ruby", "-webkit-inline-box"})

# Deeper elements can hardly be found again, and their paths would use too much memory.
_ANCHOR_DEPTH = 256
_WORDS_LENGTH = 1000
_NOTHING: Declarations = {}
_SHOWN = ("visible", False)


class Hiding(Enum):
    """Why an element is not shown."""

    RULE = auto()  # of a style sheet
    OTHER = auto()


class Element:
    """An element that is open.

    Attributes:
        attributes: by their names in lower case.
        breaks: the number of line breaks it needs before and after it: two for a paragraph, one
            for another block, none for an inline element.
        keeps: whether white space in it is preserved.
        arranges: whether each of its children is a block.
        children: the number of children so far, by tag; None if there are none.
        total: the number of all children so far.
        index: its number among all children of its parent, from 1.
        number: its number among the children of its parent with the same tag, from 1.
        closed: whether only a summary inside it is shown.
        visible: whether the text in it is shown, unless an element in it says otherwise.
        plain: whether the text in it is shown, and its white space collapses.
        by_rule: whether it is a style sheet that makes it invisible.
        before: the element before it, where a style sheet asks for it.
        known: for the answers of selectors.
        alike: for what elements like it have in common.
        around: for the keys that selectors ask for.
    """

    __slots__ = (
        "_place",
        "_shallower",
        "alike",
        "around",
        "arranges",
        "attributes",
        "before",
        "breaks",
        "by_rule",
        "children",
        "closed",
        "depth",
        "index",
        "keeps",
        "known",
        "last",
        "number",
        "parent",
        "plain",
        "tag",
        "total",
        "visible",
    )

    def __init__(self, tag: str, attributes: Mapping[str, str], parent: "Element | None") -> None:
        self.tag = tag
        self.attributes = attributes
        self.parent = parent
        self.breaks = 0
        self.keeps = self.closed = self.arranges = self.by_rule = False
        self.visible = self.plain = True
        self.total, self.number = 0, 1
        self.children: dict[str, int] | None = None
        self.known: dict[Test, bool] | None = None
        self.alike: Alike | None = None
        self.around: frozenset[str] | None = None
        self.before: Element | None = None
        self.last: Element | None = None
        self._place: tuple[str, tuple[str, ...]] | None = None
        self._shallower: Element | None = None
        if parent is None:
            self.depth, self.index = 0, 1
            return
        self.depth = depth = parent.depth + 1
        self.index = parent.total = parent.total + 1
        children = parent.children
        if children is None:
            parent.children = {tag: 1}
        else:
            self.number = children[tag] = children.get(tag, 0) + 1
        if not parent.plain:
            self.keeps, self.visible, self.by_rule = parent.keeps, parent.visible, parent.by_rule
            self.plain = self.visible and not self.keeps
        if tag in _BREAKS:
            self.breaks = _BREAKS[tag]
            if tag in _KEEPING:
                self.keeps, self.plain = True, False
            elif tag == "details" and "open" not in attributes:
                self.closed, self.plain = True, False
        elif parent.arranges:
            self.breaks = 1
        if depth > _ANCHOR_DEPTH:
            self._shallower = parent.anchored

    def restyle(self, sheet: StyleSheet, rules: Sequence[NumberedRules]) -> Hiding | None:
        """Apply the styles of the page, and return why the element is not shown, if so.

        ``rules`` are those of the sheet that are about it.
        """
        tag, attributes = self.tag, self.attributes
        style, hidden = _NOTHING, False
        if attributes:
            hidden = "hidden" in attributes or "popover" in attributes
            if "style" in attributes:
                style = parse_declarations(attributes["style"])
        if tag == "dialog" and "open" not in attributes:
            hidden = True
        values = sheet.declarations(self, rules, style) if rules or style else None
        if values:
            if values.get("content-visibility", _SHOWN)[0] == "hidden":
                return Hiding.RULE if values["content-visibility"][1] else Hiding.OTHER
            if "display" in values:
                display, by_rule = values["display"]
                if display != "none":
                    # As in browsers, any other value overrides the attribute.
                    hidden = hidden and attributes.get("hidden", "").lower() == "until-found"
                    self._display(display)
                elif tag not in _NEVER_HIDDEN:
                    return Hiding.RULE if by_rule and not hidden else Hiding.OTHER
            self._style(values)
        return Hiding.OTHER if hidden and tag not in _NEVER_HIDDEN else None

    def _display(self, display: str) -> None:
        around = self.parent is not None and self.parent.arranges
        if display == "contents":
            self.breaks, self.arranges = 0, around
            return
        self.arranges = display in _ARRANGING
        if display.startswith("inline") or display in _INLINE:
            self.breaks = 2 if self.tag == "p" else int(around)
        else:
            self.breaks = self.breaks or 1

    def _style(self, values: Mapping[str, tuple[str, bool]]) -> None:
        if "float" in values and values["float"][0] in _FLOATING:
            self.breaks = self.breaks or 1
        if "position" in values and values["position"][0] in _LIFTED:
            self.breaks = self.breaks or 1
        if "white-space" in values:
            self.keeps = values["white-space"][0] in _KEEPING_STYLES
        if "visibility" in values and self.tag not in _NEVER_HIDDEN:
            value, self.by_rule = values["visibility"]
            self.visible = value == "visible"
        self.plain = self.visible and not self.keeps and not self.closed

    def follow(self) -> None:
        """Link the element with the one before it."""
        if self.parent is not None:
            self.before, self.parent.last = self.parent.last, self

    @property
    def keys(self) -> Sequence[str]:
        """Its classes, each after a dot."""
        return _keys_of(self.attributes.get("class", ""))

    @property
    def anchored(self) -> "Element":
        """The element itself, or its nearest ancestor that is not too deep for an anchor."""
        return self._shallower or self

    def place(self) -> tuple[str, tuple[str, ...]]:
        """Return the path and the words of an ``Anchor``; valid once the page has been read."""
        if self._place is None and self.parent:
            # The recursion is no deeper than anchors are.
            path, words = self.parent.place()
            siblings, own, tag = self.parent.children, "", self.tag
            if attributes := self.attributes:
                classes, identifier = attributes.get("class", ""), attributes.get("id", "")
                if classes or identifier:
                    own = _words_of(classes, identifier)
            alone = siblings is None or siblings[tag] == 1
            step = f"{path}/{tag}" if alone else f"{path}/{tag}[{self.number}]"
            self._place = step, (own, *words)
        return self._place or ("", ())


# A page has the same classes again and again.
@lru_cache(maxsize=4000)
def _keys_of(classes: str) -> Sequence[str]:
    return [f".{name}" for name in classes.split()]


@lru_cache(maxsize=4000)
def _words_of(classes: str, identifier: str) -> str:
    return " ".join(f"{classes} {identifier}".split())[:_WORDS_LENGTH]
