"""Edit: a change to an annotation, and the functions that make edits.

An edit is a value. The same value is the command, the undo step (its inverse swaps both sides), the
notification of the views, the row in the log and the region to repaint.

Each function takes the text of the page and the annotation, and returns the edit, or None if it
would change nothing. Ranges are half-open, in code points.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from segmark.core.annotation import UNTOUCHED, Annotation, State, Status
from segmark.core.label import LabelSet
from segmark.core.page import Page
from segmark.core.span import Span, overlapping
from segmark.core.text.normalise import is_blank, trim

#: The title of the edit that loads labels of another program.
LOADED = "Load labels"


class EditConflictError(ValueError):
    """The edit does not fit the annotation."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A change to an annotation; ``title`` is what the menu says after "Undo"."""

    title: str
    removed: tuple[Span, ...] = ()
    added: tuple[Span, ...] = ()
    before: State = UNTOUCHED
    after: State = UNTOUCHED

    @property
    def is_empty(self) -> bool:
        """Whether nothing would be different."""
        return not (self.removed or self.added) and self.before == self.after

    def inverse(self) -> "Edit":
        """The edit that undoes this one exactly."""
        return Edit(self.title, self.added, self.removed, self.after, self.before)


def apply(annotation: Annotation, edit: Edit) -> Annotation:
    """The annotation after the edit.

    Raises:
        EditConflictError: a span to be removed is not there, one to be added overlaps one that
            stays, or the state before is another.
    """
    spans = list(annotation.spans)
    apply_to(spans, annotation.state, edit)
    return Annotation(tuple(spans), edit.after)


def apply_to(spans: list[Span], state: State, edit: Edit) -> None:
    """Change a list of spans like ``apply``; it takes no longer for many spans than for few.

    Raises:
        EditConflictError: the edit does not fit; some spans may have been changed.
    """
    if state != edit.before:
        raise EditConflictError(f"{edit.title}: the page is {state}, not {edit.before}")
    for span in edit.removed:
        at = bisect_left(spans, span)
        if at == len(spans) or spans[at] != span:
            raise EditConflictError(f"{edit.title}: {span} is not there to be removed")
        del spans[at]
    for span in edit.added:
        if overlapping(spans, span.start, span.end):
            raise EditConflictError(f"{edit.title}: {span} overlaps a span that stays")
        spans.insert(bisect_left(spans, span), span)


def _worked_on(state: State, added: Iterable[Span]) -> State:
    """The state after a change of spans: a page is started, and an added label is not absent."""
    if state.absent:
        there = {span.label for span in added}
        absent = tuple(name for name in state.absent if name not in there)
        state = replace(state, absent=absent)
    if state.status in (Status.NEW, Status.SKIPPED):
        return replace(state, status=Status.STARTED)
    return state


def _trimmed(text: str, start: int, end: int, label: str) -> list[Span]:
    start, end = trim(text, start, end)
    return [Span(start, end, label)] if start < end else []


def _cut(
    text: str, spans: tuple[Span, ...], labels: LabelSet, start: int, end: int
) -> tuple[set[Span], set[Span]]:
    """The spans that are removed, and those that replace them, when the range is cleared.

    A label that may not lie inside a block loses the whole blocks that the range touches.
    """
    removed, added = set(), set()
    for span in overlapping(spans, start, end):
        first, last = start, end
        if not labels[span.label].inside:
            first, last = _whole_blocks(text, start, end)
        removed.add(span)
        added.update(_trimmed(text, span.start, min(span.end, first), span.label))
        added.update(_trimmed(text, max(span.start, last), span.end, span.label))
    return removed, added


def _neighbours(spans: list[Span], start: int, end: int) -> tuple[Span | None, Span | None]:
    """The nearest span that ends at or before the range, and the nearest at or after its end."""
    at = bisect_left(spans, start, key=lambda span: span.start)
    before = spans[at - 1] if at > 0 else None
    after = next((span for span in spans[at : at + 1] if span.start >= end), None)
    return before, after


def _joined(text: str, rest: list[Span], span: Span) -> tuple[Span, list[Span]]:
    """The span, joined with other spans that only white space separates from it."""
    eaten = []
    while True:
        before, after = _neighbours(rest, span.start, span.end)
        if before and before.label == span.label and is_blank(text, before.end, span.start):
            eaten.append(before)
            span = Span(before.start, span.end, span.label)
        elif after and after.label == span.label and is_blank(text, span.end, after.start):
            eaten.append(after)
            span = Span(span.start, after.end, span.label)
        else:
            return span, eaten
        rest = [other for other in rest if other not in eaten]


def paint(
    text: str, annotation: Annotation, labels: LabelSet, start: int, end: int, label: str
) -> Edit | None:
    """Label the range in place of its earlier labels, and join spans of a joining label.

    The range is first trimmed of white space; a blank range changes nothing. A label that may not
    lie inside a block then takes the whole blocks that the range touches.
    """
    start, end = trim(text, start, end)
    if start >= end:
        return None
    if not labels[label].inside:
        start, end = _whole_blocks(text, start, end)
    removed, added = _cut(text, annotation.spans, labels, start, end)
    span = Span(start, end, label)
    if labels[label].joins:
        near = _near(annotation.spans, start, end)
        rest = sorted((near - removed) | added)
        span, eaten = _joined(text, rest, span)
        removed, added = removed | (set(eaten) - added), added - set(eaten)
    return _edit(f"Label {labels[label].name}", annotation, removed, added | {span})


def _whole_blocks(text: str, start: int, end: int) -> tuple[int, int]:
    """The range extended to the edges of its first and last block, without white space there."""
    last = text.find("\n", end)
    return trim(text, text.rfind("\n", 0, start) + 1, len(text) if last < 0 else last)


def _near(spans: tuple[Span, ...], start: int, end: int) -> set[Span]:
    """The spans in the range and the next one on either side, which labelling can change."""
    first = bisect_left(spans, start, key=lambda span: span.end)
    last = bisect_left(spans, end, key=lambda span: span.start)
    return set(spans[max(0, first - 1) : last + 1])


def clear(text: str, annotation: Annotation, labels: LabelSet, start: int, end: int) -> Edit | None:
    """Clear the labels of the range; spans keep the parts outside of it.

    The range is first trimmed of white space; a blank range changes nothing. A label that may not
    lie inside a block loses the whole blocks that the range touches.
    """
    start, end = trim(text, start, end)
    if start >= end:
        return None
    removed, added = _cut(text, annotation.spans, labels, start, end)
    return _edit("Clear label", annotation, removed, added)


def resize(
    text: str, annotation: Annotation, labels: LabelSet, span: Span, start: int, end: int
) -> Edit | None:
    """Move the edges of a span, over other spans, and join spans of a joining label."""
    start, end = trim(text, start, end)
    if start >= end:
        return None
    without = Annotation(
        tuple(other for other in annotation.spans if other != span), annotation.state
    )
    painted = paint(text, without, labels, start, end, span.label)
    removed, added = {span}, set[Span]()
    if painted:
        removed, added = removed | set(painted.removed), set(painted.added)
    return _edit(f"Move edge of {labels[span.label].name}", annotation, removed, added)


def accept(
    text: str,
    annotation: Annotation,
    labels: LabelSet,
    spans: Iterable[Span],
    title: str,
    status: Status | None = None,
) -> Edit | None:
    """Label all these spans, and set the status if one is given, in one act."""
    after = annotation
    for span in spans:
        if edit := paint(text, after, labels, span.start, span.end, span.label):
            after = apply(after, edit)
    before, now = set(annotation.spans), set(after.spans)
    state = replace(after.state, status=status) if status else after.state
    if before == now and state == annotation.state:
        return None
    return Edit(
        title, tuple(sorted(before - now)), tuple(sorted(now - before)), annotation.state, state
    )


def changed_blocks(page: Page, edit: Edit) -> int:
    """The number of blocks whose labels an edit changes, or whose spans it moves.

    Takes time by the number of spans, however many blocks they have.
    """
    edges: dict[str, Counter[int]] = {}
    for spans, change in ((edit.removed, -1), (edit.added, 1)):
        for span in spans:
            blocks, steps = (
                page.blocks_in(span.start, span.end),
                edges.setdefault(span.label, Counter()),
            )
            steps[blocks.start] += change
            steps[blocks.stop] -= change
    runs = [run for steps in edges.values() for run in _nonzero(steps)]
    moved = [page.blocks_in(span.start, span.end) for span in edit.removed]
    return _union(runs or [(blocks.start, blocks.stop) for blocks in moved])


def _nonzero(steps: Counter[int]) -> Iterator[tuple[int, int]]:
    """The half-open ranges where the sum of the steps up to there is not zero."""
    height = 0
    for at, following in pairwise(sorted(steps)):
        height += steps[at]
        if height:
            yield at, following


def _union(runs: Iterable[tuple[int, int]]) -> int:
    """How many numbers are in at least one of some half-open ranges."""
    count = end = 0
    for start, stop in sorted(runs):
        count += max(0, stop - max(start, end))
        end = max(end, stop)
    return count


def change_state(annotation: Annotation, title: str, after: State) -> Edit | None:
    """Change the status, flag or note of the annotation."""
    if after == annotation.state:
        return None
    return Edit(title, before=annotation.state, after=after)


def go_back(annotation: Annotation, then: Annotation, title: str) -> Edit | None:
    """Make an annotation what it was: spans, status, rejected suggestions, absent labels.

    The flag and the note, which are about the page, stay.
    """
    state = replace(then.state, flagged=annotation.state.flagged, note=annotation.state.note)
    edit = edit_between(title, annotation, replace(then, state=state))
    return None if edit.is_empty else edit


def edit_between(title: str, before: Annotation, after: Annotation) -> Edit:
    """The edit that makes one annotation of another; it may change nothing."""
    old, new = set(before.spans), set(after.spans)
    gone, come = tuple(sorted(old - new)), tuple(sorted(new - old))
    return Edit(title, gone, come, before.state, after.state)


def _edit(title: str, annotation: Annotation, removed: set[Span], added: set[Span]) -> Edit | None:
    """The edit without spans that are on both sides, or None if nothing changes."""
    gone, come = removed - added, added - removed
    if not gone and not come:
        return None
    return Edit(
        title,
        tuple(sorted(gone)),
        tuple(sorted(come)),
        annotation.state,
        _worked_on(annotation.state, come),
    )
