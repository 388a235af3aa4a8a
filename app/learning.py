"""Learning from finished pages and suggesting for others; runs beside the window, never in it.

A site's model learns from the annotator's newest finished pages of the site, and from what the
project's other sites teach. Models are kept in the project by the pages that they learnt from, so
that a restart loses nothing, and the same project gives the same suggestions.
"""

from collections.abc import Sequence
from contextlib import suppress

from app.core.suggestion import Suggestion
from app.store.store import Store
from app.store.suggestions import Offer
from app.suggesting import is_blind
from app.suggestion.background import Background, learn_background
from app.suggestion.model import MOST_PAGES, Model, train_model
from app.suggestion.packing import ModelError
from app.suggestion.suggester import Example

#: How many pages of other sites are learnt from: so many as are finished, rounded down to one of
#: these, so that it is not done anew for every page.
_STEPS = (0, 2, 5, 10, 20, 40, 80, 160, 240)


class Learner:
    """Learns and suggests for one annotator's pages of a project, in one thread of its own."""

    def __init__(self, store: Store, annotator: str) -> None:
        self._store = store
        self._annotator = annotator
        self._examples: dict[int, Example] = {}

    def offer(self, number: int) -> Offer:
        """What is suggested for a page: nothing where nothing was learnt."""
        policy, page = self._store.suggestions.policy, self._store.pages.get(number)
        if not policy.on:
            return Offer(())
        found = self.model(page.info.site).suggest(page)
        shown = tuple(one for one in found if one.confidence >= policy.threshold)
        blind = is_blind(page.id, self._store.suggestions.seed, policy.blind_share)
        return Offer(shown, blind and bool(shown))

    def suggest(self, number: int) -> tuple[Suggestion, ...]:
        """All suggestions for a page, whatever the policy says."""
        page = self._store.pages.get(number)
        return self.model(page.info.site).suggest(page)

    def model(self, site: str) -> Model:
        """The model of a site, learnt anew if pages were finished since."""
        suggestions = self._store.suggestions
        others, background = self._background(site)
        numbers = suggestions.finished_pages(self._annotator, site, MOST_PAGES)
        name = f"{self._annotator} on {site}"
        version = f"{suggestions.version(self._annotator, numbers)} {others}"
        if kept := suggestions.model(name, version):
            with suppress(ModelError):  # of another version of the program: learn anew
                return Model.from_bytes(kept, background)
        model = train_model(self._read(numbers), self._store.label_set, background)
        self._keep(name, version, model.to_bytes())
        return model

    def _background(self, site: str) -> tuple[str, Background | None]:
        """What other sites teach, with its version."""
        suggestions = self._store.suggestions
        finished = suggestions.count_elsewhere(self._annotator, site)
        count = max(step for step in _STEPS if step <= finished)
        numbers = suggestions.finished_elsewhere(self._annotator, site, count)
        name = f"{self._annotator} on all but {site}"
        version = suggestions.version(self._annotator, numbers)
        if not numbers:
            return version, None
        if kept := suggestions.model(name, version):
            with suppress(ModelError):
                return version, Background.from_bytes(kept)
        background = learn_background(self._read(numbers), self._store.label_set)
        if background:
            self._keep(name, version, background.to_bytes())
        return version, background

    def _read(self, numbers: Sequence[int]) -> list[Example]:
        """The pages with their spans; those read before are read again only if they changed."""
        annotations = self._store.annotations(self._annotator)
        examples = []
        for number in numbers:
            spans = annotations.get(number).spans
            kept = self._examples.get(number)
            if kept is None or kept.spans != spans:
                kept = Example(self._store.pages.get(number), spans)
                self._examples[number] = kept
            examples.append(kept)
        return examples

    def _keep(self, name: str, version: str, data: bytes) -> None:
        with self._store.write():
            self._store.suggestions.keep_model(name, version, data)
