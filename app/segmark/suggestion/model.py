"""A site's model: trained on its finished pages, helped by the project's other sites."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import log

from segmark.core.label import LabelSet
from segmark.core.page import Page
from segmark.core.suggestion import Suggestion
from segmark.suggestion.crf import ConditionalRandomField, Items, Marginals, Recipe, train
from segmark.suggestion.cross_site import CrossSiteModel
from segmark.suggestion.example import Example
from segmark.suggestion.features import Features, features_of
from segmark.suggestion.memory import NONE, Lesson, Memory, countable
from segmark.suggestion.serialisation import packed, unpacked
from segmark.suggestion.tags import ChosenSpan, Labelling, choices, lesson_of
from segmark.suggestion.units import Cuts, learn_cuts

#: A site's model remembers at most so many pages, and its field learns from so many of them; older
#: ones are dropped.
MOST_PAGES, MOST_LEARNT = 20, 17
#: Up to so many pages the field is trained anew with each; from then on with every third, and comes
#: into force a page later, so that it can be trained while that is worked on. What has just been
#: finished is remembered at once all the same. Two pages less cost the field nothing measurable.
_AT_ONCE, _STRIDE = 5, 3
#: Stopped early: what the last iterations learn is of these pages and not of the next one.
_RECIPE = Recipe(c1=0.05, c2=0.1, iterations=20)
#: How much the background is trusted: the size of its features beside the site's, which are 1; the
#: larger, the less evidence it takes to follow it.
_TRUST = 3.0
#: The share of the background in the verdict itself, at least.
_SHARE = 0.35
#: How far other sites are believed on a site of which nothing is known: they are as sure of it as
#: of their own, and less often right.
_BELIEF = 0.8
#: The newest pages are learnt whole; of the others the furniture far from any label is left out,
#: farther than so many units: it is the bulk of a page and the newest show it well enough.
_WHOLE, _NEAR = 2, 20
#: Probabilities below it are all the same.
_FLOOR = 1e-3


@lru_cache(maxsize=48)
def _opinions(background: CrossSiteModel, features: Features) -> list[dict[str, float]]:
    """What other sites teach of a page of none in particular, as features with values.

    Kept, because it does not change when another page of the site is finished.
    """
    depth = -log(_FLOOR)
    return [
        {
            f"bg={state}": _TRUST * (1 + log(max(probability, _FLOOR)) / depth)
            for state, probability in states.items()
        }
        for states in background.marginals(features)
    ]


def _items(
    features: Features,
    memory: Memory,
    background: CrossSiteModel | None,
    own: Lesson | None = None,
    near: Sequence[int] | None = None,
) -> Items:
    """A page as the site's field sees it: all its units, or some.

    ``own`` is the page itself where it is one of those remembered.
    """
    opinions = _opinions(background, features) if background else None
    every = range(len(features.units)) if near is None else near
    told = memory.told(features, every, without=own)
    items = []
    for place, index in enumerate(every):
        item = dict.fromkeys(features.general[index], 1.0)
        if told:
            item.update(told[place])
        if opinions:
            item.update(opinions[index])
        items.append(item)
    return items


def _mixed(first: Marginals, second: Marginals, share: float) -> Marginals:
    """The marginals, with a share of the second."""
    return [
        {
            state: (1 - share) * one.get(state, 0.0) + share * other.get(state, 0.0)
            for state in one | other
        }
        for one, other in zip(first, second, strict=True)
    ]


def _believed(marginals: Marginals) -> Marginals:
    """The marginals as far as they are believed; what is not is that there is no label."""
    return [
        {state: _BELIEF * p + (1 - _BELIEF) * (state == NONE) for state, p in states.items()}
        for states in marginals
    ]


@dataclass(frozen=True, slots=True)
class Model:
    """What is known of a site; proposes spans for its pages.

    Attributes:
        labelling: what is known of the labels.
        cuts: where blocks of the site are cut.
        memory: of the newest finished pages.
        field: trained on those before the very newest; None where there were none.
        background: what other sites teach; None where there are none.
    """

    labelling: Labelling
    cuts: Cuts
    memory: Memory
    field: ConditionalRandomField | None
    background: CrossSiteModel | None

    def marginals(self, features: Features) -> Marginals:
        """How likely each state is for each unit of a page; empty where nothing is known."""
        told = self.memory.told(features)
        others = self.background.marginals(features, told) if self.background else []
        if self.field is None:
            return _believed(others)
        own = self.field.marginals(_items(features, self.memory, self.background))
        share = max(_SHARE, 1 / (1 + self.memory.pages))
        return _mixed(own, others, share) if others else own

    def suggest(self, page: Page) -> tuple[Suggestion, ...]:
        """The suggestions for a page of the site, sorted and disjoint."""
        features = features_of(page, self.cuts)
        marginals = self.marginals(features)
        if not marginals:
            return ()
        return tuple(
            Suggestion(choice.span, choice.confidence, self._reason(choice, features))
            for choice in choices(features.units, marginals, self.labelling)
        )

    def read(self, page: Page) -> None:
        """Read a page, and what other sites teach of it; ``suggest`` then need not.

        It is kept for a while, also where another model of the site is to suggest.
        """
        features = features_of(page, self.cuts)
        if self.background and self.field:
            _opinions(self.background, features)

    def _reason(self, choice: ChosenSpan, features: Features) -> str:
        keys, label = features.keys[choice.first], choice.span.label
        same, alike = self.memory.text_pages(keys, label), self.memory.place_pages(keys, label)
        if same > 1:
            why = f"seen on {same} pages of this site"
        elif label in self.labelling.single and features.titled[choice.first]:
            why = "rule: like the <title>"
        elif choice.ruled:
            why = f"rule: one {label} on a page, and this is likeliest"
        elif alike > 1:
            why = f"at the same place on {alike} pages of this site"
        else:
            why = "learnt from this site" if self.memory.pages else "learnt from other sites"
        return f"{why}; model {choice.confidence:.0%}"

    def to_bytes(self) -> bytes:
        """For the project to keep; ``from_bytes`` reads it. Without the field and background."""
        header = {
            "labelling": self.labelling.to_json(),
            "cuts": sorted(self.cuts),
            "memory": self.memory.to_json(),
        }
        return packed(header, [])

    @classmethod
    def from_bytes(
        cls,
        data: bytes,
        field: ConditionalRandomField | None = None,
        background: CrossSiteModel | None = None,
    ) -> "Model":
        """The model that ``to_bytes`` wrote, with the field and the background that it had.

        Raises:
            ModelError: the bytes hold none of this version.
        """
        header, _ = unpacked(data)
        return cls(
            Labelling.from_json(header["labelling"]),
            frozenset(header["cuts"]),
            Memory.from_json(header["memory"]),
            field,
            background,
        )


def pages_behind(finished: int) -> int:
    """How many of a site's newest finished pages its field has not learnt yet, of so many.

    None while they are few and quickly learnt, then one to three.
    """
    return (finished - _AT_ONCE - 1) % _STRIDE + 1 if finished > _AT_ONCE else 0


def train_model(
    examples: Sequence[Example], labels: LabelSet, background: CrossSiteModel | None = None
) -> Model:
    """The model of a site from all its finished pages, the newest first.

    Without any the model is the background alone, and without that it suggests nothing. The same
    pages in the same order give the same model.
    """
    field = train_field(examples[pages_behind(len(examples)) :], labels, background)
    return make_model(examples, labels, background, field)


def make_model(
    examples: Sequence[Example],
    labels: LabelSet,
    background: CrossSiteModel | None,
    field: ConditionalRandomField | None,
) -> Model:
    """The model from finished pages, the newest first, with the field that older ones trained.

    The first ``MOST_PAGES`` are remembered. It takes far less time than training the field.
    """
    labelling, cuts, lessons = _learnt(examples[:MOST_PAGES], labels, background)
    return Model(labelling, cuts, Memory.of(lessons), field, background)


def train_field(
    examples: Sequence[Example], labels: LabelSet, background: CrossSiteModel | None
) -> ConditionalRandomField | None:
    """The field of a site from finished pages, the newest first; the first ``MOST_LEARNT``."""
    _, _, lessons = _learnt(examples[:MOST_LEARNT], labels, background)
    memory = Memory.of(lessons)
    sequences = [
        _sequence(lesson, memory, background, whole=index < _WHOLE)
        for index, lesson in enumerate(lessons)
    ]
    return train(sequences, _RECIPE) if sequences else None


def _learnt(
    examples: Sequence[Example], labels: LabelSet, background: CrossSiteModel | None
) -> tuple[Labelling, Cuts, list[Lesson]]:
    labelling = Labelling.learn(labels, examples)
    if background and background.labelling.pages > labelling.pages:
        labelling = replace(labelling, single=background.labelling.single)
    cuts = learn_cuts(examples)
    read = [lesson_of(example, features_of(example.page, cuts), labelling) for example in examples]
    return labelling, cuts, countable([lesson for lesson in read if lesson.states])


def _sequence(
    lesson: Lesson, memory: Memory, background: CrossSiteModel | None, *, whole: bool
) -> tuple[Items, tuple[str, ...]]:
    near = range(len(lesson.states)) if whole else _near_labels(lesson.states)
    items = _items(lesson.features, memory, background, lesson, near)
    return items, tuple(lesson.states[index] for index in near)


@lru_cache(maxsize=48)
def _near_labels(states: tuple[str, ...]) -> list[int]:
    """The units that stand near a labelled one; all where none is labelled."""
    labelled = [index for index, state in enumerate(states) if state != NONE]
    if not labelled:
        return list(range(len(states)))
    near = {i for at in labelled for i in range(at - _NEAR, at + _NEAR + 1)}
    return sorted(near.intersection(range(len(states))))
