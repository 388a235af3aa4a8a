"""Find labelled text in a page by its quotation, where offsets do not lead to it."""

import re

_BLANK = re.compile(r"\s+|\\n")


class QuoteFinder:
    r"""Finds quotations in a text; white space and ``\n`` as two characters are ignored."""

    def __init__(self, text: str) -> None:
        self._solid = [at for at, char in enumerate(text) if not char.isspace()]
        self._squeezed = "".join(text.split())

    def ranges(self, quote: str) -> list[tuple[int, int]]:
        """Return the ranges at which a text is quoted, in their order, disjoint."""
        wanted = _BLANK.sub("", quote)
        found, at = list[tuple[int, int]](), 0
        while wanted and (at := self._squeezed.find(wanted, at)) >= 0:
            found.append((self._solid[at], self._solid[at + len(wanted) - 1] + 1))
            at += len(wanted)
        return found
