"""The check of a page before it is finished: whether it has the labels that are expected."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from segmark.core.label import Expected, LabelSet
from segmark.core.span import Span


@dataclass(frozen=True, slots=True)
class FinishCheck:
    """What is unexpected about the labels of a page; false if nothing is.

    Attributes:
        missing: ids of the labels that are expected and not there, in the order of the label set.
        surplus: ids of the labels of which one span is expected, and how many there are.
        empty: whether the page has no label at all.
        labels: the label set; None names labels by their ids.
    """

    missing: tuple[str, ...] = ()
    surplus: tuple[tuple[str, int], ...] = ()
    empty: bool = False
    labels: LabelSet | None = field(default=None, compare=False, repr=False)

    def __bool__(self) -> bool:
        return bool(self.missing or self.surplus)

    @property
    def words(self) -> str:
        """What is unexpected, in a sentence; "" if nothing is."""
        if self.empty and self.missing:
            return "Nothing here? This page has no label."
        missing = [self._name(label) for label in self.missing]
        names = f"{', '.join(missing[:-1])} and {missing[-1]}" if missing[1:] else "".join(missing)
        found = [f"This page has no {names}."] if names else []
        found += [
            f"This page has {count:,} spans of {self._name(label)}, not one."
            for label, count in self.surplus
        ]
        return " ".join(found)

    def _name(self, label: str) -> str:
        return self.labels.name_of(label) if self.labels else label


def finish_check(
    spans: Iterable[Span], labels: LabelSet, absent: Collection[str] = ()
) -> FinishCheck:
    """Check the spans of a page; ``absent`` are ids of labels that it really does not have."""
    counts = Counter(span.label for span in spans)
    missing = tuple(
        label.id
        for label in labels
        if label.expected is not Expected.ANY and not counts[label.id] and label.id not in absent
    )
    surplus = tuple(
        (label.id, counts[label.id])
        for label in labels
        if label.expected is Expected.ONE and counts[label.id] > 1
    )
    return FinishCheck(missing, surplus, not counts, labels)
