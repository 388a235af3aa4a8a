"""Align the spans of another tool with the text of the page, and report those that do not fit."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import TypeVar

from segmark.core.label import LabelSet
from segmark.core.span import Span
from segmark.core.text.normalise import is_blank, trim
from segmark.loading.encoding import decode
from segmark.loading.labels.mapping import LabelMapping
from segmark.loading.labels.offsets import offset_converter, offset_in_normalised, quotes
from segmark.loading.labels.quoting import QuoteFinder
from segmark.loading.loader import LoadedPage
from segmark.loading.raw import OffsetUnit, RawAnnotation, RawSpan

T = TypeVar("T")


_NOT_SHOWN = ("title", "script", "style", "template", "textarea")


class SpanError(ValueError):
    """A raw span is not a span of the page; the message says why, and what its values are."""


def label_error(raw: RawSpan) -> SpanError:
    """Return the error for a raw span whose label is not one of the project's."""
    if not isinstance(raw.label, str):
        return SpanError(f"names no label: {raw.label!r:.40}")
    return SpanError(f"has a label that the project lacks: {raw.label!r:.40}")


class SpanLocator:
    """Locates raw spans in the text of a page.

    Attributes:
        text: of the page.

    Raises:
        NotAPageError: the offsets count graphemes, and the library for them is not installed.
    """

    def __init__(self, loaded: LoadedPage, unit: OffsetUnit, *, by_quote: bool = False) -> None:
        self.text = loaded.page.text
        self._may_quote = by_quote
        self._is_html = loaded.page.info.media == "html"
        self._raw = decode(loaded.source, "utf-8")[0]
        self._to_code_points = offset_converter(self._raw, unit)
        self._to_normalised = offset_in_normalised(self._raw)

    def locate(self, raw: RawSpan) -> tuple[int, int]:
        """Return the range of a raw span in the page's text, without white space at its edges.

        Raises:
            SpanError: it is not in the text.
        """
        if raw.fault:
            raise SpanError(raw.fault)
        if self._may_quote and (self._is_html or not type(raw.start) is type(raw.end) is int):
            return self._by_quote(raw)
        return self._by_offsets(raw)

    def _by_quote(self, raw: RawSpan) -> tuple[int, int]:
        found = self._shown.ranges(raw.quote)
        if not found:
            raise SpanError(f"is not on the page: {raw.quote[:40]!r}")
        if len(found) == 1:
            return found[0]
        counted = [] if type(raw.start) is not int else self._text_nodes.ranges(raw.quote)
        if len(counted) != len(found):
            raise SpanError(f"is {len(found)} times on the page: {raw.quote[:40]!r}")
        before = bisect_left(counted, raw.start, key=itemgetter(0))
        return found[min(before, len(found) - 1)]

    @cached_property
    def _shown(self) -> QuoteFinder:
        return QuoteFinder(self.text)

    @cached_property
    def _text_nodes(self) -> QuoteFinder:
        """The text of all nodes, which some offsets count; blank where none is shown."""
        from segmark.html_tree import Tree

        tree = Tree.of(self._raw)
        pieces = (
            " " * len(node.text) if node.element.tag in _NOT_SHOWN else node.text
            for node in (tree.nodes if tree else ())
        )
        return QuoteFinder("".join(pieces))

    def _by_offsets(self, raw: RawSpan) -> tuple[int, int]:
        outside = SpanError(f"does not lie in the text: {raw.start!r:.20} to {raw.end!r:.20}")
        if type(raw.start) is not int or type(raw.end) is not int:
            raise outside
        start, end = self._to_code_points(raw.start), self._to_code_points(raw.end)
        if start is None or end is None or start >= end:
            raise outside
        if raw.quote and not quotes(self._raw[start:end], raw.quote):
            raise SpanError(
                f"quotes {raw.quote[:40]!r}, and {self._raw[start:end][:40]!r} is there"
            )
        start, end = trim(self.text, self._to_normalised(start), self._to_normalised(end))
        if start >= end:
            raise SpanError("holds nothing but white space")
        return start, end


@dataclass(frozen=True, slots=True)
class AlignedSpans:
    """The spans of an annotation on its page: sorted, disjoint, and joined if their labels join.

    Attributes:
        faults: for each raw span that could not be aligned, why.
        dropped: names of labels that were left out on purpose, and how often.
    """

    spans: tuple[Span, ...]
    faults: tuple[str, ...]
    dropped: Mapping[str, int]


def align(
    annotation: RawAnnotation, loaded: LoadedPage, unit: OffsetUnit, mapping: LabelMapping
) -> AlignedSpans:
    """Align the spans of an annotation that is not a prediction.

    All overlapping spans are left out; exact duplicates count once.

    Raises:
        NotAPageError: the offsets count graphemes, and the library for them is not installed.
    """
    faults, dropped, spans = list[str](), Counter[str](), set[Span]()
    locator = SpanLocator(loaded, unit, by_quote=annotation.by_quote)
    for number, raw in enumerate(annotation.spans, start=1):
        label = mapping.own_label(raw.label)
        if label == "":
            dropped[str(raw.label)] += 1
            continue
        try:
            if label is None and not raw.fault:
                raise label_error(raw)
            spans.add(Span(*locator.locate(raw), label or ""))
        except SpanError as error:
            faults.append(f"span {number} {error}")
    disjoint, overlaps = _without_overlaps(sorted(spans))
    faults += overlaps
    joined = (
        Span(run[0].start, run[-1].end, run[0].label)
        for run in joined_runs(locator.text, disjoint, lambda span: span, mapping.labels)
    )
    return AlignedSpans(tuple(joined), tuple(faults), dropped)


def _without_overlaps(spans: Sequence[Span]) -> tuple[list[Span], list[str]]:
    """Return the sorted spans that overlap no other, and a message for each of the rest."""
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


def joined_runs(
    text: str, items: Iterable[T], span_of: Callable[[T], Span], labels: LabelSet
) -> Iterator[list[T]]:
    """Group items whose spans are one, because they touch and their label joins.

    ``span_of`` returns the span of an item; the spans of all items are sorted and disjoint.
    """
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
