"""What a project's other sites teach about a site: from which pages it is learnt, and when.

It is learnt from the first pages that the annotator began, at most so many of each site, in steps:
from 2, 5, 10 … 240 of them. Learning takes up to ten seconds, so what a step teaches comes into
force when a quarter more pages are finished, and is learnt ahead of that. So it hangs on the
finished pages alone what is in force, never on how fast the machine is.

Nothing may be told to a site that was learnt from its own pages: it would be believed too much.
Of up to five sites each is therefore left out in its turn; of more sites a fifth is left out at a
time. What is told to a site that is not among them leaves out none.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from math import inf
from threading import Lock

from segmark.jobs.suggesting.finished_pages import FinishedPages, FinishedSpans, version_of
from segmark.store.store import Store
from segmark.suggestion.cross_site import CrossSiteModel, learn_background
from segmark.suggestion.model import MOST_PAGES
from segmark.suggestion.serialisation import ModelError

_STEPS = (2, 5, 10, 20, 40, 80, 160, 240)
_MARGIN = 4  # a step is in force when a quarter of it more pages are finished
_GROUPS = 5


@dataclass(frozen=True, slots=True)
class _Lesson:
    """What is learnt at once: its name, the group of sites left out, its pages, their version."""

    name: str
    group: int | None
    pages: Sequence[FinishedSpans]
    version: str


@dataclass(frozen=True, slots=True)
class Learnt:
    """What was learnt and is not in the project yet, for all threads that learn for an annotator.

    Attributes:
        lock: held while something is learnt, so that no two learn the same.
        by_version: with the name to keep it under.
    """

    lock: Lock = field(default_factory=Lock)
    by_version: dict[str, tuple[str, CrossSiteModel]] = field(default_factory=dict)


class Elsewhere:
    """What an annotator's finished pages of other sites teach, in one thread."""

    def __init__(
        self, store: Store, annotator: str, finished: FinishedPages, learnt: Learnt
    ) -> None:
        self._store = store
        self._annotator = annotator
        self._finished = finished
        self._learnt = learnt
        self._made: dict[int | None, tuple[str, CrossSiteModel | None]] = {}
        self._revision = 0
        self._pages: list[tuple[int, str]] = []  # as many as a step may need
        self._lessons: dict[tuple[int, int | None], _Lesson] = {}

    def taught(self, site: str) -> tuple[str, CrossSiteModel | None]:
        """What is in force for a site, and its version; None where nothing is known."""
        lesson = self._lesson(site, self._step_in_force())
        if not lesson.pages:
            return lesson.version, None
        made = self._made.get(lesson.group)
        if made is None or made[0] != lesson.version:
            made = lesson.version, self._kept(lesson) or self._learn(lesson)
            self._made[lesson.group] = made
        return made

    def learn_ahead(self, first: str) -> None:
        """Learn all that comes into force next, for one of the sites first."""
        step = max((step for step in _STEPS if step <= self._count()), default=0)
        sites = {site for _, site in self._first_pages()[:step]}
        for site in (first, None, *sorted(sites)):
            lesson = self._lesson(site, step)
            if lesson.pages and not self._store.suggestions.has_model(lesson.name, lesson.version):
                self._learn(lesson)

    def has_more(self) -> bool:
        """Whether anything was learnt that is not in the project yet."""
        return bool(self._learnt.by_version)

    @property
    def is_due(self) -> bool:
        """Whether a step was reached that is not in force yet."""
        return self._count() >= min((s for s in _STEPS if s > self._step_in_force()), default=inf)

    def to_keep(self) -> list[tuple[str, str, bytes]]:
        """Name, version and bytes of what was learnt since the last time, for the project."""
        packed = []
        while self._learnt.by_version:
            version, (name, background) = self._learnt.by_version.popitem()
            packed.append((name, version, background.to_bytes()))
        return packed

    def out_of_force(self) -> list[str]:
        """The names of all that is not in force any more."""
        in_force, groups = self._step_in_force(), (None, *range(_GROUPS))
        return [self._name(step, group) for step in _STEPS if step < in_force for group in groups]

    def _first_pages(self) -> list[tuple[int, str]]:
        """The pages that are learnt from, with their sites, and more to tell what is in force."""
        if self._revision != self._finished.revision:
            self._revision, self._lessons = self._finished.revision, {}
            self._pages = self._finished.of_many_sites(2 * _STEPS[-1], MOST_PAGES)
        return self._pages

    def _count(self) -> int:
        return len(self._first_pages())

    def _step_in_force(self) -> int:
        count = self._count()
        return max((step for step in _STEPS if step + step // _MARGIN <= count), default=0)

    def _lesson(self, site: str | None, step: int) -> _Lesson:
        """What is learnt of a step for a site; None for one that is not among its pages."""
        pages = self._first_pages()[:step]
        order = {name: place for place, name in enumerate(dict.fromkeys(s for _, s in pages))}
        group = order[site] % _GROUPS if site is not None and site in order else None
        lesson = self._lessons.get((step, group))
        if lesson is None:
            others = [number for number, of in pages if order[of] % _GROUPS != group]
            labelled = [self._finished.labelled(number) for number in others]
            lesson = _Lesson(self._name(step, group), group, labelled, version_of(labelled))
            self._lessons[step, group] = lesson
        return lesson

    def _name(self, step: int, group: int | None) -> str:
        left_out = "" if group is None else f" without group {group + 1}"
        return f"{self._annotator} on {step} pages of all sites{left_out}"

    def _kept(self, lesson: _Lesson) -> CrossSiteModel | None:
        if learnt := self._learnt.by_version.get(lesson.version):
            return learnt[1]
        if kept := self._store.suggestions.model(lesson.name, lesson.version):
            with suppress(ModelError):  # of another version of the program: learn anew
                return CrossSiteModel.from_bytes(kept)
        return None

    def _learn(self, lesson: _Lesson) -> CrossSiteModel | None:
        with self._learnt.lock:
            if kept := self._kept(lesson):  # learnt while this waited for the lock
                return kept
            examples = self._finished.examples(lesson.pages)
            background = learn_background(examples, self._store.label_set)
            if background:
                self._learnt.by_version[lesson.version] = lesson.name, background
            return background
