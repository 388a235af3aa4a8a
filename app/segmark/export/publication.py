"""Publication: what a data set is called and who made it, for those who cite it."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

#: Licences by their SPDX identifier (https://spdx.org/licenses), each with its address.
LICENCES = {
    name: f"https://spdx.org/licenses/{name}.html"
    for name in (
        "Apache-2.0", "CC-BY-4.0", "CC-BY-NC-4.0", "CC-BY-NC-ND-4.0", "CC-BY-NC-SA-4.0",
        "CC-BY-ND-4.0", "CC-BY-SA-4.0", "CC0-1.0", "MIT", "ODC-By-1.0", "ODbL-1.0", "PDDL-1.0",
    )
}  # fmt: skip
_LONGEST = 1000  # characters
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Publication:
    """What a project says about its data set; ``""`` where it says nothing.

    Attributes:
        title: of the data set.
        authors: people as ``Family, Given``, or any other name of a person or an organisation.
        version: of the data, such as ``1.0``.
        licence: one of ``LICENCES``, or the address of another one.
        released: the day of publication, as ``2026-01-31``.
        url: where the data set is found.
    """

    title: str = ""
    authors: tuple[str, ...] = ()
    version: str = ""
    licence: str = ""
    released: str = ""
    url: str = ""

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Publication":
        """Return what a project keeps; whatever has another type counts as missing."""
        words = {
            name: _words_of(value)
            for name in ("title", "version", "licence", "released", "url")
            if isinstance(value := kept.get(name), str)
        }
        names = kept.get("authors")
        authors = tuple(
            _words_of(name)
            for name in (names if isinstance(names, list | tuple) else ())
            if isinstance(name, str)
        )
        return cls(authors=tuple(filter(None, authors)), **words)

    @property
    def kept(self) -> dict[str, Any]:
        """What a project keeps: the values that are not empty."""
        return {name: value for name, value in asdict(self).items() if value}

    @property
    def problem(self) -> str:
        """Why nothing can be published with these values, in one line; ``""`` if it can."""
        if not self.title or not self.authors:
            return "what is published needs a title and an author (--title, --author)"
        if self.licence and self.licence not in LICENCES and not _is_address(self.licence):
            return (
                f"the licence {self.licence!r:.60} is not known; it is one of "
                f"{', '.join(LICENCES)}, or the address of another one"
            )
        if self.url and not _is_address(self.url):
            return f"{self.url!r:.60} is no address; it begins with https://"
        if self.released and not _is_day(self.released):
            return f"{self.released!r:.60} is no day; write it like 2026-01-31"
        return ""

    @property
    def licence_url(self) -> str:
        """The address of the licence; ``""`` if there is none."""
        return LICENCES.get(self.licence, self.licence)


#: Nothing is said about the data set.
UNNAMED = Publication()


def person_names(author: str) -> tuple[str, str] | None:
    """The family name and the given name of an author; None for an author of another kind."""
    family, comma, given = (part.strip() for part in author.partition(","))
    return (family, given) if comma and family and given else None


def _words_of(said: str) -> str:
    return " ".join(_CONTROL.sub(" ", said).split())[:_LONGEST]


def _is_address(word: str) -> bool:
    try:
        parts = urlsplit(word)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and " " not in word


def _is_day(word: str) -> bool:
    try:
        return date.fromisoformat(word).isoformat() == word
    except ValueError:
        return False
