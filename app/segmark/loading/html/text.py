"""The visible text of an HTML page as a browser's ``innerText`` has it, and where it stood.

https://html.spec.whatwg.org/multipage/dom.html#the-innertext-idl-attribute, with differences that
serve labelling: each table cell is on a line of its own; the choices of a form, drawings and
fallback texts are left out; there is never more than one blank line; lines end without spaces.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple, Protocol

from segmark.core.page import Anchor
from segmark.core.text.normalise import normalise
from segmark.loading.html.element import Element

# As in browsers, there is but one of each, and what comes after their ends still belongs to them.
_OUTERMOST = frozenset({"html", "body"})

_SPACE = " \t\n\r\f"
# A run of white space, unless it is but one plain space: that one need not be replaced.
_SPACES = re.compile(f"[{_SPACE}](?:[{_SPACE}]+|(?<! ))")
_KEPT_LINE_END = re.compile("\r\n|[\r\n]")
_LINE_END = re.compile("[\u0085\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Extract:
    """The text of an HTML page, normalised, and the anchors of its lines by their offsets."""

    text: str
    anchors: dict[int, Anchor]


class _Line(NamedTuple):
    """A line with text, and the line breaks before it."""

    breaks: int
    text: str
    element: Element
    inside: tuple[str, ...]


class Unseen(Protocol):
    """Takes what a page holds beside its visible text."""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take the start of the root or of an element that is not shown, but of none inside it."""

    def data(self, text: str) -> None:
        """Take a piece of text inside the element that came last."""


class TextBuilder:
    """Makes the text from a page's elements and their text as they come by, in page order.

    Its methods are those that lxml's parsers call.
    """

    def __init__(self, unseen: Unseen) -> None:
        self._unseen = unseen
        self._lines: list[_Line] = []
        self._breaks = 0
        # The shown element that is open, and how many elements that are not shown are open in it.
        self._open = Element("", {}, None)
        self._hidden = 0
        self._outermost: set[str] = set()
        # The line so far: its pieces; which of them keep their white space; the elements that own
        # a piece; the depth of the one that holds them all, and of the shallowest that has been
        # open since the first.
        self._pieces: list[str] = []
        self._kept: set[int] = set()
        self._owners: list[Element] = []
        self._held = 0
        self._shallowest = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take the start of an element."""
        if self._hidden:
            self._hidden += 1
            return
        if tag in _OUTERMOST:
            if tag in self._outermost:
                return
            self._outermost.add(tag)
        parent = self._open
        if parent.hides(tag, attributes):
            parent.count(tag)
            self._hidden = 1
            self._unseen.start(tag, attributes)
            return
        self._open = element = Element(tag, attributes, parent)
        if element.breaks:
            self._break(element.breaks)
            if tag == "html":
                self._unseen.start(tag, attributes)
        elif tag == "br":
            self._break_line()

    def end(self, tag: str) -> None:
        """Take the end of the element that began last."""
        if self._hidden:
            self._hidden -= 1
            return
        element = self._open
        if element.breaks:
            self._break(element.breaks)
        if element.parent and tag not in _OUTERMOST:
            self._open = element.parent
            if element.depth <= self._shallowest:
                self._shallowest = element.depth - 1

    def data(self, text: str) -> None:
        """Take a piece of text; an element's text may come in many pieces."""
        if self._hidden:
            self._unseen.data(text)
            return
        element = self._open
        if element.closed:
            return
        if element.keeps:
            first, *others = _KEPT_LINE_END.split(text)
            self._add_kept(first)
            for line in others:
                self._break_line()
                self._add_kept(line)
        elif self._pieces or text.strip(_SPACE):
            self._add(text)

    def _add_kept(self, text: str) -> None:
        if text:
            self._kept.add(len(self._pieces))
            self._add(text)

    def _add(self, text: str) -> None:
        self._pieces.append(text)
        if text.isspace():
            return
        element = self._open
        if not self._owners:
            self._shallowest = element.depth
        self._held = self._shallowest
        self._owners.append(element)

    def _break(self, breaks: int) -> None:
        """End the line, with at least so many line breaks before the next."""
        if self._pieces:
            self._end_line()
        if self._breaks < breaks:
            self._breaks = breaks

    def _break_line(self) -> None:
        """End the line; one that has nothing in it is a blank line."""
        self._break(1 if self._owners else 2)

    def _end_line(self) -> None:
        if self._owners:
            text = _joined(self._pieces, self._kept)
            element, inside = self._holder()
            for part in (text,) if text.isascii() else _LINE_END.split(text):
                self._put(part, element, inside)
        elif "".join(self._pieces).strip(_SPACE):
            # Only spaces that do not collapse: browsers show a blank line.
            self._breaks = 2
        self._pieces.clear()
        self._kept.clear()
        self._owners.clear()

    def _put(self, text: str, element: Element, inside: tuple[str, ...]) -> None:
        if not self._lines:
            # A byte order mark at the start of a text is none of its characters.
            text = text.lstrip("\ufeff")
            self._breaks = 0
        if text and not text.isspace():
            self._lines.append(_Line(self._breaks, text.rstrip(_SPACE), element, inside))
            self._breaks = 1

    def _holder(self) -> tuple[Element, tuple[str, ...]]:
        """The deepest element that holds the whole line, and the names of those in between."""
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
        """Take the end of the page."""
        self._end_line()

    def extract(self) -> Extract:
        """The text of a page that has ended; the builder is of no use after it."""
        text = "".join("\n" * line.breaks + line.text for line in self._lines)
        anchors = dict(_anchors(self._lines))
        # A parser and its target hold each other: what is let go here need not wait for the
        # garbage collector, which takes a quarter of the time otherwise.
        self._lines.clear()
        return Extract(normalise(text), anchors)


def _joined(pieces: Sequence[str], kept: Set[int]) -> str:
    """The text of a line, white space collapsed except in the pieces that keep it."""
    if not kept:
        return _SPACES.sub(" ", "".join(pieces)).strip(" ")
    runs = groupby(range(len(pieces)), key=kept.__contains__)
    parts = []
    for keeps, indexes in runs:
        part = "".join(pieces[index] for index in indexes)
        parts.append(part if keeps else _SPACES.sub(" ", part))
    return "".join(parts)


def _anchors(lines: Iterable[_Line]) -> Iterator[tuple[int, Anchor]]:
    offset = 0
    for line in lines:
        offset += line.breaks
        path, words = line.element.place()
        yield offset, Anchor(path, words, line.inside)
        offset += len(line.text)
