"""Saving the people of a damaged project, whatever is left of their names."""

from collections import defaultdict
from collections.abc import Iterable

from sqlite_utils import Database

from segmark.core.people.person import name_key
from segmark.store.people.people import new_id
from segmark.store.safety.damaged_rows import RawRow


def save_people(
    target: Database,
    people: Iterable[RawRow],
    names: Iterable[RawRow],
    working: set[int],
    acted: set[int],
) -> set[int]:
    """Save the people, under any name and id where these are lost; returns their numbers.

    ``people`` and ``names`` are the rows of ``annotator`` and ``person_name`` that can be read;
    ``working`` have labels or the like, ``acted`` lines in the log.
    """
    rows = {row["number"]: row for row in people}
    numbers, ids = sorted(working | acted | rows.keys()), set[str]()
    joins = dict[int, int]()
    leading = defaultdict[int, dict[str, int]](dict)
    for row in names:
        leading[row["person"]][row["name"]] = row["current"]
    for number in numbers:
        row = rows.get(number, {})
        identity = str(row.get("id") or "")
        if not identity or identity in ids:
            identity = new_id()
        ids.add(identity)
        joined = row.get("joined")
        joined = joined if joined in rows and number not in working else None
        name = row.get("name") or f"annotator {number}"
        target.table("annotator").insert({
            "number": number, "name": name, "id": identity,
            "colour": str(row.get("colour") or ""),
        })  # fmt: skip
        if joined is not None:
            joins[number] = joined
        else:
            own = [*leading[number], name]
            leading[number] = {each: int(each == name) for each in own}
    for number, joined in joins.items():  # now that all of them are there
        target.table("annotator").update(number, {"joined": joined})
    target.table("person_name").insert_all(
        {"person": number, "name": name, "key": name_key(name), "current": current}
        for number in numbers
        for name, current in leading[number].items()
    )
    return set(numbers)
