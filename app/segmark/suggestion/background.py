"""The background: what is known about the pages of a site that has no finished page yet."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from segmark.suggestion.crf import Marginals
from segmark.suggestion.cross_site import CrossSiteModel
from segmark.suggestion.features import Features
from segmark.suggestion.prior import Prior
from segmark.suggestion.tags import LabelRules

#: The share of the prior in a cold start, beside a model of the project's other sites.
_PRIOR_SHARE = 0.75


def mixed(first: Marginals, second: Marginals, share: float) -> Marginals:
    """Return the weighted mean of two marginals; ``share`` is the weight of the second."""
    return [
        {tag: (1 - share) * one.get(tag, 0.0) + share * other.get(tag, 0.0) for tag in one | other}
        for one, other in zip(first, second, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Background:
    """What the prior and the project's other sites teach; either may be missing."""

    prior: Prior | None = None
    cross_site: CrossSiteModel | None = None

    def __bool__(self) -> bool:
        return bool(self.prior or self.cross_site)

    def rules(self, own: LabelRules) -> LabelRules:
        """Return the rules of a site, with what most pages show about the labels."""
        known = [own, *(model.rules for model in (self.prior, self.cross_site) if model)]
        most = max(known, key=lambda rules: rules.pages)
        return replace(own, single=most.single & own.names - own.joining)

    def cold(self, features: Features) -> Marginals:
        """Return the probability of each tag for each unit of a page, for a cold start.

        Empty without any model. Results are cached, because they stay the same when another page
        of the site is finished.
        """
        return _cold(self, features)

    def marginals(
        self, features: Features, from_memory: Sequence[dict[str, float]] = ()
    ) -> Marginals:
        """Return the same, given the features from the memory of the page's site.

        Only a model of other sites can use these; the prior makes a cold start.
        """
        if from_memory and self.cross_site:
            return self.cross_site.marginals(features, from_memory)
        return self.cold(features)


NO_BACKGROUND = Background()


@lru_cache(maxsize=96)
def _cold(background: Background, features: Features) -> Marginals:
    prior, others = background.prior, background.cross_site
    if prior is None:
        return others.marginals(features) if others else []
    from_prior = prior.marginals(features)
    return mixed(others.marginals(features), from_prior, _PRIOR_SHARE) if others else from_prior
