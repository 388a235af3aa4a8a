"""Page, its blocks, and the places of blocks in the HTML."""

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from segmark.core.text.normalise import sha256_of


# A named tuple, for the same reason as a span.
class Anchor(NamedTuple):
    """The place of a block in the HTML.

    Attributes:
        path: absolute XPath of the deepest element that holds the block's whole text, as lxml's
            ``getpath`` writes it: ``/html/body/div[2]/p[1]``.
        words: class and id words of that element and its ancestors, innermost element first, one
            string an element, words apart by a space, ``""`` for an element without any.
        inside: names of the inline elements inside the block (``a``, ``em``, …), sorted.
    """

    path: str
    words: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()

    @property
    def tag(self) -> str:
        """Name of the element; ``""`` if it is unknown."""
        return self.path.rpartition("/")[2].partition("[")[0]

    @property
    def tags(self) -> tuple[str, ...]:
        """Tag names from the root to the element, without their positions."""
        return tuple(step.partition("[")[0] for step in self.path.split("/")[1:])


# A named tuple, for the same reason as a span.
class Block(NamedTuple):
    """A line of the text that is not blank, as a half-open range without its line end."""

    start: int
    end: int
    anchor: Anchor | None = None


@dataclass(frozen=True, slots=True)
class PageInfo:
    """The metadata of a page; empty strings if unknown.

    Attributes:
        source: where it was loaded from, as a short relative path.
        site: the host of the URL without ``www.``, else the name of its folder.
        encoding: the encoding of its bytes.
        media: ``text`` or ``html``.
    """

    source: str
    site: str = ""
    url: str = ""
    title: str = ""
    language: str = ""
    encoding: str = "utf-8"
    media: str = "text"


@dataclass(frozen=True, slots=True)
class Declared:
    """What a page's source declares about its story, beside the visible text; each value once.

    Attributes:
        titles: of the story.
        summaries: of the story, or of the page.
        bodies: the whole text of the story.
        captions: of its pictures.
    """

    titles: tuple[str, ...] = ()
    summaries: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()


def _blocks(text: str, anchors: Mapping[int, Anchor]) -> tuple[Block, ...]:
    # The constructor of tuple takes half the time; a long page has ten thousand blocks.
    make: Callable[[tuple[int, int, Anchor | None]], Block] = partial(tuple.__new__, Block)
    blocks, start = list[Block](), 0
    for line in text.split("\n"):
        end = start + len(line)
        if line and not line.isspace():
            blocks.append(make((start, end, anchors.get(start))))
        start = end + 1
    return tuple(blocks)


@dataclass(frozen=True, slots=True)
class Page:
    """A loaded document with its frozen text.

    Attributes:
        id: stable id of the page, made from its source bytes; never a row number.
        text: normalised (``segmark.core.text.normalise.normalise``); it never changes.
        sha256: of the text in UTF-8, in hexadecimal.
        declared: what its source declares; empty unless it was read again for that.
    """

    id: str
    text: str
    info: PageInfo
    sha256: str = field(compare=False)
    _anchored: Mapping[int, Anchor] = field(repr=False, compare=False)
    _blocks: tuple[Block, ...] | None = field(default=None, init=False, repr=False, compare=False)
    declared: Declared = field(default=Declared(), kw_only=True)

    @classmethod
    def of(
        cls,
        id: str,  # noqa: A002 - the word of the contract
        text: str,
        info: PageInfo,
        anchors: Mapping[int, Anchor] | None = None,
    ) -> "Page":
        """A page of a normalised text; ``anchors`` maps the offset of a line to its anchor."""
        return cls(id, text, info, sha256_of(text), anchors or {})

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks in text order, derived from the text, with the anchors of their lines."""
        # Derived at the first access: loading, exporting and counting do not need blocks.
        if self._blocks is None:
            object.__setattr__(self, "_blocks", _blocks(self.text, self._anchored))
        return self._blocks or ()

    @property
    def anchors(self) -> Mapping[int, Anchor]:
        """The anchors by the offset of their block, as in ``Page.of``."""
        return self._anchored

    def without_anchors(self) -> "Page":
        """The page without what it knows of its HTML."""
        return Page(self.id, self.text, self.info, self.sha256, {}, declared=self.declared)

    def block_at(self, offset: int) -> int | None:
        """Index of the block that holds the offset, else of the nearest before, else the first.

        None only where the page has no block at all.
        """
        if not self.blocks:
            return None
        return max(0, bisect_right(self.blocks, offset, key=lambda block: block.start) - 1)

    def blocks_in(self, start: int, end: int) -> range:
        """Indexes of the blocks that share at least one character with the range."""
        first = bisect_right(self.blocks, start, key=lambda block: block.end)
        last = bisect_right(self.blocks, end - 1, key=lambda block: block.start)
        return range(first, max(first, last))
