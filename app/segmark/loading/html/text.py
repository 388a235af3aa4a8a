"""The visible text of an HTML page, like a browser's ``innerText``, and the elements it is from.

https://html.spec.whatwg.org/multipage/dom.html#the-innertext-idl-attribute, with differences that
help labelling: each table cell is on its own line; the options of a form, drawings and fallback
texts are left out; there is never more than one blank line; lines have no trailing spaces.
"""

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

from segmark.core.page import Anchor
from segmark.core.text.normalise import normalise
from segmark.loading.html.element import HIDDEN, Element, Hiding
from segmark.loading.html.mending import PARAGRAPH_END, PARAGRAPH_MARK
from segmark.loading.html.style_sheet import NumberedRules, StyleSheet

# As in browsers, there is only one of each, and what comes after its end still belongs to it.
_OUTERMOST = frozenset({"html", "body"})
_RARE = _OUTERMOST | HIDDEN

_SPACE = " \t\n\r\f"
# A run of white space, except a single space, which need not be replaced.
_SPACES = re.compile(f"[{_SPACE}](?:[{_SPACE}]+|(?<! ))")
_KEPT_LINE_END = re.compile("\r\n|[\r\n]")
_LINE_END = re.compile("[\u0085\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Extract:
    """What the HTML of a page shows.

    Attributes:
        text: normalised.
        anchors: of its lines, by their offsets.
        seen: 1 for each text node that is shown, and 0 for each that is not; those that hold
            nothing but white space are left out.
    """

    text: str
    anchors: dict[int, Anchor]
    seen: bytes


#: Where a line starts, the element that holds it, and the tags of elements inside the line.
_Held = tuple[int, Element, tuple[str, ...]]


class HiddenContent(Protocol):
    """Processes what a page contains besides its visible text."""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Process the start of the root or of a hidden element, but of no element inside it."""

    def data(self, text: str) -> None:
        """Process a piece of text inside the latest of these elements."""


class TextBuilder:
    """Builds the text from the elements and the text of a page, in page order.

    Its methods are those that lxml's parsers call on a target.
    """

    def __init__(self, hidden_content: HiddenContent, sheet: StyleSheet) -> None:
        self._hidden_content = hidden_content
        self._sheet = sheet
        self._styled = bool(sheet)
        # The lines so far, with the line breaks before each; the length of all; where the lines
        # are, and the line breaks before the next one.
        self._parts: list[str] = []
        self._length = 0
        self._lines: list[_Held] = []
        self._breaks = 0
        # The open element that is shown, and the number of hidden elements that are open in it;
        # whether a style sheet hides them, and how many are open around one that is never text.
        self._open = Element("", {}, None)
        self._hidden = 0
        self._by_rule = False
        self._ignored = 0
        self._taken = 0
        self._outermost: set[str] = set()
        # See ``Extract``; and whether no text of the current text node has been seen yet.
        self._seen = bytearray()
        self._is_new = True
        # The current line: its pieces; the indexes of those that preserve white space; the elements
        # of the pieces; the depth of their common ancestor; and the depth of the shallowest element
        # that has been open since the first piece.
        self._pieces: list[str] = []
        self._kept: set[int] = set()
        self._owners: list[Element] = []
        self._held = 0
        self._shallowest = 0

    # The next three are called thousands of times for a page. They do what most elements need by
    # themselves: a call takes as long as all the rest.

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Process the start of an element."""
        self._is_new = True
        if self._hidden:
            self._hidden += 1
            if tag in HIDDEN and not self._ignored:
                self._ignored = self._hidden
            return
        parent = self._open
        if (tag in _RARE or parent.closed) and not self._enters(tag, attributes):
            return
        element = Element(tag, attributes, parent)
        rules = self._rules_about(element) if self._styled else ()
        if (
            rules
            or "style" in attributes
            or "hidden" in attributes
            or "popover" in attributes
            or tag == "dialog"
        ) and (hiding := element.restyle(self._sheet, rules)):
            self._hide(tag, attributes, hiding)
            return
        self._open = element
        if breaks := element.breaks:
            if self._pieces:
                self._end_line()
            if self._breaks < breaks:
                self._breaks = breaks
            if tag == "html":
                self._hidden_content.start(tag, attributes)
        elif tag == "br":
            self._break_line()

    def end(self, tag: str) -> None:
        """Process the end of the element that was opened last."""
        self._is_new = True
        if self._hidden:
            self._hidden -= 1
            if self._hidden < self._ignored:
                self._ignored = 0
            return
        element = self._open
        if breaks := element.breaks:
            if self._pieces:
                self._end_line()
            if self._breaks < breaks:
                self._breaks = breaks
        parent = element.parent
        if parent and tag not in _OUTERMOST:
            self._open = parent
            if self._shallowest > parent.depth:
                self._shallowest = parent.depth

    def data(self, text: str) -> None:
        """Process a piece of text; the text of an element may come in many pieces."""
        element = self._open
        if self._hidden or not element.plain:
            self._rare_data(text)
            return
        pieces = self._pieces
        if text.isspace():
            if pieces or text.strip(_SPACE):
                pieces.append(text)
            return
        if self._is_new:
            self._is_new = False
            self._seen.append(True)
        pieces.append(text)
        owners = self._owners
        if not owners:
            self._shallowest = element.depth
        self._held = self._shallowest
        owners.append(element)

    def _enters(self, tag: str, attributes: Mapping[str, str]) -> bool:
        """Whether an element is entered: not a second body, nor one that is never text."""
        if tag in _OUTERMOST:
            if tag in self._outermost:
                return False
            self._outermost.add(tag)
        if tag not in HIDDEN and (not self._open.closed or tag == "summary"):
            return True
        element = Element(tag, attributes, self._open)
        if self._sheet.siblings:
            element.follow()
        if tag == "select":
            self._break(1)
        self._hide(tag, attributes, Hiding.OTHER)
        return False

    def _rules_about(self, element: Element) -> Sequence[NumberedRules]:
        if self._sheet.siblings:
            element.follow()
        return self._sheet.rules_about(element)

    def _hide(self, tag: str, attributes: Mapping[str, str], hiding: Hiding) -> None:
        self._hidden = 1
        self._ignored = 0
        self._by_rule = hiding is Hiding.RULE
        self._hidden_content.start(tag, attributes)

    def comment(self, text: str) -> None:
        """Process a comment, as which libxml2 2.14 and newer reports processing instructions."""
        self.pi(text.removeprefix("?"))

    def pi(self, target: str, _data: str | None = None) -> None:
        """Process the mark before the end of a paragraph, whether it is open or not."""
        if target != PARAGRAPH_END:
            self._is_new = True
            return
        if self._hidden:
            return
        element: Element | None = self._open
        while element and element.tag != "p":
            element = element.parent
        if not element:  # as if there were an empty one
            self._break(2)

    def shows(self) -> bool:
        """Whether text at this place is shown."""
        return not self._hidden and self._open.visible and not self._open.closed

    def hides_most(self) -> bool:
        """Whether style sheets hide more text than is shown."""
        return self._taken > sum(map(len, self._parts[1::2]))

    def _rare_data(self, text: str) -> None:
        """Process a piece of text that is hidden, or whose white space is preserved."""
        element = self._open
        if self._is_new and not text.isspace():
            self._is_new = False
            self._seen.append(self.shows())
        if self._hidden:
            self._hidden_content.data(text)
            if self._by_rule and not self._ignored:
                self._taken += len(text.strip())
        elif not element.visible or element.closed:
            if element.by_rule:
                self._taken += len(text.strip())
        else:
            # Some of these elements hold no markup.
            text = text.replace(PARAGRAPH_MARK, "")
            first, *others = _KEPT_LINE_END.split(text)
            self._add_kept(first)
            for line in others:
                self._break_line()
                self._add_kept(line)

    def _add_kept(self, text: str) -> None:
        if not text:
            return
        self._kept.add(len(self._pieces))
        self._pieces.append(text)
        if not text.isspace():
            if not self._owners:
                self._shallowest = self._open.depth
            self._held = self._shallowest
            self._owners.append(self._open)

    def _break(self, breaks: int) -> None:
        """End the line, with at least so many line breaks before the next one."""
        if self._pieces:
            self._end_line()
        if self._breaks < breaks:
            self._breaks = breaks

    def _break_line(self) -> None:
        """End the line; an empty one is a blank line."""
        self._break(1 if self._owners else 2)

    def _end_line(self) -> None:
        pieces, owners = self._pieces, self._owners
        if owners:
            text = _joined(pieces, self._kept)
            element, inside = self._holder()
            # A printable text has no other line ends, nor a mark of the byte order.
            if self._lines and text.isprintable():
                self._put(text, element, inside)
            else:
                for part in _LINE_END.split(text):
                    self._put(part, element, inside)
            owners.clear()
        elif "".join(pieces).strip(_SPACE):
            # Spaces that do not collapse: browsers show a blank line.
            self._breaks = 2
        pieces.clear()
        if self._kept:
            self._kept.clear()

    def _put(self, text: str, element: Element, inside: tuple[str, ...]) -> None:
        if not self._lines:
            # A byte order mark at the start is not part of the text.
            text = text.lstrip("\ufeff")
            self._breaks = 0
        if text and not text.isspace():
            text = text.rstrip(_SPACE)
            self._parts += ("\n" * self._breaks, text)
            self._lines.append((self._length + self._breaks, element, inside))
            self._length += self._breaks + len(text)
            self._breaks = 1

    def _holder(self) -> tuple[Element, tuple[str, ...]]:
        """Return the deepest element that contains the line, and the tags of elements inside it."""
        holder = self._owners[0]
        if len(self._owners) == 1:
            return holder.anchored, ()
        while holder.depth > self._held and holder.parent:
            holder = holder.parent
        between: set[Element] = {holder}
        for owner in self._owners:
            element: Element | None = owner
            while element and element not in between:
                between.add(element)
                element = element.parent
        between.discard(holder)
        return holder.anchored, tuple(sorted({element.tag for element in between}))

    def close(self) -> None:
        """Process the end of the page."""
        self._end_line()

    def extract(self) -> Extract:
        """Return the text once the page has ended; the builder can't be used after that."""
        text, seen = "".join(self._parts), bytes(self._seen)
        anchors = {at: Anchor(*holder.place(), inside) for at, holder, inside in self._lines}
        # The parser and its target refer to each other. Releasing the lines here spares the garbage
        # collector work that would otherwise take a quarter of the time.
        self.__dict__.clear()
        return Extract(normalise(text), anchors, seen)


def _joined(pieces: Sequence[str], kept: Set[int]) -> str:
    """Return the text of a line; white space is collapsed except in the pieces that keep it."""
    if not kept:
        text = "".join(pieces).strip(_SPACE)
        # Most have nothing to collapse.
        return text if text.isprintable() and "  " not in text else _SPACES.sub(" ", text)
    runs = groupby(range(len(pieces)), key=kept.__contains__)
    parts = []
    for keeps, indexes in runs:
        part = "".join(pieces[index] for index in indexes)
        parts.append(part if keeps else _SPACES.sub(" ", part))
    return "".join(parts)
