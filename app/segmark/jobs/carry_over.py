"""Carry an annotator's labels over from an earlier version of a page: plan first, then do it."""

from collections import Counter
from dataclasses import dataclass

from segmark.core.carrying import Carried, CarryOutcome, carry
from segmark.core.edit import accept
from segmark.core.span import Span
from segmark.session.session import Session
from segmark.store.errors import ConflictError
from segmark.store.store import Store
from segmark.store.versions import CarriedSpan

_TITLE = "Carry labels over"


@dataclass(frozen=True, slots=True)
class CarryPlan:
    """How an annotator's labels will be carried over to a newer version of a page.

    Attributes:
        page: number of the newer version.
        earlier: number of the version with the labels.
        text: of the newer version.
        earlier_text: of the version with the labels.
        there: the spans that the newer version already has.
        carried: the outcome for each span of the earlier version.
    """

    page: int
    earlier: int
    text: str
    earlier_text: str
    there: tuple[Span, ...]
    carried: tuple[Carried, ...]

    def with_outcome(self, outcome: CarryOutcome) -> tuple[Carried, ...]:
        """The spans of the earlier version that have this outcome."""
        return tuple(each for each in self.carried if each.outcome is outcome)

    def places(self, *, changed: bool) -> tuple[Span, ...]:
        """Return the new spans in page order, with or without those whose text has changed."""
        outcomes = (
            (CarryOutcome.UNCHANGED, CarryOutcome.CHANGED) if changed else (CarryOutcome.UNCHANGED,)
        )
        return tuple(
            sorted(s for each in self.carried if each.outcome in outcomes for s in each.new)
        )

    @property
    def complete(self) -> bool:
        """Whether all labels can be carried over."""
        return not (
            self.with_outcome(CarryOutcome.MISSING) or self.with_outcome(CarryOutcome.TAKEN)
        )

    def __str__(self) -> str:
        counts = Counter(each.outcome for each in self.carried)
        parts = [f"{counts[one]:,} {words}" for one, words in _WORDS.items() if counts[one]]
        return ", ".join(parts)


_WORDS = {
    CarryOutcome.UNCHANGED: "with the same text",
    CarryOutcome.CHANGED: "with changed text",
    CarryOutcome.MISSING: "not found",
    CarryOutcome.TAKEN: "where there is a label already",
}


def plan(store: Store, annotator: str, page: int) -> CarryPlan | None:
    """Plan to carry the annotator's labels over; None if no earlier version has any.

    Raises:
        StoreError: one of the pages is damaged.
    """
    earlier = store.versions.labelled_earlier(page, annotator)
    if earlier is None:
        return None
    annotations = store.annotations(annotator)
    old, new = store.pages.get(earlier).text, store.pages.get(page).text
    there = annotations.get(page).spans
    found = carry(old, new, annotations.get(earlier).spans, store.label_set, there)
    return CarryPlan(page, earlier, new, old, there, found)


def carry_over(session: Session, planned: CarryPlan, *, changed: bool = True) -> int:
    """Carry the labels over to the open page in one edit, and return how many spans it gained.

    ``changed`` is whether labels whose text has changed are carried over as well.

    Raises:
        ConflictError: the page or its labels have changed since the plan was made.
        StoreError: the edit can't be stored.
    """
    opened = session.open_page
    if opened is None or opened.number != planned.page or session.spans != planned.there:
        raise ConflictError
    places = planned.places(changed=changed)
    edit = accept(planned.text, opened.annotation, session.store.label_set, places, _TITLE)
    if edit is None:
        return 0
    same = {span for each in planned.with_outcome(CarryOutcome.UNCHANGED) for span in each.new}
    carried = [CarriedSpan(span, span not in same) for span in edit.added]
    versions = session.store.versions
    session.do(edit, lambda: versions.keep_carried(planned.page, session.annotator, carried))
    return len(edit.added) - len(edit.removed)
