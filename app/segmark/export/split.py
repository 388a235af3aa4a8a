"""Split: which part of the training data a page goes to."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import astuple, dataclass, field
from enum import StrEnum
from typing import Self

from segmark.core.record import Article
from segmark.export.error import ExportError

#: The parts of a split, in the order in which they are written and shown.
PARTS = ("train", "dev", "test")

_SHARES = re.compile(r"\s*(\d{1,3})\s*/\s*(\d{1,3})\s*/\s*(\d{1,3})\s*", re.ASCII)


class SplitBy(StrEnum):
    """What is kept together in one part."""

    SITE = "site"
    PAGE = "page"
    NEAR_DUPLICATE = "near-duplicate"


@dataclass(frozen=True, slots=True)
class Split:
    """The wanted shares of the parts, in whole per cent.

    Raises:
        ExportError: the shares do not add up to 100.
    """

    train: int
    dev: int
    test: int

    def __post_init__(self) -> None:
        if min(astuple(self)) < 0 or sum(astuple(self)) != 100:
            raise ExportError(
                f"split {self}: the three shares must add up to 100, as in 80/10/10 for train, dev "
                "and test"
            )

    def __str__(self) -> str:
        return f"{self.train}/{self.dev}/{self.test}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a split such as ``80/10/10``.

        Raises:
            ExportError: the text is not three whole numbers with ``/`` between, or they do not add
                up to 100.
        """
        shares = _SHARES.fullmatch(text)
        if not shares:
            raise ExportError(
                f"split {text!r}: give the shares of train, dev and test in whole per cent, "
                "as in 80/10/10"
            )
        return cls(*map(int, shares.groups()))

    def part(self, key: str, seed: str = "") -> str:
        """The part of all pages with this key.

        The key's hash is compared with fixed thresholds, so new pages never move old ones. Test
        takes the lowest hashes: a page leaves it only when its share shrinks or the seed changes.
        """
        digest = hashlib.sha256(f"{seed}\0{key}".encode()).digest()
        # Integers, so that rounding never decides and every machine agrees.
        place = int.from_bytes(digest[:8], "big") * 100
        if place < self.test << 64:
            return "test"
        if place < (self.test + self.dev) << 64:
            return "dev"
        return "train"


@dataclass(frozen=True, slots=True)
class Splitter:
    """Assigns pages to the parts of a split.

    A page's part depends only on the page and its site, never on the other pages, so no page ever
    moves. Pages with the same article belong to the part of the first of them.

    Attributes:
        shares: of the parts.
        by: what is kept together; a page without a site stands for itself.
        seed: a different word gives a different split.
        fixed: sites assigned to a part by hand.
    """

    shares: Split
    by: SplitBy = SplitBy.SITE
    seed: str = ""
    fixed: Mapping[str, str] = field(default_factory=dict)

    def part(self, page: str, site: str, article: Article | None) -> str | None:
        """The part of a page; None if its article is already in another part.

        Sites that share an article are not merged: a few agency articles would merge all sites,
        and a site would move whenever it gets such an article.
        """
        if article is None:
            return self._part_alone(page, site)
        home = self._part_alone(article.page, article.site)
        if self.by is SplitBy.NEAR_DUPLICATE and site not in self.fixed:
            return home
        return home if self._part_alone(page, site) == home else None

    def _part_alone(self, page: str, site: str) -> str:
        if fixed := self.fixed.get(site):
            return fixed
        return self.shares.part((site if self.by is SplitBy.SITE else "") or page, self.seed)
