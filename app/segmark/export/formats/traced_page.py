"""Maps ranges of a page's text to the text nodes of its HTML."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from lxml import etree

from segmark.core.markup import Markup, Origins, Shown, ink_places, inked
from segmark.core.text.normalise import trim
from segmark.export.error import ExportError
from segmark.html_tree import TextNode, Tree


@dataclass(frozen=True, slots=True)
class NodePart:
    """A part of a text node, without white space at its edges.

    Attributes:
        node: the text node.
        number: its index among all text nodes of the page.
        start: its start in the node's text.
        end: its end in the node's text.
        page_start: its start in the page's text.
        page_end: its end in the page's text.
        characters: the numbers of its first and last character among those of the node, white space
            left out.
    """

    node: TextNode
    number: int
    start: int
    end: int
    page_start: int
    page_end: int
    characters: tuple[int, int]


class TracedPage:
    """The tree of a page's HTML, and the places of the page's text in it.

    Attributes:
        text: of the page.
        markup: its HTML.
        root: of the tree, which the caller may change.
        nodes: all its text nodes.
    """

    def __init__(self, text: str, markup: Markup) -> None:
        """Parse the HTML.

        Raises:
            ExportError: the HTML can't be parsed.
        """
        tree: Tree | None = markup.spare.pop() if markup.spare else Tree.of(markup.html)
        if tree is None:
            raise ExportError("the HTML of a page can't be read")
        self.text, self.markup = text, markup
        self.root, self.nodes = tree.root, tree.nodes
        self._tree = tree

    @cached_property
    def _at(self) -> list[int]:
        """The start of each text node in the text of the whole tree, and the end of the last."""
        return [0, *accumulate([len(node[2]) for node in self.nodes])]

    @cached_property
    def _origins(self) -> Origins:
        return self.markup.find_origins(self._tree)

    @cached_property
    def content(self) -> str:
        """The text of the whole tree, including hidden text."""
        return "".join(node.text for node in self.nodes)

    def parts(self, start: int, end: int) -> Iterator[NodePart]:
        """The parts that contain a range of the page's text, in order."""
        for shown in self.markup.touching(start, end):
            first, last = trim(self.text, max(start, shown.start), min(end, shown.end))
            if first < last:
                yield self._part(shown, first, last)

    def _part(self, shown: Shown, start: int, end: int) -> NodePart:
        node = self.nodes[shown.node]
        before = len(inked(self.text[shown.start : start]))
        count = len(inked(self.text[start:end]))
        places = ink_places(node.text)[before : before + count]
        characters = before, before + count - 1
        return NodePart(node, shown.node, places[0], places[-1] + 1, start, end, characters)

    def origin(self, first: NodePart, last: NodePart) -> tuple[int, int] | None:
        """Where in the HTML the range from one part to another is; None if it is not known."""
        start = self._origins.of(first.number, first.characters[0])
        end = self._origins.of(last.number, last.characters[1])
        return (start[0], end[1]) if start and end else None

    def holder(self, first: NodePart, last: NodePart) -> etree._Element:
        """The deepest element that contains both parts."""
        around = {last.node.element, *last.node.element.iterancestors()}
        element = first.node.element
        while element not in around:
            parent = element.getparent()
            assert parent is not None, "both are below the root"
            element = parent
        return element

    def range_in(self, element: etree._Element, first: NodePart, last: NodePart) -> tuple[int, int]:
        """The range from the start of one part to the end of another in the text of an element."""
        begin = self._begin(element)
        start = self._at[first.number] + first.start - begin
        return start, self._at[last.number] + last.end - begin

    def text_in(self, element: etree._Element, start: int, end: int) -> str:
        """A range of the text of an element, which is XPath's ``string()`` of it."""
        begin = self._begin(element)
        return self.content[begin + start : begin + end]

    def _begin(self, element: etree._Element) -> int:
        return self._at[self._tree.starts[element]]
