"""Likely text: the blocks of a page that read like a headline, a paragraph or a caption.

The rules know no label. They look at length, links, markup, the page's title and recurrence.
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import pairwise

from segmark.core.likely_headline import likely_headline
from segmark.core.page import Anchor, Page

#: The least width of text that is not in a link, and of text that ends like a sentence. An
#: ideograph, kana or hangul counts as two.
_WIDE, _SENTENCE = 40, 25
#: The least width of a sentence in a link, a list, a menu or a footer.
_VERY_WIDE = 120
#: The share of its words that a line has in common with the title of the page if it repeats it.
_ALIKE = 0.6
#: A line that repeats the title is among this many first blocks, and has so many code points.
_BEGINNING, _TITLE = 500, range(8, 300)
#: A gap of so many blocks in likely text is short. On real pages, 97 of 100 labelled blocks are
#: then among the stops of a walk, and without the gaps 92; of all blocks, a fifth are stops.
_GAP = 2
_SENTENCE_ENDS = frozenset(".!?…।。！？")
_CLOSERS = "\"'”’»)]）」』 "
_WORD = re.compile(r"[^\W_]+")
_TITLE_OR_CAPTION = re.compile(r"/(h1|figcaption)\b")
_FURNITURE = frozenset({"nav", "footer", "aside", "li", "form", "button", "select", "label"})


@lru_cache(maxsize=8)
def likely_text(page: Page) -> frozenset[int]:
    """The indexes of the blocks that are likely to get a label."""
    return frozenset(_likely(page))


def walk_stops(page: Page) -> frozenset[int]:
    """The indexes of the blocks at which a walk through the page stops.

    That is likely text and short gaps in it, which may be a subhead, a byline or a short caption.
    Menus and lists of links are longer. A page without likely text is walked block by block.
    """
    likely = likely_text(page)
    edges = [-1, *sorted(likely), len(page.blocks)] if likely else [-1, len(page.blocks)]
    gaps = (range(before + 1, after) for before, after in pairwise(edges))
    return likely.union(*(gap for gap in gaps if len(gap) <= _GAP or not likely))


def _likely(page: Page) -> Iterator[int]:
    if (headline := likely_headline(page)) is not None:
        yield headline
    title, prose = set(_WORD.findall(page.info.title.lower())), dict[int, str]()
    for index, (start, end, anchor) in enumerate(page.blocks):
        if (anchor and _TITLE_OR_CAPTION.search(anchor.path)) or (
            title and index < _BEGINNING and _repeats(page.text[start:end], title)
        ):
            yield index
        elif (anchor is None and end - start >= _WIDE) or (
            2 * (end - start) >= _SENTENCE and _is_prose(page.text[start:end], anchor)
        ):
            prose[index] = page.text[start:end]
    times = Counter(prose.values())
    yield from (index for index, line in prose.items() if times[line] == 1)


def _repeats(line: str, title: set[str]) -> bool:
    if len(line) not in _TITLE:
        return False
    words = set(_WORD.findall(line.lower()))
    return 2 * len(words & title) >= _ALIKE * (len(words) + len(title))


@cache  # compiling it takes longer than reading a page
def _wide_letter() -> re.Pattern[str]:
    return re.compile("[\u2e80-\u9fff\uac00-\ud7ff]")


def _is_prose(line: str, anchor: Anchor | None) -> bool:
    width = len(line)
    if not line.isascii():
        width += len(_wide_letter().findall(line))
    if anchor and ("a" in anchor.tags[-3:] or not _FURNITURE.isdisjoint(anchor.tags)):
        return width >= _VERY_WIDE and _is_sentence(line)
    return width >= _WIDE or (width >= _SENTENCE and _is_sentence(line))


def _is_sentence(line: str) -> bool:
    return line.rstrip(_CLOSERS)[-1:] in _SENTENCE_ENDS
