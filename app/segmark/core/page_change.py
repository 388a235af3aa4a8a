"""PageChange: a change of one field of many pages in one act.

Like an edit it is a value: the command, the undo step and the row in the log. The project also
keeps what each page was before, so that undo restores exactly that.

What annotators add to the guideline and ask about it is such a change too, of one page. So is what
changes about people, such as a name; joining two moves their pages.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from segmark.core.annotation import State, Status
from segmark.core.people.person import Person, checked_colour, checked_name

if TYPE_CHECKING:
    from segmark.core.guideline import Example, Question

#: Pages that an act on many pages changes in one step.
PAGES_AT_ONCE = 5_000


class PageField(StrEnum):
    """The field that changes: of an annotator's annotations, of the pages, or of the project."""

    STATUS = "status"
    FLAGGED = "flagged"
    SITE = "site"
    REMOVED = "removed"
    EXAMPLE = "example"  # of the guideline, from this page
    QUESTION = "question"  # an annotator's note on this page
    PERSON = "person"  # name or colour of somebody
    JOIN = "join"  # two people become one
    SPANS = "spans"  # the labels; each page has an edit of its own
    LABELS = "labels"  # the label set, and the spans of everybody that it concerns

    @property
    def edits_pages(self) -> bool:
        """Whether the project keeps an edit for each page, in place of one value for all."""
        return self in (PageField.JOIN, PageField.SPANS, PageField.LABELS)

    @property
    def of_people(self) -> bool:
        """Whether it is about people; the value is JSON then."""
        return self in (PageField.PERSON, PageField.JOIN)

    @property
    def own(self) -> bool:
        """Whether each annotator has a value of their own."""
        return self in (PageField.STATUS, PageField.FLAGGED)

    @property
    def of_guideline(self) -> bool:
        """Whether it is an example or a question; the value is JSON then."""
        return self in (PageField.EXAMPLE, PageField.QUESTION)


@dataclass(frozen=True, slots=True)
class PageChange:
    """A change of many pages.

    Attributes:
        title: the words after "Undo" in the menu.
        field: the field that changes.
        value: the new value: a status, a site, or ``1`` and ``0`` for yes and no; of an example or
            a question a JSON object with its number and what it becomes, of people one with their
            numbers, of the label set one with what changed in it.
    """

    title: str
    field: PageField
    value: str

    @property
    def other(self) -> str:
        """The earlier value of a yes or no field."""
        return "0" if self.value == "1" else "1"


def changed_state(state: State, field: PageField, old: str, new: str) -> State:
    """The state of a page after an act on many: only a page that was as ``old`` says changes.

    Raises:
        ValueError: the field is a status, and the new value is none.
    """
    if field is PageField.STATUS and state.status == old:
        return replace(state, status=Status(new))
    if field is PageField.FLAGGED and str(int(state.flagged)) == old:
        return replace(state, flagged=new == "1")
    return state


def skip_pages(count: int) -> PageChange:
    """The change that skips so many pages."""
    return PageChange(f"Skip {pages(count)}", PageField.STATUS, Status.SKIPPED)


def reopen_pages(count: int) -> PageChange:
    """The change that takes so many finished pages back to started."""
    return PageChange(f"Reopen {pages(count)}", PageField.STATUS, Status.STARTED)


def flag_pages(count: int, flagged: bool) -> PageChange:
    """The change that sets or clears the flag of so many pages."""
    word = "Flag" if flagged else "Take the flag off"
    return PageChange(f"{word} {pages(count)}", PageField.FLAGGED, str(int(flagged)))


def remove_pages(count: int, removed: bool) -> PageChange:
    """The change that removes or restores so many pages."""
    word = "Remove" if removed else "Restore"
    return PageChange(f"{word} {pages(count)}", PageField.REMOVED, str(int(removed)))


def give_site(count: int, site: str) -> PageChange:
    """The change that sets the site of so many pages; "" for none."""
    return PageChange(f"Give {pages(count)} the site {site}".rstrip(), PageField.SITE, site)


def add_example(example: "Example") -> PageChange:
    """The change that adds an example to the guideline."""
    title = f"Add to the guideline of {example.label}" if example.label else "Add to the guideline"
    return _example_change(title, replace(example, number=0), example.reason)


def take_in_examples(examples: "Sequence[Example]") -> PageChange:
    """The change that adds several examples to the guideline; there must be one."""
    first, *more = (_example_value(replace(each, number=0), each.reason) for each in examples)
    title = f"Add {len(examples):,} example{'s'[: len(examples) != 1]} to the guideline"
    return PageChange(title, PageField.EXAMPLE, _json({**first, "more": more}))


def change_reason(example: "Example", reason: str) -> PageChange:
    """The change that gives an example of the guideline another reason."""
    return _example_change("Change the reason of an example", example, reason)


def remove_example(example: "Example") -> PageChange:
    """The change that removes an example from the guideline."""
    return _example_change("Remove an example", example, None)


def _example_change(title: str, example: "Example", reason: str | None) -> PageChange:
    return PageChange(title, PageField.EXAMPLE, _json(_example_value(example, reason)))


def _example_value(example: "Example", reason: str | None) -> dict[str, object]:
    return {
        "example": example.number, "label": example.label, "text": example.text,
        "page": example.page, "start": example.start, "end": example.end, "reason": reason,
    }  # fmt: skip


def ask(start: int, end: int) -> PageChange:
    """The change that marks one's own note as a question about a range of the page."""
    return _question_change("Ask a question", None, {"start": start, "end": end, "answer": ""})


def withdraw_question(question: "Question") -> PageChange:
    """The change that makes one's own question an ordinary note again."""
    return _question_change("Withdraw the question", question, None)


def answer_question(question: "Question", answer: str) -> PageChange:
    """The change that answers a question, or opens it again with ""."""
    title = f"Answer {question.asker}" if answer else "Open the question again"
    made = {"start": question.start, "end": question.end, "answer": answer}
    return _question_change(title, question, made)


def _question_change(
    title: str, question: "Question | None", made: dict[str, object] | None
) -> PageChange:
    asker = question.asker if question else ""
    return PageChange(title, PageField.QUESTION, _json({"asker": asker, "question": made}))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def rename_person(person: Person, name: str) -> PageChange:
    """The change that shows a person under another name.

    Raises:
        PersonError: nobody can have that name.
    """
    new = checked_name(name)
    return _person_change(f"Rename {person.name} to {new}", person, {"name": new})


def recolour_person(person: Person, colour: str) -> PageChange:
    """The change that gives a person another colour.

    Raises:
        PersonError: it is no colour.
    """
    made = {"colour": checked_colour(colour)}
    return _person_change(f"Give {person.name} another colour", person, made)


def join_people(one: Person, into: Person, *, keep_labels_of: Person) -> PageChange:
    """The change that makes the first person the same as the second.

    Where both labelled a page differently, it keeps the labels of one of them.
    """
    value = {"from": one.number, "into": into.number, "keep": keep_labels_of.number}
    return PageChange(f"Join {one.name} with {into.name}", PageField.JOIN, _json(value))


def _person_change(title: str, person: Person, made: dict[str, str]) -> PageChange:
    return PageChange(title, PageField.PERSON, _json({"person": person.number, **made}))


def pages(count: int) -> str:
    """A number of pages as text: ``1 page``, ``1,200 pages``."""
    return "1 page" if count == 1 else f"{count:,} pages"
