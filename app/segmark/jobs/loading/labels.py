"""Taking over what was labelled, or predicted, in other tools."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from segmark.core.annotation import UNTOUCHED, Annotation, State, Status
from segmark.core.edit import LOADED, Edit
from segmark.core.suggestion import Suggestion
from segmark.core.text.normalise import normalise
from segmark.jobs.loading.report import LoadReport, SourceReport
from segmark.loading.labels.alignment import placed
from segmark.loading.labels.mapping import Naming
from segmark.loading.labels.predictions import predicted
from segmark.loading.loader import Loaded
from segmark.loading.rejection import LoadError, NotAPageError, PassedOver
from segmark.loading.survey import Survey, unit_of
from segmark.loading.work import LabelChoice, LabelWork, OffsetUnit
from segmark.store.annotations import Annotations
from segmark.store.errors import StoreError
from segmark.store.store import Store

_SHOWN = 3  # faults of a page
_SOMEBODY = "loaded"  # whose work it is where nobody is named
_NAME = 200  # characters
_LABELLED = "labelled"


@dataclass(frozen=True, slots=True)
class Taken:
    """What came with a page and makes sense.

    Attributes:
        edits: with whose they are; they are made for a page that is untouched.
        predictions: for the page, sorted and disjoint.
        errors: what makes no sense.
    """

    edits: tuple[tuple[str, Edit], ...] = ()
    predictions: tuple[Suggestion, ...] = ()
    errors: tuple[LoadError, ...] = ()


NOTHING = Taken()


class LabelTaking:
    """Takes the labels that come with pages into a project."""

    def __init__(self, store: Store, choice: LabelChoice, survey: Survey) -> None:
        self._store = store
        self._choice = choice
        self._survey = survey
        self._naming = Naming(store.label_set, choice)
        self._annotations: dict[str, Annotations] = {}
        self._left_out: dict[str, Counter[str]] = {}  # what of a file, and how often

    def read(self, loaded: Loaded) -> Taken:
        """What came with a page; nothing is written."""
        labelled = loaded.labelled
        if labelled is None:
            return NOTHING
        self._leave_out(labelled.origin, Counter(labelled.notes))
        edits, found = list[tuple[str, Edit]](), tuple[Suggestion, ...]()
        errors = list[LoadError]()
        for work in labelled.works:
            unit = unit_of(self._survey, labelled.origin, work.units)
            try:
                if why := _is_not_for(work, loaded):
                    raise LoadError(loaded.page.info.source, f"its labels were not taken: {why}")
                if work.predicted:
                    found = predicted(work, loaded, unit, self._naming)
                elif edit := self._edit(work, loaded, unit, errors):
                    edits.append((self._whose(work), edit))
            except NotAPageError as error:
                errors.append(LoadError(loaded.page.info.source, str(error)))
            except LoadError as error:
                errors.append(error.alone())
        return Taken(tuple(edits), found, tuple(errors))

    def _edit(
        self, work: LabelWork, loaded: Loaded, unit: OffsetUnit, errors: list[LoadError]
    ) -> Edit | None:
        """The one edit that a work is; None for one that says nothing."""
        made = placed(work, loaded, unit, self._naming)
        origin = loaded.labelled.origin if loaded.labelled else ""
        names = {f"labels {name!r:.40}": count for name, count in made.dropped.items()}
        self._leave_out(origin, Counter(names))
        status = work.status or (Status.DONE if self._choice.done else Status.STARTED)
        if made.faults:
            more = len(made.faults) - _SHOWN
            told = "; ".join(made.faults[:_SHOWN]) + (f"; and {more} more" if more > 0 else "")
            errors.append(LoadError(loaded.page.info.source, f"labels of it were left out: {told}"))
            # Somebody has to look at it again.
            status = Status.STARTED if status is Status.DONE else status
        if status is Status.NEW or not (made.spans or work.status):
            return None
        return Edit(LOADED, (), made.spans, UNTOUCHED, State(status))

    def keep(
        self, fate: SourceReport, sha256: str, taken: Taken, report: LoadReport
    ) -> SourceReport:
        """Store what came with a page, whose text has this checksum, and tell it.

        What the project has is left as it is. Call it inside a write transaction.
        """
        if taken.predictions and (page := self._store.pages.number_of(fate.page)):
            self._store.suggestions.keep_predictions(page, taken.predictions)
            report.predicted += 1
        told = [fate.why] if fate.why else []
        told += ["with predictions"] if taken.predictions else []
        number = self._store.pages.number_of_text(sha256) if taken.edits else None
        for annotator, edit in taken.edits if number else ():
            outcome = self._outcome(number, annotator, edit) if number else "not labelled"
            report.labelled += outcome == _LABELLED
            report.kept += outcome != _LABELLED
            told.append(f"{outcome} by {annotator}")
        return replace(fate, why="; ".join(told))

    def _outcome(self, number: int, annotator: str, edit: Edit) -> str:
        """Store an edit where the annotation of the page is untouched; what came of it."""
        annotations = self._of(annotator)
        if annotations.get(number) != Annotation():
            return "already labelled"
        try:
            annotations.load(number, edit)
        except StoreError:  # nothing was written; the page may come back
            return "removed here, not labelled"
        return _LABELLED

    def left_out(self) -> Iterator[PassedOver]:
        """What of each file was left out on purpose."""
        for origin, counted in self._left_out.items():
            for what, count in counted.items():
                yield PassedOver(origin, _counted(count, what))

    def _leave_out(self, origin: str, counted: Counter[str]) -> None:
        if counted:
            self._left_out.setdefault(origin, Counter()).update(counted)

    def _whose(self, work: LabelWork) -> str:
        name = work.annotator or self._choice.annotator or _SOMEBODY
        return " ".join(normalise(name).split())[:_NAME] or _SOMEBODY

    def _of(self, annotator: str) -> Annotations:
        if annotator not in self._annotations:
            self._annotations[annotator] = self._store.annotations(annotator)
        return self._annotations[annotator]


def _counted(count: int, what: str) -> str:
    """So many of what is named in the plural."""
    if count != 1:
        return f"{count:,} {what}"
    noun, _, rest = what.partition(" ")
    return f"1 {noun.removesuffix('s')} {rest.replace('are no labels', 'is no label')}"


def _is_not_for(work: LabelWork, loaded: Loaded) -> str:
    """Why a work can't be of this very page; "" where it can."""
    if not work.marks:
        return ""
    if loaded.page.info.media != "text":
        return "they are of a text, and the page was made from HTML"
    if work.checksum and work.checksum != loaded.page.sha256:
        return "the text is not the one that was labelled: its checksum differs"
    return ""
