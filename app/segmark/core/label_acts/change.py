"""LabelSetChange: an act on the label set, and LabelForecast: what it does to the pages."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from segmark.core.label import LabelSet
from segmark.core.text.counts import count_words


@dataclass(frozen=True, slots=True)
class LabelSetChange:
    """A change of the label set, and where the spans of labels go that go away.

    Attributes:
        title: the words after "Undo" in the menu.
        before: the label set that it was made on.
        after: the new label set.
        moves: where spans go, as ids of labels: the label that they have now and the one that they
            get, or "" if they are cleared. A label that begins to join moves to itself.
    """

    title: str
    before: LabelSet
    after: LabelSet
    moves: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing would be different."""
        return self.before == self.after and not self.moves

    @property
    def clears(self) -> bool:
        """Whether spans are cleared."""
        return "" in self.moves.values()


@dataclass(frozen=True, slots=True)
class LabelForecast:
    """What a change of the label set does to the work that is there.

    Attributes:
        change: the change.
        spans: the number of spans of the labels that change, of all annotators.
        pages: the number of pages with such spans.
        joined: how many spans there will be fewer because they join.
        reopened: the ids of the pages that are finished now and will be started.
        others: the names of the other annotators with such spans, in alphabetical order.
        warnings: sentences about colours that are hard to see, and keys that mean something else.
    """

    change: LabelSetChange
    spans: int = 0
    pages: int = 0
    joined: int = 0
    reopened: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def touched(self) -> int:
        """About how many pages the change takes in hand."""
        return self.pages + len(self.reopened)

    def lines(self) -> list[str]:
        """The forecast in sentences, such as "Merge a into b: 12 spans on 3 pages change."."""
        if self.change.is_empty:
            return [f"{self.change.title}: it is so already."]
        found = [f"{self.change.title}: {self._spans_words()}."]
        if self.joined:
            found.append(
                f"{count_words(self.joined, 'span')} fewer, because touching ones become one."
            )
        if self.reopened:
            were = "page is" if len(self.reopened) == 1 else "pages are"
            found.append(f"{len(self.reopened):,} finished {were} set back to started.")
        if self.others:
            found.append(f"This changes the work of {', '.join(self.others)} as well.")
        return found + list(self.warnings)

    def _spans_words(self) -> str:
        if not self.spans:
            return "no span changes"
        where = f"{count_words(self.spans, 'span')} on {count_words(self.pages, 'page')}"
        keeps = "keeps its place" if self.spans == 1 else "keep their place"
        if self.change.clears:
            return f"{where} {'is' if self.spans == 1 else 'are'} cleared"
        if any(old != new for old, new in self.change.moves.items()):
            return f"{where} {'gets' if self.spans == 1 else 'get'} the other label"
        return f"{where} {keeps}"


_TOLD = 2  # labels that one line names


def changed_elsewhere(before: LabelSet, after: LabelSet) -> str:
    """What somebody else did to the label set, as a sentence without its full stop."""
    found = []
    for label in before:
        if label.id in after.successors:
            into = after.successors[label.id]
            end = f"was merged into {after.name_of(into)}" if into else "was deleted"
            found.append(f"{label.name} {end}")
        elif (name := after.name_of(label.id)) != label.name:
            found.append(f"{label.name} was renamed {name}")
    found += [f"{label.name} was added" for label in after if label.id not in before.ids]
    if len(found) > _TOLD:
        found[_TOLD:] = [f"and {len(found) - _TOLD} more"]
    return f"{', '.join(found) or 'the label set was changed'} elsewhere"
