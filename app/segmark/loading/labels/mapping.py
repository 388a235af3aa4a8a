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
    def _own_names(self) -> Mapping[str, str]:
        own = {label.name.casefold(): label.name for label in self.labels}
        return own | {theirs.casefold(): ours for theirs, ours in self.options.names}

    def own_name(self, label: object) -> str | None:
        """Return the project's label; ``""`` for one to leave out, None for an unknown one.

        What is not a string is always unknown.
        """
        if not isinstance(label, str):
            return None
        name = self._own_names.get(label.strip().casefold())
        return "" if name is None and self.options.drop_unknown else name

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
