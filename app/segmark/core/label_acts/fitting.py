"""Fitting an edit to an annotation that others have changed since."""

from dataclasses import fields, replace
from itertools import pairwise

from segmark.core.annotation import Annotation, State
from segmark.core.edit import Edit, apply
from segmark.core.label import LabelSet
from segmark.core.label_acts.relabelling import relabel
from segmark.core.span import Span


def fitting(annotation: Annotation, edit: Edit) -> Edit:
    """The part of an edit that fits an annotation; it may change nothing.

    Spans fit if all that are to be removed are there and those to be added overlap none that stays;
    else nothing fits. A part of the state fits if it is as it was before the edit.
    """
    if not _spans_fit(annotation.spans, edit):
        return Edit(edit.title, before=annotation.state, after=annotation.state)
    after = _fitting_state(annotation.state, edit)
    return Edit(edit.title, edit.removed, edit.added, annotation.state, after)


def composed(first: Edit, second: Edit) -> Edit:
    """The edit that does what two edits do one after the other."""
    removed, added = set(first.removed), set(first.added)
    removed |= set(second.removed) - added
    added = (added - set(second.removed)) | set(second.added)
    return Edit(
        second.title,
        tuple(sorted(removed - added)),
        tuple(sorted(added - removed)),
        first.before,
        second.after,
    )


def brought_up_to_date(annotation: Annotation, edit: Edit, labels: LabelSet) -> Edit:
    """The part of an edit that fits, with its labels as they are now; it may change nothing."""
    joining = frozenset[str]()  # what has joined since does not fit

    def moved(spans: tuple[Span, ...], state: State) -> Annotation:
        given = Annotation(spans, state)
        change = relabel(given, labels.successors, joining, str)
        return apply(given, change) if change else given

    before, after = moved(edit.removed, edit.before), moved(edit.added, edit.after)
    gone, come = set(before.spans), set(after.spans)
    present = Edit(
        edit.title,
        tuple(sorted(gone - come)),
        tuple(sorted(come - gone)),
        replace(before.state, status=edit.before.status),
        replace(after.state, status=edit.after.status),
    )
    return fitting(annotation, present)


def _spans_fit(spans: tuple[Span, ...], edit: Edit) -> bool:
    there = set(spans)
    if not there.issuperset(edit.removed):
        return False
    after = sorted((there - set(edit.removed)).union(edit.added)) if edit.added else []
    return all(before.end <= following.start for before, following in pairwise(after))


def _fitting_state(state: State, edit: Edit) -> State:
    before, after = edit.before, edit.after
    if before == after:
        return state
    changes = {
        name: getattr(after, name)
        for name in (each.name for each in fields(State))
        if getattr(before, name) != getattr(after, name)
        and getattr(state, name) == getattr(before, name)
    }
    return replace(state, **changes) if changes else state
