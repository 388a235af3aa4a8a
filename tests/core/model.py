"""What labelling means, said the slow way: every character has a mark of its own.

White space has none. Two characters with only white space between them belong to one span when
their marks are equal: the label, and for a label that does not join also the stroke that made it.
"""

from dataclasses import dataclass, field, replace
from itertools import count

from segmark.core.span import Span

from tests.factories import LABELS

Mark = tuple[str, int]


@dataclass(frozen=True)
class Model:
    """The marks of a text; every act gives another model."""

    text: str
    marks: tuple[Mark | None, ...]
    strokes: "count[int]" = field(default_factory=lambda: count(1), compare=False)

    @classmethod
    def of(cls, text: str) -> "Model":
        return cls(text, (None,) * len(text))

    def painted(self, start: int, end: int, label: str) -> "Model":
        stroke = 0 if LABELS[label].joins else next(self.strokes)
        return self._marked(start, end, (label, stroke))

    def cleared(self, start: int, end: int) -> "Model":
        return self._marked(start, end, None)

    def spans(self) -> tuple[Span, ...]:
        found: list[Span] = []
        last: Mark | None = None
        for at, mark in enumerate(self.marks):
            if self.text[at].isspace():
                continue
            if mark and mark == last:
                found[-1] = found[-1]._replace(end=at + 1)
            elif mark:
                found.append(Span(at, at + 1, mark[0]))
            last = mark
        return tuple(found)

    def _marked(self, start: int, end: int, mark: Mark | None) -> "Model":
        marks = list(self.marks)
        for at in range(start, end):
            if not self.text[at].isspace():
                marks[at] = mark
        return replace(self, marks=tuple(marks))
