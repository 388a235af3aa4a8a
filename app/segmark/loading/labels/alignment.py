"""From the marks of another tool to spans of the page, and what can't be one of them."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from segmark.core.label import LabelSet
from segmark.core.span import Span
from segmark.core.text.normalise import is_blank, trim
from segmark.loading.encoding import decode
from segmark.loading.labels.mapping import Naming
from segmark.loading.labels.offsets import carried, quotes, reckoned
from segmark.loading.loader import Loaded
from segmark.loading.work import LabelWork, Mark, OffsetUnit

T = TypeVar("T")


class MarkError(ValueError):
    """A mark that is no span of the page; the message says why, and what the mark says."""


def no_label(mark: Mark) -> MarkError:
    """What is wrong with a mark whose label is none of the project's."""
    if not isinstance(mark.label, str):
        return MarkError(f"names no label: {mark.label!r:.40}")
    return MarkError(f"has a label that the project lacks: {mark.label!r:.40}")


class Ground:
    """What marks are held against: the characters that they count, and the page's text.

    Raises:
        NotAPageError: graphemes are to be counted and the library for them is not installed.
    """

    def __init__(self, loaded: Loaded, unit: OffsetUnit) -> None:
        self.text = loaded.page.text
        self._raw = decode(loaded.source, "utf-8")[0]
        self._reckoned = reckoned(self._raw, unit)
        self._carried = carried(self._raw)

    def range_of(self, mark: Mark) -> tuple[int, int]:
        """Where a mark is in the page's text, without white space at its edges.

        Raises:
            MarkError: it is nowhere in it.
        """
        if type(mark.start) is not int or type(mark.end) is not int:
            raise MarkError(f"does not lie in the text: {mark.start!r:.20} to {mark.end!r:.20}")
        start, end = self._reckoned(mark.start), self._reckoned(mark.end)
        if start is None or end is None or start >= end:
            raise MarkError(f"does not lie in the text: {mark.start!r:.20} to {mark.end!r:.20}")
        if mark.quote and not quotes(self._raw[start:end], mark.quote):
            raise MarkError(
                f"quotes {mark.quote[:40]!r}, and {self._raw[start:end][:40]!r} is there"
            )
        start, end = trim(self.text, self._carried(start), self._carried(end))
        if start >= end:
            raise MarkError("holds nothing but white space")
        return start, end


@dataclass(frozen=True, slots=True)
class Placed:
    """The spans of a work on its page, sorted, disjoint, and joined where their labels join.

    Attributes:
        faults: why a mark is none of them, a line each.
        dropped: names of labels that were left out on purpose, and how often.
    """

    spans: tuple[Span, ...]
    faults: tuple[str, ...]
    dropped: Mapping[str, int]


def placed(work: LabelWork, loaded: Loaded, unit: OffsetUnit, naming: Naming) -> Placed:
    """The spans of a work that is no prediction.

    Of marks that overlap, none is taken; the very same mark twice is one.

    Raises:
        NotAPageError: graphemes are to be counted and the library for them is not installed.
    """
    faults, dropped, spans = list[str](), Counter[str](), set[Span]()
    ground = Ground(loaded, unit)
    for number, mark in enumerate(work.marks, start=1):
        ours = naming.ours(mark.label)
        if ours == "":
            dropped[str(mark.label)] += 1
            continue
        try:
            if ours is None:
                raise no_label(mark)
            spans.add(Span(*ground.range_of(mark), ours))
        except MarkError as error:
            faults.append(f"span {number} {error}")
    apart, overlaps = _apart(sorted(spans))
    faults += overlaps
    joined = (
        Span(run[0].start, run[-1].end, run[0].label)
        for run in runs(ground.text, apart, lambda span: span, naming.labels)
    )
    return Placed(tuple(joined), tuple(faults), dropped)


def _apart(spans: Sequence[Span]) -> tuple[list[Span], list[str]]:
    """Those of the sorted spans that overlap no other, and a line for each of the rest."""
    overlapping = set[Span]()
    last: Span | None = None  # the one that reaches furthest
    for span in spans:
        if last and span.start < last.end:
            overlapping |= {last, span}
        if last is None or span.end > last.end:
            last = span
    faults = [
        f"{span.label} from {span.start} to {span.end} overlaps another"
        for span in spans
        if span in overlapping
    ]
    return [span for span in spans if span not in overlapping], faults


def runs(
    text: str, items: Iterable[T], span_of: Callable[[T], Span], labels: LabelSet
) -> Iterator[list[T]]:
    """What has sorted, disjoint spans, together where these are one: they touch and may join."""
    run = list[T]()
    for item in items:
        span, last = span_of(item), span_of(run[-1]) if run else None
        touches = last and last.label == span.label and is_blank(text, last.end, span.start)
        if run and not (touches and labels[span.label].joins):
            yield run
            run = []
        run.append(item)
    if run:
        yield run
