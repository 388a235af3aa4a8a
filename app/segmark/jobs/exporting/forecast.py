"""Forecasts a split: how many pages each part and each site would get."""

from collections import Counter
from contextlib import closing
from dataclasses import astuple, dataclass, field

from segmark.export.options import ExportOptions
from segmark.export.split import PARTS, Split, Splitter
from segmark.export.summary import is_small
from segmark.jobs.exporting.exporting import in_project
from segmark.store.store import Store


@dataclass(slots=True)
class SiteForecast:
    """The parts that the pages of a site would go to.

    Attributes:
        site: "" for all pages without one.
        fixed: the part it was assigned to by hand; "" if it was not.
        parts: number of records by part.
        left_out: number of records that would be in no part.
    """

    site: str
    fixed: str = ""
    parts: Counter[str] = field(default_factory=Counter)
    left_out: int = 0

    @property
    def records(self) -> int:
        """The number of records of the site, in any part or none."""
        return self.parts.total() + self.left_out

    @property
    def part(self) -> str:
        """The part of all its pages; ``mixed`` if they are in several, "" if in none."""
        if self.fixed:
            return self.fixed
        return "mixed" if len(self.parts) > 1 else "".join(self.parts)


@dataclass(frozen=True, slots=True)
class Forecast:
    """The result that a split would have; the site with the most records comes first."""

    sites: tuple[SiteForecast, ...]
    wanted: Split

    @property
    def parts(self) -> dict[str, int]:
        """The number of records by part, in the order of the parts."""
        return {part: sum(site.parts[part] for site in self.sites) for part in PARTS}

    @property
    def left_out(self) -> int:
        """The number of records that would be in no part."""
        return sum(site.left_out for site in self.sites)

    def shares(self) -> str:
        """How many records each part would get, and how many none, as a line of text."""
        total = sum(self.parts.values())
        shares = dict(zip(PARTS, astuple(self.wanted), strict=True))
        texts = []
        for part, count in self.parts.items():
            small = ", which is few" if is_small(count, shares[part], total) else ""
            texts.append(f"{part} {count:,} ({100 * count / total if total else 0:.1f} %{small})")
        return ", ".join([*texts, *([f"left out {self.left_out:,}"] if self.left_out else [])])


def forecast(store: Store, options: ExportOptions) -> Forecast:
    """Forecast the split of an export; without one, all pages are in train.

    Raises:
        ExportError: two options contradict each other.
    """
    options = in_project(store, options)
    fixed = options.fixed_parts
    found = {site: SiteForecast(site, part) for site, part in fixed.items()}
    wanted = options.split or Split(100, 0, 0)
    splitter = Splitter(wanted, options.split_by, options.seed, fixed)
    with closing(store.record_keys(options)) as keys:
        for key in keys:
            site = found.setdefault(key.site, SiteForecast(key.site))
            part = None if key.left_out else splitter.part(key.id, key.site, key.article)
            if part:
                site.parts[part] += 1
            else:
                site.left_out += 1
    return Forecast(
        tuple(sorted(found.values(), key=lambda site: (-site.records, site.site))), wanted
    )
