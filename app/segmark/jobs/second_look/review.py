"""Review an annotator's finished pages: each is compared with what the others teach."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from segmark.core.progress import Progress
from segmark.jobs.suggesting.learner import Learner
from segmark.jobs.worker_process import run_in_process
from segmark.store.store import Store
from segmark.suggestion.example import TrainingExample
from segmark.suggestion.second_look.consistency import DifferingText, RepeatedTexts
from segmark.suggestion.second_look.finding import (
    Finding,
    FindingGroup,
    Place,
    in_groups,
    in_order,
)
from segmark.suggestion.second_look.surprise import look_again

#: Pages of a site that teach each other. More of them teach hardly more, and take longer.
_TOGETHER = 20
#: Seconds that a process which only reads may go on once it was told to stop.
PATIENCE = 1.0


class ReviewStoppedError(Exception):
    """The process that reviews was ended before it was done."""


@dataclass(frozen=True, slots=True)
class Review:
    """What a second look at an annotator's finished pages found.

    Attributes:
        pages: how many pages were looked at.
        damaged: the numbers of the pages that could not be read.
        groups: likely mistakes, the most surprising group first.
        texts: texts that are labelled differently, those on the most pages first.
    """

    annotator: str
    pages: int
    damaged: tuple[int, ...]
    groups: tuple[FindingGroup, ...]
    texts: tuple[DifferingText, ...]


def review(
    store: Store, annotator: str, site: str | None = None, progress: Progress | None = None
) -> Review:
    """Review the finished pages of an annotator, of one site or of all; no label is changed.

    What the annotator has called right is left out. ``progress`` can raise to stop.
    """
    learner = Learner(store, annotator)
    finished = learner.finished
    finished.refresh()
    names = dict.fromkeys(name for _, name in finished.in_order())
    sites = [_Site(store, learner, annotator, name) for name in names if site in (None, name)]
    total, done = sum(finished.count(one.name) for one in sites), 0
    for one in sites:
        for count in one.look():
            if progress:
                progress(done, total, one.name)
            done += count
    learner.save()  # models of other sites take long to train
    return Review(
        annotator,
        done,
        tuple(sorted(number for one in sites for number in one.damaged)),
        tuple(in_order(group for one in sites for group in one.groups)),
        tuple(text for one in sites for text in one.texts),
    )


def review_in_process(
    project: Path, annotator: str, site: str | None, progress: Progress
) -> Review:
    """Do the same in a process of its own, for the window.

    Raises:
        StoreError: the project can't be read.
        ReviewStoppedError: the process was ended from outside.
    """
    stopped = ReviewStoppedError("the second look was ended from outside; begin it again")
    return run_in_process(_review, (project, annotator, site), progress, stopped, PATIENCE)


def _review(project: Path, annotator: str, site: str | None, progress: Progress) -> Review:
    with Store.open_or_read(project) as store:
        return review(store, annotator, site, progress)


class _Site:
    """The review of one site's pages.

    Attributes:
        damaged, groups, texts: as of ``Review``, once the site was looked at.
    """

    def __init__(self, store: Store, learner: Learner, annotator: str, name: str) -> None:
        self.name = name
        self._store, self._learner = store, learner
        self._annotations = store.annotations(annotator)
        self.damaged = list[int]()
        self.groups = list[FindingGroup]()
        self.texts = list[DifferingText]()

    def look(self) -> Iterator[int]:
        """Look at the pages of the site; yields, again and again, how many more were looked at."""
        repeated, places = RepeatedTexts(self.name), list[Place]()
        labels, background = self._store.label_set, self._learner.background(self.name)
        for examples in self._together():
            yield 0
            numbers = list(examples)
            for number, example in examples.items():
                repeated.add(number, example)
            for at, findings in look_again(list(examples.values()), labels, background):
                places += self._open(numbers[at], findings)
                yield 1
        self.groups = in_groups(self.name, places)
        self.texts = repeated.differing(self._learner.finished.words)

    def _together(self) -> Iterator[dict[int, TrainingExample]]:
        """Yield the pages of the site in parts of about the same size, by their numbers."""
        finished = self._learner.finished
        pages = finished.newest(self.name, finished.count(self.name))
        parts = -(-len(pages) // _TOGETHER)
        for part in range(parts):
            found = dict[int, TrainingExample]()
            for page in pages[part::parts]:
                for example in finished.training_examples([page]):
                    found[page[0]] = example
                if page[0] not in found:
                    self.damaged.append(page[0])
            yield found

    def _open(self, number: int, findings: list[Finding]) -> list[Place]:
        """The findings that the annotator has not settled yet."""
        rejected = self._annotations.get(number).state.rejected if findings else ()
        return [Place(number, one) for one in findings if not one.is_settled(rejected)]
