"""The people of a project as text, and as the data that ``segmark people --json`` prints."""

from collections.abc import Iterator
from typing import Any

from segmark.core.annotation import Annotation
from segmark.core.people.person import Person
from segmark.core.text.counts import count_words
from segmark.store.people.people import PageClash, alike_words
from segmark.store.store import Store


def people_lines(store: Store) -> Iterator[str]:
    """A line for each person, and one for names that only look different."""
    people = store.people.all()
    if not people:
        yield "Nobody has worked on this project."
    width = max((len(one.name) for one in people), default=0)
    for one in people:
        also = f"  also: {', '.join(one.also)}" if one.also else ""
        pages = count_words(store.people.pages_of(one), "page")
        yield f"{one.name:{width}}  {one.id}  {one.colour}  {pages}{also}"
    for names in store.people.alike():
        yield alike_words(names)


def people_json(store: Store) -> list[dict[str, Any]]:
    """Each person, with the names of others that differ in case, blanks or Unicode form alone."""
    alike = {name: names for names in store.people.alike() for name in names}
    return [
        {
            "id": one.id,
            "name": one.name,
            "colour": one.colour,
            "also": list(one.also),
            "pages": store.people.pages_of(one),
            "alike": [name for name in alike.get(one.name, ()) if name != one.name],
        }
        for one in store.people.all()
    ]


def clash_line(clash: PageClash, one: Person, into: Person) -> str:
    """What the two people made of a page, in one line."""
    sides = f"{one.name}: {_words(clash.one)} · {into.name}: {_words(clash.into)}"
    same = len(set(clash.one.spans) & set(clash.into.spans))
    return f"{clash.page}  {sides} · {count_words(same, 'span')} alike  {clash.title}"


def clash_json(clash: PageClash, one: Person, into: Person) -> dict[str, Any]:
    """What the two people made of a page, for programs."""
    both = ((one, clash.one), (into, clash.into))
    return {
        "page": clash.page,
        "title": clash.title,
        "people": [
            {
                "name": person.name,
                "spans": [[span.start, span.end, span.label] for span in made.spans],
                "status": str(made.state.status),
                "flagged": made.state.flagged,
                "note": made.state.note,
            }
            for person, made in both
        ],
    }


def _words(made: Annotation) -> str:
    marks = ("flagged" if made.state.flagged else "", "a note" if made.state.note else "")
    parts = (count_words(len(made.spans), "span"), str(made.state.status), *marks)
    return ", ".join(filter(None, parts))
