"""Editing a label, or the set, as a whole: all that changed, as one act."""

from dataclasses import replace

from segmark.core.label import Label, LabelSet
from segmark.core.label_acts.acts import LabelMeaning, define, recolour, rename, set_key
from segmark.core.label_acts.change import LabelSetChange


def edit_label(labels: LabelSet, wanted: Label) -> LabelSetChange | None:
    """The change that makes the label with this id what is wanted; None if it is so already.

    Raises:
        LabelSetError: the label set could not be used then.
    """
    was, changes = labels[wanted.id], list[LabelSetChange]()

    def now() -> LabelSet:
        return changes[-1].after if changes else labels

    if wanted.name != was.name:
        changes.append(rename(now(), was.name, wanted.name))
    if wanted.key != was.key:
        changes.append(set_key(now(), wanted.name, wanted.key))
    if (wanted.light, wanted.dark) != (was.light, was.dark):
        changes.append(recolour(now(), wanted.name, wanted.light, wanted.dark))
    meaning, before = _meaning(wanted), _meaning(was)
    if meaning != before:
        changes.append(define(now(), wanted.name, meaning))
    if not changes:
        return None
    title = changes[0].title if len(changes) == 1 else f"Change label {wanted.name}"
    moves = {old: new for change in changes for old, new in change.moves.items()}
    return LabelSetChange(title, labels, now(), moves)


def edit_set(labels: LabelSet, name: str, guideline: str) -> LabelSetChange | None:
    """The change of a label set's name and guideline; None if they are so already."""
    after = replace(labels, name=name, guideline=guideline)
    if after == labels:
        return None
    title = "Change the guideline" if name == labels.name else f"Rename the label set to {name}"
    return LabelSetChange(title, labels, after)


def _meaning(label: Label) -> LabelMeaning:
    return LabelMeaning(
        label.definition, label.guideline, label.example, label.joins, label.expected, label.inside
    )
