"""What the finished pages of a site show about a unit that shares something with their units.

A memory only provides features for the models and decides nothing: a line seen before is mostly
boilerplate, and a line at a headline's place is mostly, but not always, a headline.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from segmark.suggestion.counts import MOST_UNITS, PackedCounts, one, unpack
from segmark.suggestion.evidence.text_shape import bucket
from segmark.suggestion.features import KEY_KINDS, Features

#: The tag of a unit without a label.
NONE = "-"
#: Added to the total of counts, so that one observation counts for less than many.
_SMOOTHING = 0.5
_TEXT, _PLACE = KEY_KINDS.index("text"), KEY_KINDS.index("chain")


@dataclass(frozen=True, slots=True)
class TrainingSequence:
    """A training example as the models see it: the features and the right tag of each unit.

    Attributes:
        tags: one for each unit.
        order: all tags that a unit may have.
        counts: for each key of the units, how many units with it have each tag.
    """

    features: Features
    tags: tuple[str, ...]
    order: tuple[str, ...]
    counts: dict[int, PackedCounts] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        ones = {tag: one(index) for index, tag in enumerate(self.order)}
        counts: dict[int, PackedCounts] = {}
        for keys, tag in zip(self.features.keys, self.tags, strict=True):
            of_tag = ones[tag]
            for key in keys:
                counts[key] = counts.get(key, 0) + of_tag
        object.__setattr__(self, "counts", counts)


@dataclass(frozen=True, slots=True)
class Memory:
    """The tags of all units of some finished pages of a site, by the keys of the units.

    Attributes:
        pages: the number of pages.
        order: the order of the tags in the counts.
        tag_counts: for each key, how many units with it have each tag.
        text_spread: for the key of each text, the number of pages that contain it.
        labelled_on: for the text key and the place key of labelled units, the number of pages by
            tag.
    """

    pages: int
    order: tuple[str, ...]
    tag_counts: dict[int, PackedCounts]
    text_spread: dict[int, int]
    labelled_on: dict[int, dict[str, int]]

    @classmethod
    def of(cls, sequences: Sequence[TrainingSequence]) -> "Memory":
        """Make the memory of finished pages.

        Raises:
            OverflowError: they have more units than can be counted; see ``countable``.
        """
        if sum(len(sequence.tags) for sequence in sequences) > MOST_UNITS:
            raise OverflowError("the pages have more units than a memory can count")
        tag_counts: dict[int, PackedCounts] = {}
        labelled_on: dict[int, dict[str, int]] = {}
        text_spread: Counter[int] = Counter()
        for sequence in sequences:
            so_far = tag_counts.get
            tag_counts.update(
                {key: so_far(key, 0) + count for key, count in sequence.counts.items()}
            )
            text_spread.update({keys[_TEXT] for keys in sequence.features.keys})
            for key, tag in _labelled(sequence):
                tags = labelled_on.setdefault(key, {})
                tags[tag] = tags.get(tag, 0) + 1
        order = sequences[0].order if sequences else ()
        return cls(len(sequences), order, tag_counts, dict(text_spread), labelled_on)

    def text_pages(self, keys: Sequence[int], tag: str) -> int:
        """Return the number of pages on which a unit with the same text has the tag."""
        return self.labelled_on.get(keys[_TEXT], {}).get(tag, 0)

    def place_pages(self, keys: Sequence[int], tag: str) -> int:
        """Return the number of pages on which a unit at the same place of the template has it."""
        return self.labelled_on.get(keys[_PLACE], {}).get(tag, 0) if len(keys) > _PLACE else 0

    def features_for(
        self,
        features: Features,
        indexes: Sequence[int] | None = None,
        without: TrainingSequence | None = None,
    ) -> list[dict[str, float]]:
        """Return what the memory shows about units of a page, as features with values.

        Args:
            features: of the page.
            indexes: of the units; None for all.
            without: the page itself, if it is in the memory: when a model learns from a page, the
                features must not reveal the page's own labels.

        Returns:
            The features of each unit; empty if the memory holds no other page.
        """
        own = without.counts if without else {}
        pages = self.pages - (without is not None)
        if not pages:
            return []
        size = f"m{bucket(pages, (0, 1, 2, 4, 8))}"
        spreads = [_spread_features(on, pages) for on in range(pages + 1)]
        found = []
        for index in range(len(features.keys)) if indexes is None else indexes:
            keys = features.keys[index]
            names = {size: 1.0}
            for kind, key in zip(KEY_KINDS, keys, strict=False):
                counts = self.tag_counts.get(key, 0) - own.get(key, 0)
                names.update(_count_features(kind, counts, self.order))
            names.update(spreads[self.text_spread.get(keys[_TEXT], 0) - (without is not None)])
            found.append(names)
        return found

    def to_json(self) -> dict[str, Any]:
        """Return the memory as JSON can represent it."""
        return {
            "pages": self.pages,
            "order": self.order,
            "seen": list(self.tag_counts.items()),
            "spread": list(self.text_spread.items()),
            "shown": list(self.labelled_on.items()),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Memory":
        """Read what ``to_json`` returned."""
        return cls(
            data["pages"],
            tuple(data["order"]),
            dict(data["seen"]),
            dict(data["spread"]),
            dict(data["shown"]),
        )


def countable(sequences: Sequence[TrainingSequence]) -> list[TrainingSequence]:
    """Return the pages, in order, without those whose units a memory could no longer count."""
    kept, room = [], MOST_UNITS
    for sequence in sequences:
        if len(sequence.tags) <= room:
            kept.append(sequence)
            room -= len(sequence.tags)
    return kept


def _labelled(sequence: TrainingSequence) -> dict[tuple[int, str], None]:
    """Return the text keys and place keys of a page's labelled units with their tags, each once."""
    return {
        (keys[kind], tag): None
        for keys, tag in zip(sequence.features.keys, sequence.tags, strict=True)
        if tag != NONE
        for kind in (_TEXT, _PLACE)
        if kind < len(keys)
    }


@lru_cache(maxsize=16_384)
def _count_features(kind: str, counts: PackedCounts, order: tuple[str, ...]) -> dict[str, float]:
    """Return the features of a unit that follow from the counts of one of its keys."""
    by_tag = unpack(counts, order)
    if not by_tag:
        return {f"m{kind}?": 1.0}
    total = sum(by_tag.values()) + _SMOOTHING
    features = {f"m{kind}={tag}": count / total for tag, count in by_tag.items()}
    if len(by_tag) == 1:
        features[f"m{kind}!{next(iter(by_tag))}"] = 1.0
    return features


def _spread_features(on: int, pages: int) -> dict[str, float]:
    """Return the features of a unit whose text is on some of the pages."""
    share = on / pages
    if on == 0:
        often = "0"
    elif on == 1 and share < 0.5:
        often = "1"
    else:
        often = "few" if share < 0.3 else "some" if share < 0.7 else "most"
    return {f"on{often}": 1.0, f"on{often},{bucket(pages, (1, 3, 8))}": 1.0}
