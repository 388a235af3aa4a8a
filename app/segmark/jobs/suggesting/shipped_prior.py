"""The prior that ships with the program, for projects that it helps.

The window's process must never load the CRF library, so only ``read`` imports it.
"""

import logging
from typing import TYPE_CHECKING

from segmark.core.label import LabelSet
from segmark.environment.resource_path import resource_path
from segmark.suggestion.prior_identity import LABELS

if TYPE_CHECKING:
    from segmark.suggestion.prior import Prior

_log = logging.getLogger(__name__)

PRIOR = resource_path("models", "prior.bin")


def helps(labels: LabelSet) -> bool:
    """Whether the prior knows any of a project's labels, by their ids."""
    return bool(LABELS & labels.ids)


def read(labels: LabelSet) -> "Prior | None":
    """Read the prior; None if it knows none of the labels, or if it can't be used."""
    from segmark.suggestion.prior import read_prior
    from segmark.suggestion.serialisation import ModelError

    if not helps(labels):
        return None
    try:
        return read_prior(PRIOR)
    except ModelError as error:
        _log.warning("no suggestions for the first pages: %s", error)
        return None
