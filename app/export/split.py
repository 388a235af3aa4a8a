"""Split: which part of the training data a page goes to."""

import hashlib
import re
from dataclasses import astuple, dataclass
from typing import Self

from app.export.error import ExportError

#: The parts of a split, in the order in which they are written and shown.
PARTS = ("train", "dev", "test")

_SHARES = re.compile(r"\s*(\d{1,3})\s*/\s*(\d{1,3})\s*/\s*(\d{1,3})\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Split:
    """The wanted shares of the parts, in whole per cent that make 100.

    Raises:
        ExportError: the shares do not make 100.
    """

    train: int
    dev: int
    test: int

    def __post_init__(self) -> None:
        if min(astuple(self)) < 0 or sum(astuple(self)) != 100:
            raise ExportError(
                f"split {self}: the three shares must make 100, as in 80/10/10 for train, dev, test"
            )

    def __str__(self) -> str:
        return f"{self.train}/{self.dev}/{self.test}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The split that people write as ``80/10/10``.

        Raises:
            ExportError: it is not three whole numbers with ``/`` between, or they do not make 100.
        """
        shares = _SHARES.fullmatch(text)
        if not shares:
            raise ExportError(
                f"split {text!r}: give the shares of train, dev and test in whole per cent, "
                "as in 80/10/10"
            )
        return cls(*map(int, shares.groups()))

    def part(self, key: str, seed: str = "") -> str:
        """The part that all pages with this key go to.

        The key's hash is held against fixed thresholds, so no page ever moves because others come.
        The test part lies lowest: a page leaves it only when its share shrinks or the seed changes.
        """
        digest = hashlib.sha256(f"{seed}\0{key}".encode()).digest()
        # Whole numbers, so that no rounding decides and every machine agrees.
        place = int.from_bytes(digest[:8], "big") * 100
        if place < self.test << 64:
            return "test"
        if place < (self.test + self.dev) << 64:
            return "dev"
        return "train"
