"""A site's model: trained on its finished pages, helped by the project's other sites."""

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from app.core.label import LabelSet
from app.core.page import Page
from app.core.suggestion import Suggestion
from app.suggestion.background import Background, learn_background
from app.suggestion.crf import Field, Items, Marginals, Recipe, train
from app.suggestion.features import Features, features_of
from app.suggestion.memory import Lesson, Memory
from app.suggestion.states import Choice, Labelling, choices, states_of
from app.suggestion.suggester import Example
from app.suggestion.units import NO_CUTS, Cuts, learn_cuts

_RECIPE = Recipe(c1=0.05, c2=0.02, iterations=60)
#: How much the background is trusted: the size of its features beside those of the site, which are
#: 1; the larger, the less evidence it takes to follow it.
_TRUST = 3.0
_FLOOR = 1e-3


def _opinions(marginals: Marginals) -> list[dict[str, float]]:
    """The background's marginals as features."""
    depth = -log(_FLOOR)
    return [
        {f"bg={state}": _TRUST * (log(max(p, _FLOOR)) + depth) / depth for state, p in states.items()}
        for states in marginals
    ]


def site_items(features: Features, memory: Memory, background: Background | None) -> Items:
    """A page as the site's field sees it."""
    recalled = memory.names(features)
    opinions = _opinions(background.marginals(features, memory)) if background else [{}] * len(recalled)
    return [
        {**dict.fromkeys((*general, *special), 1.0), **seen, **opinion}
        for general, special, seen, opinion in zip(
            features.general, features.special, recalled, opinions, strict=True
        )
    ]


@dataclass(frozen=True, slots=True)
class Model:
    """What is known of a site; proposes spans for its pages."""

    labelling: Labelling
    cuts: Cuts
    memory: Memory
    field: Field | None
    background: Background | None

    def marginals(self, features: Features) -> Marginals:
        """How likely each state is for each unit of a page."""
        if self.field:
            return self.field.marginals(site_items(features, self.memory, self.background))
        if self.background:
            return self.background.marginals(features)
        return []

    def suggest(self, page: Page) -> tuple[Suggestion, ...]:
        """The suggestions for a page of the site."""
        features = features_of(page, self.cuts)
        marginals = self.marginals(features)
        if not marginals:
            return ()
        return tuple(
            Suggestion(choice.span, choice.confidence, self._reason(choice, features))
            for choice in choices(features.units, marginals, self.labelling)
        )

    def _reason(self, choice: Choice, features: Features) -> str:
        return f"model {choice.confidence:.0%}"


def train_model(
    examples: Sequence[Example],
    labels: LabelSet,
    background: Background | None = None,
    unlabelled: Sequence[Page] = (),
    labelling: Labelling | None = None,
) -> Model:
    labelling = labelling or Labelling.learn(labels, examples)
    cuts = learn_cuts(examples)
    lessons = []
    for example in examples:
        features = features_of(example.page, cuts)
        if features.units:
            lessons.append(Lesson(features, states_of(example, features.units, labelling)))
    memory = Memory.of(lessons, [features_of(page, cuts) for page in unlabelled])
    field = None
    if lessons:
        field = train(
            [
                (site_items(lesson.features, memory.without(lesson), background), lesson.labels)
                for lesson in lessons
            ],
            _RECIPE,
        )
    return Model(labelling, cuts, memory, field, background)
