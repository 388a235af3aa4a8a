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
    """What is dealt out as one."""

    SITE = "site"
    PAGE = "page"
    NEAR_DUPLICATE = "near-duplicate"


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


@dataclass(frozen=True, slots=True)
class Dealer:
    """Deals pages out to the parts of a split.

    Each page's part follows from itself and its site alone, never from what other pages there are,
    so that none ever moves. Pages with one article belong where the first of them is.

    Attributes:
        shares: wanted of the parts.
        by: what is dealt out as one; a page without a site goes by itself.
        seed: another one deals all out otherwise.
        fixed: sites whose part people have chosen.
    """

    shares: Split
    by: SplitBy = SplitBy.SITE
    seed: str = ""
    fixed: Mapping[str, str] = field(default_factory=dict)

    def part(self, page: str, site: str, article: Article | None) -> str | None:
        """The part of a page; None where its article is in another part already.

        Were sites joined that have an article in common, a few articles of an agency would make
        one of all sites, and a site would move whenever it gets such an article.
        """
        if article is None:
            return self._alone(page, site)
        home = self._alone(article.page, article.site)
        if self.by is SplitBy.NEAR_DUPLICATE and site not in self.fixed:
            return home
        return home if self._alone(page, site) == home else None

    def part_of_site(self, site: str) -> str:
        """The part of a site where sites are dealt out."""
        return self.fixed.get(site) or self.shares.part(site, self.seed)

    def _alone(self, page: str, site: str) -> str:
        if fixed := self.fixed.get(site):
            return fixed
        return self.shares.part((site if self.by is SplitBy.SITE else "") or page, self.seed)
