"""Merging the labels of one copy of a project into another copy of it.

Each annotation is compared by its history. Where one copy went on from what the other one has, the
longer work wins; where both went on, the page is a conflict and stays as it is. Examples of the
guideline, questions and answers that the other copy lacks are brought over as well.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from segmark.core.annotation import Annotation
from segmark.core.edit import Edit, EditConflictError, apply
from segmark.core.page_change import PageChange, add_example, answer_question, ask
from segmark.store.annotations import Annotations
from segmark.store.store import Store

_TITLE = "Merge"


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge did.

    Attributes:
        taken: how many annotations were brought over.
        conflicts: the pages that both copies changed, by their names.
        missing: the pages that the other copy lacks, by their names.
    """

    taken: int
    conflicts: tuple[str, ...]
    missing: tuple[str, ...]

    def __str__(self) -> str:
        pages = "page" if self.taken == 1 else "pages"
        parts = [f"The labels of {self.taken:,} {pages} were merged"]
        for names, what in (
            (self.conflicts, "changed in both files and left as it is there"),
            (self.missing, "not in the other file"),
        ):
            if names:
                more = f" and {len(names) - 3:,} more" if len(names) > 3 else ""
                parts.append(f"{', '.join(names[:3])}{more}: {what}")
        return ". ".join(parts) + "."


def merge(source: Path, target: Path) -> Merged:
    """Bring the labels of ``source`` into ``target``, one undoable act for each page.

    Raises:
        StoreError: one of the files can't be opened, or the labels could not be stored.
    """
    taken, conflicts, missing = 0, dict[str, None](), dict[str, None]()
    with Store.open(source) as ours, Store.open(target) as theirs:
        for name in ours.annotators():
            mine, other = ours.annotations(name), theirs.annotations(name)
            my_past, other_past = _histories(mine), _histories(other)
            with theirs.write("the labels were not merged"):
                for page_id, past in my_past.items():
                    number, there = ours.pages.number_of(page_id), theirs.pages.number_of(page_id)
                    if number is None:
                        continue
                    new = mine.get(number)
                    if there is None:
                        missing[ours.pages.names(number)[0]] = None
                        continue
                    old = other.get(there)
                    if old == new or new in other_past.get(page_id, ()):
                        continue
                    if old not in past:
                        conflicts[ours.pages.names(number)[0]] = None
                        continue
                    other.load(there, _difference(old, new))
                    taken += 1
            _merge_guideline(ours, theirs)
    return Merged(taken, tuple(conflicts), tuple(missing))


def _histories(annotations: Annotations) -> dict[str, list[Annotation]]:
    """Every state that each page went through, by the page's id."""
    past = defaultdict[str, list[Annotation]](lambda: [Annotation()])
    for page_id, edit in _page_edits(annotations):
        try:
            past[page_id].append(apply(past[page_id][-1], edit))
        except EditConflictError:  # an act on many pages came in between
            past[page_id].append(Annotation(past[page_id][-1].spans, edit.after))
    return past


def _page_edits(annotations: Annotations) -> Iterator[tuple[str, Edit]]:
    return ((entry.page, entry.edit) for entry in annotations.log())


def _difference(old: Annotation, new: Annotation) -> Edit:
    removed = tuple(span for span in old.spans if span not in new.spans)
    added = tuple(span for span in new.spans if span not in old.spans)
    return Edit(_TITLE, removed, added, old.state, new.state)


def _merge_guideline(ours: Store, theirs: Store) -> None:
    """Bring over examples that the other copy never had, its missing questions, and answers."""
    known, labels = theirs.guideline.cases, {"", *theirs.label_set.names}
    for example in ours.guideline.examples():
        if example.case not in known and example.label in labels:
            _act(theirs, example.annotator, example.page, add_example(example))
    asked = {(one.page_id, one.asker): one for one in theirs.guideline.questions()}
    for question in ours.guideline.questions():
        other = asked.get((question.page_id, question.asker))
        if other is None:
            _act(theirs, question.asker, question.page_id, ask(question.start, question.end))
        if not question.open and (other is None or other.open):
            change = answer_question(question, question.answer)
            _act(theirs, question.answered_by, question.page_id, change)


def _act(store: Store, who: str, page_id: str, change: PageChange) -> None:
    """Do an act in a copy that has the page."""
    page = store.pages.number_of(page_id)
    if page is not None:
        store.annotations(who).change_pages([page], change)
