"""Label and LabelSet, and their form in TOML."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from enum import StrEnum
from functools import cached_property


class LabelSetError(ValueError):
    """The label set can't be used; the message names the label and the reason."""


class Expected(StrEnum):
    """How many spans of a label a finished page is expected to have."""

    ANY = ""  # none or more
    ONE = "one"
    SOME = "some"  # at least one


@dataclass(frozen=True, slots=True)
class Label:
    """A label of spans.

    Attributes:
        name: its name, also in exports; lower case letters, digits, ``-`` and ``_``.
        key: the letter key of the label; its position in the set gives a digit key as well.
        light: colour on a light page, ``#rrggbb``.
        dark: colour on a dark page.
        joins: whether spans of it that only white space separates become one span.
        definition: one line.
        guideline: a paragraph or two for annotators, in Markdown.
        example: a short text with this label.
        expected: how many spans of it a finished page is expected to have.
        inside: whether a span of it may begin or end inside a block; else labelling takes whole
            blocks.
        former: names that it had before; work that comes in with one of them is placed on it.
        id: what spans, models and the log refer to; it never changes, and is its first name unless
            another label had that one.
    """

    name: str
    key: str
    light: str
    dark: str
    joins: bool
    definition: str
    guideline: str = ""
    example: str = ""
    expected: Expected = Expected.ANY
    inside: bool = True
    former: tuple[str, ...] = ()
    id: str = ""

    def __post_init__(self) -> None:
        if not self.id:
            object.__setattr__(self, "id", self.name)


_COLOUR = re.compile("#[0-9a-fA-F]{6}")
_MOST = 200  # labels of a set; no keyboard has more letters, and no screen more buttons
_NAME = re.compile("[a-z][a-z0-9_-]*")


@dataclass(frozen=True)
class LabelSet:
    """The labels of a project, in order; the first nine have the digit keys 1 to 9.

    Attributes:
        gone: labels that were merged or deleted, each with the id of the label that has its spans
            now, or "" for none; the log still names them.
    """

    name: str
    labels: tuple[Label, ...]
    guideline: str = ""
    gone: tuple[tuple[Label, str], ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        if len(self.labels) > _MOST:
            raise LabelSetError(
                f"label set {self.name!r} has {len(self.labels):,} labels, and at most {_MOST} are "
                "possible: each has a letter key of its own, and a button that people can find"
            )
        keys: dict[str, str] = {}
        for label in self.labels:
            for name in (label.name, label.id):
                if not _NAME.fullmatch(name):
                    raise LabelSetError(
                        f"label name {name!r}: use lower case letters, digits, - and _"
                    )
            if len(label.key) != 1 or not label.key.isalpha():
                raise LabelSetError(f"label {label.name}: its key {label.key!r} is not one letter")
            for colour in (label.light, label.dark):
                if not _COLOUR.fullmatch(colour):
                    raise LabelSetError(
                        f"label {label.name}: {colour!r} is not a colour like #0072b2"
                    )
            if label.name in keys.values():
                raise LabelSetError(f"label {label.name} is there twice")
            if label.key.upper() in keys:
                raise LabelSetError(
                    f"labels {keys[label.key.upper()]} and {label.name} share the key {label.key}"
                )
            keys[label.key.upper()] = label.name
        if not self.labels:
            raise LabelSetError(f"label set {self.name!r} has no labels")
        if len(self._by_id) < len(self.labels):
            raise LabelSetError(f"label set {self.name!r} has two labels with one id")

    def __iter__(self) -> Iterator[Label]:
        return iter(self.labels)

    def __getitem__(self, label: str) -> Label:
        """The label with this id."""
        return self._by_id[label]

    @cached_property
    def _by_id(self) -> dict[str, Label]:
        return {label.id: label for label in self.labels}

    @cached_property
    def ids(self) -> frozenset[str]:
        """The ids of the labels, which spans have."""
        return frozenset(self._by_id)

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of the labels, which people read and exports have."""
        return frozenset(label.name for label in self.labels)

    @cached_property
    def _names_by_id(self) -> dict[str, str]:
        gone = {label.id: label.name for label, _ in self.gone}
        return gone | {label.id: label.name for label in self.labels}

    def name_of(self, label: str) -> str:
        """The name of the label with this id, also of one that is gone."""
        return self._names_by_id.get(label, label)

    def names_of(self, labels: Iterable[str]) -> list[str]:
        """The names of the labels with these ids, in the same order."""
        return [self.name_of(label) for label in labels]

    @cached_property
    def renamed(self) -> dict[str, str]:
        """The names of the labels whose names are not their ids, by id; of gone labels as well."""
        return {label: name for label, name in self._names_by_id.items() if label != name}

    @cached_property
    def successors(self) -> dict[str, str]:
        """The id of the label that has the spans of each one that is gone, by id; "" for none."""
        return {label.id: into for label, into in self.gone}

    def present(self, labels: Iterable[str]) -> frozenset[str]:
        """The ids of the labels that these ids stand for by now, without labels that are deleted.

        A label that was merged stands for the one that has its spans.
        """
        return frozenset(self.successors.get(label, label) for label in labels) & self.ids

    def find(self, name: str) -> Label | None:
        """The label of this name, in any case; else the one that had it before, or has it as id.

        A name that a label has now goes before one that another label had before.
        """
        found = self._by_any_name.get(name.strip().casefold())
        return self._by_id[found] if found else None

    @cached_property
    def _by_any_name(self) -> dict[str, str]:
        """The ids of the labels by everything that may stand for them, in lower case."""
        known = {label.id: label.id for label in self.labels}
        known |= {each.casefold(): label.id for label in self.labels for each in label.former}
        return known | {label.name: label.id for label in self.labels}

    @classmethod
    def from_toml(cls, text: str) -> "LabelSet":
        """Read a label set from TOML.

        Raises:
            LabelSetError: the TOML is broken, or a label lacks something or has too much.
        """
        import tomllib  # a project at work keeps its labels in tables

        try:
            data = tomllib.loads(text)
            tables = data["label"]
            labels = tuple(_label(table) for table in tables)
            return cls(str(data["name"]), labels, str(data.get("guideline", "")).strip())
        except tomllib.TOMLDecodeError as error:
            raise LabelSetError(f"not TOML: {error}") from None
        except KeyError as error:
            raise LabelSetError(f"the label set lacks {error}") from None
        except TypeError as error:
            raise LabelSetError(f"the label set is not of the expected form: {error}") from None


def _label(table: object) -> Label:
    if not isinstance(table, dict):
        raise TypeError(f"a label is a table, not {table!r}")
    known = {field.name for field in fields(Label)}
    name = table.get("name", "without a name")
    if unknown := sorted(table.keys() - known):
        raise LabelSetError(
            f"label {name}: unknown entry {unknown[0]!r}; known: {', '.join(sorted(known))}"
        )
    required = {"name", "key", "light", "dark", "joins", "definition"}
    if missing := sorted(required - table.keys()):
        raise LabelSetError(f"label {name} lacks {missing[0]!r}")
    for name_of_rule in ("joins", "inside"):
        if not isinstance(table.get(name_of_rule, True), bool):
            raise LabelSetError(f"label {name}: {name_of_rule} is true or false")
    expected = table.get("expected", "")
    if expected not in list(Expected):
        raise LabelSetError(f'label {name}: expected is "one" or "some", not {expected!r:.40}')
    former = table.get("former", [])
    if not isinstance(former, list) or not all(isinstance(each, str) for each in former):
        raise LabelSetError(f"label {name}: former is a list of names")
    typed = ("joins", "inside", "expected", "former")
    words = {key: str(value).strip() for key, value in table.items() if key not in typed}
    return Label(
        **words,
        joins=table["joins"],
        inside=table.get("inside", True),
        expected=Expected(expected),
        former=tuple(former),
    )
