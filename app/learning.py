"""Learning from finished pages and suggesting for others; runs beside the window, never in it.

A site's model learns from the annotator's newest finished pages of the site, and from what the
project's other sites teach. Models are kept in the project by the pages that they learnt from, so
that a restart loses nothing, and the same project gives the same suggestions.
"""

from collections.abc import Sequence
from contextlib import suppress

from app.core.suggestion import Suggestion
from app.store.store import Store
from app.store.suggestions import NOTHING, Offer
from app.suggesting import is_blind
from app.suggestion.background import Background, learn_background
from app.suggestion.model import MOST_PAGES, Model, train_model
from app.suggestion.packing import ModelError
from app.suggestion.suggester import Example

#: How many pages of other sites are learnt from: so many as are finished, rounded down to one of
#: these, so that it is not done anew for every page.
_STEPS = (0, 2, 5, 10, 20, 40, 80, 160, 240)
#: So many models are at hand at once; others are read from the project again.
_MOST_MODELS = 32


class Learner:
    """Learns and suggests for one annotator's pages of a project, in one thread of its own."""

    def __init__(self, store: Store, annotator: str) -> None:
        self._store = store
        self._annotator = annotator
        self._examples: dict[int, Example] = {}
        self._models: dict[str, tuple[str, Model]] = {}
        self._backgrounds: dict[str, tuple[str, Background | None]] = {}

    def offer(self, number: int) -> Offer:
        """What is suggested for a page by the project's policy; nothing where nothing is known."""
        policy = self._store.suggestions.policy
        found = self.suggest(number) if policy.on else ()
        if not found:
            return NOTHING
        name, _ = self._store.pages.names(number)
        blind = is_blind(name, self._store.suggestions.seed, policy.blind_share)
        return Offer(found, blind, policy.threshold)

    def suggest(self, number: int) -> tuple[Suggestion, ...]:
        """All suggestions for a page, whatever the policy says.

        Where predictions were loaded for it, they are all: mixed with others they could be
        neither seen nor judged as the work of the model that made them.
        """
        if predicted := self._store.suggestions.predicted(number):
            return predicted
        page = self._store.pages.get(number)
        return self.model(page.info.site).suggest(page)

    def model(self, site: str) -> Model:
        """The model of a site, learnt anew if pages were finished since."""
        suggestions = self._store.suggestions
        numbers = suggestions.finished_pages(self._annotator, site, MOST_PAGES)
        others, background = self._background(site if numbers else None)
        version = f"{suggestions.version(self._annotator, numbers)} {others}"
        name = f"{self._annotator} on {site}" if numbers else f"{self._annotator} on no site"
        if (made := self._models.get(name)) and made[0] == version:
            return made[1]
        model = self._kept_model(name, version, background)
        if model is None:
            model = train_model(self._read(numbers), self._store.label_set, background)
            self._keep(name, version, model.to_bytes())
        if len(self._models) >= _MOST_MODELS:
            del self._models[next(iter(self._models))]
        self._models[name] = version, model
        return model

    def _kept_model(self, name: str, version: str, background: Background | None) -> Model | None:
        if kept := self._store.suggestions.model(name, version):
            with suppress(ModelError):  # of another version of the program: learn anew
                return Model.from_bytes(kept, background)
        return None

    def _background(self, site: str | None) -> tuple[str, Background | None]:
        """What all sites but one teach, with its version; None leaves out no site."""
        suggestions = self._store.suggestions
        finished = suggestions.count_elsewhere(self._annotator, site)
        count = max(step for step in _STEPS if step <= finished)
        numbers = suggestions.finished_elsewhere(self._annotator, site, count)
        name = (
            f"{self._annotator} on all but {site}"
            if site is not None
            else f"{self._annotator} on all"
        )
        version = suggestions.version(self._annotator, numbers)
        if not numbers:
            return version, None
        if (made := self._backgrounds.get(name)) and made[0] == version:
            return made
        background = self._kept_background(name, version)
        if background is None:
            background = learn_background(self._read(numbers), self._store.label_set)
            if background:
                self._keep(name, version, background.to_bytes())
        self._backgrounds = {name: (version, background)}
        return version, background

    def _kept_background(self, name: str, version: str) -> Background | None:
        if kept := self._store.suggestions.model(name, version):
            with suppress(ModelError):
                return Background.from_bytes(kept)
        return None

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
        if self._store.read_only:
            return
        with self._store.write():
            self._store.suggestions.keep_model(name, version, data)
