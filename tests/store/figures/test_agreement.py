"""Agreement of a project: only pages that both have finished count."""

from pathlib import Path

from segmark.core.annotation import Status

from tests.factories import label, make_project, settle


def test_each_two_annotators_are_compared_on_the_pages_that_both_finished(project: Path) -> None:
    with make_project(project, "Ship sails", "Two went", "Three", "Four") as store:
        for who in ("mira", "jan", "eva"):
            label(store, who, 1, "headline")
            settle(store, who, 1, Status.DONE)
        label(store, "mira", 2, "body")
        label(store, "jan", 2, "body", 0, 3)
        for who in ("mira", "jan"):
            settle(store, who, 2, Status.DONE)
        settle(store, "mira", 3, Status.DONE)
        settle(store, "jan", 3, Status.SKIPPED)
        found = store.agreement()
    assert list(found) == [("eva", "jan"), ("eva", "mira"), ("jan", "mira")]
    assert [(pair.pages, pair.f1) for pair in found.values()] == [(1, 1.0), (1, 1.0), (2, 0.5)]
