"""Label and LabelSet, and their form in TOML."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, fields
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


_COLOUR = re.compile("#[0-9a-fA-F]{6}")
_MOST = 200  # labels of a set; no keyboard has more letters, and no screen more buttons
_NAME = re.compile("[a-z][a-z0-9_-]*")


@dataclass(frozen=True)
class LabelSet:
    """The labels of a project, in order; the first nine have the digit keys 1 to 9."""

    name: str
    labels: tuple[Label, ...]
    guideline: str = ""

    def __post_init__(self) -> None:
        if len(self.labels) > _MOST:
            raise LabelSetError(
                f"label set {self.name!r} has {len(self.labels):,} labels, and at most {_MOST} are "
                "possible: each has a letter key of its own, and a button that people can find"
            )
        keys: dict[str, str] = {}
        for label in self.labels:
            if not _NAME.fullmatch(label.name):
                raise LabelSetError(
                    f"label name {label.name!r}: use lower case letters, digits, - and _"
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

    def __iter__(self) -> Iterator[Label]:
        return iter(self.labels)

    def __getitem__(self, name: str) -> Label:
        return self._by_name[name]

    @cached_property
    def _by_name(self) -> dict[str, Label]:
        return {label.name: label for label in self.labels}

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of the labels."""
        return frozenset(self._by_name)

    @classmethod
    def from_toml(cls, text: str) -> "LabelSet":
        """Read a label set from TOML.

        Raises:
            LabelSetError: the TOML is broken, or a label lacks something or has too much.
        """
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
    if not isinstance(table["joins"], bool):
        raise LabelSetError(f"label {name}: joins is true or false")
    expected = table.get("expected", "")
    if expected not in list(Expected):
        raise LabelSetError(f'label {name}: expected is "one" or "some", not {expected!r:.40}')
    typed = ("joins", "expected")
    words = {key: str(value).strip() for key, value in table.items() if key not in typed}
    return Label(**words, joins=table["joins"], expected=Expected(expected))
