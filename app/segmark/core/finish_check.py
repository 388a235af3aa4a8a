"""The check of a page before it is finished: whether it has the labels that are expected."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from segmark.core.label import Expected, LabelSet
from segmark.core.span import Span


@dataclass(frozen=True, slots=True)
class FinishCheck:
    """What is unexpected about the labels of a page; false if nothing is.

    Attributes:
        missing: the labels that are expected and not there, in the order of the label set.
        surplus: the labels of which one span is expected, and how many there are.
        empty: whether the page has no label at all.
    """

    missing: tuple[str, ...] = ()
    surplus: tuple[tuple[str, int], ...] = ()
    empty: bool = False

    def __bool__(self) -> bool:
        return bool(self.missing or self.surplus)

    @property
    def words(self) -> str:
        """What is unexpected, in a sentence; "" if nothing is."""
        if self.empty and self.missing:
            return "Nothing here? This page has no label."
        names = (
            f"{', '.join(self.missing[:-1])} and {self.missing[-1]}"
            if (self.missing[1:])
            else "".join(self.missing)
        )
        found = [f"This page has no {names}."] if names else []
        found += [
            f"This page has {count:,} spans of {name}, not one." for name, count in self.surplus
        ]
        return " ".join(found)


def finish_check(
    spans: Iterable[Span], labels: LabelSet, absent: Collection[str] = ()
) -> FinishCheck:
    """Check the spans of a page; ``absent`` are the labels that it really does not have."""
    counts = Counter(span.label for span in spans)
    missing = tuple(
        label.name
        for label in labels
        if label.expected is not Expected.ANY
        and not counts[label.name]
        and label.name not in absent
    )
    surplus = tuple(
        (label.name, counts[label.name])
        for label in labels
        if label.expected is Expected.ONE and counts[label.name] > 1
    )
    return FinishCheck(missing, surplus, not counts)
