"""Which letter keys a label can have: each letter means one thing in the window."""

import string

from segmark.core.label import LabelSet

#: What letters do in the window, by default; a label that takes one takes it from them.
TAKEN = {
    "A": "goes to the previous page",
    "D": "goes to the next page",
    "F": "flags the page",
    "G": "adds to the guideline",
    "J": "goes to the next block",
    "K": "goes to the previous block",
    "N": "writes a note",
    "P": "goes to the next paragraph",
    "R": "reopens the page",
    "S": "skips the page",
    "X": "rejects a suggestion",
    "Z": "folds the page",
}


def key_warnings(key: str, name: str) -> list[str]:
    """A sentence if the key of a label means something else in the window."""
    if does := TAKEN.get(key.upper()):
        return [f"The key {key.upper()} {does} in the window; there, {name} would take it."]
    return []


def free_key(labels: LabelSet, name: str) -> str:
    """A letter for a new label: one of its name if possible; "" if all letters are taken."""
    free = [
        letter
        for letter in string.ascii_uppercase
        if letter not in {label.key.upper() for label in labels}
    ]
    own = [letter for letter in name.upper() if letter in free and letter not in TAKEN]
    rest = [letter for letter in free if letter not in TAKEN]
    return next(iter((*own, *rest, *free)), "")
