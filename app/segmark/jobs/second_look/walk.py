"""Walk through the likely mistakes of a review, in one session."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from segmark.core.annotation import Annotation
from segmark.core.edit import Edit, change_state
from segmark.core.span import covering
from segmark.core.text.counts import count_words
from segmark.session.session import Session
from segmark.suggestion.second_look.finding import Finding, FindingGroup, Place, walk

_RIGHT = "It is right"


class SecondLook:
    """Goes from one likely mistake to the next, and remembers what the annotator calls right.

    A place is settled once its label has changed, or was called right, whoever did it and however;
    undo opens it again.

    Attributes:
        places: all places, in the order in which they are looked at.
    """

    def __init__(self, session: Session, groups: Sequence[FindingGroup]) -> None:
        self._session = session
        self._annotations = session.store.annotations(session.annotator)
        self._groups = groups
        self.places: Sequence[Place] = walk(groups)
        self._at = -1

    @property
    def current(self) -> Place | None:
        """The place that is looked at; None before the first step."""
        return self.places[self._at] if 0 <= self._at < len(self.places) else None

    @property
    def number(self) -> int:
        """The number of the current place in the walk, from 1; 0 before the first step."""
        return self._at + 1

    @property
    def pages(self) -> list[int]:
        """The numbers of the pages, in the order in which the walk comes to them first."""
        return list(dict.fromkeys(place.page for place in self.places))

    def is_open(self, place: Place) -> bool:
        """Whether a place is still labelled as it was, and nobody called that right."""
        opened = self._session.open_page
        if opened is not None and opened.number == place.page:
            return _is_open(place.finding, opened.annotation)
        if self._session.store.pages.is_removed(place.page):
            return False
        return _is_open(place.finding, self._annotations.get(place.page))

    def resume(self, place: Sequence[int]) -> None:
        """Go on from a place, given by its page and where it begins there, if it is in the walk."""
        found = [[each.page, each.finding.span.start] for each in self.places]
        self._at = found.index(list(place)) if list(place) in found else -1

    def step(self, step: int) -> Place | None:
        """Go to the next (+1) or previous (-1) open place, and open its page; wraps around.

        None if all places are settled.

        Raises:
            StoreError: the page can't be read; the walk stays where it is.
        """
        count = len(self.places)
        begin = self._at if self._at >= 0 or step > 0 else 0
        for steps in range(1, count + 1):
            at = (begin + step * steps) % count
            if self.is_open(self.places[at]):
                self._open(self.places[at].page)
                self._at = at
                return self.places[at]
        return None

    def come_to(self, page: int) -> Place | None:
        """Take an open place of a page as the current one, unless it is one already.

        None if the page has no open place.
        """
        here = self.current
        if here and here.page == page and self.is_open(here):
            return here
        for at, place in enumerate(self.places):
            if place.page == page and self.is_open(place):
                self._at = at
                return place
        return None

    def call_group_right(self) -> int:
        """Remember that the labels of the current place, and of all of its group, are right.

        It is one act. Returns on how many pages.
        """
        place = self.current
        if place is None or not self.is_open(place):
            return 0
        group = next(each for each in self._groups if place in each.places)
        return call_right(self._session, group.places)

    def call_right(self) -> bool:
        """Remember that the labels of the current place are right, as an act that can be undone.

        What the second look proposes counts as rejected. False if there is nothing to call right.
        """
        place = self.current
        if place is None or not self.is_open(place):
            return False
        self._open(place.page)
        opened = self._session.open_page
        if opened is None:
            return False
        self._session.do(_called_right(opened.annotation, [place.finding], _RIGHT))
        return True

    def _open(self, page: int) -> None:
        opened = self._session.open_page
        if opened is None or opened.number != page:
            self._session.open(page)


def call_right(session: Session, places: Sequence[Place]) -> int:
    """Remember that the labels of these places are right, in one act; returns on how many pages.

    Places that are settled, and removed pages, are left out.

    Raises:
        StoreError: it can't be stored.
    """
    title = f"{_RIGHT}: {count_words(len(places), 'place')}"
    annotations, found = session.store.annotations(session.annotator), dict[int, list[Finding]]()
    for place in places:
        found.setdefault(place.page, []).append(place.finding)
    edits = dict[int, Edit]()
    for page, findings in found.items():
        annotation = annotations.get(page)
        still = [one for one in findings if _is_open(one, annotation)]
        edit = _called_right(annotation, still, title) if still else None
        if edit and not session.store.pages.is_removed(page):
            edits[page] = edit
    return session.change_spans(edits, title)


def _called_right(annotation: Annotation, findings: Iterable[Finding], title: str) -> Edit | None:
    proposals = {span for one in findings for span in one.proposals}
    rejected = tuple(sorted(proposals.union(annotation.state.rejected)))
    return change_state(annotation, title, replace(annotation.state, rejected=rejected))


def _is_open(finding: Finding, annotation: Annotation) -> bool:
    there = covering(annotation.spans, finding.span.start, finding.span.end)
    same = (there.label if there else "") == finding.span.label
    return same and not finding.is_settled(annotation.state.rejected)
