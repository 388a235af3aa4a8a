"""Learning from finished pages and suggesting for others; runs beside the window, never in it.

A site's model learns from the annotator's newest finished pages of the site, and from what the
project's other sites teach. What is suggested hangs on the finished pages alone, so that the same
project gives the same suggestions; models are kept in it, so that a restart loses nothing.

Nothing is suggested by a model that does not remember the page just finished. What takes longest,
training its field, hangs on older pages only, and is done ahead: while a page is worked on, the
field is trained that finishing it will ask for. The model is made that finishing it as it stands
would make, too, with the suggestions of the next page. They are used if the page is then finished
with just these spans, and are else thrown away.
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
from segmark.jobs.suggesting.cross_site import Elsewhere, Learnt
from segmark.jobs.suggesting.finished_pages import FinishedPages, FinishedSpans, version_of
from segmark.jobs.suggesting.page_suggestions import is_blind
from segmark.store.store import Store
from segmark.store.suggestions import NOTHING, Offer
from segmark.suggestion.crf import ConditionalRandomField
from segmark.suggestion.cross_site import CrossSiteModel
from segmark.suggestion.model import (
    MOST_LEARNT,
    MOST_PAGES,
    Model,
    make_model,
    pages_behind,
    train_field,
)
from segmark.suggestion.serialisation import ModelError

K = TypeVar("K")
V = TypeVar("V")

#: So many models, and suggestions of so many pages, are at hand at once.
_MOST_MODELS, _MOST_MADE = 32, 32


@dataclass(frozen=True, slots=True)
class _Lesson:
    """What a site's model is made from.

    Attributes:
        name: what the model is kept under.
        version: tells it from any other lesson.
        pages: those that it remembers, the newest first.
        field_name: what its field is kept under. That of the step before has another name: while
            a page is worked on, both may be needed.
        field_version: tells what the field learns from anything else.
        learnt: the pages that the field learns from, the newest first.
    """

    name: str
    version: str
    pages: Sequence[FinishedSpans]
    field_name: str
    field_version: str
    learnt: Sequence[FinishedSpans]
    background: CrossSiteModel | None


class Learner:
    """Learns and suggests for one annotator's pages of a project, in one thread of its own.

    ``learnt`` is what another thread may learn for it.
    """

    def __init__(self, store: Store, annotator: str, learnt: Learnt | None = None) -> None:
        self._store = store
        self._annotator = annotator
        self._finished = FinishedPages(store, annotator)
        self._elsewhere = Elsewhere(store, annotator, self._finished, learnt or Learnt())
        self._revision = 0
        self._lessons: dict[str, _Lesson] = {}  # of this revision, by site
        self._models: OrderedDict[str, Model] = OrderedDict()
        self._fields: OrderedDict[str, ConditionalRandomField | None] = OrderedDict()
        self._made: OrderedDict[tuple[str, int], tuple[Suggestion, ...]] = OrderedDict()
        self._offers: OrderedDict[int, Offer] = OrderedDict()
        self._kept: dict[str, str] = {}  # the versions that the project has, by name
        self._to_keep: dict[str, tuple[str, Model | ConditionalRandomField]] = {}

    def offer(self, number: int) -> Offer:
        """What is suggested for a page by the project's policy; nothing where nothing is known."""
        policy = self._store.suggestions.policy
        found = self.suggest(number) if policy.on else ()
        if not found:
            return NOTHING
        name, _ = self._store.pages.names(number)
        blind = is_blind(name, self._store.suggestions.seed, policy.blind_share)
        offer = Offer(found, blind, policy.threshold)
        _remember(self._offers, number, offer, _MOST_MADE)
        return offer

    def suggest(self, number: int) -> tuple[Suggestion, ...]:
        """All suggestions for a page, whatever the policy says.

        Where predictions were loaded for it, they are all: mixed with others they could be
        neither seen nor judged as the work of the model that made them.
        """
        if predicted := self._store.suggestions.predicted(number):
            return predicted
        self._finished.refresh()
        return self._suggest(number, None)

    def model(self, site: str) -> Model:
        """The model of a site, learnt anew if pages were finished since."""
        self._finished.refresh()
        return self._model(self._lesson(site, None), None)

    def read(self, number: int, following: int) -> None:
        """Make ready what finishing a page asks for, however it is labelled.

        That is the page that follows, read, and the field if it is to be another one. Nobody who
        is done at once waits for it in vain.
        """
        if self._store.suggestions.predicted(following):
            return
        self._finished.refresh()
        page = self._finished.page(following)
        self._model(self._lesson(page.info.site, None), None).read(page)
        anyhow: FinishedSpans = number, ()
        lesson = self._new_lesson(page.info.site, anyhow)
        if anyhow not in lesson.learnt:
            self._field(lesson, anyhow)

    def look_ahead(self, number: int, following: int) -> None:
        """Make ready what is suggested for the following page, once this one is finished.

        As it stands, that is: what is suggested for it and still open counts as accepted.
        """
        if self._store.suggestions.predicted(following):
            return
        self._finished.refresh()
        annotation = self._store.annotations(self._annotator).get(number)
        if annotation.state.status.finished:
            self._suggest(following, None)
        else:
            self._suggest(following, (number, self._supposed_spans(number, annotation)))

    @property
    def must_look_elsewhere(self) -> bool:
        """Whether what other sites teach is to be learnt anew before long."""
        return self._elsewhere.is_due

    def has_more_to_keep(self) -> bool:
        """Whether anything was learnt that is not in the project yet."""
        return bool(self._to_keep) or self._elsewhere.has_more()

    def keep(self) -> None:
        """Keep in the project all that was learnt since the last time, in one transaction."""
        made, self._to_keep = self._to_keep, {}
        packed = [(name, version, one.to_bytes()) for name, (version, one) in made.items()]
        packed += self._elsewhere.to_keep()
        if self._store.read_only or not packed:
            return
        with self._store.write():
            self._store.suggestions.forget_models(self._elsewhere.out_of_force())
            for name, version, data in packed:
                self._store.suggestions.keep_model(name, version, data)
                self._kept[name] = version

    def _supposed_spans(self, number: int, annotation: Annotation) -> tuple[Span, ...]:
        suggestions, labels = self._store.suggestions, self._store.label_set
        text = self._finished.page(number).text
        offer = suggestions.offered(number, self._annotator) or self._offers.get(number, NOTHING)
        spans = [one.span for one in still_open(offer.shown, annotation)]
        edit = accept(text, annotation, labels, spans, "Accept all")
        return apply(annotation, edit).spans if edit else annotation.spans

    def _suggest(self, number: int, supposed: FinishedSpans | None) -> tuple[Suggestion, ...]:
        page = self._finished.page(number)
        lesson = self._lesson(page.info.site, supposed)
        model = self._model(lesson, supposed)
        made = self._made.get((lesson.version, number))
        if made is None:
            made = model.suggest(page)
            _remember(self._made, (lesson.version, number), made, _MOST_MADE)
        return made

    def _lesson(self, site: str, supposed: FinishedSpans | None) -> _Lesson:
        if supposed:
            return self._new_lesson(site, supposed)
        if self._revision != self._finished.revision:
            self._revision, self._lessons = self._finished.revision, {}
        if site not in self._lessons:
            self._lessons[site] = self._new_lesson(site, None)
        return self._lessons[site]

    def _new_lesson(self, site: str, supposed: FinishedSpans | None) -> _Lesson:
        newest, count = self._finished.newest(site, MOST_PAGES), self._finished.count(site)
        if supposed and self._finished.page(supposed[0]).info.site == site:
            others = [one for one in newest if one[0] != supposed[0]]
            count += len(others) == len(newest)
            newest = [supposed, *others][:MOST_PAGES]
        behind = pages_behind(count)
        learnt = newest[behind : behind + MOST_LEARNT]
        elsewhere, background = self._elsewhere.taught(site)
        name, field_version = f"{self._annotator} on {site}", f"{version_of(learnt)} {elsewhere}"
        return _Lesson(
            name, f"{version_of(newest)} {field_version}", newest,
            f"{name}, field {(count - behind) % 2}", field_version, learnt, background,
        )  # fmt: skip

    def _model(self, lesson: _Lesson, supposed: FinishedSpans | None) -> Model:
        model = self._models.get(lesson.version)
        if model is None:
            field = self._field(lesson, supposed)
            model = self._kept_model(lesson, field)
            if model is None:
                examples = self._finished.examples(lesson.pages)
                model = make_model(examples, self._store.label_set, lesson.background, field)
            _remember(self._models, lesson.version, model, _MOST_MODELS)
        if lesson.pages and not supposed and self._kept.get(lesson.name) != lesson.version:
            self._to_keep[lesson.name] = lesson.version, model
        return model

    def _field(
        self, lesson: _Lesson, supposed: FinishedSpans | None
    ) -> ConditionalRandomField | None:
        name, version = lesson.field_name, lesson.field_version
        if version in self._fields:
            field = self._fields[version]
        else:
            field = self._kept_field(lesson)
            if field is None:
                examples = self._finished.examples(lesson.learnt)
                field = train_field(examples, self._store.label_set, lesson.background)
            _remember(self._fields, version, field, _MOST_MODELS)
        if field and supposed not in lesson.learnt and self._kept.get(name) != version:
            self._to_keep[name] = version, field
        return field

    def _kept_field(self, lesson: _Lesson) -> ConditionalRandomField | None:
        if kept := self._store.suggestions.model(lesson.field_name, lesson.field_version):
            with suppress(ModelError):  # of another version of the program: learn anew
                field = ConditionalRandomField.from_bytes(kept)
                self._kept[lesson.field_name] = lesson.field_version
                return field
        return None

    def _kept_model(self, lesson: _Lesson, field: ConditionalRandomField | None) -> Model | None:
        if kept := self._store.suggestions.model(lesson.name, lesson.version):
            with suppress(ModelError):  # of another version of the program: learn anew
                model = Model.from_bytes(kept, field, lesson.background)
                self._kept[lesson.name] = lesson.version
                return model
        return None


def _remember(known: OrderedDict[K, V], key: K, value: V, most: int) -> None:
    """Have a value at hand, and the oldest one no longer where there are too many."""
    known[key] = value
    if len(known) > most:
        known.popitem(last=False)
