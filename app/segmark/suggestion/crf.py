"""Linear-chain conditional random fields (CRFs), trained by python-crfsuite."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pycrfsuite  # type: ignore[import-untyped]

from segmark.suggestion.serialisation import deserialise, serialise

#: The features of a page's units: with their values, or names alone, each once, whose value is 1.
FeatureSequence = Sequence[Mapping[str, float]] | Sequence[Sequence[str]]
#: For each unit of a page, the probability of each tag.
Marginals = list[dict[str, float]]


@dataclass(frozen=True, slots=True)
class TrainingParameters:
    """How a CRF is trained.

    Attributes:
        c1: weight of the L1 penalty, which removes features.
        c2: weight of the L2 penalty, which keeps weights small.
        iterations: the maximum number of L-BFGS iterations.
    """

    c1: float
    c2: float
    iterations: int


@dataclass(frozen=True, slots=True)
class ConditionalRandomField:
    """A trained CRF; ``data`` is a model file of CRFsuite.

    CRFsuite trusts these bytes: altered ones crash the process. They must have been trained here or
    have been sealed (``seal``).
    """

    data: bytes
    _tagger: Any = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        tagger = pycrfsuite.Tagger()
        tagger.open_inmemory(self.data)
        object.__setattr__(self, "_tagger", tagger)

    def to_bytes(self) -> bytes:
        """Return the bytes to store in a project; ``from_bytes`` reads them."""
        return serialise({}, [self.data])

    @classmethod
    def from_bytes(cls, data: bytes) -> "ConditionalRandomField":
        """Read what ``to_bytes`` returned.

        Raises:
            ModelError: the bytes hold no CRF of this version.
        """
        _, (crf,) = deserialise(data, parts=1)
        return cls(crf)

    def marginals(self, features: FeatureSequence) -> Marginals:
        """Return the probability of each tag for each unit."""
        if not features:
            return []
        tagger = self._tagger
        tagger.set(pycrfsuite.ItemSequence(features))
        tags = tagger.labels()
        return [
            {tag: tagger.marginal(tag, index) for tag in tags} for index in range(len(features))
        ]


def train(
    sequences: Sequence[tuple[FeatureSequence, Sequence[str]]], parameters: TrainingParameters
) -> ConditionalRandomField:
    """Train a CRF on pages, given the tag of each unit; equal input gives an equal CRF."""
    trainer = pycrfsuite.Trainer("lbfgs", verbose=False)
    trainer.set_params(
        {"c1": parameters.c1, "c2": parameters.c2, "max_iterations": parameters.iterations}
    )
    for features, tags in sequences:
        trainer.append(pycrfsuite.ItemSequence(features), list(tags))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.crfsuite"
        trainer.train(str(path))
        return ConditionalRandomField(path.read_bytes())
