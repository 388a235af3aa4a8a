"""Map the labels of other tools to those of the project."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from segmark.core.label import LabelSet
from segmark.core.text.normalise import normalise
from segmark.loading.options import LabelOptions

_SHOWN = 20


@dataclass(frozen=True)
class LabelMapping:
    """The project's labels by the names that other tools give them."""

    labels: LabelSet
    options: LabelOptions

    @cached_property
    def _chosen(self) -> Mapping[str, str]:
        own = {theirs: self.labels.find(ours) for theirs, ours in self.options.names}
        return {theirs.casefold(): ours.id if ours else "" for theirs, ours in own.items()}

    def own_label(self, label: object) -> str | None:
        """Return the id of the project's label; ``""`` to leave it out, None for an unknown one.

        A name that a label had before stands for that label. What is not a string is always
        unknown.
        """
        if not isinstance(label, str):
            return None
        found = self._chosen.get(label.strip().casefold())
        if found is None and (own := self.labels.find(label)):
            found = own.id
        return "" if found is None and self.options.drop_unknown else found

    def refusal(self, unknown: Iterable[str]) -> str:
        """Return a one-line message that rejects unknown labels and says what to do."""
        listed = sorted({" ".join(normalise(name).split()) for name in unknown})
        more = f" and {len(listed) - _SHOWN} more" if len(listed) > _SHOWN else ""
        theirs = ", ".join(name[:40] for name in listed[:_SHOWN])
        ours = ", ".join(label.name for label in self.labels)
        return (
            f"the project lacks its labels {theirs}{more}, it has {ours}; say which is which with "
            f"--map {listed[0][:40]}={next(iter(self.labels)).name}, or leave the unknown ones "
            "out with --drop-unknown"
        )
