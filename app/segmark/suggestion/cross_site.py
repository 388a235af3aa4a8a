"""What a project's other sites teach about a site that has few finished pages, or none.

Two fields over general features. The cold one knows nothing of a site. The warm one is also told
what the memory of the site's own finished pages says; it was trained on pages of many sites, each
told what a few pages of its own site say. So it learns how far one, two or ten pages can be
trusted on any site, before a site has enough pages to show it for itself.
"""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from segmark.core.label import LabelSet
from segmark.suggestion.crf import ConditionalRandomField, Items, Marginals, Recipe, train
from segmark.suggestion.example import Example
from segmark.suggestion.features import Features, features_of
from segmark.suggestion.memory import Lesson, Memory, countable
from segmark.suggestion.serialisation import packed, unpacked
from segmark.suggestion.tags import Labelling, lesson_of

_COLD = Recipe(c1=1.0, c2=0.01, iterations=80)
#: Held short: what one template's names say must not outweigh what the memory says on any.
_WARM = Recipe(c1=3.0, c2=0.1, iterations=80)
#: At most so many pages are learnt from; every site has its turn before any has a second.
_MOST_PAGES = 120
#: And at most so many are read, as siblings of those.
_MOST_READ = 240
#: How many pages of its site the warm field is told about, one time each; drawn from these.
_SIBLINGS = ((1, 1, 2, 2, 3), (4, 6, 10))
_ALONE = ((0,),)


def _cold_items(features: Features) -> Items:
    return [dict.fromkeys(names, 1.0) for names in features.general]


def _warm_items(features: Features, told: Sequence[dict[str, float]]) -> Items:
    items = [dict.fromkeys(names, 1.0) for names in features.general]
    for item, said in zip(items, told, strict=False):
        item.update(said)
    return items


@dataclass(frozen=True, slots=True)
class CrossSiteModel:
    """What is known of no site in particular."""

    labelling: Labelling
    cold: ConditionalRandomField
    warm: ConditionalRandomField

    def marginals(self, features: Features, told: Sequence[dict[str, float]] = ()) -> Marginals:
        """How likely each state is for each unit of a page, given what a memory told of it.

        Of a page that nothing was told of it is what any site's would be.
        """
        if not told:
            return self.cold.marginals(_cold_items(features))
        return self.warm.marginals(_warm_items(features, told))

    def to_bytes(self) -> bytes:
        """For the project to keep; ``from_bytes`` reads it."""
        return packed({"labelling": self.labelling.to_json()}, [self.cold.data, self.warm.data])

    @classmethod
    def from_bytes(cls, data: bytes) -> "CrossSiteModel":
        """The background that ``to_bytes`` wrote.

        Raises:
            ModelError: the bytes hold none of this version.
        """
        header, parts = unpacked(data)
        cold, warm = map(ConditionalRandomField, parts)
        return cls(Labelling.from_json(header["labelling"]), cold, warm)


def _turns(examples: Sequence[Example], rng: random.Random) -> list[Example]:
    """Pages in random order, one of every site after the other, as many as may be read."""
    sites: defaultdict[str, list[Example]] = defaultdict(list)
    for example in rng.sample(examples, len(examples)):
        if example.page.blocks:
            sites[example.page.info.site].append(example)
    rounds = zip_longest(*sites.values())
    return [example for turn in rounds for example in turn if example is not None][:_MOST_READ]


def learn_background(
    others: Sequence[Example], labels: LabelSet, seed: int = 0
) -> CrossSiteModel | None:
    """The background that finished pages of a project's sites give; None where there are none.

    Sites are told apart by ``page.info.site``. Leave out the site that it is to help. The same
    pages in the same order give the same background.
    """
    rng = random.Random(seed)
    labelling = Labelling.learn(labels, others)
    sites: defaultdict[str, list[Lesson]] = defaultdict(list)
    turns = []
    for example in _turns(others, rng):
        lesson = lesson_of(example, features_of(example.page), labelling)
        sites[example.page.info.site].append(lesson)
        turns.append((example.page.info.site, lesson))
    cold, warm = [], []
    for site, lesson in turns[:_MOST_PAGES]:
        cold.append((_cold_items(lesson.features), lesson.states))
        siblings = [other for other in sites[site] if other is not lesson]
        for counts in _SIBLINGS if siblings else _ALONE:
            known = rng.sample(siblings, min(len(siblings), rng.choice(counts)))
            told = Memory.of(countable(known)).told(lesson.features)
            warm.append((_warm_items(lesson.features, told), lesson.states))
    if not cold:
        return None
    return CrossSiteModel(labelling, train(cold, _COLD), train(warm, _WARM))
