"""The types of columns, for the card and for Parquet's metadata.

They are those of ``datasets``, written as ``Features`` writes them as YAML and as JSON.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Union

from segmark.export.row import META_KEYS


@dataclass(frozen=True, slots=True)
class Value:
    """A plain value: ``string``, ``int64``, ``float64`` or ``bool``."""

    dtype: str


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of several names, which loads as the index of the name: a ``ClassLabel``."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of values of one type."""

    item: "Feature"


@dataclass(frozen=True, slots=True)
class Struct:
    """Named values, none of them missing."""

    fields: Mapping[str, "Feature"]


Feature = Union[Value, OneOf, ListOf, Struct]  # noqa: UP007 - two of the names are not defined yet

STRING, INTEGER, TRUTH = Value("string"), Value("int64"), Value("bool")
NUMBER = Value("float64")
STRINGS = ListOf(STRING)
#: No columns.
NOTHING = Struct({})
#: The metadata of a page: the keys of a record's ``meta``.
META = Struct(dict.fromkeys(META_KEYS, STRING))


# Names that YAML reads as they are; those of the second pattern it reads as something else.
_PLAIN_NAME = re.compile("[a-z][a-z0-9_]*")
_YAML_WORD = re.compile("y|n|yes|no|on|off|true|false|null")


def whole_spans_of(labels: Feature) -> ListOf:
    """The spans of a page."""
    return ListOf(Struct({"start": INTEGER, "end": INTEGER, "label": labels}))


def cut_spans_of(labels: Feature) -> ListOf:
    """The spans that touch a part of a page; ``cut`` says whether one extends beyond it."""
    return ListOf(Struct({"start": INTEGER, "end": INTEGER, "label": labels, "cut": TRUTH}))


def sourced(spans: ListOf, provenance: bool) -> ListOf:
    """The type of spans with their provenance, if it is exported."""
    if not provenance or not isinstance(spans.item, Struct):
        return spans
    return ListOf(Struct({**spans.item.fields, "source": STRING}))


def yaml_lines(columns: Struct, indent: str = "  ") -> Iterator[str]:
    """The columns as ``dataset_info.features`` of a dataset card."""
    for name, feature in columns.fields.items():
        yield f"{indent}- name: {_yaml_name(name)}"
        yield from _yaml_type(feature, f"{indent}  ", "dtype")


def _yaml_name(name: str) -> str:
    """The name, in quotes if YAML could read something else."""
    plain = _PLAIN_NAME.fullmatch(name) and not _YAML_WORD.fullmatch(name)
    return name if plain else json.dumps(name)


def _yaml_type(feature: Feature, indent: str, key: str) -> Iterator[str]:
    if isinstance(feature, Value):
        yield f"{indent}{key}: {feature.dtype}"
    elif isinstance(feature, OneOf):
        yield from (f"{indent}{key}:", f"{indent}  class_label:", f"{indent}    names:")
        for number, name in enumerate(feature.names):
            # In quotes: YAML reads a bare no, on or null as something else.
            yield f"{indent}      '{number}': '{name}'"
    elif isinstance(feature, Struct):
        yield f"{indent}{'struct' if key == 'dtype' else key}:"
        yield from yaml_lines(feature, indent)
    else:
        yield from _yaml_type(feature.item, indent, "list")


def as_json(feature: Feature) -> dict[str, Any]:
    """The type as in the metadata of an Arrow schema that ``datasets`` writes."""
    if isinstance(feature, Value):
        return {"dtype": feature.dtype, "_type": "Value"}
    if isinstance(feature, OneOf):
        return {"names": list(feature.names), "_type": "ClassLabel"}
    if isinstance(feature, ListOf):
        return {"feature": as_json(feature.item), "_type": "List"}
    return {name: as_json(inner) for name, inner in feature.fields.items()}
