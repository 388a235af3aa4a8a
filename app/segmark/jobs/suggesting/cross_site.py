"""The cross-site models of an annotator: which pages they are trained on, and when.

They are trained in steps: after 2, 5, 10, 20, 40, 80 … finished pages. A step looks at the pages
that were begun first, and takes them in turns over their sites: one of each site, then another one
of each. Training takes up to ten seconds, so the models of a step come into force when a quarter
more pages are finished, and are trained before that. Which models are in force therefore depends
only on the finished pages, never on the speed of the machine.

Leave-one-site-out: the model for a site must not be trained on the site's own pages, or it would be
trusted too much. Sites are in five groups, and there is a model without each group; up to five
sites, each site has a group of its own. Sites that are not among the pages use a model of all.
"""

from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import zip_longest
from math import inf
from threading import Lock

from segmark.jobs.suggesting.finished_pages import FinishedPages, FinishedSpans, version_of
from segmark.jobs.suggesting.stored_models import StoredModels
from segmark.store.store import Store
from segmark.suggestion.cross_site import MOST_READ, CrossSiteModel, train_cross_site_model
from segmark.suggestion.model import MOST_PAGES
from segmark.suggestion.serialisation import ModelError

_STEPS = (2, 5, 10, 20, *(40 << doubled for doubled in range(20)))
_MARGIN = 4  # a step comes into force when a quarter of its number of pages more are finished
_GROUPS = 5


@dataclass(frozen=True, slots=True)
class _TrainingSet:
    """What one model is trained on.

    Attributes:
        name: of the model in the project.
        group: of the sites left out; None if none are.
        version: identifies the pages.
    """

    name: str
    group: int | None
    pages: Sequence[FinishedSpans]
    version: str


@dataclass(frozen=True, slots=True)
class UnsavedModels:
    """Models that are not in the project yet, shared by all threads that train for an annotator.

    Attributes:
        lock: held during training, so that no two threads train the same model.
        by_version: the models with their names, by version.
    """

    lock: Lock = field(default_factory=Lock)
    by_version: dict[str, tuple[str, CrossSiteModel]] = field(default_factory=dict)


class CrossSiteModels:
    """Provides the cross-site models of an annotator; used by one thread."""

    def __init__(
        self, store: Store, annotator: str, finished: FinishedPages, unsaved: UnsavedModels
    ) -> None:
        self._store = store
        self._stored = StoredModels(store)
        self._annotator = annotator
        self._finished = finished
        self._unsaved = unsaved
        self._models: dict[int | None, tuple[str, CrossSiteModel | None]] = {}  # by group
        self._revision = 0
        self._pages: list[tuple[int, str]] = []  # all finished ones
        self._turns: dict[int, list[tuple[int, str]]] = {}  # of these, by step
        self._sets: dict[tuple[int, int | None], _TrainingSet] = {}

    def in_force(self, site: str) -> tuple[str, CrossSiteModel | None]:
        """Return the version and the model in force for a site; None if there is no model yet."""
        pages = self._training_set(site, self._step_in_force())
        if not pages.pages:
            return pages.version, None
        made = self._models.get(pages.group)
        if made is None or made[0] != pages.version:
            made = pages.version, self._saved(pages) or self._train(pages)
            self._models[pages.group] = made
        return made

    def train_ahead(self, first: str) -> None:
        """Train all models that come into force next, that for one of the sites first."""
        step = max((step for step in _STEPS if step <= self._count()), default=0)
        sites = {site for _, site in self._pages_of(step)}
        for site in (first, None, *sorted(sites)):
            pages = self._training_set(site, step)
            if pages.pages and self._stored.get(pages.name, pages.version) is None:
                self._train(pages)

    def has_unsaved(self) -> bool:
        """Whether any model is not in the project yet."""
        return bool(self._unsaved.by_version)

    @property
    def is_due(self) -> bool:
        """Whether a step was reached that is not in force yet."""
        return self._count() >= min((s for s in _STEPS if s > self._step_in_force()), default=inf)

    def take_unsaved(self) -> list[tuple[str, str, bytes]]:
        """Return the models that are not in the project yet: name, version and bytes."""
        found = []
        while self._unsaved.by_version:
            version, (name, model) = self._unsaved.by_version.popitem()
            found.append((name, version, model.to_bytes()))
        return found

    def outdated(self) -> list[str]:
        """Return the names of the models that are no longer in force."""
        in_force, groups = self._step_in_force(), (None, *range(_GROUPS))
        return [self._name(step, group) for step in _STEPS if step < in_force for group in groups]

    def _first_pages(self) -> list[tuple[int, str]]:
        """Return all finished pages with their sites, in the order in which they were begun."""
        if self._revision != self._finished.revision:
            self._revision, self._sets = self._finished.revision, {}
            self._pages, self._turns = self._finished.in_order(), {}
        return self._pages

    def _pages_of(self, step: int) -> list[tuple[int, str]]:
        """Return the pages that a step looks at, in turns over their sites."""
        pages = self._first_pages()
        if step not in self._turns:
            self._turns[step] = in_turns(pages[:step])
        return self._turns[step]

    def _count(self) -> int:
        return len(self._first_pages())

    def _step_in_force(self) -> int:
        count = self._count()
        return max((step for step in _STEPS if step + step // _MARGIN <= count), default=0)

    def _training_set(self, site: str | None, step: int) -> _TrainingSet:
        """Return the pages of a step for a site; None stands for a site that has none of them."""
        pages = self._pages_of(step)
        order = {name: place for place, name in enumerate(dict.fromkeys(s for _, s in pages))}
        group = order[site] % _GROUPS if site is not None and site in order else None
        found = self._sets.get((step, group))
        if found is None:
            others = [number for number, of in pages if order[of] % _GROUPS != group]
            finished = [self._finished.with_spans(number) for number in others]
            found = _TrainingSet(self._name(step, group), group, finished, version_of(finished))
            self._sets[step, group] = found
        return found

    def _name(self, step: int, group: int | None) -> str:
        left_out = "" if group is None else f" without group {group + 1}"
        return f"{self._annotator} on {step} pages of all sites{left_out}"

    def _saved(self, pages: _TrainingSet) -> CrossSiteModel | None:
        if unsaved := self._unsaved.by_version.get(pages.version):
            return unsaved[1]
        if saved := self._stored.get(pages.name, pages.version):
            with suppress(ModelError):  # from another version of the program: train again
                return CrossSiteModel.from_bytes(saved)
        return None

    def _train(self, pages: _TrainingSet) -> CrossSiteModel | None:
        with self._unsaved.lock:
            if saved := self._saved(pages):  # trained while this waited for the lock
                return saved
            examples = self._finished.training_examples(pages.pages)
            self._store.reload_labels()
            model = train_cross_site_model(examples, self._store.label_set)
            if model:
                self._unsaved.by_version[pages.version] = pages.name, model
            return model


def in_turns(pages: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """Return pages with their sites in turns: the first one of each site, then the second ones.

    A site with hardly any other beside it does not fill the list: it has ``MOST_PAGES`` at most.
    """
    sites: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for page in pages:
        sites[page[1]].append(page)
    turns = zip_longest(*(own[:MOST_PAGES] for own in sites.values()))
    return [page for turn in turns for page in turn if page is not None][:MOST_READ]
