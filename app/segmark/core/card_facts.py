"""CardFacts: what the card of an export says as data, below ``segmark`` in its front matter."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

_FENCE = "---\n"
_KEY = re.compile(r"  (\w+):(?: (\S+))?\n", re.ASCII)
_ITEM = re.compile(r"  - ('?)((?:[\w-][\w.-]*/)?[\w.-]+)\1\n", re.ASCII)


@dataclass(frozen=True, slots=True)
class CardFacts:
    """The facts in the card of an export.

    Attributes:
        values: single values by name, such as ``format``.
        lists: lists by name, such as ``files``.
    """

    values: Mapping[str, str]
    lists: Mapping[str, tuple[str, ...]]


def read_card_facts(path: Path) -> CardFacts | None:
    """Read the facts of a card; None if the file is no card of this program.

    Raises:
        OSError: the file can't be read.
    """
    with path.open(encoding="utf-8", errors="replace") as file:
        if file.read(len(_FENCE)) != _FENCE:
            return None
        lines = list(takewhile(lambda line: line != _FENCE, file))
    if "segmark:\n" not in lines:
        return None
    values, lists, last = dict[str, str](), dict[str, list[str]](), list[str]()
    for line in lines[lines.index("segmark:\n") + 1 :]:
        if key := _KEY.fullmatch(line):
            if key[2]:
                values[key[1]] = key[2]
            else:
                last = lists[key[1]] = []
        elif item := _ITEM.fullmatch(line):
            last.append(item[2])
        else:
            return None
    return CardFacts(values, {name: tuple(items) for name, items in lists.items()})
