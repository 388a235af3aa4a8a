"""The cross-site model: what a project's other sites teach about a site with few finished pages.

It has two conditional random fields over features that mean the same on every site. The cold-start
CRF knows nothing about the site. The warm CRF also has the features from the memory of the site's
own finished pages. It was trained on pages of many sites, each with the memory of a few other pages
of its site, and so it knows how far to trust one, two or ten pages of any site.
"""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from segmark.core.label import LabelSet
from segmark.suggestion.crf import (
    ConditionalRandomField,
    FeatureSequence,
    Marginals,
    TrainingParameters,
    train,
)
from segmark.suggestion.example import TrainingExample
from segmark.suggestion.features import Features, features_of
from segmark.suggestion.memory import Memory, TrainingSequence, countable
from segmark.suggestion.serialisation import deserialise, serialise
from segmark.suggestion.tags import LabelRules, training_sequence

_COLD = TrainingParameters(c1=1.0, c2=0.01, iterations=80)
#: Regularised more: the class names of one template must not outweigh the memory of any site.
_WARM = TrainingParameters(c1=3.0, c2=0.1, iterations=80)
#: The maximum number of pages to learn from; each site contributes one before any contributes two.
_MOST_PAGES = 120
#: The maximum number of pages to read, including those only used as siblings of others.
MOST_READ = 240
#: For the warm CRF, each page is learnt once for each of these tuples, with the memory of a number
#: of other pages of its site that is drawn from the tuple.
_SIBLINGS = ((1, 1, 2, 2, 3), (4, 6, 10))
_ALONE = ((0,),)


def _warm_features(features: Features, from_memory: Sequence[dict[str, float]]) -> FeatureSequence:
    units = [dict.fromkeys(names, 1.0) for names in features.general]
    for unit, more in zip(units, from_memory, strict=False):
        unit.update(more)
    return units


@dataclass(frozen=True, slots=True)
class CrossSiteModel:
    """A model for pages of any site."""

    rules: LabelRules
    cold: ConditionalRandomField
    warm: ConditionalRandomField

    def marginals(
        self, features: Features, from_memory: Sequence[dict[str, float]] = ()
    ) -> Marginals:
        """Return the probability of each tag for each unit of a page.

        ``from_memory`` are the features from the memory of the page's site; the model makes a cold
        start if there are none.
        """
        if not from_memory:
            return self.cold.marginals(features.general)
        return self.warm.marginals(_warm_features(features, from_memory))

    def to_bytes(self) -> bytes:
        """Return the bytes to store in a project; ``from_bytes`` reads them."""
        return serialise({"labelling": self.rules.to_json()}, [self.cold.data, self.warm.data])

    @classmethod
    def from_bytes(cls, data: bytes) -> "CrossSiteModel":
        """Read what ``to_bytes`` returned.

        Raises:
            ModelError: the bytes hold no model of this version.
        """
        header, parts = deserialise(data, parts=2)
        cold, warm = map(ConditionalRandomField, parts)
        return cls(LabelRules.from_json(header["labelling"]), cold, warm)


def _round_robin(examples: Sequence[TrainingExample], rng: random.Random) -> list[TrainingExample]:
    """Return pages in random order, one of each site in turn, as many as may be read."""
    sites: defaultdict[str, list[TrainingExample]] = defaultdict(list)
    for example in rng.sample(examples, len(examples)):
        if example.page.blocks:
            sites[example.page.info.site].append(example)
    rounds = zip_longest(*sites.values())
    return [example for turn in rounds for example in turn if example is not None][:MOST_READ]


def train_cross_site_model(
    examples: Sequence[TrainingExample], labels: LabelSet, seed: int = 0
) -> CrossSiteModel | None:
    """Train the model on finished pages of a project's sites; None if there are none.

    Leave out the pages of the site that the model will be used for (leave-one-site-out). The site
    of a page is its ``page.info.site``. Equal pages in the same order give an equal model.
    """
    rng = random.Random(seed)
    rules = LabelRules.learn(labels, examples)
    sites: defaultdict[str, list[TrainingSequence]] = defaultdict(list)
    turns = []
    for example in _round_robin(examples, rng):
        sequence = training_sequence(example, features_of(example.page), rules)
        sites[example.page.info.site].append(sequence)
        turns.append((example.page.info.site, sequence))
    cold, warm = [], []
    for site, sequence in turns[:_MOST_PAGES]:
        cold.append((sequence.features.general, sequence.tags))
        siblings = [other for other in sites[site] if other is not sequence]
        for counts in _SIBLINGS if siblings else _ALONE:
            remembered = rng.sample(siblings, min(len(siblings), rng.choice(counts)))
            from_memory = Memory.of(countable(remembered)).features_for(sequence.features)
            warm.append((_warm_features(sequence.features, from_memory), sequence.tags))
    if not cold:
        return None
    return CrossSiteModel(rules, train(cold, _COLD), train(warm, _WARM))
