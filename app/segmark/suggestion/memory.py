"""What finished pages of a site say about a unit that has something in common with theirs.

It only tells the models, it never decides: a line seen before is mostly furniture, and a line at a
headline's place is mostly, but not always, a headline.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from segmark.suggestion.counts import MOST_UNITS, PackedCounts, one, unpack
from segmark.suggestion.features import KEY_KINDS, Features
from segmark.suggestion.text_shape import bucket

#: The label of a unit that has none.
NONE = "-"
#: Added to a count's total: what was seen once is less sure than what was seen often.
_DOUBT = 0.5
_TEXT, _PLACE = KEY_KINDS.index("text"), KEY_KINDS.index("chain")


@dataclass(frozen=True, slots=True)
class Lesson:
    """A finished page as it is learnt.

    Attributes:
        features: of its units.
        states: one a unit.
        order: of all states that a unit may have.
        counted: for each key of its units how often units with it have each state.
    """

    features: Features
    states: tuple[str, ...]
    order: tuple[str, ...]
    counted: dict[int, PackedCounts] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        ones = {state: one(index) for index, state in enumerate(self.order)}
        seen: dict[int, PackedCounts] = {}
        for keys, state in zip(self.features.keys, self.states, strict=True):
            counted = ones[state]
            for key in keys:
                seen[key] = seen.get(key, 0) + counted
        object.__setattr__(self, "counted", seen)


@dataclass(frozen=True, slots=True)
class Memory:
    """The states of all units of some finished pages of a site, by what units have in common.

    Attributes:
        pages: how many pages it remembers.
        order: of the states in the counts.
        seen: for each key how often units with it had each state.
        spread: for the key of each text on how many pages it stands.
        shown: for the text and the place of labelled units, on how many pages with which state.
    """

    pages: int
    order: tuple[str, ...]
    seen: dict[int, PackedCounts]
    spread: dict[int, int]
    shown: dict[int, dict[str, int]]

    @classmethod
    def of(cls, lessons: Sequence[Lesson]) -> "Memory":
        """The memory of finished pages.

        Raises:
            OverflowError: they have more units than can be counted; see ``countable``.
        """
        if sum(len(lesson.states) for lesson in lessons) > MOST_UNITS:
            raise OverflowError("the pages have more units than a memory can count")
        seen: dict[int, PackedCounts] = {}
        shown: dict[int, dict[str, int]] = {}
        spread: Counter[int] = Counter()
        for lesson in lessons:
            known = seen.get
            seen.update({key: known(key, 0) + count for key, count in lesson.counted.items()})
            spread.update({keys[_TEXT] for keys in lesson.features.keys})
            for key, state in _labelled(lesson):
                states = shown.setdefault(key, {})
                states[state] = states.get(state, 0) + 1
        order = lessons[0].order if lessons else ()
        return cls(len(lessons), order, seen, dict(spread), shown)

    def text_pages(self, keys: Sequence[int], state: str) -> int:
        """On how many pages a unit with the same text had the state."""
        return self.shown.get(keys[_TEXT], {}).get(state, 0)

    def place_pages(self, keys: Sequence[int], state: str) -> int:
        """On how many pages a unit at the same place in the template had the state."""
        return self.shown.get(keys[_PLACE], {}).get(state, 0) if len(keys) > _PLACE else 0

    def told(
        self,
        features: Features,
        indexes: Sequence[int] | None = None,
        without: Lesson | None = None,
    ) -> list[dict[str, float]]:
        """For each unit of a page what the memory says about it, as features with values.

        ``indexes`` are of the units that it is asked about, all where it is None.
        ``without`` is the page itself where it is one of those remembered: a page must not be told
        its own labels when a model learns from it. Empty where no other page is remembered.
        """
        own = without.counted if without else {}
        pages = self.pages - (without is not None)
        if not pages:
            return []
        size = f"m{bucket(pages, (0, 1, 2, 4, 8))}"
        often = [_recurrence(on, pages) for on in range(pages + 1)]
        told = []
        for index in range(len(features.keys)) if indexes is None else indexes:
            keys = features.keys[index]
            names = {size: 1.0}
            for kind, key in zip(KEY_KINDS, keys, strict=False):
                names.update(_said(kind, self.seen.get(key, 0) - own.get(key, 0), self.order))
            names.update(often[self.spread.get(keys[_TEXT], 0) - (without is not None)])
            told.append(names)
        return told

    def to_json(self) -> dict[str, Any]:
        """The memory as JSON can hold it."""
        return {
            "pages": self.pages,
            "order": self.order,
            "seen": list(self.seen.items()),
            "spread": list(self.spread.items()),
            "shown": list(self.shown.items()),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Memory":
        """The memory that ``to_json`` wrote."""
        return cls(
            data["pages"],
            tuple(data["order"]),
            dict(data["seen"]),
            dict(data["spread"]),
            dict(data["shown"]),
        )


def countable(lessons: Sequence[Lesson]) -> list[Lesson]:
    """The finished pages without those for which a memory has no room, the last ones first."""
    kept, room = [], MOST_UNITS
    for lesson in lessons:
        if len(lesson.states) <= room:
            kept.append(lesson)
            room -= len(lesson.states)
    return kept


def _labelled(lesson: Lesson) -> dict[tuple[int, str], None]:
    """The texts and places of a page's labelled units with their states, each once."""
    return {
        (keys[kind], state): None
        for keys, state in zip(lesson.features.keys, lesson.states, strict=True)
        if state != NONE
        for kind in (_TEXT, _PLACE)
        if kind < len(keys)
    }


@lru_cache(maxsize=16_384)
def _said(kind: str, counts: PackedCounts, order: tuple[str, ...]) -> dict[str, float]:
    """What some counts say of a unit, as features with values."""
    seen = unpack(counts, order)
    if not seen:
        return {f"m{kind}?": 1.0}
    total = sum(seen.values()) + _DOUBT
    said = {f"m{kind}={state}": count / total for state, count in seen.items()}
    if len(seen) == 1:
        said[f"m{kind}!{next(iter(seen))}"] = 1.0
    return said


def _recurrence(on: int, pages: int) -> dict[str, float]:
    """What it says of a unit that its text stands on some of the pages."""
    share = on / pages
    if on == 0:
        often = "0"
    elif on == 1 and share < 0.5:
        often = "1"
    else:
        often = "few" if share < 0.3 else "some" if share < 0.7 else "most"
    return {f"on{often}": 1.0, f"on{often},{bucket(pages, (1, 3, 8))}": 1.0}
