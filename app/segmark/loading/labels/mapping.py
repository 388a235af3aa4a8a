"""What the labels of other tools are called here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from segmark.core.label import LabelSet
from segmark.core.text.normalise import normalise
from segmark.loading.work import LabelChoice

_SHOWN = 20


@dataclass(frozen=True)
class Naming:
    """Labels by the names that other tools give them."""

    labels: LabelSet
    choice: LabelChoice

    @cached_property
    def _ours(self) -> Mapping[str, str]:
        own = {label.name.casefold(): label.name for label in self.labels}
        return own | {theirs.casefold(): ours for theirs, ours in self.choice.names}

    def ours(self, theirs: object) -> str | None:
        """The label of the project; ``""`` for one to be left out, None for an unknown one.

        What is no name at all is unknown in any case.
        """
        if not isinstance(theirs, str):
            return None
        known = self._ours.get(theirs.strip().casefold())
        return "" if known is None and self.choice.drop_unknown else known

    def unknown(self, names: Iterable[str]) -> str:
        """One line that refuses labels and says what to do."""
        listed = sorted({" ".join(normalise(name).split()) for name in names})
        more = f" and {len(listed) - _SHOWN} more" if len(listed) > _SHOWN else ""
        theirs = ", ".join(name[:40] for name in listed[:_SHOWN])
        ours = ", ".join(label.name for label in self.labels)
        return (
            f"the project lacks its labels {theirs}{more}, it has {ours}; say which is which by "
            f"--map {listed[0][:40]}={next(iter(self.labels)).name}, or leave the unknown ones "
            "out by --drop-unknown"
        )
