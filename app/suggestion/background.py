"""What a project's other sites teach about a site that has few finished pages, or none.

A field over general features and over what a site's own memory says. It is trained on pages of
many sites, each seen once without memory and again with that of some pages of its own site: so it
learns how far a memory of one, two or more pages can be trusted, on any site.
"""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from app.suggestion.crf import Field, Marginals, Recipe, train
from app.suggestion.features import Features, features_of
from app.suggestion.memory import Lesson, Memory
from app.suggestion.states import Labelling, states_of
from app.suggestion.suggester import Example

_RECIPE = Recipe(c1=0.5, c2=0.01, iterations=80)
#: At most so many pages are learnt from; every site has its turn before any has a second.
_MOST_PAGES = 80
#: How many pages of its site a page is seen with, beside once without any.
_SIBLINGS = ((1, 1, 2, 2, 3), (4, 6, 10))
_NO_MEMORY = Memory(0, 0, {}, {})


def background_items(features: Features, memory: Memory) -> list[dict[str, float]]:
    """A page as the field sees it."""
    return [
        {**dict.fromkeys(general, 1.0), **recalled}
        for general, recalled in zip(features.general, memory.names(features), strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Background:
    """A field that knows no site in particular."""

    field: Field

    def marginals(self, features: Features, memory: Memory = _NO_MEMORY) -> Marginals:
        """How likely each state is for each unit of a page."""
        return self.field.marginals(background_items(features, memory))


def _chosen(examples: Sequence[Example], rng: random.Random) -> dict[str, list[Example]]:
    sites: defaultdict[str, list[Example]] = defaultdict(list)
    for example in examples:
        if example.page.blocks:
            sites[example.page.info.site].append(example)
    for pages in sites.values():
        rng.shuffle(pages)
    return sites


def _turns(sites: dict[str, list[Example]]) -> list[Example]:
    longest = max(map(len, sites.values()), default=0)
    turns = [pages[turn] for turn in range(longest) for pages in sites.values() if turn < len(pages)]
    return turns[:_MOST_PAGES]


def learn_background(
    others: Sequence[Example], labelling: Labelling, seed: int = 0
) -> Background | None:
    """The background that finished pages of other sites give; None where there are none.

    The pages' sites are told apart by ``page.info.site``.
    """
    rng = random.Random(seed)
    sites = _chosen(others, rng)
    sequences = []
    for example in _turns(sites):
        features = features_of(example.page)
        states = states_of(example, features.units, labelling)
        siblings = [other for other in sites[example.page.info.site] if other is not example]
        for counts in ((0,), *(_SIBLINGS if siblings else ())):
            known = rng.sample(siblings, min(len(siblings), rng.choice(counts)))
            memory = Memory.of([lesson_of(other, labelling) for other in known])
            sequences.append((background_items(features, memory), states))
    return Background(train(sequences, _RECIPE)) if sequences else None


def lesson_of(example: Example, labelling: Labelling) -> Lesson:
    """A finished page as a lesson of its blocks."""
    features = features_of(example.page)
    return Lesson(features, states_of(example, features.units, labelling))
