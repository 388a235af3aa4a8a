"""Which labels to propose for a page: those that leave the annotator the fewest acts to expect.

An act sets right a run of units that have one right label and were all proposed wrong. So a run
that is only halfway likely to be body is not proposed unless it is likelier than not: proposing
it wrong costs an act, as not proposing it does.
"""

from collections.abc import Mapping, Sequence, Set


def fewest_acts(units: Sequence[Mapping[str, float]], barred: Set[str]) -> list[str]:
    """The labels for a page's units, none of them barred, that leave the fewest acts to expect.

    ``units`` has for each unit how likely its labels are, 0 to 1. That the right label goes on from
    one unit to the next is taken to be as likely as it can be with the likelihoods of the two.
    """
    names = sorted({name for likely in units for name in likely} - barred)
    acts = dict.fromkeys(names, 0.0)
    before = dict.fromkeys(names, 0.0)
    came_from: list[dict[str, str]] = []
    for likely in units:
        here = {name: likely.get(name, 0.0) for name in names}
        # How likely a run of the label begins here; one that goes on is set right with its start,
        # unless what stands before was proposed right.
        begins = {name: max(0.0, here[name] - before[name]) for name in names}
        left = {name: acts[name] + here[name] - begins[name] for name in names}
        best = min(names, key=left.__getitem__)
        every = sum(begins.values())
        came_from.append({n: n if acts[n] <= left[best] else best for n in names})
        acts = {n: min(acts[n], left[best]) + every - begins[n] for n in names}
        before = here
    name = min(names, key=acts.__getitem__)
    chosen = []
    for origin in reversed(came_from):
        chosen.append(name)
        name = origin[name]
    return chosen[::-1]
