"""What records brought when they were loaded, as typed columns of an export.

A column has one type in all rows, as ``datasets`` and Parquet need it. Where the values have
several types, or one is missing, a value that is not text is written as JSON, and "" for none.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite

from segmark.export.features import INTEGER, NOTHING, NUMBER, STRING, TRUTH, Feature, ListOf, Struct

_DEEPEST = 8  # structures within each other; what is deeper is JSON
_LARGEST = 2**63
_CHECKSUM = re.compile("[0-9a-f]{64}")


def brought(rest: Mapping[str, object]) -> Mapping[str, object]:
    """What a page's record brought besides the page.

    Of a record that Segmark exported, this is what the record brought to the first project.
    """
    for about in (rest.get("meta"), rest):
        if isinstance(about, Mapping) and _CHECKSUM.fullmatch(str(about.get("sha256"))):
            extra = about.get("extra") if "source" in about else rest
            return extra if isinstance(extra, Mapping) else {}
    return rest


def columns_of(pages: Iterable[Mapping[str, object]]) -> Struct:
    """The columns of what the records of pages brought, in alphabetical order."""
    column = _Column()
    for page in pages:
        column.add(page, 0)
    found = column.feature()
    return found if isinstance(found, Struct) else NOTHING


def fitted(kind: Feature, value: object) -> object:
    """The value of a column, as its type is."""
    if isinstance(kind, Struct):
        there = value if isinstance(value, Mapping) else {}
        return {name: fitted(each, there.get(name)) for name, each in kind.fields.items()}
    if isinstance(kind, ListOf):
        return [fitted(kind.item, each) for each in value] if isinstance(value, Sequence) else []
    if kind == STRING and not isinstance(value, str):
        return "" if value is None else json.dumps(value, ensure_ascii=False)
    return float(value) if kind == NUMBER and isinstance(value, int) else value


@dataclass(slots=True)
class _Column:
    """The values that were seen in a column.

    Attributes:
        count: their number.
        kinds: their types: a type that is plain, ``Struct`` or ``ListOf``, None for any other.
        fields: the columns within structures.
        item: the column of the items of lists.
    """

    count: int = 0
    kinds: set[object] = field(default_factory=set)
    fields: dict[str, "_Column"] = field(default_factory=dict)
    item: "_Column | None" = None

    def add(self, value: object, depth: int) -> None:
        self.count += 1
        if depth < _DEEPEST and isinstance(value, Mapping):
            self.kinds.add(Struct)
            for name, each in value.items():
                self.fields.setdefault(name, _Column()).add(each, depth + 1)
        elif depth < _DEEPEST and isinstance(value, list):
            self.kinds.add(ListOf)
            self.item = self.item or _Column()
            for each in value:
                self.item.add(each, depth + 1)
        else:
            self.kinds.add(_plain_kind(value))

    def feature(self, rows: int = 0) -> Feature:
        """The type that fits all values, of which there are fewer than rows if some lack one."""
        if self.count < rows and self.kinds != {ListOf}:
            return STRING
        if self.kinds == {Struct} and self.fields:
            columns = sorted(self.fields.items())
            return Struct({name: column.feature(self.count) for name, column in columns})
        if self.kinds == {ListOf}:
            return ListOf(self.item.feature() if self.item and self.item.count else STRING)
        if self.kinds == {INTEGER, NUMBER}:
            return NUMBER
        return next((kind for kind in (INTEGER, NUMBER, TRUTH) if self.kinds == {kind}), STRING)


def _plain_kind(value: object) -> object:
    if isinstance(value, bool):
        return TRUTH
    if isinstance(value, int):
        return INTEGER if -_LARGEST <= value < _LARGEST else None
    if isinstance(value, float):
        return NUMBER if isfinite(value) else None
    return STRING if isinstance(value, str) else None
