"""The prior: the model that ships with the program, for the first pages of a new project.

It was learnt from the structure and the shape of news pages of many sites, and knows no word of any
text: see the card beside it. ``tests/prior`` makes it.
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from segmark.suggestion.crf import ConditionalRandomField, Marginals
from segmark.suggestion.features import Features
from segmark.suggestion.prior_identity import SHA256
from segmark.suggestion.serialisation import ModelError, deserialise, serialise
from segmark.suggestion.tags import LabelRules


@dataclass(frozen=True, slots=True)
class Prior:
    """A model for pages of any site, made before there was a project.

    Attributes:
        rules: the labels that it knows.
        marked: for pages with markup.
        plain: for plain text.
        hosts: digests of the hosts that it was learnt from; see ``host_digest``.
    """

    rules: LabelRules
    marked: ConditionalRandomField
    plain: ConditionalRandomField
    hosts: frozenset[str]

    def marginals(self, features: Features) -> Marginals:
        """Return the probability of each tag for each unit of a page."""
        crf = self.marked if features.marked else self.plain
        return crf.marginals(features.general)

    def to_bytes(self) -> bytes:
        """Return the bytes of a file that ``from_bytes`` reads."""
        header = {"labelling": self.rules.to_json(), "hosts": sorted(self.hosts)}
        return serialise(header, [self.marked.data, self.plain.data])

    @classmethod
    def from_bytes(cls, data: bytes, sha256: str) -> "Prior":
        """Read what ``to_bytes`` returned, if it has this SHA-256.

        Raises:
            ModelError: the bytes are others, or of another version.
        """
        if (found := hashlib.sha256(data).hexdigest()) != sha256:
            raise ModelError(f"its SHA-256 is {found}, not {sha256}")
        header, parts = deserialise(data, parts=2)
        marked, plain = map(ConditionalRandomField, parts)
        rules = LabelRules.from_json(header["labelling"])
        return cls(rules, marked, plain, frozenset(header["hosts"]))


@cache
def read_prior(path: Path) -> Prior:
    """Read the prior that ships with the program.

    Raises:
        ModelError: it is missing, or not the one that ships.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path}: {error.strerror or error}") from None
    try:
        return Prior.from_bytes(data, SHA256)
    except ModelError as error:
        raise ModelError(f"{path}: {error}; install Segmark again") from None


def host_digest(host: str) -> str:
    """Return what stands for a host among ``Prior.hosts``."""
    return hashlib.sha256(host.encode()).hexdigest()[:12]
