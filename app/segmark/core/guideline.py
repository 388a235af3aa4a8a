"""The guideline of a label set as parts: what it says on one label, and its hard cases."""

import re
from typing import NamedTuple

from segmark.core.label import Label, LabelSet

_RULE = re.compile(r"[\s|:-]+")
_MARKS = re.compile(r"[*_`]+")


class HardCase(NamedTuple):
    """A row of a table in a guideline: what one sees, and what its label is."""

    seen: str
    answer: str


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


def _cells(line: str) -> list[str]:
    line = line.strip()
    if not line.startswith("|"):
        return []
    return [_MARKS.sub("", cell).strip() for cell in line.strip("|").split("|")]


def _is_rule(line: str) -> bool:
    return "-" in line and "|" in line and bool(_RULE.fullmatch(line))
