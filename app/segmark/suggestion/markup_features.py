"""What can be told of a unit from where it stood in the HTML."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from segmark.core.page import Anchor
from segmark.suggestion.text_shape import TextShape, bucket

_DIGITS = re.compile(r"\d+")
_WORD_EDGE = re.compile(r"[\s_\-:]+|(?<=[a-z])(?=[A-Z])")
#: Elements that say the same on every site; whether a unit is inside one.
_TELLING = frozenset(
    {
        *("article", "aside", "figcaption", "figure", "footer", "header", "main", "nav"),
        *("h1", "h2", "h3", "h4", "p", "blockquote", "li", "ol", "ul", "table", "time"),
        *("a", "b", "em", "font", "i", "span", "strong", "button", "form", "label"),
    }
)
#: Text this wide, outside links, makes its parent a candidate for the story's container.
_WIDE = 60
_MASSES = (60, 150, 400, 1_000)
_DEPTHS = (4, 6, 8, 10, 13, 16, 20)


@dataclass(frozen=True, slots=True)
class MarkupFeatures:
    """Where one unit stood.

    Attributes:
        parent: path of its element's parent.
        signature: its element's name with class and id words, numbers as 0.
        outer: the same for the element and its parent.
        chain: the same from the root to the element.
        link: whether the whole unit is in a link.
        general: names of features that mean the same on every site.
    """

    parent: str
    signature: str
    outer: str
    chain: str
    link: bool
    general: tuple[str, ...]


@lru_cache(maxsize=4_096)
def _class_words(words: str) -> tuple[str, ...]:
    """The words that class and id names are made of, without numbers."""
    parts = (_DIGITS.sub("", part).lower() for part in _WORD_EDGE.split(words))
    return tuple(dict.fromkeys(part for part in parts if len(part) > 2))


def _names(anchor: Anchor, tags: Sequence[str]) -> list[str]:
    names = [f"g={tags[-1]}", f"g2={'/'.join(tags[-2:])}", f"depth{bucket(len(tags), _DEPTHS)}"]
    names += [f"has={tag}" for tag in dict.fromkeys(tags) if tag in _TELLING]
    names += [f"in={tag}" for tag in anchor.inside]
    words: dict[str, None] = {}
    for level, given in enumerate(anchor.words):
        for word in _class_words(given):
            words[f"c={word}"] = None
            if level == 0:
                words[f"c0={word}"] = None
            if level <= 1:
                words[f"c1={word}"] = None
    return names + list(words)


@lru_cache(maxsize=8_192)
def _of(anchor: Anchor) -> MarkupFeatures:
    tags = anchor.tags or ("",)
    levels = [*anchor.words, "", "", ""]
    named = [f"{tag}.{words}" for tag, words in zip(reversed(tags), levels, strict=False)]
    steps = [_DIGITS.sub("0", step) for step in [*named, "", ""]]
    outer = f"{steps[0]}<{steps[1]}"
    chain = "<".join(steps[: len(named)])
    parent = anchor.path.rpartition("/")[0]
    link = "a" in tags[-3:]
    return MarkupFeatures(parent, steps[0], outer, chain, link, tuple(_names(anchor, tags)))


def markup_of(anchor: Anchor) -> MarkupFeatures:
    """What the anchor of a unit's block tells."""
    return _of(anchor)


def container(markups: Sequence[MarkupFeatures | None], shapes: Sequence[TextShape]) -> str:
    """Path of the element that holds most of the page's wide text as its children."""
    mass: Counter[str] = Counter()
    for markup, shape in zip(markups, shapes, strict=True):
        if markup and not markup.link and shape.width > _WIDE:
            mass[markup.parent] += shape.width
    return mass.most_common(1)[0][0] if mass else ""


def path_masses(anchors: Sequence[Anchor | None], shapes: Sequence[TextShape]) -> list[int]:
    """For each unit the bucket of the width of all text that stands directly in its element."""
    mass: Counter[str] = Counter()
    for anchor, shape in zip(anchors, shapes, strict=True):
        if anchor:
            mass[anchor.path] += shape.width
    return [bucket(mass[anchor.path], _MASSES) if anchor else 0 for anchor in anchors]


def distance(path: str, other: str) -> tuple[int, int]:
    """How many steps up from the other element, then down, lead to the path's element."""
    shared = 0
    here, there = path.split("/"), other.split("/")
    for step, its in zip(here, there, strict=False):
        if step != its:
            break
        shared += 1
    return len(there) - shared, len(here) - shared
