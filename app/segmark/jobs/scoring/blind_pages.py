"""The pages that were labelled blind, and what was suggested or predicted for them."""

from dataclasses import replace

from segmark.store.figures.accuracy import BlindPage
from segmark.store.store import Store


def blind_pages(store: Store, model: str | None = None) -> list[BlindPage]:
    """The blind pages with their suggestions, or with the loaded predictions of a model.

    A page is counted once for everybody who labelled it blind.
    """
    pages = store.blind_pages()
    if model is None:
        return pages
    return [_predicted(store, page, model) for page in pages]


def _predicted(store: Store, page: BlindPage, model: str) -> BlindPage:
    number = store.pages.number_of(page.id) or 0
    found = store.suggestions.predictions_by_model(number).get(model, ())
    labelled = set(store.annotations(page.annotator).get(number).spans)
    return replace(page, suggested=[(one.confidence, one.span in labelled) for one in found])
