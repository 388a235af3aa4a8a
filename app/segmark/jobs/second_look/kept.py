"""Keep the walk of a second look in the project, so that it goes on after a restart."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from typing import Any

from segmark.core.span import Span
from segmark.jobs.second_look.walk import SecondLook
from segmark.session.session import Session
from segmark.suggestion.second_look.finding import Finding, FindingGroup, FindingKind, Place, walk

#: The first places of a walk are kept: nobody looks at more between two second looks.
_MOST = 1_000


def keep_walk(session: Session, groups: Sequence[FindingGroup]) -> None:
    """Keep the walk through these groups in place of the earlier one; none forgets it.

    Raises:
        StoreError: it could not be stored.
    """
    if session.store.read_only:
        return
    most = set(walk(groups)[:_MOST])
    found = [(one.site, [each for each in one.places if each in most]) for one in groups]
    rows = [[site, [asdict(each) for each in places]] for site, places in found if places]
    if rows or session.store.suggestions.second_look(session.annotator)[0]:
        with session.store.write("the second look was not kept"):
            session.store.suggestions.keep_second_look(session.annotator, rows)


def keep_place(session: Session, place: Place) -> None:
    """Keep the place at which the walk is.

    Raises:
        StoreError: it could not be stored.
    """
    if not session.store.read_only:
        at = [place.page, place.finding.span.start]
        with session.store.write("the place of the second look was not kept"):
            session.store.suggestions.keep_place_of_look(session.annotator, at)


def kept_walk(session: Session) -> SecondLook | None:
    """The walk that was kept, at its place; None if there is none, or it can't be read.

    Places on a page or with a label that is gone are left out.
    """
    rows, at = session.store.suggestions.second_look(session.annotator)
    with suppress(ValueError, TypeError, KeyError, OverflowError):
        labels = {"", *session.store.label_set.ids}
        groups = [FindingGroup(site, tuple(_places(places, labels))) for site, places in rows]
        numbers = list({place.page for one in groups for place in one.places})[:_MOST]
        there = {row.number for row in session.store.pages.rows(session.annotator, numbers)}
        groups = [
            replace(one, places=tuple(place for place in one.places if place.page in there))
            for one in groups
        ]
        if groups := [one for one in groups if one.places]:
            look = SecondLook(session, groups)
            look.resume(at)
            return look
    return None


def _places(rows: Iterable[dict[str, Any]], labels: set[str]) -> Iterable[Place]:
    for row in rows:
        place = Place(int(row["page"]), _finding(row["finding"]))
        spans = (place.finding.span, *place.finding.proposals)
        if all(one.label in labels and 0 <= one.start <= one.end for one in spans):
            yield place


def _finding(row: dict[str, Any]) -> Finding:
    made = Finding(**{**row, "kind": FindingKind(row["kind"]), "span": _span(row["span"])})
    texts = (made.likely, made.template, made.reason)
    if not all(isinstance(one, str) for one in texts):
        raise TypeError
    instead = _span(row["instead"]) if row["instead"] else None
    return replace(made, surprise=float(made.surprise), instead=instead)


def _span(row: Sequence[Any]) -> Span:
    start, end, label = row
    return Span(int(start), int(end), str(label))
