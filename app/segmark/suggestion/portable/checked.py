"""Values of a file that may be anybody's, each checked before it is used."""

from collections.abc import Mapping
from math import isfinite
from typing import Any

from segmark.suggestion.portable.weights import WeightedFeature, Weights
from segmark.suggestion.serialisation import ModelError

#: More than any learnt model has: a label set has 200 labels, each with two tags, and none.
_MOST_NAMES, _MOST_FEATURES = 401, 2_000_000
_LONGEST = 100_000  # code points of a name
#: Trained weights are below 20 in amount; far larger ones overflow the exponentials of CRFsuite.
_LARGEST = 100.0


def part(data: object, key: str) -> Any:  # noqa: ANN401 - what it is, is checked next
    """The value of a key of a JSON object.

    Raises:
        ModelError: it is no object, or has no such key.
    """
    if not isinstance(data, dict) or key not in data:
        raise ModelError(f"it has no {key!r}")
    return data[key]


def rows(data: object, most: int = _MOST_FEATURES) -> list[Any]:
    """A list of at most so many values.

    Raises:
        ModelError: it is none, or is longer.
    """
    if not isinstance(data, list) or len(data) > most:
        raise ModelError("a list is missing or too long")
    return data


def whole(data: object, most: int) -> int:
    """A whole number from 0 to a limit.

    Raises:
        ModelError: it is none.
    """
    if type(data) is not int or not 0 <= data <= most:
        raise ModelError(f"{data!r:.40} is not a number from 0 to {most}")
    return data


def name(data: object) -> str:
    """A text that CRFsuite can hold: without NUL and lone surrogates.

    Raises:
        ModelError: it is none.
    """
    if not isinstance(data, str) or len(data) > _LONGEST or "\0" in data:
        raise ModelError(f"{data!r:.40} is not a name")
    try:
        data.encode()
    except UnicodeEncodeError:
        raise ModelError("a name has half a character") from None
    return data


def names(data: object, most: int = _MOST_NAMES) -> list[str]:
    """A list of different names.

    Raises:
        ModelError: it is none.
    """
    found = [name(one) for one in rows(data, most)]
    if len(set(found)) != len(found):
        raise ModelError("a name is there twice")
    return found


def weights(data: object) -> Weights:
    """The weights of a CRF, as ``plain_weights`` returned them.

    Raises:
        ModelError: they are not those of a CRF.
    """
    tags = names(part(data, "tags"))
    states, done, last = list[WeightedFeature](), set[str](), None
    for row in rows(part(data, "states")):
        attribute, tag, weight = _feature(row)
        if name(attribute) != last:
            if attribute in done:
                raise ModelError(f"the features of {attribute!r:.40} are not together")
            done.add(attribute)
            last = attribute
        states.append((attribute, _tag(tags, tag), weight))
    transitions = []
    for row in rows(part(data, "transitions")):
        before, tag, weight = _feature(row)
        transitions.append((_tag(tags, before), _tag(tags, tag), weight))
    for features in (states, transitions):
        if len({feature[:2] for feature in features}) != len(features):
            raise ModelError("a feature is there twice")
    return Weights(tuple(tags), tuple(states), tuple(transitions))


def _feature(row: object) -> tuple[Any, Any, float]:
    if not isinstance(row, list) or len(row) != 3:
        raise ModelError(f"{row!r:.40} is not a feature")
    weight = row[2]
    if type(weight) not in (int, float) or not isfinite(weight) or abs(weight) > _LARGEST:
        raise ModelError(f"{weight!r:.40} is not a weight")
    return row[0], row[1], float(weight)


def _tag(tags: list[str], number: object) -> str:
    return tags[whole(number, len(tags) - 1)]


def plain_weights(found: Weights) -> Mapping[str, object]:
    """Weights as JSON represents them: each feature has the numbers of its tags."""
    number = {tag: index for index, tag in enumerate(found.tags)}
    return {
        "tags": list(found.tags),
        "states": [[attribute, number[tag], weight] for attribute, tag, weight in found.states],
        "transitions": [
            [number[before], number[tag], weight] for before, tag, weight in found.transitions
        ],
    }
