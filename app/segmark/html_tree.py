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
