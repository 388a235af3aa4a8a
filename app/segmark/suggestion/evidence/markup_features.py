"""Features of a unit that follow from its position in the HTML."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from segmark.core.page import Anchor
from segmark.suggestion.evidence.text_shape import TextShape, bucket

_DIGITS = re.compile(r"\d+")
_WORD_EDGE = re.compile(r"[\s_\-:]+|(?<=[a-z])(?=[A-Z])")
#: Elements that mean the same on every site.
_MEANINGFUL = frozenset(
    {
        *("article", "aside", "figcaption", "figure", "footer", "header", "main", "nav"),
        *("h1", "h2", "h3", "h4", "p", "blockquote", "li", "ol", "ul", "table", "time"),
        *("a", "b", "em", "font", "i", "span", "strong", "button", "form", "label"),
    }
)
#: Text wider than this, outside links, makes its parent a candidate for the story's container.
_WIDE = 60
_MASSES = (60, 150, 400, 1_000)
_DEPTHS = (4, 6, 8, 10, 13, 16, 20)


@dataclass(frozen=True, slots=True)
class MarkupFeatures:
    """The position of one unit in the HTML.

    Attributes:
        parent: path of its element's parent.
        signature: its element's name with the words of class and id, numbers replaced by 0.
        outer: the signatures of the element and its parent.
        chain: the signatures of all elements from the element up to the root.
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
    """Return the words in class and id names, without numbers."""
    parts = (_DIGITS.sub("", part).lower() for part in _WORD_EDGE.split(words))
    return tuple(dict.fromkeys(part for part in parts if len(part) > 2))


def _names(anchor: Anchor, tags: Sequence[str]) -> list[str]:
    names = [f"g={tags[-1]}", f"g2={'/'.join(tags[-2:])}", f"depth{bucket(len(tags), _DEPTHS)}"]
    names += [f"has={tag}" for tag in dict.fromkeys(tags) if tag in _MEANINGFUL]
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
def markup_of(anchor: Anchor) -> MarkupFeatures:
    """Return the features of a unit whose block has this anchor."""
    tags = anchor.tags or ("",)
    levels = [*anchor.words, "", "", ""]
    named = [f"{tag}.{words}" for tag, words in zip(reversed(tags), levels, strict=False)]
    steps = [_DIGITS.sub("0", step) for step in [*named, "", ""]]
    outer = f"{steps[0]}<{steps[1]}"
    chain = "<".join(steps[: len(named)])
    parent = anchor.path.rpartition("/")[0]
    link = "a" in tags[-3:]
    return MarkupFeatures(parent, steps[0], outer, chain, link, tuple(_names(anchor, tags)))


def container(markups: Sequence[MarkupFeatures | None], shapes: Sequence[TextShape]) -> str:
    """Return the path of the element whose children hold most of the page's wide text."""
    mass: Counter[str] = Counter()
    for markup, shape in zip(markups, shapes, strict=True):
        if markup and not markup.link and shape.width > _WIDE:
            mass[markup.parent] += shape.width
    return mass.most_common(1)[0][0] if mass else ""


def path_masses(anchors: Sequence[Anchor | None], shapes: Sequence[TextShape]) -> list[int]:
    """Return, for each unit, the bucket of the width of all text directly in its element."""
    mass: Counter[str] = Counter()
    for anchor, shape in zip(anchors, shapes, strict=True):
        if anchor:
            mass[anchor.path] += shape.width
    return [bucket(mass[anchor.path], _MASSES) if anchor else 0 for anchor in anchors]


def distance(path: str, other: str) -> tuple[int, int]:
    """Return how many steps up from the other element, and then down, lead to the first path."""
    shared = 0
    here, there = path.split("/"), other.split("/")
    for step, its in zip(here, there, strict=False):
        if step != its:
            break
        shared += 1
    return len(there) - shared, len(here) - shared
