"""What finished pages of a site say about a unit that has something in common with theirs.

It only tells the models, it never decides: a line seen before is mostly furniture, and a line at a
headline's place is mostly, but not always, a headline.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from app.suggestion.features import KEY_KINDS, Features
from app.suggestion.shape import bucket

#: The label of a unit that has none.
NONE = "-"
Labels = Sequence[str]
_Seen = dict[str, int]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A finished page as it is learnt: its features and the label of each unit."""

    features: Features
    labels: tuple[str, ...]


def _entries(lesson: Lesson) -> Iterator[tuple[int, str]]:
    for keys, label in zip(lesson.features.keys, lesson.labels, strict=True):
        for key in keys:
            yield key, label


@dataclass(frozen=True, slots=True)
class Memory:
    """The labels of all units of some finished pages of a site, by what units have in common.

    Attributes:
        pages: how many finished pages it remembers.
        pool: how many pages it has seen, unfinished ones too.
        seen: for each key how often units with it had each label.
        spread: for the key of each text on how many pages of the pool it stands.
    """

    pages: int
    pool: int
    seen: dict[int, _Seen]
    spread: dict[int, int]

    @classmethod
    def of(cls, lessons: Sequence[Lesson], unlabelled: Iterable[Features] = ()) -> "Memory":
        """The memory of finished pages; unfinished ones tell which texts recur on the site."""
        seen: dict[int, _Seen] = {}
        for lesson in lessons:
            for key, label in _entries(lesson):
                counts = seen.setdefault(key, {})
                counts[label] = counts.get(label, 0) + 1
        pool = [lesson.features for lesson in lessons]
        pool += unlabelled
        spread: Counter[int] = Counter()
        for features in pool:
            spread.update({keys[0] for keys in features.keys})
        return cls(len(lessons), len(pool), seen, dict(spread))

    def without(self, lesson: Lesson) -> "Memory":
        """The memory as if it had not seen one of its lessons; holds that lesson's keys only."""
        gone: dict[int, _Seen] = {}
        for key, label in _entries(lesson):
            counts = gone.setdefault(key, dict(self.seen[key]))
            counts[label] -= 1
        left = {
            key: {label: count for label, count in counts.items() if count}
            for key, counts in gone.items()
        }
        spread = {keys[0]: self.spread[keys[0]] - 1 for keys in lesson.features.keys}
        return Memory(
            self.pages - 1,
            self.pool - 1,
            {key: counts for key, counts in left.items() if counts},
            spread,
        )

    def recalled(self, key: int, label: str) -> int:
        """How often units with the key had the label."""
        return self.seen.get(key, {}).get(label, 0)

    def names(self, features: Features) -> list[dict[str, float]]:
        """For each unit of a page what the memory says about it, as features with values."""
        size = bucket(self.pages, (0, 1, 2, 4, 8))
        return [
            {f"m{size}": 1.0, **dict(self._recall(keys))} for keys in features.keys
        ]

    def _recall(self, keys: Sequence[int]) -> Iterator[tuple[str, float]]:
        if self.pages:
            for kind, key in zip(KEY_KINDS, keys, strict=False):
                counts = self.seen.get(key)
                if counts is None:
                    yield f"m{kind}?", 1.0
                    continue
                total = sum(counts.values())
                for label, count in counts.items():
                    yield f"m{kind}={label}", count / (total + 0.5)
                if len(counts) == 1:
                    yield f"m{kind}!{label}", 1.0
        if self.pool:
            for name in self._recurrence(keys[0]):
                yield name, 1.0

    def _recurrence(self, key: int) -> Iterator[str]:
        pages = self.spread.get(key, 0)
        share = pages / self.pool
        if pages == 0:
            often = "0"
        elif pages == 1 and share < 0.5:
            often = "1"
        else:
            often = "few" if share < 0.3 else "some" if share < 0.7 else "most"
        yield f"on{often}"
        yield f"on{often},{bucket(self.pool, (1, 3, 8))}"

    def to_json(self) -> dict[str, Any]:
        """The memory as JSON can hold it."""
        return {
            "pages": self.pages,
            "pool": self.pool,
            "seen": list(self.seen.items()),
            "spread": list(self.spread.items()),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Memory":
        """The memory that ``to_json`` wrote."""
        return cls(data["pages"], data["pool"], dict(data["seen"]), dict(data["spread"]))
