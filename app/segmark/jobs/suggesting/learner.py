"""Learn from an annotator's finished pages and make suggestions for others; never in the window.

The model of a site is trained on the annotator's newest finished pages of the site, with the
support of a cross-site model and of the prior that ships with the program. Suggestions depend on
the finished pages alone, so that the same project gives the same suggestions. Models are saved in
the project, so that a restart loses nothing.

No model makes suggestions before its memory has the page just finished. What takes longest,
training its CRF, needs older pages only and is done ahead: while a page is being labelled, the
learner trains the CRF that will be needed once it is finished. It also makes the model and the
suggestions of the next page, supposing that the page will be finished as it stands. They are used
if the page is then finished with exactly these spans, and are discarded otherwise.
"""

from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from segmark.core.annotation import Annotation
from segmark.core.edit import accept, apply
from segmark.core.span import Span
from segmark.core.suggestion import Suggestion, still_open
from segmark.jobs.suggesting.cross_site import CrossSiteModels, UnsavedModels
from segmark.jobs.suggesting.finished_pages import FinishedPages, FinishedSpans, version_of
from segmark.jobs.suggesting.page_suggestions import is_blind
from segmark.jobs.suggesting.shipped_prior import read
from segmark.jobs.suggesting.stored_models import StoredModels
from segmark.store.store import Store
from segmark.store.suggestions import NOTHING, Offer
from segmark.suggestion.background import Background
from segmark.suggestion.crf import ConditionalRandomField
from segmark.suggestion.doubts import Doubts
from segmark.suggestion.model import (
    MOST_LEARNT,
    MOST_PAGES,
    Model,
    make_model,
    pages_behind,
    train_crf,
)
from segmark.suggestion.prior_identity import SHA256
from segmark.suggestion.serialisation import ModelError

K = TypeVar("K")
V = TypeVar("V")

#: How many models, and the suggestions of how many pages, are cached.
_MOST_MODELS, _MOST_SUGGESTED = 32, 32


#: The suggestions for a page, and the doubts about it if it was read by a model of the project.
_Suggested = tuple[tuple[Suggestion, ...], Doubts | None]


@dataclass(frozen=True, slots=True)
class _TrainingSet:
    """What the model of a site is made from.

    Attributes:
        name: of the model in the project.
        version: identifies all that the model is made from.
        pages: the pages that it remembers, newest first.
        crf_name: the name of its CRF in the project. Successive CRFs of a site have different
            names, because both may be needed while a page is being labelled.
        crf_version: identifies all that the CRF is trained on.
        crf_pages: the pages that the CRF is trained on, newest first.
    """

    name: str
    version: str
    pages: Sequence[FinishedSpans]
    crf_name: str
    crf_version: str
    crf_pages: Sequence[FinishedSpans]
    background: Background


class Learner:
    """Learns and makes suggestions for one annotator of a project; used by one thread.

    ``unsaved`` are the cross-site models that another thread may train for it.

    Attributes:
        finished: the annotator's finished pages.
    """

    def __init__(self, store: Store, annotator: str, unsaved: UnsavedModels | None = None) -> None:
        self._store = store
        self._annotator = annotator
        self._stored = StoredModels(store)
        self.finished = FinishedPages(store, annotator)
        self._cross_site = CrossSiteModels(
            store, annotator, self.finished, unsaved or UnsavedModels()
        )
        self._prior = read(store.label_set)
        self._revision = 0
        self._sets: dict[str, _TrainingSet] = {}  # of this revision, by site
        self._models: OrderedDict[str, Model] = OrderedDict()
        self._crfs: OrderedDict[str, ConditionalRandomField | None] = OrderedDict()
        self._known = store.label_set
        self._suggested: OrderedDict[tuple[str, int], _Suggested] = OrderedDict()
        self._offers: OrderedDict[int, Offer] = OrderedDict()
        self._saved: dict[str, str] = {}  # the versions in the project, by name
        self._unsaved: dict[str, tuple[str, Model | ConditionalRandomField]] = {}

    def offer(self, number: int) -> Offer:
        """Return the suggestions for a page that the project's policy allows."""
        policy = self._store.suggestions.policy
        found, doubts = self._suggest_now(number) if policy.on else ((), None)
        if not found:
            return NOTHING
        name, _ = self._store.pages.names(number)
        blind = is_blind(name, self._store.suggestions.seed, policy.blind_share)
        offer = Offer(found, blind, policy.threshold, doubts)
        _cache(self._offers, number, offer, _MOST_SUGGESTED)
        return offer

    def suggest(self, number: int) -> tuple[Suggestion, ...]:
        """Return all suggestions for a page, whatever the policy.

        If predictions were loaded for the page, the result is these alone: mixed with others they
        could not be recognised or judged as the work of the model that made them.
        """
        return self._suggest_now(number)[0]

    def _suggest_now(self, number: int) -> _Suggested:
        if predicted := self._store.suggestions.predicted(number):
            return predicted, None
        self._refresh()
        return self._suggest(number, None)

    def _refresh(self) -> None:
        """Read what has changed: finished pages, and perhaps the label set."""
        self.finished.refresh()
        self._store.reload_labels()
        if self._store.label_set != self._known:
            self._known = self._store.label_set
            self._prior = read(self._known)
            self._sets.clear()

    def model(self, site: str) -> Model:
        """Return the model of a site, made again if pages were finished since."""
        self._refresh()
        return self._model(self._training_set(site, None), None)

    def background(self, site: str) -> Background:
        """Return what is known about the pages of a site without any of them."""
        self._refresh()
        return self._training_set(site, None).background

    def prefetch(self, number: int, following: int) -> None:
        """Prepare what will be needed once a page is finished, however it is labelled.

        This is the features of the following page, and the CRF if another one will be needed.
        """
        if self._store.suggestions.predicted(following):
            return
        self._refresh()
        page = self.finished.page(following)
        self._model(self._training_set(page.info.site, None), None).prefetch(page)
        however_labelled: FinishedSpans = number, ()
        pages = self._new_training_set(page.info.site, however_labelled)
        if however_labelled not in pages.crf_pages:
            self._crf(pages, however_labelled)

    def look_ahead(self, number: int, following: int) -> None:
        """Prepare the suggestions for the following page, supposing that a page is finished now.

        Open suggestions of the page are supposed to be accepted.
        """
        if self._store.suggestions.predicted(following):
            return
        self._refresh()
        annotation = self._store.annotations(self._annotator).get(number)
        if annotation.state.status.finished:
            self._suggest(following, None)
        else:
            self._suggest(following, (number, self._supposed_spans(number, annotation)))

    @property
    def cross_site_is_due(self) -> bool:
        """Whether new cross-site models should be trained before long."""
        return self._cross_site.is_due

    def has_unsaved(self) -> bool:
        """Whether any model is not in the project yet."""
        return bool(self._unsaved) or self._cross_site.has_unsaved()

    def save(self) -> None:
        """Save all new models in the project, in one transaction."""
        unsaved, self._unsaved = self._unsaved, {}
        to_save = [(name, version, one.to_bytes()) for name, (version, one) in unsaved.items()]
        to_save += self._cross_site.take_unsaved()
        if self._store.read_only or not to_save:
            return
        with self._store.write():
            self._store.suggestions.forget_models(self._cross_site.outdated())
            for name, version, data in to_save:
                self._stored.put(name, version, data)
                self._saved[name] = version

    def _supposed_spans(self, number: int, annotation: Annotation) -> tuple[Span, ...]:
        suggestions, labels = self._store.suggestions, self._store.label_set
        text = self.finished.page(number).text
        offer = suggestions.offered(number, self._annotator) or self._offers.get(number, NOTHING)
        spans = [one.span for one in still_open(offer.shown, annotation)]
        edit = accept(text, annotation, labels, spans, "Accept all")
        return apply(annotation, edit).spans if edit else annotation.spans

    def _suggest(self, number: int, supposed: FinishedSpans | None) -> _Suggested:
        page = self.finished.page(number)
        pages = self._training_set(page.info.site, supposed)
        model = self._model(pages, supposed)
        suggested = self._suggested.get((pages.version, number))
        if suggested is None:
            found, doubts = model.suggest_with_doubts(page)
            # A model that was learnt before a label was deleted may still suggest it.
            suggested = tuple(one for one in found if one.span.label in self._known.ids), doubts
            _cache(self._suggested, (pages.version, number), suggested, _MOST_SUGGESTED)
        return suggested

    def _training_set(self, site: str, supposed: FinishedSpans | None) -> _TrainingSet:
        if supposed:
            return self._new_training_set(site, supposed)
        if self._revision != self.finished.revision:
            self._revision, self._sets = self.finished.revision, {}
        if site not in self._sets:
            self._sets[site] = self._new_training_set(site, None)
        return self._sets[site]

    def _new_training_set(self, site: str, supposed: FinishedSpans | None) -> _TrainingSet:
        newest, count = self.finished.newest(site, MOST_PAGES), self.finished.count(site)
        if supposed and self.finished.page(supposed[0]).info.site == site:
            others = [one for one in newest if one[0] != supposed[0]]
            count += len(others) == len(newest)
            newest = [supposed, *others][:MOST_PAGES]
        behind = pages_behind(count)
        crf_pages = newest[behind : behind + MOST_LEARNT]
        cross_site_version, cross_site = self._cross_site.in_force(site)
        prior_version = f"{SHA256 if self._prior else ''} {self._rules_version}".strip()
        name, crf_version = (
            f"{self._annotator} on {site}",
            f"{version_of(crf_pages)} {cross_site_version} {prior_version}",
        )
        return _TrainingSet(
            name, f"{version_of(newest)} {crf_version}", newest,
            f"{name}, field {(count - behind) % 2}", crf_version, crf_pages,
            Background(self._prior, cross_site),
        )  # fmt: skip

    @property
    def _rules_version(self) -> str:
        """Identifies the labels, and which of them join; "" while no label has gone.

        A new name is no other label: what was learnt goes on.
        """
        joining = " ".join(sorted(label.id for label in self._known if label.joins))
        return f"{' '.join(sorted(self._known.ids))}; {joining}" if self._known.gone else ""

    def _model(self, pages: _TrainingSet, supposed: FinishedSpans | None) -> Model:
        model = self._models.get(pages.version)
        if model is None:
            crf = self._crf(pages, supposed)
            model = self._saved_model(pages, crf)
            if model is None:
                examples = self.finished.training_examples(pages.pages)
                model = make_model(examples, self._store.label_set, pages.background, crf)
            _cache(self._models, pages.version, model, _MOST_MODELS)
        if pages.pages and not supposed and self._saved.get(pages.name) != pages.version:
            self._unsaved[pages.name] = pages.version, model
        return model

    def _crf(
        self, pages: _TrainingSet, supposed: FinishedSpans | None
    ) -> ConditionalRandomField | None:
        name, version = pages.crf_name, pages.crf_version
        if version in self._crfs:
            crf = self._crfs[version]
        else:
            crf = self._saved_crf(pages)
            if crf is None:
                examples = self.finished.training_examples(pages.crf_pages)
                crf = train_crf(examples, self._store.label_set, pages.background)
            _cache(self._crfs, version, crf, _MOST_MODELS)
        if crf and supposed not in pages.crf_pages and self._saved.get(name) != version:
            self._unsaved[name] = version, crf
        return crf

    def _saved_crf(self, pages: _TrainingSet) -> ConditionalRandomField | None:
        if saved := self._stored.get(pages.crf_name, pages.crf_version):
            with suppress(ModelError):  # from another version of the program: train again
                crf = ConditionalRandomField.from_bytes(saved)
                self._saved[pages.crf_name] = pages.crf_version
                return crf
        return None

    def _saved_model(self, pages: _TrainingSet, crf: ConditionalRandomField | None) -> Model | None:
        if saved := self._stored.get(pages.name, pages.version):
            with suppress(ModelError):  # from another version of the program: make it again
                model = Model.from_bytes(saved, crf, pages.background)
                self._saved[pages.name] = pages.version
                return model
        return None


def _cache(cache: OrderedDict[K, V], key: K, value: V, most: int) -> None:
    """Add a value to a cache, and remove the oldest one if there are too many."""
    cache[key] = value
    if len(cache) > most:
        cache.popitem(last=False)
