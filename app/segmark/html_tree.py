"""The lxml tree of an HTML page, and its text nodes in document order."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Literal, NamedTuple

from lxml import etree

WalkEvent = Literal["start", "end", "text"]


# A named tuple: a page has thousands, and a data class takes four times as long to make.
class TextNode(NamedTuple):
    """A text node: the first one in an element, or the one after a child or comment of it.

    Attributes:
        holder: the element or comment whose ``text`` or ``tail`` it is.
        tail: whether it is the ``tail``.
        text: the text.
    """

    holder: etree._Element
    tail: bool
    text: str

    @property
    def element(self) -> etree._Element:
        """The element that contains it."""
        parent = self.holder.getparent() if self.tail else self.holder
        assert parent is not None, "the root has no tail"
        return parent


def parse(html: str) -> etree._Element | None:
    """The root of the tree; None if the HTML has no element.

    lxml drops what is nested deeper than 2,048 elements.
    """
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        return etree.fromstring(html.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return None


class Tree:
    """The tree of a page, and its text nodes in document order.

    Attributes:
        root: of the tree.
        nodes: all text nodes.
        starts: the number of text nodes before each element.
    """

    __slots__ = ("nodes", "root", "starts")

    def __init__(self, root: etree._Element) -> None:
        self.root = root
        nodes: list[TextNode] = []
        starts: dict[etree._Element, int] = {}
        self.nodes, self.starts = nodes, starts
        # As ``walk``, without its events, which take longer than all the rest.
        make: Callable[[tuple[etree._Element, bool, str]], TextNode]
        make = partial(tuple.__new__, TextNode)
        for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
            if event == "start":
                starts[element] = len(nodes)
                if text := element.text:
                    nodes.append(make((element, False, text)))
            elif (text := element.tail) and element is not root:
                nodes.append(make((element, True, text)))

    @classmethod
    def of(cls, html: str) -> "Tree | None":
        """Parse a page; None if the HTML has no element."""
        root = parse(html)
        return None if root is None else cls(root)


def walk(root: etree._Element) -> Iterator[tuple[WalkEvent, etree._Element, TextNode | None]]:
    """The starts and ends of elements and the text nodes, in document order."""
    make: Callable[[tuple[etree._Element, bool, str]], TextNode]
    make = partial(tuple.__new__, TextNode)
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event == "start":
            yield "start", element, None
            if text := element.text:
                yield "text", element, make((element, False, text))
            continue
        if event == "end":
            yield "end", element, None
        if (text := element.tail) and element is not root:
            yield "text", element, make((element, True, text))
