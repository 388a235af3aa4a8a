"""The acts on a label set: each takes the set and returns the change, as a value.

Labels are given by name; a name that a label had before, or its id, finds it as well. Each function
raises ``LabelSetError`` if there is no such label, or the changed set can't be used.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace

from segmark.core.label import Expected, Label, LabelSet, LabelSetError
from segmark.core.label_acts.change import LabelSetChange
from segmark.core.label_acts.colours import free_colours
from segmark.core.label_acts.letters import free_key


@dataclass(frozen=True, slots=True)
class LabelMeaning:
    """What a label means and how it behaves; None leaves a value as it is."""

    definition: str | None = None
    guideline: str | None = None
    example: str | None = None
    joins: bool | None = None
    expected: Expected | None = None
    inside: bool | None = None


def label_named(labels: LabelSet, name: str) -> Label:
    """The label that a name stands for.

    Raises:
        LabelSetError: there is none; the message lists those that there are.
    """
    if found := labels.find(name):
        return found
    known = ", ".join(label.name for label in labels)
    raise LabelSetError(f"there is no label {name!r}; known are: {known}")


def add(
    labels: LabelSet, name: str, *, key: str = "", colours: tuple[str, str] | None = None,
    meaning: LabelMeaning | None = None,
) -> LabelSetChange:  # fmt: skip
    """Add a label at the end; without a key and colours it gets free ones."""
    _refuse_taken(labels, name)
    light, dark = colours or free_colours(labels)
    label = Label(
        name, key or free_key(labels, name), light, dark, joins=False, definition="",
        id=_free_id(labels, name),
    )  # fmt: skip
    added = _meaning(label, meaning or LabelMeaning())
    after = replace(labels, labels=(*_without_former(labels.labels, name), added))
    return LabelSetChange(f"Add label {name}", labels, after)


def rename(labels: LabelSet, old: str, new: str) -> LabelSetChange:
    """Rename a label; spans keep their place, and the old name still finds it."""
    label = label_named(labels, old)
    _refuse_taken(labels, new, label)
    former = tuple(name for name in (*label.former, label.name) if name != new)
    renamed = replace(label, name=new, former=tuple(dict.fromkeys(former)))
    others = replace(labels, labels=_without_former(labels.labels, new))
    return _replaced(f"Rename {label.name} to {new}", labels, others, renamed)


def recolour(
    labels: LabelSet, name: str, light: str | None = None, dark: str | None = None
) -> LabelSetChange:
    """Give a label other colours, ``#rrggbb``, on light pages, dark pages or both."""
    label = label_named(labels, name)
    coloured = replace(label, light=light or label.light, dark=dark or label.dark)
    return _replaced(f"Recolour {label.name}", labels, labels, coloured)


def set_key(labels: LabelSet, name: str, key: str) -> LabelSetChange:
    """Give a label another letter key."""
    label = label_named(labels, name)
    return _replaced(f"Set the key of {label.name}", labels, labels, replace(label, key=key))


def define(labels: LabelSet, name: str, meaning: LabelMeaning) -> LabelSetChange:
    """Change what a label means and how it behaves.

    If it begins to join, touching spans of it become one.
    """
    label = label_named(labels, name)
    change = _replaced(f"Define {label.name}", labels, labels, _meaning(label, meaning))
    return replace(change, moves=_joining(change))


def merge(labels: LabelSet, gone: str, into: str) -> LabelSetChange:
    """Give the spans of one label another one, and take the first out of the set."""
    one, other = label_named(labels, gone), label_named(labels, into)
    return _without(labels, one, other, f"Merge {one.name} into {other.name}")


def delete(labels: LabelSet, name: str, into: str | None = None) -> LabelSetChange:
    """Take a label out of the set; its spans get another label, or are cleared."""
    label = label_named(labels, name)
    other = label_named(labels, into) if into is not None else None
    target = f" in favour of {other.name}" if other else ""
    return _without(labels, label, other, f"Delete label {label.name}{target}")


def reorder(labels: LabelSet, names: Sequence[str]) -> LabelSetChange:
    """Put these labels first, in this order; the others follow as they are."""
    first = [label_named(labels, name) for name in names]
    if len(set(first)) < len(first):
        raise LabelSetError("a label is named twice in the order")
    ordered = (*first, *(label for label in labels if label not in first))
    return LabelSetChange("Reorder labels", labels, replace(labels, labels=ordered))


def bring_in(labels: LabelSet, other: LabelSet) -> LabelSetChange:
    """Take everything over from another label set; labels that it lacks stay, after the others.

    A label is the same as another one if they share a name, an id or a former name.
    """
    brought, taken = list[Label](), set[str]()
    ids = _used_ids(labels)
    for label in other:
        same = _same(labels, label, taken)
        if same:
            names = (*same.former, *label.former, same.name)
            former = tuple(dict.fromkeys(name for name in names if name != label.name))
            brought.append(replace(label, id=same.id, former=former))
            taken.add(same.id)
        else:
            fresh = _unused(label.name, ids)
            ids.add(fresh)
            brought.append(replace(label, id=fresh))
    rest = [label for label in labels if label.id not in taken]
    present = {label.name for label in (*brought, *rest)}
    changed = tuple(
        replace(each, former=tuple(name for name in each.former if name not in present))
        for each in (*brought, *rest)
    )
    after = LabelSet(other.name, changed, other.guideline or labels.guideline, labels.gone)
    change = LabelSetChange(f"Bring in the labels of {other.name}", labels, after)
    return replace(change, moves=_joining(change))


def _same(labels: LabelSet, label: Label, taken: set[str]) -> Label | None:
    """The label of the set that another set's label is the same as."""
    by_name = {each.name: each for each in labels}
    found = [
        by_name.get(label.name),
        labels[label.id] if label.id in labels.ids and label.id != label.name else None,
        labels.find(label.name),
        *(by_name.get(former) for former in label.former),
    ]
    return next((each for each in found if each and each.id not in taken), None)


def _without(labels: LabelSet, label: Label, other: Label | None, title: str) -> LabelSetChange:
    if other == label:
        raise LabelSetError(f"label {label.name} can't be merged into itself")
    target = other.id if other else ""
    kept = tuple(each for each in labels if each.id != label.id)
    if other:
        names = {each.name for each in kept}
        former = dict.fromkeys((*other.former, *label.former, label.name))
        given = replace(other, former=tuple(name for name in former if name not in names))
        kept = tuple(given if each.id == other.id else each for each in kept)
    gone = [(each, target if into == label.id else into) for each, into in labels.gone]
    after = replace(labels, labels=kept, gone=(*gone, (label, target)))
    return LabelSetChange(title, labels, after, {label.id: target})


def _replaced(title: str, labels: LabelSet, others: LabelSet, label: Label) -> LabelSetChange:
    changed = tuple(label if each.id == label.id else each for each in others)
    return LabelSetChange(title, labels, replace(labels, labels=changed))


def _meaning(label: Label, meaning: LabelMeaning) -> Label:
    given = {each.name: getattr(meaning, each.name) for each in fields(meaning)}
    return replace(label, **{name: value for name, value in given.items() if value is not None})


def _joining(change: LabelSetChange) -> Mapping[str, str]:
    """The labels that begin to join."""
    return {
        label.id: label.id
        for label in change.after
        if label.joins and label.id in change.before.ids and not change.before[label.id].joins
    }


def _without_former(labels: Iterable[Label], name: str) -> tuple[Label, ...]:
    """The labels; none of them has had this name before, since another label has it now."""
    return tuple(
        replace(label, former=tuple(each for each in label.former if each != name))
        for label in labels
    )


def _refuse_taken(labels: LabelSet, name: str, own: Label | None = None) -> None:
    taken = next((label for label in labels if label.name == name), None)
    if taken and taken != own:
        raise LabelSetError(f"there is a label {name} already; merge them, or use another name")


def _used_ids(labels: LabelSet) -> set[str]:
    return {*labels.ids, *labels.successors}


def _free_id(labels: LabelSet, name: str) -> str:
    return _unused(name, _used_ids(labels))


def _unused(name: str, used: set[str]) -> str:
    number, found = 1, name
    while found in used:
        number += 1
        found = f"{name}-{number}"
    return found
