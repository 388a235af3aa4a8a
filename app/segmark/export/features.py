"""The types of a format's columns, written once for the card and for Parquet's metadata.

They are those of ``datasets``; the two forms are what ``Features`` writes as YAML and as JSON.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Union

from segmark.export.row import META_KEYS


@dataclass(frozen=True, slots=True)
class Value:
    """A plain value: ``string``, ``int64`` or ``bool``."""

    dtype: str


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of some names, which loads as the place of the name: a ``ClassLabel``."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of values of one type."""

    item: "Feature"


@dataclass(frozen=True, slots=True)
class Struct:
    """Named values, always all there."""

    fields: Mapping[str, "Feature"]


Feature = Union[Value, OneOf, ListOf, Struct]  # noqa: UP007 - two of the names are not known yet

STRING, INTEGER, TRUTH = Value("string"), Value("int64"), Value("bool")
STRINGS = ListOf(STRING)
#: What is known of a page beside its text; the keys of a record's ``meta``.
META = Struct(dict.fromkeys(META_KEYS, STRING))


def whole_spans_of(labels: Feature) -> ListOf:
    """The spans of a page."""
    return ListOf(Struct({"start": INTEGER, "end": INTEGER, "label": labels}))


def cut_spans_of(labels: Feature) -> ListOf:
    """The spans that touch a piece of a page; ``cut`` where one goes beyond it."""
    return ListOf(Struct({"start": INTEGER, "end": INTEGER, "label": labels, "cut": TRUTH}))


def sourced(spans: ListOf, provenance: bool) -> ListOf:
    """The type of spans that also tell where they came from, if they are to."""
    if not provenance or not isinstance(spans.item, Struct):
        return spans
    return ListOf(Struct({**spans.item.fields, "source": STRING}))


def yaml_lines(columns: Struct, indent: str = "  ") -> Iterator[str]:
    """The columns as ``dataset_info.features`` of a dataset card has them."""
    for name, feature in columns.fields.items():
        yield f"{indent}- name: {name}"
        yield from _yaml_type(feature, f"{indent}  ", "dtype")


def _yaml_type(feature: Feature, indent: str, key: str) -> Iterator[str]:
    if isinstance(feature, Value):
        yield f"{indent}{key}: {feature.dtype}"
    elif isinstance(feature, OneOf):
        yield from (f"{indent}{key}:", f"{indent}  class_label:", f"{indent}    names:")
        for number, name in enumerate(feature.names):
            # In quotes: YAML takes a bare no, on or null for something else than a word.
            yield f"{indent}      '{number}': '{name}'"
    elif isinstance(feature, Struct):
        yield f"{indent}{'struct' if key == 'dtype' else key}:"
        yield from yaml_lines(feature, indent)
    else:
        yield from _yaml_type(feature.item, indent, "list")


def as_json(feature: Feature) -> dict[str, Any]:
    """The type as ``datasets`` keeps it in the metadata of an Arrow schema."""
    if isinstance(feature, Value):
        return {"dtype": feature.dtype, "_type": "Value"}
    if isinstance(feature, OneOf):
        return {"names": list(feature.names), "_type": "ClassLabel"}
    if isinstance(feature, ListOf):
        return {"feature": as_json(feature.item), "_type": "List"}
    return {name: as_json(inner) for name, inner in feature.fields.items()}
