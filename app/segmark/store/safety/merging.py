"""Merging the labels of one copy of a project into another copy of it.

Each annotation is compared by its history. Where one copy went on from what the other one has, the
longer work wins; where both went on, the page is a conflict and stays as it is. Examples of the
guideline, questions and answers that the other copy lacks are brought over as well, and so are
chosen colours of people, and the time at work on pages that are no conflict. What stays behind is
told.

Who is who is decided by the ids of people, never by names: somebody of the same name with another
id is somebody else, who gets a number after the name, and is told. Only whoever merges their own
work can say that both are one person.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path

from segmark.core.annotation import Annotation
from segmark.core.edit import EditConflictError, apply, edit_between
from segmark.core.label_acts.change import LabelSetChange
from segmark.core.label_acts.letters import free_key
from segmark.core.label_acts.relabelling import relabel
from segmark.core.page_change import (
    PageChange,
    add_example,
    answer_question,
    ask,
    recolour_person,
)
from segmark.store.store import Store

_TITLE = "Merge"


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge did.

    Attributes:
        taken: how many annotations were brought over.
        conflicts: the pages that both copies changed, by their names.
        missing: the pages that the other copy lacks, by their names.
        namesakes: the names of people whom the other copy knows under another id, with the name
            that they have there now.
        left: sentences on what else differs and was not brought.
    """

    taken: int
    conflicts: tuple[str, ...]
    missing: tuple[str, ...]
    namesakes: tuple[tuple[str, str], ...] = ()
    left: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether nothing stayed behind and nobody is to be told apart."""
        return not (self.conflicts or self.missing or self.namesakes or self.left)

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
        for name, there in self.namesakes:
            parts.append(
                f"Both files have a {name}, and nothing says that they are one person: this one is "
                f"{there} now; join the two if they are one"
            )
        return ". ".join([*parts, *self.left]) + "."


def merge(source: Path, target: Path, own: str = "") -> Merged:
    """Bring the labels of ``source`` into ``target``, one undoable act for each page.

    ``own`` is the name in both of whoever asks for it and so says that both are one person.

    Raises:
        StoreError: one of the files can't be opened, or the labels could not be stored.
    """
    taken, conflicts, missing = 0, dict[str, None](), dict[str, None]()
    with Store.open(source) as ours, Store.open(target) as theirs:
        people = _People(ours, theirs, own)
        _merge_labels(ours, theirs, people)
        gone = theirs.label_set.successors
        for name in ours.annotators():
            there_name = people.name_there(name)
            mine, other = ours.annotations(name), theirs.annotations(there_name)
            clashing = set[str]()
            my_past, other_past = _histories(ours, name), _histories(theirs, there_name)
            with theirs.write("the labels were not merged"):
                for page_id, past in my_past.items():
                    number, there = ours.pages.number_of(page_id), theirs.pages.number_of(page_id)
                    if number is None:
                        continue
                    new = mine.get(number)
                    if moved := relabel(new, gone, (), str) if gone else None:
                        new = apply(new, moved)
                    if there is None:
                        missing[ours.pages.names(number)[0]] = None
                        continue
                    old = other.get(there)
                    if old == new or new in other_past.get(page_id, ()):
                        continue
                    if old not in past:
                        conflicts[ours.pages.names(number)[0]] = None
                        clashing.add(page_id)
                        continue
                    other.load(there, edit_between(_TITLE, old, new))
                    taken += 1
                times = (time for time in ours.people.times.of(name) if time.page not in clashing)
                theirs.people.times.take_over(there_name, times)
            _merge_guideline(ours, theirs, people)
            left = (*_merge_colours(ours, theirs, people), *_left_behind(ours, theirs))
    return Merged(taken, tuple(conflicts), tuple(missing), tuple(people.namesakes), left)


def _merge_labels(ours: Store, theirs: Store, people: "_People") -> None:
    """Add the labels that the other copy never had; what it says about the others stays."""
    there = theirs.label_set
    known = {*there.ids, *there.successors}
    after = there
    for label in (each for each in ours.label_set if each.id not in known):
        name = label.id if label.name in after.names else label.name
        key = label.key
        if key.upper() in {each.key.upper() for each in after}:
            key = free_key(after, name)
        added = replace(label, name=name, key=key, former=())
        after = replace(after, labels=(*after.labels, added))
    if after != there and (who := next(iter(ours.annotators()), "")):
        change = LabelSetChange(_TITLE, there, after)
        theirs.annotations(people.name_there(who)).change_labels(change)
        theirs.reload_labels()


def _merge_colours(ours: Store, theirs: Store, people: "_People") -> list[str]:
    """Bring over chosen colours of those who have none there; tells which stay as they are."""
    left, there, chosen = list[str](), theirs.people.chosen_colours(), ours.people.chosen_colours()
    by_id = {one.id: one for one in theirs.people.all()}
    for one in ours.people.all():
        other = by_id.get(one.id) or theirs.people.find(people.names.get(one.name, ""))
        colour = chosen.get(one.id)
        if other is None or colour in (None, there.get(other.id)):
            continue
        if other.id in there:
            left.append(f"The colour of {other.name} stays as it is there")
        else:
            theirs.annotations(other.name).change_people(recolour_person(other, one.colour))
    return left


def _left_behind(ours: Store, theirs: Store) -> list[str]:
    """Sentences on audits and names of labels that were not brought."""
    known = {(each.site, each.made_at, each.seed) for each in theirs.audits.all()}
    audits = [one for one in ours.audits.all() if (one.site, one.made_at, one.seed) not in known]
    sites = ", ".join(dict.fromkeys(one.site for one in audits))
    left = [f"Audits were not merged: {len(audits):,} of {sites}"] if audits else []
    names = {label.id: label.name for label in theirs.label_set}
    renamed = [
        f"{label.name} is {names[label.id]} there"
        for label in ours.label_set
        if names.get(label.id, label.name) != label.name
    ]
    return [*left, f"Labels keep their names: {', '.join(renamed)}"] if renamed else left


class _People:
    """The names that the people of one copy have in the other; who is new there is added.

    Attributes:
        names: the names there by the names here, of those who were met.
        namesakes: as in ``Merged``.
    """

    def __init__(self, ours: Store, theirs: Store, own: str) -> None:
        self._known = {one.name: one for one in ours.people.all()}
        self._theirs = theirs
        self.names: dict[str, str] = {}
        if own and theirs.people.find(own):
            self.names[ours.people.known_name(own)] = theirs.people.known_name(own)
        self.namesakes: list[tuple[str, str]] = []

    def name_there(self, name: str) -> str:
        if name not in self.names:
            person = self._known[name]
            with self._theirs.write("the labels were not merged"):
                there = self._theirs.people.adopt(person)
            self.names[name] = there.name
            if self._theirs.people.find(name) != there:
                self.namesakes.append((name, there.name))
        return self.names[name]


def _histories(store: Store, name: str) -> dict[str, list[Annotation]]:
    """Every state that each page went through, by the page's id.

    Somebody who was joined with others went through the states of all of them.
    """
    past = defaultdict[str, list[Annotation]](lambda: [Annotation()])
    last = defaultdict[tuple[str, int], Annotation](Annotation)
    for page, whose, edit in store.page_edits(name):
        at = page, whose
        try:
            last[at] = apply(last[at], edit)
        except EditConflictError:  # an act on many pages came in between
            last[at] = Annotation(last[at].spans, edit.after)
        past[page].append(last[at])
    return past


def _merge_guideline(ours: Store, theirs: Store, people: _People) -> None:
    """Bring over examples that the other copy never had, its missing questions, and answers."""
    known, labels = theirs.guideline.cases, {"", *theirs.label_set.names}
    for example in ours.guideline.examples():
        if example.case not in known and example.label in labels:
            who = people.name_there(example.annotator)
            _act(theirs, who, example.page, add_example(example))
    asked = {(one.page_id, one.asker): one for one in theirs.guideline.questions()}
    for question in ours.guideline.questions():
        asker = people.name_there(question.asker)
        other = asked.get((question.page_id, asker))
        if other is None:
            _act(theirs, asker, question.page_id, ask(question.start, question.end))
        if not question.open and (other is None or other.open):
            change = answer_question(replace(question, asker=asker), question.answer)
            _act(theirs, people.name_there(question.answered_by), question.page_id, change)


def _act(store: Store, who: str, page_id: str, change: PageChange) -> None:
    """Do an act in a copy that has the page."""
    page = store.pages.number_of(page_id)
    if page is not None:
        store.annotations(who).change_pages([page], change)
