"""What finished pages of a site say about a unit that has something in common with theirs.

It only tells the models, it never decides: a line seen before is mostly furniture, and a line at a
headline's place is mostly, but not always, a headline.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from app.suggestion.features import KEY_KINDS, Features
from app.suggestion.shape import bucket

#: The label of a unit that has none.
NONE = "-"
#: Added to a count's total: what was seen once is less sure than what was seen often.
_DOUBT = 0.5
_TEXT, _PLACE = KEY_KINDS.index("text"), KEY_KINDS.index("chain")
#: How often each label was seen.
Counts = dict[str, int]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A finished page as it is learnt.

    Attributes:
        features: of its units.
        states: one a unit.
        counted: for each key of its units how often units with it have each state.
    """

    features: Features
    states: tuple[str, ...]
    counted: dict[int, Counts] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        seen: dict[int, Counts] = {}
        for keys, state in zip(self.features.keys, self.states, strict=True):
            for key in keys:
                counts = seen.setdefault(key, {})
                counts[state] = counts.get(state, 0) + 1
        object.__setattr__(self, "counted", seen)


@dataclass(frozen=True, slots=True)
class Memory:
    """The states of all units of some finished pages of a site, by what units have in common.

    Attributes:
        pages: how many pages it remembers.
        seen: for each key how often units with it had each state.
        spread: for the key of each text on how many pages it stands.
        shown: for the text and the place of labelled units, on how many pages with which state.
    """

    pages: int
    seen: dict[int, Counts]
    spread: dict[int, int]
    shown: dict[int, Counts]

    @classmethod
    def of(cls, lessons: Sequence[Lesson]) -> "Memory":
        """The memory of finished pages."""
        seen: dict[int, Counts] = {}
        shown: dict[int, Counts] = {}
        spread: Counter[int] = Counter()
        for lesson in lessons:
            for key, counts in lesson.counted.items():
                known = seen.setdefault(key, {})
                for state, count in counts.items():
                    known[state] = known.get(state, 0) + count
            spread.update({keys[_TEXT] for keys in lesson.features.keys})
            for key, state in _labelled(lesson):
                known = shown.setdefault(key, {})
                known[state] = known.get(state, 0) + 1
        return cls(len(lessons), seen, dict(spread), shown)

    def text_pages(self, keys: Sequence[int], state: str) -> int:
        """On how many pages a unit with the same text had the state."""
        return self.shown.get(keys[_TEXT], {}).get(state, 0)

    def place_pages(self, keys: Sequence[int], state: str) -> int:
        """On how many pages a unit at the same place in the template had the state."""
        return self.shown.get(keys[_PLACE], {}).get(state, 0) if len(keys) > _PLACE else 0

    def told(self, features: Features, without: Lesson | None = None) -> list[dict[str, float]]:
        """For each unit of a page what the memory says about it, as features with values.

        ``without`` is the page itself where it is one of those remembered: a page must not be told
        its own labels when a model learns from it. Empty where no other page is remembered.
        """
        own = without.counted if without else {}
        pages = self.pages - (without is not None)
        if not pages:
            return []
        size = f"m{bucket(pages, (0, 1, 2, 4, 8))}"
        told = []
        for keys in features.keys:
            names = {size: 1.0}
            for kind, key in zip(KEY_KINDS, keys, strict=False):
                counts = self.seen.get(key)
                if counts and key in own:
                    counts = _less(counts, own[key])
                if counts:
                    _tell(names, kind, counts)
                else:
                    names[_name(kind, "?", "")] = 1.0
            for name in _recurrence(self.spread.get(keys[_TEXT], 0) - (without is not None), pages):
                names[name] = 1.0
            told.append(names)
        return told

    def to_json(self) -> dict[str, Any]:
        """The memory as JSON can hold it."""
        return {
            "pages": self.pages,
            "seen": list(self.seen.items()),
            "spread": list(self.spread.items()),
            "shown": list(self.shown.items()),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Memory":
        """The memory that ``to_json`` wrote."""
        return cls(data["pages"], dict(data["seen"]), dict(data["spread"]), dict(data["shown"]))


def _labelled(lesson: Lesson) -> dict[tuple[int, str], None]:
    """The texts and places of a page's labelled units with their states, each once."""
    return {
        (keys[kind], state): None
        for keys, state in zip(lesson.features.keys, lesson.states, strict=True)
        if state != NONE
        for kind in (_TEXT, _PLACE)
        if kind < len(keys)
    }


def _less(counts: Counts, own: Counts) -> Counts:
    if counts == own:
        return {}
    return {state: n for state, count in counts.items() if (n := count - own.get(state, 0))}


@cache
def _name(kind: str, sign: str, state: str) -> str:
    return f"m{kind}{sign}{state}"


def _tell(names: dict[str, float], kind: str, counts: Counts) -> None:
    if len(counts) == 1:
        [(state, count)] = counts.items()
        names[_name(kind, "=", state)] = count / (count + _DOUBT)
        names[_name(kind, "!", state)] = 1.0
        return
    total = sum(counts.values()) + _DOUBT
    for state, count in counts.items():
        names[_name(kind, "=", state)] = count / total


def _recurrence(on: int, pages: int) -> Iterator[str]:
    share = on / pages
    if on == 0:
        often = "0"
    elif on == 1 and share < 0.5:
        often = "1"
    else:
        often = "few" if share < 0.3 else "some" if share < 0.7 else "most"
    yield f"on{often}"
    yield f"on{often},{bucket(pages, (1, 3, 8))}"
