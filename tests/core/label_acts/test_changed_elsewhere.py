"""The line that tells what somebody else did to the label set."""

from collections.abc import Callable

import pytest
from segmark.core.label import LabelSet
from segmark.core.label_acts.acts import add, delete, merge, recolour, rename
from segmark.core.label_acts.change import LabelSetChange, changed_elsewhere

from tests.factories import LABELS

_ACTS: list[tuple[list[Callable[[LabelSet], LabelSetChange]], str]] = [
    ([lambda there: merge(there, "caption", "body")], "caption was merged into body elsewhere"),
    ([lambda there: delete(there, "caption")], "caption was deleted elsewhere"),
    ([lambda there: rename(there, "caption", "legend")], "caption was renamed legend elsewhere"),
    (
        [lambda there: recolour(there, "caption", "#123456", "#abcdef")],
        "the label set was changed elsewhere",
    ),
    (
        [lambda there: add(there, "quote"), lambda there: rename(there, "body", "story"),
         lambda there: delete(there, "ticker"), lambda there: delete(there, "comment")],
        "body was renamed story, ticker was deleted, and 2 more elsewhere",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("acts", "told"), _ACTS)
def test_what_others_changed_is_told_in_one_line(
    acts: list[Callable[[LabelSet], LabelSetChange]], told: str
) -> None:
    labels = LABELS
    for act in acts:
        labels = act(labels).after
    assert changed_elsewhere(LABELS, labels) == told
