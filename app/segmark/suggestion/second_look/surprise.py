"""How much the labels of a finished page surprise models that have not seen it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from math import log

from segmark.core.label import LabelSet
from segmark.core.span import Span, covering
from segmark.suggestion.background import Background
from segmark.suggestion.example import TrainingExample
from segmark.suggestion.features import Features, features_of
from segmark.suggestion.memory import NONE
from segmark.suggestion.model import Model, make_model, train_crf
from segmark.suggestion.second_look.finding import Finding, FindingKind
from segmark.suggestion.second_look.reasons import SiteEvidence, reason_for
from segmark.suggestion.second_look.template import template_at

#: The pages of a site are split into so many parts; each part is judged by what the others teach.
_PARTS = 5
#: The share of what pages of other sites alone let expect. It speaks up where the pages of the site
#: repeat a mistake.
_COLD_SHARE = 0.1
#: All probabilities below this are treated alike.
_FLOOR = 1e-4


def look_again(
    examples: Sequence[TrainingExample], labels: LabelSet, background: Background
) -> Iterator[tuple[int, list[Finding]]]:
    """Yield the index of each finished page of a site, with what surprises on it.

    No model that judges a page has learnt from it. ``background`` must not have either. Twenty
    pages at a time are enough; a few hundred would not teach more.
    """
    parts = min(_PARTS, len(examples))
    for part in range(parts):
        others = [one for at, one in enumerate(examples) if at % parts != part]
        model = make_model(others, labels, background, train_crf(others, labels, background))
        for at in range(part, len(examples), parts):
            yield at, _Look(examples[at], model, labels).findings()


@dataclass(frozen=True, slots=True)
class _Run:
    """Neighbouring units that have one label, where another one is expected; ``NONE`` for none."""

    first: int
    last: int
    label: str
    likely: str
    surprise: float


class _Look:
    """One page beside what a model expects of it."""

    def __init__(self, example: TrainingExample, model: Model, labels: LabelSet) -> None:
        self._name_of = labels.name_of
        self._example, self._model = example, model
        self._features: Features = features_of(example.page, model.cues)
        self._expected = model.expect(self._features, _COLD_SHARE)
        self._spans = [
            covering(example.spans, unit.start, unit.end) for unit in self._features.units
        ]
        self._labels = [span.label if span else NONE for span in self._spans]

    def findings(self) -> list[Finding]:
        """What surprises on the page, in text order."""
        if not self._expected:
            return []
        runs = self._whole_spans(list(self._runs()))
        return sorted(self._found(runs), key=lambda one: one.span)

    def _likely(self, index: int) -> str:
        expected = self._expected[index]
        return max(expected, key=lambda label: (expected[label], label))

    def _surprise(self, index: int, likely: str) -> float:
        expected = self._expected[index]
        label = self._labels[index]
        return log(max(expected[likely], _FLOOR) / max(expected.get(label, 0.0), _FLOOR))

    def _runs(self) -> Iterator[_Run]:
        said = [(span, self._likely(index)) for index, span in enumerate(self._spans)]
        first = 0
        for (span, likely), run in groupby(said):
            last, label = first + len(list(run)) - 1, span.label if span else NONE
            if label != likely:
                yield self._run(first, last, label, likely)
            first = last + 1

    def _run(self, first: int, last: int, label: str, likely: str) -> _Run:
        odds = [self._surprise(index, likely) for index in range(first, last + 1)]
        return _Run(first, last, label, likely, sum(odds) / len(odds))

    def _whole_spans(self, runs: Sequence[_Run]) -> list[_Run]:
        """Make one run of all that surprise in one span, if that is most of the span."""
        sizes = Counter(self._spans)
        found = list[_Run]()
        for span, inside in groupby(runs, key=lambda run: self._spans[run.first]):
            those = list(inside)
            surprising = sum(run.last - run.first + 1 for run in those)
            if span is None or len(those) == 1 or 2 * surprising < sizes[span]:
                found += those
                continue
            units = [index for index, one in enumerate(self._spans) if one == span]
            most = max(those, key=lambda run: (run.last - run.first, run.surprise))
            found.append(replace(most, first=units[0], last=units[-1]))
        return found

    def _found(self, runs: Sequence[_Run]) -> Iterator[Finding]:
        """Make findings of runs; a label that a page has once, and elsewhere, makes one of two."""
        used = set[_Run]()
        for name in sorted(self._model.rules.single):
            here = [run for run in runs if run.label == name]
            there = [run for run in runs if run.likely == name]
            if here and there:
                first = max(here, key=lambda run: run.surprise)
                other = max(there, key=lambda run: run.surprise)
                used |= {first, other}
                surprise = max(first.surprise, other.surprise)
                yield self._finding(
                    replace(first, surprise=surprise), FindingKind.ELSEWHERE, self._span(other)
                )
        yield from (self._finding(run, self._kind(run)) for run in runs if run not in used)

    def _kind(self, run: _Run) -> FindingKind:
        before = run.first - 1
        after = run.last + 1
        if run.label == NONE:
            beside = [
                self._labels[index] == run.likely
                for index in (before, after)
                if 0 <= index < len(self._labels)
            ]
            return FindingKind.EDGE if sum(beside) == 1 else FindingKind.MISSING
        if run.likely != NONE:
            return FindingKind.SWAPPED
        span = self._spans[run.first]
        more = [
            0 <= index < len(self._spans) and self._spans[index] == span
            for index in (before, after)
        ]
        return FindingKind.EDGE if sum(more) == 1 else FindingKind.EXTRA

    def _span(self, run: _Run) -> Span:
        """The range of a run, with the label that is likely there."""
        units = self._features.units
        likely = "" if run.likely == NONE else run.likely
        return Span(units[run.first].start, units[run.last].end, likely)

    def _finding(self, run: _Run, kind: FindingKind, instead: Span | None = None) -> Finding:
        page, units = self._example.page, self._features.units
        start, end, likely = self._span(run)
        label = "" if run.label == NONE else run.label
        sure = sum(
            self._expected[index][run.likely] for index in range(run.first, run.last + 1)
        ) / (run.last - run.first + 1)
        evidence = SiteEvidence.of(self._model, self._features, run.first, label, likely, sure)
        return Finding(
            kind,
            Span(start, end, label),
            likely,
            round(run.surprise, 3),
            template_at(page, units[run.first].block),
            reason_for(kind, self._name_of(label), self._name_of(likely), evidence),
            instead,
        )
