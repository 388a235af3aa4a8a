"""What a split would give, without making it: pages of each part, and of each site."""

from collections import Counter
from contextlib import closing
from dataclasses import astuple, dataclass, field

from segmark.export.split import PARTS, Dealer, Split
from segmark.export.summary import is_small
from segmark.jobs.exporting.exporting import ExportChoice, record_filter
from segmark.store.store import Store


@dataclass(slots=True)
class SiteForecast:
    """Where the pages of a site would go.

    Attributes:
        site: "" stands for all pages without one.
        fixed: the part that was chosen for it; "" where it is dealt out.
        parts: records by part.
        left_out: records that would be in no part.
    """

    site: str
    fixed: str = ""
    parts: Counter[str] = field(default_factory=Counter)
    left_out: int = 0

    @property
    def records(self) -> int:
        """Of the site, in whatever part or none."""
        return self.parts.total() + self.left_out

    @property
    def part(self) -> str:
        """The part of all its pages; ``mixed`` where they are in several, "" where in none."""
        if self.fixed:
            return self.fixed
        return "mixed" if len(self.parts) > 1 else "".join(self.parts)


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a split would give; the site with the most records first."""

    sites: tuple[SiteForecast, ...]
    wanted: Split

    @property
    def parts(self) -> dict[str, int]:
        """Records by part, in the order of the parts."""
        return {part: sum(site.parts[part] for site in self.sites) for part in PARTS}

    @property
    def left_out(self) -> int:
        """Records that would be in no part."""
        return sum(site.left_out for site in self.sites)

    def shares(self) -> str:
        """How many records each part would get, for people, and how many none."""
        total = sum(self.parts.values())
        shares = dict(zip(PARTS, astuple(self.wanted), strict=True))
        said = []
        for part, count in self.parts.items():
            small = ", which is few" if is_small(count, shares[part], total) else ""
            said.append(f"{part} {count:,} ({100 * count / total if total else 0:.1f} %{small})")
        return ", ".join([*said, *([f"left out {self.left_out:,}"] if self.left_out else [])])


def forecast(store: Store, choice: ExportChoice) -> Forecast:
    """What the choice would give; all would be in train where it has no split.

    Raises:
        ExportError: the choice contradicts itself.
    """
    fixed = store.exports.fixed_parts
    found = {site: SiteForecast(site, part) for site, part in fixed.items()}
    wanted = choice.split or Split(100, 0, 0)
    dealer = Dealer(wanted, choice.split_by, choice.seed, fixed)
    with closing(store.record_keys(record_filter(store, choice))) as keys:
        for key in keys:
            site = found.setdefault(key.site, SiteForecast(key.site))
            part = None if key.left_out else dealer.part(key.id, key.site, key.article)
            if part:
                site.parts[part] += 1
            else:
                site.left_out += 1
    return Forecast(
        tuple(sorted(found.values(), key=lambda site: (-site.records, site.site))), wanted
    )
