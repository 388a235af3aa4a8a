"""The bars and names in the margin of a page: where each is to stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from segmark.core.span import Span
from segmark.core.suggestion import Suggestion
from segmark.gui.page.places import Line, PagePlaces

#: What sets two bars apart, in pixels, half at each.
GAP = 3.0


@dataclass(frozen=True, slots=True)
class SpanBar:
    """The bar of a span or a suggestion, in pixels of the viewport.

    Attributes:
        suggestion: None for the bar of a label.
        top, bottom: infinite where the span goes on out of view.
        middle: of the first line, or of the span's share of it; None if that is out of view.
        foot: as far down as the span's name may stand.
    """

    span: Span
    suggestion: Suggestion | None
    top: float
    bottom: float
    middle: float | None
    foot: float


@dataclass(frozen=True, slots=True)
class Name:
    """A name beside the bars: of ``label``, or "+2" where there is no room for two names.

    That of a suggestion ends in a question mark, and ``suggested`` is set.
    """

    label: str
    text: str
    top: float
    suggested: bool = False


def bars(
    places: PagePlaces, labelled: Sequence[Span], suggested: Sequence[Suggestion]
) -> list[SpanBar]:
    """The bars of what is in view; spans on one line of the screen share its height."""
    proposed = {one.span: one for one in suggested}
    spans = sorted([*labelled, *proposed]) if proposed else labelled
    lines = [(places.line(span.start), places.line(span.end - 1)) for span in spans]
    shares: dict[Line | None, int] = {}
    for first, last in lines:
        shares[first] = shares.get(first, 0) + 1
        if last != first:
            shares[last] = shares.get(last, 0) + 1
    taken = dict.fromkeys(shares, 0)
    made = []
    for span, (first, last) in zip(spans, lines, strict=True):
        top, bottom, middle, foot = -inf, inf, None, inf
        if first:
            share = (first.bottom - first.top) / shares[first]
            top = first.top + share * taken[first]
            middle = top + share / 2
            taken[first] += 1
        if last:
            taken[last] += last != first
            bottom = last.top + (last.bottom - last.top) / shares[last] * taken[last]
            foot = max(bottom, places.rows[(first or last).row].bottom)
        made.append(SpanBar(span, proposed.get(span), top, bottom, middle, foot))
    return made


def names(made: Sequence[SpanBar], height: float) -> list[Name]:
    """The names of the bars, each as high as said and none over another."""
    placed: list[Name] = []
    last_foot, crowded = -inf, 1
    for bar in made:
        wanted = min(GAP, bar.bottom - height) if bar.middle is None else bar.middle - height / 2
        top = max(wanted, last_foot)
        if top + height <= bar.foot:
            label, suggested = bar.span.label, bar.suggestion is not None
            placed.append(Name(label, f"{label}?" if suggested else label, top, suggested))
            last_foot, crowded = top + height, 1
        elif placed:
            crowded += 1
            placed[-1] = Name("", f"+{crowded}", placed[-1].top)
    return placed
