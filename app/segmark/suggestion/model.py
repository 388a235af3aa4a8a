"""A site's model: trained on its finished pages, supported by a background."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log

from segmark.core.label import LabelSet
from segmark.core.page import Page
from segmark.core.suggestion import Suggestion
from segmark.suggestion.background import NO_BACKGROUND, Background, mixed
from segmark.suggestion.crf import (
    ConditionalRandomField,
    FeatureSequence,
    Marginals,
    TrainingParameters,
    train,
)
from segmark.suggestion.doubts import Doubts, doubts
from segmark.suggestion.example import TrainingExample
from segmark.suggestion.features import Features, features_of
from segmark.suggestion.memory import NONE, Memory, TrainingSequence, countable
from segmark.suggestion.serialisation import deserialise, serialise
from segmark.suggestion.tags import (
    ChosenSpan,
    LabelRules,
    choose_spans,
    label_probabilities,
    training_sequence,
)
from segmark.suggestion.units import Cues, learn_cues

#: The most pages that a site's model remembers, and that its CRF learns from; older pages are
#: ignored.
MOST_PAGES, MOST_LEARNT = 20, 17
#: Up to this many finished pages, the CRF is retrained after each page. From then on it is trained
#: after every third page and comes into use one page later, so that it can be trained while that
#: page is labelled. The memory always includes the page just finished. Learning from two pages less
#: costs the CRF nothing measurable.
_AT_ONCE, _STRIDE = 5, 3
#: Few iterations: the last ones would fit these pages and not the next one.
_PARAMETERS = TrainingParameters(c1=0.05, c2=0.1, iterations=20)
#: The size of the features from the background, where those of the site are 1. The larger it is,
#: the less evidence the CRF needs to follow the background.
_TRUST = 3.0
#: The minimum share of the background in the result.
_SHARE = 0.35
#: How far one model is trusted at a cold start: it is as confident on an unknown site as on those
#: it knows, and less often right. The mean of two is less confident by itself.
_BELIEF = 0.8
#: The newest pages are learnt in full. Of the others, boilerplate more than ``_NEAR`` units away
#: from any label is left out: it is most of a page, and the newest pages show it well enough.
_WHOLE, _NEAR = 2, 20
#: All probabilities below this are treated alike.
_FLOOR = 1e-3


@lru_cache(maxsize=48)
def _background_features(background: Background, features: Features) -> list[dict[str, float]]:
    """Return what the background predicts at a cold start, as features with values.

    Results are cached, because they stay the same when another page of the site is finished.
    """
    depth = -log(_FLOOR)
    return [
        {
            f"bg={tag}": _TRUST * (1 + log(max(probability, _FLOOR)) / depth)
            for tag, probability in tags.items()
        }
        for tags in background.cold(features)
    ]


def _crf_features(
    features: Features,
    memory: Memory,
    background: Background,
    own: TrainingSequence | None = None,
    indexes: Sequence[int] | None = None,
) -> FeatureSequence:
    """Return the features of a page for the site's CRF, of all its units or of some.

    ``own`` is the page itself if it is in the memory.
    """
    from_background = _background_features(background, features) if background else None
    every = range(len(features.units)) if indexes is None else indexes
    from_memory = memory.features_for(features, every, without=own)
    units = []
    for place, index in enumerate(every):
        unit = dict.fromkeys(features.general[index], 1.0)
        if from_memory:
            unit.update(from_memory[place])
        if from_background:
            unit.update(from_background[index])
        units.append(unit)
    return units


def _discounted(marginals: Marginals) -> Marginals:
    """Return the marginals of a cold start, with some of the probability moved to no label."""
    return [
        {tag: _BELIEF * p + (1 - _BELIEF) * (tag == NONE) for tag, p in tags.items()}
        for tags in marginals
    ]


@dataclass(frozen=True, slots=True)
class Model:
    """The model of a site; it suggests spans for the site's pages.

    Attributes:
        rules: what is known about the labels.
        cues: where blocks of the site are split into units.
        memory: of the newest finished pages.
        crf: trained on the finished pages except perhaps the very newest; None without any.
        background: what is known without any page of the site.
    """

    rules: LabelRules
    cues: Cues
    memory: Memory
    crf: ConditionalRandomField | None
    background: Background

    def _predicted(self, features: Features) -> Marginals:
        """Return the probability of each tag for each unit; empty if there is nothing to go by.

        A cold start is not discounted.
        """
        from_memory = self.memory.features_for(features)
        others = self.background.marginals(features, from_memory)
        if self.crf is None:
            return others
        own = self.crf.marginals(_crf_features(features, self.memory, self.background))
        share = max(_SHARE, 1 / (1 + self.memory.pages))
        return mixed(own, others, share) if others else own

    def suggest(self, page: Page) -> tuple[Suggestion, ...]:
        """Return the suggestions for a page of the site, sorted and disjoint."""
        return self.suggest_with_doubts(page)[0]

    def suggest_with_doubts(self, page: Page) -> tuple[tuple[Suggestion, ...], Doubts]:
        """Return the suggestions for a page of the site, and the doubts about its blocks."""
        features = features_of(page, self.cues)
        predicted = self._predicted(features)
        if not predicted:
            return (), {}
        marginals = predicted if self.crf else _discounted(predicted)
        chosen = tuple(choose_spans(features.units, marginals, self.rules))
        suggestions = tuple(
            Suggestion(choice.span, choice.confidence, self._reason(choice, features))
            for choice in chosen
        )
        return suggestions, doubts(features.units, predicted, chosen)

    def expect(self, features: Features, cold_share: float) -> list[dict[str, float]]:
        """Return the probability of each label for each unit of a page, and of ``NONE``.

        ``cold_share`` is the share in it of what is expected without any page of the site. Empty if
        there is nothing to go by. The features must have been made with the cues of the model.
        """
        expected = self._predicted(features)
        if expected and self.background:
            expected = mixed(expected, self.background.cold(features), cold_share)
        return label_probabilities(expected, self.rules.names)

    def prefetch(self, page: Page) -> None:
        """Compute and cache the features of a page, so that ``suggest`` is faster.

        The cache also serves later models of the site.
        """
        features = features_of(page, self.cues)
        if self.background and self.crf:
            _background_features(self.background, features)

    def _reason(self, choice: ChosenSpan, features: Features) -> str:
        label, same, alike = choice.span.label, 0, 0
        if self.memory.pages:
            keys = features.keys[choice.first]
            same, alike = self.memory.text_pages(keys, label), self.memory.place_pages(keys, label)
        if same > 1:
            why = f"seen on {same} pages of this site"
        elif label in self.rules.single and features.titled[choice.first]:
            why = "rule: like the <title>"
        elif choice.by_rule:
            why = "rule: one on a page, and this is likeliest"
        elif alike > 1:
            why = f"at the same place on {alike} pages of this site"
        else:
            why = self._model_behind()
        return f"{why}; model {choice.confidence:.0%}"

    def _model_behind(self) -> str:
        if self.memory.pages:
            return "learnt from this site"
        return "learnt from other sites" if self.background.cross_site else "like news pages"

    def to_bytes(self) -> bytes:
        """Return the bytes to store in a project, without the CRF and the background."""
        header = {
            "labelling": self.rules.to_json(),
            "cuts": sorted(self.cues),
            "memory": self.memory.to_json(),
        }
        return serialise(header, [])

    @classmethod
    def from_bytes(
        cls,
        data: bytes,
        crf: ConditionalRandomField | None = None,
        background: Background = NO_BACKGROUND,
    ) -> "Model":
        """Read what ``to_bytes`` returned, given the CRF and the background that it had.

        Raises:
            ModelError: the bytes hold no model of this version.
        """
        header, _ = deserialise(data)
        return cls(
            LabelRules.from_json(header["labelling"]),
            frozenset(header["cuts"]),
            Memory.from_json(header["memory"]),
            crf,
            background,
        )


def pages_behind(finished: int) -> int:
    """Return how many of a site's newest finished pages its CRF has not learnt from yet.

    None while there are few pages, which are quickly learnt; then one to three.
    """
    return (finished - _AT_ONCE - 1) % _STRIDE + 1 if finished > _AT_ONCE else 0


def make_model(
    examples: Sequence[TrainingExample],
    labels: LabelSet,
    background: Background,
    crf: ConditionalRandomField | None,
) -> Model:
    """Make the model of a site from its finished pages, newest first, and its trained CRF.

    The model remembers the first ``MOST_PAGES``. This takes far less time than training the CRF.
    Without finished pages the model makes a cold start with the background; without that either, it
    suggests nothing.
    """
    rules, cues, sequences = _learn(examples[:MOST_PAGES], labels, background)
    return Model(rules, cues, Memory.of(sequences), crf, background)


def train_crf(
    examples: Sequence[TrainingExample], labels: LabelSet, background: Background
) -> ConditionalRandomField | None:
    """Train the CRF of a site on its finished pages, newest first, the first ``MOST_LEARNT``.

    Equal pages in the same order give an equal CRF.
    """
    _, _, sequences = _learn(examples[:MOST_LEARNT], labels, background)
    memory = Memory.of(sequences)
    to_learn = [
        _to_learn(sequence, memory, background, whole=index < _WHOLE)
        for index, sequence in enumerate(sequences)
    ]
    return train(to_learn, _PARAMETERS) if to_learn else None


def _learn(
    examples: Sequence[TrainingExample], labels: LabelSet, background: Background
) -> tuple[LabelRules, Cues, list[TrainingSequence]]:
    rules = background.rules(LabelRules.learn(labels, examples))
    cues = learn_cues(examples)
    sequences = [
        training_sequence(example, features_of(example.page, cues), rules) for example in examples
    ]
    return rules, cues, countable([sequence for sequence in sequences if sequence.tags])


def _to_learn(
    sequence: TrainingSequence, memory: Memory, background: Background, *, whole: bool
) -> tuple[FeatureSequence, tuple[str, ...]]:
    indexes = range(len(sequence.tags)) if whole else _near_labels(sequence.tags)
    features = _crf_features(sequence.features, memory, background, sequence, indexes)
    return features, tuple(sequence.tags[index] for index in indexes)


@lru_cache(maxsize=48)
def _near_labels(tags: tuple[str, ...]) -> list[int]:
    """Return the indexes of the units near a labelled one; all if no unit is labelled."""
    labelled = [index for index, tag in enumerate(tags) if tag != NONE]
    if not labelled:
        return list(range(len(tags)))
    near = {i for at in labelled for i in range(at - _NEAR, at + _NEAR + 1)}
    return sorted(near.intersection(range(len(tags))))
