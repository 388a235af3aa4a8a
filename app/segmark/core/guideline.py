"""The guideline as parts: what it says on one label, its hard cases, examples and questions.

Hard cases stand in the tables of the guideline's text. Examples are cases of pages that annotators
added while they worked. A question is a note on a page that asks what the guideline says.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from segmark.core.label import Label, LabelSet, LabelSetError
from segmark.core.text.toml_text import toml_quoted

_RULE = re.compile(r"[\s|:-]+")
_MARKS = re.compile(r"[*_`]+")
_MOST_TEXT, _HEAD, _TAIL = 600, 450, 100  # code points of a case, and what is kept of a longer one

_ENTRIES = ("label", "text", "reason", "page")  # of an example in a label set in TOML

#: What the answer says about a case whose text has no label.
NO_LABEL = "no label"


class HardCase(NamedTuple):
    """A row of a table in a guideline: what one sees, and what its label is."""

    seen: str
    answer: str


@dataclass(frozen=True, slots=True)
class Example:
    """A case of a page that an annotator added to the guideline.

    Attributes:
        label: its name; "" for text that has no label.
        text: the case, shortened if it is long.
        reason: why that is its label, in the annotator's words; it can be empty.
        page: id of the page; "" if that is unknown.
        start, end: the range on the page, half-open, in code points.
        source: title or file of the page, for people; "" if the project does not hold the page.
        annotator: name of who added it; "" if that is unknown.
        number: of the example in the project; 0 for one that is not there yet.
    """

    label: str
    text: str
    reason: str = ""
    page: str = ""
    start: int = 0
    end: int = 0
    source: str = ""
    annotator: str = ""
    number: int = 0

    @property
    def case(self) -> tuple[str, int, int, str]:
        """What makes it the same case as another one: page, range and text."""
        return self.page, self.start, self.end, self.text

    @property
    def answer(self) -> str:
        """The label and the reason, in one line."""
        return ": ".join(filter(None, (self.label or NO_LABEL, " ".join(self.reason.split()))))


@dataclass(frozen=True, slots=True)
class Question:
    """An annotator's note on a page that was marked as a question.

    Attributes:
        page: number of the page; ``page_id`` its id, ``source`` its title or file.
        asker: name of the annotator who asks.
        text: the note.
        start, end: the range that it is about, half-open, in code points.
        answer: "" while it is open.
        answered_by: name of the annotator who answered; "" while it is open.
    """

    page: int
    page_id: str
    source: str
    asker: str
    text: str
    start: int
    end: int
    answer: str = ""
    answered_by: str = ""

    @property
    def open(self) -> bool:
        """Whether it has no answer yet."""
        return not self.answer


def case_text(text: str) -> str:
    """The text of a case: white space at its edges left out, and a long text cut in the middle."""
    text = text.strip()
    if len(text) <= _MOST_TEXT:
        return text
    return f"{text[:_HEAD].rstrip()} … {text[-_TAIL:].lstrip()}"


def examples_of(examples: Iterable[Example], label: str) -> tuple[Example, ...]:
    """The examples of a label; of text without a label for ""."""
    return tuple(one for one in examples if one.label == label)


def examples_toml(examples: Iterable[Example]) -> str:
    """The examples as tables of a label set in TOML, with the names of their labels."""
    return "".join(map(_table, examples))


def _table(example: Example) -> str:
    lines = (f"{name} = {toml_quoted(getattr(example, name))}" for name in _ENTRIES)
    return "\n".join(("\n[[example]]", *lines, ""))


def read_examples(text: str) -> tuple[Example, ...]:
    """The examples in the TOML of a label set, with the names of their labels.

    Raises:
        LabelSetError: the TOML is broken, or an example is not a table of texts.
    """
    try:
        tables = tomllib.loads(text).get("example", [])
    except tomllib.TOMLDecodeError as error:
        raise LabelSetError(f"not TOML: {error}") from None
    if not isinstance(tables, list):
        raise LabelSetError("the examples of a label set are tables: [[example]]")
    return tuple(map(_example, tables))


def _example(table: object) -> Example:
    if not isinstance(table, dict) or not str(table.get("text", "")).strip():
        raise LabelSetError("an example of the guideline has no text")
    if unknown := sorted(table.keys() - set(_ENTRIES)):
        raise LabelSetError(f"example: unknown entry {unknown[0]!r}; known: {', '.join(_ENTRIES)}")
    if not all(isinstance(value, str) for value in table.values()):
        raise LabelSetError("the entries of an example are texts in quotes")
    return Example(**{**table, "label": table.get("label", ""), "text": case_text(table["text"])})


def label_text(label: Label) -> str:
    """What the guideline says on a label, in Markdown."""
    title = f"## {label.name.capitalize()} ({label.key.upper()})"
    example = f"> {label.example}" if label.example else ""
    parts = (title, f"*{label.definition}*", label.guideline, example)
    return "\n\n".join(part for part in parts if part)


def whole_text(labels: LabelSet) -> str:
    """The guideline of a label set, and what it says on each label, in Markdown."""
    return "\n\n".join(filter(None, (labels.guideline, *map(label_text, labels))))


def hard_cases(labels: LabelSet) -> tuple[HardCase, ...]:
    """The rows of all tables in a guideline that have two columns or more, without their heads."""
    cases = list[HardCase]()
    for text in (labels.guideline, *(label.guideline for label in labels)):
        lines = text.splitlines()
        for at, line in enumerate(lines):
            cells = _cells(line)
            is_head = at + 1 < len(lines) and _is_rule(lines[at + 1])
            if len(cells) > 1 and not is_head and not _is_rule(line):
                cases.append(HardCase(cells[0], " · ".join(cells[1:])))
    return tuple(cases)


def find_cases(cases: tuple[HardCase, ...], words: str) -> tuple[HardCase, ...]:
    """The cases that contain all these words, or parts of words, in any case."""
    wanted = words.casefold().split()
    return tuple(case for case in cases if all(one in " ".join(case).casefold() for one in wanted))


def find_examples(examples: Iterable[Example], words: str) -> tuple[Example, ...]:
    """The examples whose text, label, reason or page contain all these words, in any case."""
    wanted = words.casefold().split()
    return tuple(
        one
        for one in examples
        if all(word in f"{one.text} {one.answer} {one.source}".casefold() for word in wanted)
    )


def _cells(line: str) -> list[str]:
    line = line.strip()
    if not line.startswith("|"):
        return []
    return [_MARKS.sub("", cell).strip() for cell in line.strip("|").split("|")]


def _is_rule(line: str) -> bool:
    return "-" in line and "|" in line and bool(_RULE.fullmatch(line))
