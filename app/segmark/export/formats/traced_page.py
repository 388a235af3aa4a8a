"""A page beside the tree of its HTML: which parts of which text nodes hold a range of its text."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

from segmark.core.markup import Markup, Shown, ink_places, inked
from segmark.core.text.normalise import trim
from segmark.export.error import ExportError
from segmark.html_tree import TextNode, parse, walk


@dataclass(frozen=True, slots=True)
class NodePart:
    """A part of a text node, without white space at its edges.

    Attributes:
        node: the text node.
        number: its place among all text nodes of the page.
        start: where in the node's text it begins.
        end: where it ends.
        page_start: where in the page's text it begins.
        page_end: where it ends there.
        characters: numbers of its first and its last character, as ``Markup.origin`` takes them;
            None where it is not known where in the HTML they stand.
    """

    node: TextNode
    number: int
    start: int
    end: int
    page_start: int
    page_end: int
    characters: tuple[int, int] | None


class TracedPage:
    """The tree of a page's HTML, and where the page's text stands in it.

    Attributes:
        text: of the page.
        markup: its HTML.
        root: of the tree; it is the caller's own.
        nodes: all its text nodes.
    """

    def __init__(self, text: str, markup: Markup) -> None:
        """Make the tree.

        Raises:
            ExportError: the HTML is none.
        """
        root = parse(markup.html)
        if root is None:
            raise ExportError("the HTML of a page can't be read")
        self.text, self.markup = text, markup
        self.root: etree._Element = root
        self.nodes: list[TextNode] = []
        # Where in all the text of the tree each text node and each element begins.
        self._at: list[int] = []
        self._begins: dict[etree._Element, int] = {}
        at = 0
        for event, element, node in walk(root):
            if node:
                self.nodes.append(node)
                self._at.append(at)
                at += len(node.text)
            elif event == "start":
                self._begins[element] = at

    @cached_property
    def content(self) -> str:
        """All the text of the tree, hidden text too."""
        return "".join(node.text for node in self.nodes)

    def parts(self, start: int, end: int) -> Iterator[NodePart]:
        """The parts that hold a range of the page's text, in its order."""
        for shown in self.markup.touching(start, end):
            first, last = trim(self.text, max(start, shown.start), min(end, shown.end))
            if first < last:
                yield self._part(shown, first, last)

    def _part(self, shown: Shown, start: int, end: int) -> NodePart:
        node = self.nodes[shown.node]
        before = len(inked(self.text[shown.start : start]))
        count = len(inked(self.text[start:end]))
        places = ink_places(node.text)[before : before + count]
        characters = None
        if shown.origin >= 0:
            first = shown.origin + before
            characters = first, first + count - 1
        return NodePart(node, shown.node, places[0], places[-1] + 1, start, end, characters)

    def holder(self, first: NodePart, last: NodePart) -> etree._Element:
        """The deepest element that holds both parts."""
        around = {last.node.element, *last.node.element.iterancestors()}
        element = first.node.element
        while element not in around:
            parent = element.getparent()
            assert parent is not None, "both are below the root"
            element = parent
        return element

    def range_in(self, element: etree._Element, first: NodePart, last: NodePart) -> tuple[int, int]:
        """From the start of one part to the end of another, in the text of an element."""
        begin = self._begins[element]
        start = self._at[first.number] + first.start - begin
        return start, self._at[last.number] + last.end - begin

    def text_in(self, element: etree._Element, start: int, end: int) -> str:
        """A range of the text of an element, as XPath's ``string()`` has it."""
        begin = self._begins[element]
        return self.content[begin + start : begin + end]
