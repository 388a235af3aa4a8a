"""Linear-chain conditional random fields, by python-crfsuite."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pycrfsuite  # type: ignore[import-untyped]

from segmark.suggestion.serialisation import packed, unpacked

#: The features of a page's units with their values.
Items = Sequence[Mapping[str, float]]
#: For each unit of a page the probability of each state.
Marginals = list[dict[str, float]]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a field is trained.

    Attributes:
        c1: weight of the L1 penalty, which drops features.
        c2: weight of the L2 penalty, which keeps weights small.
        iterations: of L-BFGS at most.
    """

    c1: float
    c2: float
    iterations: int


@dataclass(frozen=True, slots=True)
class ConditionalRandomField:
    """A trained field; ``data`` is a model file of CRFsuite."""

    data: bytes
    _tagger: Any = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        tagger = pycrfsuite.Tagger()
        tagger.open_inmemory(self.data)
        object.__setattr__(self, "_tagger", tagger)

    def to_bytes(self) -> bytes:
        """For the project to keep; ``from_bytes`` reads it."""
        return packed({}, [self.data])

    @classmethod
    def from_bytes(cls, data: bytes) -> "ConditionalRandomField":
        """The field that ``to_bytes`` wrote.

        Raises:
            ModelError: the bytes hold none of this version.
        """
        _, (field,) = unpacked(data)
        return cls(field)

    def marginals(self, items: Items) -> Marginals:
        """How likely each state is for each unit."""
        if not items:
            return []
        tagger = self._tagger
        tagger.set(pycrfsuite.ItemSequence(items))
        states = tagger.labels()
        return [
            {state: tagger.marginal(state, index) for state in states}
            for index in range(len(items))
        ]


def train(
    sequences: Sequence[tuple[Items, Sequence[str]]], recipe: Recipe
) -> ConditionalRandomField:
    """A field trained on pages with the state of each unit; the same input gives the same field."""
    trainer = pycrfsuite.Trainer("lbfgs", verbose=False)
    trainer.set_params({"c1": recipe.c1, "c2": recipe.c2, "max_iterations": recipe.iterations})
    for items, states in sequences:
        trainer.append(pycrfsuite.ItemSequence(items), list(states))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.crfsuite"
        trainer.train(str(path))
        return ConditionalRandomField(path.read_bytes())
