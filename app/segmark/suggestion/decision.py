"""Choose the labels to suggest for a page: those that minimise the expected number of edits.

The annotator corrects a run of units with one edit if they have the same right label and all were
suggested wrongly. A run is therefore suggested only if its label is more likely than not:
suggesting a wrong label costs one edit, as does suggesting none.
"""

from collections.abc import Mapping, Sequence, Set


def fewest_expected_edits(units: Sequence[Mapping[str, float]], excluded: Set[str]) -> list[str]:
    """Return the labels for a page's units that minimise the expected number of edits.

    ``units`` has, for each unit, the probability of each label. The right label is assumed to
    continue from one unit to the next as often as the probabilities of the two units allow.
    ``excluded`` labels are never chosen.
    """
    names = sorted({name for likely in units for name in likely} - excluded)
    edits = dict.fromkeys(names, 0.0)
    before = dict.fromkeys(names, 0.0)
    came_from: list[dict[str, str]] = []
    for likely in units:
        here = {name: likely.get(name, 0.0) for name in names}
        # The probability that a run of the label begins here. A run that continues is corrected
        # together with its start, unless the unit before was suggested correctly.
        # No call of a function for each label: this is a tenth of the time that a page takes.
        begins = {n: rise if (rise := here[n] - before[n]) > 0 else 0.0 for n in names}
        switched = {name: edits[name] + here[name] - begins[name] for name in names}
        best = min(names, key=switched.__getitem__)
        least = switched[best]
        every = sum(begins.values())
        came_from.append({n: n if edits[n] <= least else best for n in names})
        edits = {n: (least if least < edits[n] else edits[n]) + every - begins[n] for n in names}
        before = here
    name = min(names, key=edits.__getitem__)
    chosen = []
    for origin in reversed(came_from):
        chosen.append(name)
        name = origin[name]
    return chosen[::-1]
