"""The weights of a CRF, out of a model file of CRFsuite and into a new one.

The layout is that of CRFsuite 0.12 (``crf1d_model.c``): a header, the features with their weights,
the labels and the attributes as tables of strings, and for each label and each attribute the
numbers of its features. All numbers are little-endian.
"""

import struct
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from segmark.suggestion.crf import ConditionalRandomField
from segmark.suggestion.portable.string_table import read_strings, write_strings

_HEAD = struct.Struct("<4sI4sI3I5I")
_CHUNK = struct.Struct("<4s2I")
_FEATURE = struct.Struct("<3Id")
_VERSION = 100
_STATE, _TRANSITION = 0, 1
_ALIGNED = 4  # the lists of features begin at multiples of this
_UNUSED = 2  # places in the list of tags, for the start and the end of a sequence

#: A feature: the name of an attribute, or of the tag before; a tag; the weight.
WeightedFeature = tuple[str, str, float]


@dataclass(frozen=True, slots=True)
class Weights:
    """A linear-chain CRF as plain values.

    Attributes:
        tags: all that it predicts, in order.
        states: from the attributes of a unit to its tag; those of an attribute are adjacent.
        transitions: from the tag of a unit to that of the next one.
    """

    tags: tuple[str, ...]
    states: tuple[WeightedFeature, ...]
    transitions: tuple[WeightedFeature, ...]


def weights_of(crf: ConditionalRandomField) -> Weights:
    """Return the weights of a CRF."""
    data = crf.data
    *_, features_at, labels_at, attributes_at, _, _ = _HEAD.unpack_from(data)
    tags, attributes = read_strings(data[labels_at:]), read_strings(data[attributes_at:])
    _, _, count = _CHUNK.unpack_from(data, features_at)
    first = features_at + _CHUNK.size
    states, transitions = list[WeightedFeature](), list[WeightedFeature]()
    body = data[first : first + count * _FEATURE.size]
    for kind, source, tag, weight in _FEATURE.iter_unpack(body):
        if kind == _STATE:
            states.append((attributes[source], tags[tag], weight))
        else:
            transitions.append((tags[source], tags[tag], weight))
    return Weights(tuple(tags), tuple(states), tuple(transitions))


def crf_of(weights: Weights) -> ConditionalRandomField:
    """Return the CRF with these weights, which must be those of one (``checked.weights``).

    Equal weights give equal bytes, and those that CRFsuite trained give its own.
    """
    tags = {tag: number for number, tag in enumerate(weights.tags)}
    attributes = {
        name: number for number, name in enumerate(dict.fromkeys(s[0] for s in weights.states))
    }
    features = bytearray()
    of_attribute: defaultdict[int, list[int]] = defaultdict(list)
    of_tag: defaultdict[int, list[int]] = defaultdict(list)
    for number, (name, tag, weight) in enumerate(weights.states):
        features += _FEATURE.pack(_STATE, attributes[name], tags[tag], weight)
        of_attribute[attributes[name]].append(number)
    for number, (before, tag, weight) in enumerate(weights.transitions, len(weights.states)):
        features += _FEATURE.pack(_TRANSITION, tags[before], tags[tag], weight)
        of_tag[tags[before]].append(number)
    count = len(weights.states) + len(weights.transitions)
    chunks = [
        _CHUNK.pack(b"FEAT", _CHUNK.size + len(features), count) + features,
        write_strings(weights.tags),
        write_strings(list(attributes)),
    ]
    chunks[-1] += bytes(-_places(chunks)[-1] % _ALIGNED)
    places = _places(chunks)
    chunks.append(
        _references(b"LFRF", places[-1], [of_tag[n] for n in range(len(tags))], unused=_UNUSED)
    )
    places = _places(chunks)
    chunks.append(_references(b"AFRF", places[-1], [of_attribute[n] for n in attributes.values()]))
    *places, size = _places(chunks)
    head = _HEAD.pack(b"lCRF", size, b"FOMC", _VERSION, 0, len(tags), len(attributes), *places)
    return ConditionalRandomField(head + b"".join(chunks))


def _places(chunks: Sequence[bytes]) -> list[int]:
    """Where each chunk of a file starts, and where the last one ends."""
    places = [_HEAD.size]
    for chunk in chunks:
        places.append(places[-1] + len(chunk))
    return places


def _references(name: bytes, at: int, features: Sequence[Sequence[int]], unused: int = 0) -> bytes:
    """The chunk that starts at a place, with the numbers of the features of each item."""
    count = len(features) + unused
    place = at + _CHUNK.size + 4 * count
    places, lists = list[int](), bytearray()
    for numbers in features:
        places.append(place + len(lists))
        lists += struct.pack(f"<{1 + len(numbers)}I", len(numbers), *numbers)
    offsets = struct.pack(f"<{count}I", *places, *[0] * unused)
    size = _CHUNK.size + len(offsets) + len(lists)
    return _CHUNK.pack(name, size, count) + offsets + lists
