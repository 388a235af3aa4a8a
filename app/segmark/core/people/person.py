"""Person: somebody who works on a project; a name is only how the person is shown.

The id is the identity. It is random, or made from the project where an older version of the program
knew only a name, so that all copies of such a project agree on it.
"""

import re
import unicodedata
from dataclasses import dataclass

#: The colours that people have until others are chosen; each is told from light and dark panels.
COLOURS = (
    "#3b7dd8", "#c2661b", "#2e8f5b", "#bd5ba2", "#8d7d18", "#7d6ed9", "#cc5650", "#2a8a9c",
)  # fmt: skip
#: The most code points of a name.
LONGEST_NAME = 100

_COLOUR = re.compile(r"#[0-9a-f]{6}")


class PersonError(ValueError):
    """A name or a colour that a person can't have; the message says why."""


@dataclass(frozen=True, slots=True)
class Person:
    """A person in a project.

    Attributes:
        number: in the tables of the project.
        id: the same in all copies of the project, whatever the name.
        name: the display name.
        colour: ``#rrggbb``, where people are told apart.
        also: other names that lead to this person: earlier ones, and those of people who were
            joined into this one.
    """

    number: int
    id: str
    name: str
    colour: str
    also: tuple[str, ...] = ()


def name_key(name: str) -> str:
    """The form in which names are compared: without case, runs of blanks and Unicode form."""
    folded = unicodedata.normalize("NFD", unicodedata.normalize("NFD", name).casefold())
    return " ".join(unicodedata.normalize("NFC", folded).split())


def checked_name(name: str) -> str:
    """The name with single blanks.

    Raises:
        PersonError: it is empty, too long, or holds what can't be shown.
    """
    tidy = " ".join(name.split())
    if not tidy:
        raise PersonError("a person needs a name that is not empty")
    if len(tidy) > LONGEST_NAME:
        raise PersonError(f"a name has at most {LONGEST_NAME} characters, this one {len(tidy)}")
    if not tidy.isprintable():
        raise PersonError(f"the name {tidy!r} holds characters that can't be shown")
    return tidy


def checked_colour(colour: str) -> str:
    """The colour in small letters.

    Raises:
        PersonError: it is not written as ``#rrggbb``.
    """
    if not _COLOUR.fullmatch(small := colour.lower()):
        raise PersonError(f"{colour!r} is no colour; write it like #3b7dd8")
    return small


def colour_of(number: int, chosen: str) -> str:
    """The chosen colour, or the one that the person with this number has by itself."""
    return chosen if _COLOUR.fullmatch(chosen) else COLOURS[(number - 1) % len(COLOURS)]
