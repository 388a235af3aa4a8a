"""What other sites teach: from which pages, for which site, and from when on."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from segmark.jobs.suggesting.cross_site import CrossSiteModels, UnsavedModels, in_turns
from segmark.jobs.suggesting.finished_pages import FinishedPages
from segmark.jobs.suggesting.stored_models import StoredModels
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


def models(store: Store, unsaved: UnsavedModels | None = None) -> CrossSiteModels:
    finished = FinishedPages(store, "ada")
    finished.refresh()
    return CrossSiteModels(store, "ada", finished, unsaved or UnsavedModels())


def pages_learnt(store: Store, site: str) -> int:
    """How many pages what is in force for a site was unsaved from."""
    model = models(store).in_force(site)[1]
    return model.rules.pages if model else 0


def test_a_site_is_never_told_what_its_own_pages_teach(project: Path) -> None:
    with project_of(project, ["a", "b", "a", "b", "a", "c"], finished=6) as store:
        assert pages_learnt(store, "a") == 2
        assert pages_learnt(store, "b") == 3
        assert pages_learnt(store, "new.example") == 5


def test_of_many_sites_a_fifth_is_left_out_at_a_time(project: Path) -> None:
    sites = [f"site{number}" for number in range(12)]
    with project_of(project, sites, finished=12) as store:
        assert {pages_learnt(store, site) for site in sites[:10]} == {8}
        made = models(store)
        assert made.in_force("site0") == made.in_force("site5")
        assert made.in_force("site0") != made.in_force("site1")


def test_a_large_site_does_not_crowd_out_the_others(project: Path) -> None:
    sites = ["large"] * 35 + ["small"] * 5 + ["more"] * 10
    with project_of(project, sites, finished=50) as store:
        assert pages_learnt(store, "new.example") == 20 + 5


@given(st.lists(st.sampled_from("abcde"), max_size=300))
def test_pages_are_taken_in_turns_over_all_sites(sites: list[str]) -> None:
    pages = list(enumerate(sites))
    taken = in_turns(pages)
    rank, expected = Counter[str](), []
    for number, site in pages:
        rank[site] += 1
        expected.append((rank[site], sites.index(site), number, site))
    order = sorted((turn, first, number) for turn, first, number, _ in expected if turn <= 20)
    assert [number for number, _ in taken] == [number for _, _, number in order]
    assert all(site == sites[number] for number, site in taken)


def test_a_project_of_many_sites_teaches_with_a_page_of_each(project: Path) -> None:
    sites = [site for number in range(60) for site in ("large", f"site{number}")]
    with project_of(project, sites, finished=100) as store:
        made = models(store)
        taken = in_turns([(number, sites[number - 1]) for number in range(1, 81)])
        assert {site for _, site in taken} == set(sites[:80])
        assert pages_learnt(store, "new.example") == len(taken) == 60
        assert made.in_force("new.example")[1]


def test_a_step_comes_into_force_when_a_quarter_more_is_finished(project: Path) -> None:
    with project_of(project, ["a", "b"] * 7, finished=4) as store:
        steps = [pages_learnt(store, "new.example")]
        for number in range(5, 14):
            finish(store, number, gold(number))
            steps.append(pages_learnt(store, "new.example"))
    assert steps == [2, 2, 5, 5, 5, 5, 5, 5, 10, 10]


def test_what_comes_into_force_is_learnt_ahead_and_the_same(project: Path) -> None:
    with project_of(project, ["a", "b"] * 4, finished=5) as store:
        unsaved = UnsavedModels()
        ahead = models(store, unsaved)
        assert ahead.is_due
        ahead.train_ahead("a")
        ready = set(unsaved.by_version)
        finish(store, 6, gold(6))
        for site in ("a", "b", "new.example"):
            version, model = models(store, unsaved).in_force(site)
            assert version in ready
            assert model == models(store).in_force(site)[1]
        assert not models(store).is_due


def test_what_is_kept_is_read_back_and_what_is_out_of_force_named(project: Path) -> None:
    with project_of(project, ["a", "b"] * 4, finished=6) as store:
        made = models(store)
        version, model = made.in_force("a")
        assert made.has_unsaved()
        with store.write():
            for name, kept, data in made.take_unsaved():
                StoredModels(store).put(name, kept, data)
        assert not made.has_unsaved()
        unsaved = UnsavedModels()
        assert models(store, unsaved).in_force("a") == (version, model)
        assert unsaved.by_version == {}
        assert "ada on 2 pages of all sites without group 1" in made.outdated()


def test_finishing_pages_out_of_turn_changes_nothing_that_is_in_force(project: Path) -> None:
    with project_of(project, ["a", "b"] * 5, finished=0) as store:
        for number in (7, 3, 9):
            finish(store, number, gold(number))
        before = models(store).in_force("new.example")
        finish(store, 1, gold(1))
        assert models(store).in_force("new.example") == before
