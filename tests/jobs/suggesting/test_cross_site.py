"""What other sites teach: from which pages, for which site, and from when on."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from segmark.jobs.suggesting.cross_site import Elsewhere, Learnt
from segmark.jobs.suggesting.finished_pages import FinishedPages
from segmark.store.store import Store

from tests.factories import LABELS
from tests.news_project import finish, gold
from tests.suggestion.pages import news


def project_of(path: Path, sites: Sequence[str], finished: int) -> Store:
    """A project with a page of each of these sites, the first of them finished."""
    store = Store.create(path, LABELS)
    with store.write():
        for number, site in enumerate(sites, start=1):
            page = news(number).page
            info = replace(page.info, site=site)
            store.pages.add(replace(page, info=info), page.text.encode())
    for number in range(1, finished + 1):
        finish(store, number, gold(number))
    return store


def elsewhere(store: Store, learnt: Learnt | None = None) -> Elsewhere:
    finished = FinishedPages(store, "ada")
    finished.refresh()
    return Elsewhere(store, "ada", finished, learnt or Learnt())


def taught_pages(store: Store, site: str) -> int:
    """How many pages what is in force for a site was learnt from."""
    background = elsewhere(store).taught(site)[1]
    return background.labelling.pages if background else 0


def test_a_site_is_never_told_what_its_own_pages_teach(project: Path) -> None:
    with project_of(project, ["a", "b", "a", "b", "a", "c"], finished=6) as store:
        assert taught_pages(store, "a") == 2
        assert taught_pages(store, "b") == 3
        assert taught_pages(store, "new.example") == 5


def test_of_many_sites_a_fifth_is_left_out_at_a_time(project: Path) -> None:
    sites = [f"site{number}" for number in range(12)]
    with project_of(project, sites, finished=12) as store:
        assert {taught_pages(store, site) for site in sites[:10]} == {8}
        made = elsewhere(store)
        assert made.taught("site0") == made.taught("site5")
        assert made.taught("site0") != made.taught("site1")


def test_a_large_site_does_not_crowd_out_the_others(project: Path) -> None:
    sites = ["large"] * 23 + ["small"] * 5
    with project_of(project, sites, finished=28) as store:
        assert taught_pages(store, "new.example") == 20
        finished = FinishedPages(store, "ada")
        finished.refresh()
        assert len(finished.of_many_sites(100, 20)) == 25


def test_a_step_comes_into_force_when_a_quarter_more_is_finished(project: Path) -> None:
    with project_of(project, ["a", "b"] * 7, finished=4) as store:
        steps = [taught_pages(store, "new.example")]
        for number in range(5, 14):
            finish(store, number, gold(number))
            steps.append(taught_pages(store, "new.example"))
    assert steps == [2, 2, 5, 5, 5, 5, 5, 5, 10, 10]


def test_what_comes_into_force_is_learnt_ahead_and_the_same(project: Path) -> None:
    with project_of(project, ["a", "b"] * 4, finished=5) as store:
        learnt = Learnt()
        ahead = elsewhere(store, learnt)
        assert ahead.is_due
        ahead.learn_ahead("a")
        ready = set(learnt.by_version)
        finish(store, 6, gold(6))
        for site in ("a", "b", "new.example"):
            version, background = elsewhere(store, learnt).taught(site)
            assert version in ready
            assert background == elsewhere(store).taught(site)[1]
        assert not elsewhere(store).is_due


def test_what_is_kept_is_read_back_and_what_is_out_of_force_named(project: Path) -> None:
    with project_of(project, ["a", "b"] * 4, finished=6) as store:
        made = elsewhere(store)
        version, background = made.taught("a")
        assert made.has_more()
        with store.write():
            for name, kept, data in made.to_keep():
                store.suggestions.keep_model(name, kept, data)
        assert not made.has_more()
        learnt = Learnt()
        assert elsewhere(store, learnt).taught("a") == (version, background)
        assert learnt.by_version == {}
        assert "ada on 2 pages of all sites without group 1" in made.out_of_force()


def test_finishing_pages_out_of_turn_changes_nothing_that_is_in_force(project: Path) -> None:
    with project_of(project, ["a", "b"] * 5, finished=0) as store:
        for number in (7, 3, 9):
            finish(store, number, gold(number))
        before = elsewhere(store).taught("new.example")
        finish(store, 1, gold(1))
        assert elsewhere(store).taught("new.example") == before
