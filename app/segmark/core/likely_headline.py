"""The likely headline of a page, judged by its markup and its title alone, without any label."""

import re
from collections.abc import Sequence
from functools import lru_cache

from segmark.core.page import Block, Page

#: What separates a headline from the name of the site in a page's title.
_SEPARATOR = re.compile(r"\s+[-–—»·]+\s+|\s*\|\s*|:+\s+")
_NO_WORD = re.compile(r"[\W_]+")
#: A headline, and the part of a title that is one, has between these numbers of characters.
_SHORTEST, _LONGEST = 12, 300
#: If a block begins like the title, the shorter of the two has at least this share of the longer.
_SHARED = 0.5
#: How many characters of a block are searched for the first word of the title.
_BEGINNING = 60


@lru_cache(maxsize=4)
def likely_headline(page: Page) -> int | None:
    """The index of the block that is likely the headline; None if nothing points to one.

    That is a heading that reads like the page's title, one of the first level first; else the
    first-level heading that shares most words with the title; else any block that reads like it.
    """
    titles = _titles(page.info.title)
    firsts = {title.partition(" ")[0] for title in titles}
    known = {word for title in titles for word in title.split()}
    best: tuple[int, int, int, int] | None = None
    for index, block in enumerate(page.blocks):
        if block.end - block.start > _LONGEST or not (titles or block.anchor):
            continue
        level = _heading_level(block)
        beginning = page.text[block.start : min(block.end, block.start + _BEGINNING)].lower()
        if level != 1 and not any(first in beginning for first in firsts):
            continue
        words = _bare(page.text[block.start : block.end])
        if likeness := _likeness(words, level, titles):
            rank = (likeness, len(known.intersection(words.split())), len(words), -index)
            best = max(best or rank, rank)
    return -best[-1] if best else None


def _likeness(words: str, level: int, titles: Sequence[str]) -> int:
    """How much a block is like a headline, from 0 for not at all to 4."""
    if _is_titled(words, titles):
        return 4 if level == 1 else 3 if level else 1
    return 2 if level == 1 and len(words) >= _SHORTEST else 0


def _titles(title: str) -> list[str]:
    """The title and its parts between separators, as far as they can be a headline."""
    parts = (_bare(part) for part in (title, *_SEPARATOR.split(title)))
    return [part for part in dict.fromkeys(parts) if len(part) >= _SHORTEST]


def _bare(text: str) -> str:
    """The words of a text in lower case, each after one space, without punctuation."""
    return _NO_WORD.sub(" ", text.lower()).strip()


def _is_titled(words: str, titles: Sequence[str]) -> bool:
    """Whether the words begin like one of the titles."""
    for title in titles:
        short, long = sorted((words, title), key=len)
        if len(short) >= max(_SHORTEST, _SHARED * len(long)) and long.startswith(short):
            return True
    return False


def _heading_level(block: Block) -> int:
    """The level of the heading that holds the block; 0 outside of headings."""
    if block.anchor is None or "/h" not in block.anchor.path:
        return 0
    levels = (tag[1:] for tag in block.anchor.tags if len(tag) == 2 and tag[0] == "h")
    return next((int(level) for level in levels if level.isdigit()), 0)
