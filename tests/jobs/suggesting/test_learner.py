"""Learning from finished pages: what is learnt from, what is kept, what is made anew."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from segmark.core.annotation import Status
from segmark.core.edit import accept
from segmark.core.label import LabelSet
from segmark.core.page import Page
from segmark.core.page_change import give_site, remove_pages
from segmark.core.span import Span
from segmark.core.suggestion import Suggestion
from segmark.jobs.suggesting.learner import Learner
from segmark.loading.loader import load_bytes
from segmark.store.store import Store
from segmark.store.suggestions import NOTHING, Policy
from segmark.suggestion.background import Background
from segmark.suggestion.crf import ConditionalRandomField
from segmark.suggestion.example import TrainingExample
from segmark.suggestion.features import features_in
from segmark.suggestion.model import Model, train_crf

from tests.factories import LABELS, peek, settle
from tests.news_project import RECIPES, finish, gold, news_project, sure
from tests.suggestion.pages import news
from tests.working import connection


@pytest.fixture
def store(project: Path) -> Iterator[Store]:
    """Five pages of a site, two of them finished; no page is blind by chance."""
    with news_project(project, pages=5, finished=2) as store:
        set_policy(store, Policy(blind_share=0.0))
        yield store


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch) -> list[ConditionalRandomField | None]:
    """The CRFs that learners train from now on."""
    crfs = list[ConditionalRandomField | None]()

    def train(
        examples: Sequence[TrainingExample], labels: LabelSet, background: Background
    ) -> ConditionalRandomField | None:
        crfs.append(train_crf(examples, labels, background))
        return crfs[-1]

    monkeypatch.setattr("segmark.jobs.suggesting.learner.train_crf", train)
    return crfs


@pytest.fixture
def suggested(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the pages that models make suggestions for from now on."""
    pages, suggest = list[str](), Model.suggest

    def note(model: Model, page: Page) -> tuple[Suggestion, ...]:
        pages.append(page.id)
        return suggest(model, page)

    monkeypatch.setattr(Model, "suggest", note)
    return pages


def label_as(store: Store, number: int, span: Span) -> None:
    annotations, text = store.annotations("ada"), store.pages.get(number).text
    edit = accept(text, annotations.get(number), LABELS, [span], "Label")
    assert edit
    annotations.save(number, edit)


def spans(suggested: tuple[Suggestion, ...]) -> tuple[Span, ...]:
    return tuple(one.span for one in suggested)


def set_policy(store: Store, policy: Policy) -> None:
    with store.write():
        store.suggestions.keep_policy(policy)


def test_after_two_finished_pages_the_third_is_suggested_right(store: Store) -> None:
    assert spans(Learner(store, "ada").offer(3).suggestions) == gold(3)


def untaught(store: Store, number: int) -> tuple[Suggestion, ...]:
    """What is suggested to somebody who has finished no page."""
    return Learner(store, "nobody").suggest(number)


def test_the_first_page_of_a_new_project_has_suggestions(project: Path) -> None:
    with news_project(project, pages=2) as store:
        set_policy(store, Policy(blind_share=0.0))
        found = Learner(store, "ada").offer(1).suggestions
        assert {"headline", "body"} <= {one.span.label for one in found} <= LABELS.names
        assert set(spans(found)) & set(gold(1))


def test_a_damaged_source_declares_nothing_and_stops_nothing(project: Path) -> None:
    page = load_bytes(b"<h1>Ferry sails</h1><p>It sailed on Monday.</p>", "harbour.html").page
    with Store.create(project, LABELS) as store:
        with store.write():
            store.pages.add(page, b"<h1>Ferry sails</h1>")
            connection(store).execute("UPDATE page_source SET zlib = x'00'")
        assert Learner(store, "ada").suggest(1) is not None


def test_nothing_is_suggested_before_labels_of_other_names_were_used(project: Path) -> None:
    with news_project(project, pages=1, labels=RECIPES) as store:
        assert Learner(store, "ada").offer(1) == NOTHING


def test_nothing_is_learnt_from_pages_that_are_not_done(project: Path) -> None:
    with news_project(project, pages=4) as store:
        for number in (1, 2):
            finish(store, number, gold(number))
        settle(store, "ada", 1, Status.SKIPPED)
        settle(store, "ada", 2, Status.STARTED)
        assert Learner(store, "ada").suggest(3) == untaught(store, 3)


@pytest.mark.parametrize("status", [Status.SKIPPED, Status.STARTED])
def test_a_page_that_is_no_longer_done_is_forgotten(store: Store, status: Status) -> None:
    learner = Learner(store, "ada")
    assert learner.suggest(3) != untaught(store, 3)
    for number in (1, 2):
        settle(store, "ada", number, status)
    assert learner.suggest(3) == untaught(store, 3)


def test_pages_that_were_removed_or_given_another_site_teach_the_site_no_longer(
    store: Store,
) -> None:
    learner, annotations = Learner(store, "ada"), store.annotations("jan")
    assert learner.model("news.example").memory.pages == 2
    annotations.change_pages([1], remove_pages(1, removed=True))
    assert learner.model("news.example").memory.pages == 1
    annotations.change_pages([2], give_site(1, "other.example"))
    assert learner.model("news.example").memory.pages == 0
    assert learner.model("other.example").memory.pages == 1


def test_a_damaged_page_teaches_nothing_and_spoils_nothing(store: Store) -> None:
    with store.write():
        connection(store).execute("UPDATE page_text SET text = 'something else' WHERE page = 1")
    assert set(spans(Learner(store, "ada").suggest(3))) & set(gold(3))


def test_nothing_is_learnt_from_what_others_labelled(store: Store) -> None:
    assert Learner(store, "jan").suggest(3) == untaught(store, 3)


def test_other_sites_help_until_the_site_has_pages_of_its_own(project: Path) -> None:
    with news_project(project, pages=3, finished=3) as store:
        page = news(4).page
        elsewhere = replace(page, info=replace(page.info, site="other.example"))
        with store.write():
            store.pages.add(elsewhere, b"elsewhere")
        found = Learner(store, "ada").suggest(4)
        assert set(spans(found)) & set(gold(4))
        assert all("learnt from other sites" in one.reason for one in found[-1:])


def test_a_page_that_is_labelled_anew_is_learnt_anew(store: Store) -> None:
    learner = Learner(store, "ada")
    before = learner.model("news.example")
    assert learner.model("news.example") is before
    finish(store, 3, gold(3))
    assert learner.model("news.example") is not before


def test_a_restart_and_another_copy_of_the_project_suggest_the_same(
    store: Store, tmp_path: Path
) -> None:
    first = Learner(store, "ada").offer(3)
    assert Learner(store, "ada").offer(3) == first
    with news_project(tmp_path / "twin.segmark", pages=5, finished=2) as twin:
        assert Learner(twin, "ada").offer(3).suggestions == first.suggestions


def test_the_models_are_kept_in_the_project_and_read_back(store: Store) -> None:
    learner = Learner(store, "ada")
    first = learner.offer(3)
    assert learner.has_unsaved()
    learner.save()
    made = peek(store.path, "SELECT name, made_at FROM model ORDER BY name")
    assert [name for name, _ in made] == ["ada on news.example", "ada on news.example, field 0"]
    assert not learner.has_unsaved()
    again = Learner(store, "ada")
    assert again.offer(3) == first
    assert not again.has_unsaved()


def test_sites_without_finished_pages_share_one_model(store: Store) -> None:
    page = news(9).page
    with store.write():
        for site in ("one.example", "two.example"):
            there = replace(page, id=site, info=replace(page.info, site=site))
            store.pages.add(there, site.encode())
    learner = Learner(store, "ada")
    assert spans(learner.suggest(6)) == spans(learner.suggest(7)) != ()
    learner.save()
    names = peek(store.path, "SELECT name FROM model ORDER BY name")
    assert names == [("ada on 2 pages of all sites",)]


def test_a_model_of_another_version_of_the_program_is_learnt_again(store: Store) -> None:
    learner = Learner(store, "ada")
    first = learner.offer(3)
    learner.save()
    with store.write():
        connection(store).execute("UPDATE model SET bytes = ?", [b"segmark model 0\n"])
    assert Learner(store, "ada").offer(3) == first


def test_a_project_that_can_only_be_read_is_learnt_from_too(store: Store) -> None:
    wanted = Learner(store, "ada").suggest(3)
    with Store.open_for_reading(store.path) as reading:
        learner = Learner(reading, "ada")
        assert learner.suggest(3) == wanted
        learner.save()
    assert peek(store.path, "SELECT count(*) FROM model") == [(0,)]


# Which pages the CRF has not learnt from yet


@pytest.fixture
def long_site(project: Path) -> Iterator[Store]:
    """Fourteen pages of a site, ten of them finished."""
    with news_project(project, pages=14, finished=10) as store:
        yield store


def test_on_a_site_of_many_pages_the_crf_is_trained_with_every_third(long_site: Store) -> None:
    learner, crfs, remembered = Learner(long_site, "ada"), [], []
    for number in range(11, 15):
        model = learner.model("news.example")
        crfs.append(model.crf)
        remembered.append(model.memory.pages)
        finish(long_site, number, gold(number))
    assert crfs[0] is crfs[1] is not crfs[2]
    assert crfs[2] is crfs[3]
    assert remembered == [10, 11, 12, 13]


@pytest.mark.parametrize("make_ready", [Learner.prefetch, Learner.look_ahead])
def test_the_crf_that_is_wanted_next_is_ready_before_the_page_is_finished(
    long_site: Store,
    make_ready: Callable[[Learner, int, int], None],
    trained: list[ConditionalRandomField | None],
) -> None:
    finish(long_site, 11, gold(11))
    ahead = Learner(long_site, "ada")
    make_ready(ahead, 12, 13)
    ready = list(trained)
    finish(long_site, 12, gold(12)[:2])  # otherwise than was supposed
    assert ahead.model("news.example").crf is ready[-1]
    assert len(trained) == len(ready)
    assert ahead.suggest(13) == Learner(long_site, "ada").suggest(13)


def test_a_crf_that_was_trained_ahead_is_kept_and_needs_no_training_after_a_restart(
    long_site: Store, trained: list[ConditionalRandomField | None]
) -> None:
    finish(long_site, 11, gold(11))
    ahead = Learner(long_site, "ada")
    ahead.offer(12)
    ahead.look_ahead(12, 13)
    ahead.save()
    kept = [name for (name,) in peek(long_site.path, "SELECT name FROM model ORDER BY name")]
    assert kept == [f"ada on news.example{field}" for field in ("", ", field 0", ", field 1")]
    finish(long_site, 12, gold(12))
    ready, again = len(trained), Learner(long_site, "ada")
    assert again.offer(13) != NOTHING
    assert len(trained) == ready
    assert again.has_unsaved()  # the model, which was made for another page


# What is made ready before it is asked for


@pytest.mark.parametrize("touched", [(), gold(3)[:2]])
def test_what_is_made_ready_is_what_would_be_made_after_finishing(
    store: Store, touched: tuple[Span, ...], suggested: list[str]
) -> None:
    ahead = Learner(store, "ada")
    for span in touched:
        label_as(store, 3, span)
    ahead.offer(3)
    ahead.look_ahead(3, 4)
    ready = list(suggested)
    finish(store, 3, gold(3))
    found = ahead.suggest(4)
    assert suggested == ready
    assert found == Learner(store, "ada").suggest(4)


def test_a_page_that_was_read_ahead_is_not_read_again(store: Store) -> None:
    ahead = Learner(store, "ada")
    ahead.offer(3)
    ahead.prefetch(3, 4)
    before = features_in.cache_info().misses
    finish(store, 3, gold(3))
    assert spans(ahead.suggest(4)) == gold(4)
    assert features_in.cache_info().misses == before


def test_of_a_page_with_predictions_nothing_is_read_ahead(store: Store) -> None:
    with store.write():
        store.suggestions.keep_predictions(4, sure(*gold(4)))
    before = features_in.cache_info().misses
    Learner(store, "ada").prefetch(3, 4)
    assert features_in.cache_info().misses == before


def test_a_page_finished_otherwise_than_was_supposed_is_what_counts(store: Store) -> None:
    ahead = Learner(store, "ada")
    ahead.offer(3)
    ahead.look_ahead(3, 4)
    finish(store, 3, gold(3)[:1])
    assert ahead.suggest(4) == Learner(store, "ada").suggest(4)


def test_what_is_only_supposed_is_never_kept(store: Store) -> None:
    ahead = Learner(store, "ada")
    ahead.look_ahead(3, 4)
    assert not ahead.has_unsaved()
    assert ahead.model("news.example").memory.pages == 2


def test_what_was_accepted_in_the_window_is_known_before_it_is_stored(
    store: Store, suggested: list[str]
) -> None:
    """The window stores the offer only when it has it."""
    ahead = Learner(store, "ada")
    made = ahead.offer(3)
    ahead.look_ahead(3, 4)
    with store.write():
        store.suggestions.keep_offer(3, "ada", made)
    ready = list(suggested)
    ahead.look_ahead(3, 4)
    assert suggested == ready


# The policy


def test_the_policy_can_switch_them_off(store: Store) -> None:
    set_policy(store, Policy(on=False))
    assert Learner(store, "ada").offer(3) == NOTHING
    assert Learner(store, "ada").suggest(3) != ()


def test_an_offer_says_what_was_kept_back_and_why(store: Store) -> None:
    set_policy(store, Policy(threshold=1.0, blind_share=0.0))
    offer = Learner(store, "ada").offer(3)
    assert spans(offer.suggestions) == gold(3)
    assert (offer.threshold, offer.blind, offer.shown) == (1.0, False, ())
    set_policy(store, Policy(blind_share=1.0))
    offer = Learner(store, "ada").offer(3)
    assert (offer.blind, offer.shown) == (True, ())


# Predictions that were made elsewhere


def test_predictions_made_elsewhere_are_all_that_is_suggested_for_their_page(store: Store) -> None:
    predicted = sure(Span(0, 4, "comment"), confidence=0.25)
    with store.write():
        store.suggestions.keep_predictions(3, predicted)
    learner = Learner(store, "ada")
    assert learner.suggest(3) == predicted
    assert spans(learner.suggest(4)) == gold(4)


def test_nothing_is_learnt_from_suggestions_that_nobody_has_checked(project: Path) -> None:
    with news_project(project, pages=4) as store:
        with store.write():
            for number in (1, 2):
                store.suggestions.keep_predictions(number, sure(*gold(number)))
        assert Learner(store, "ada").suggest(3) == untaught(store, 3)


def test_labels_of_the_project_are_all_that_is_suggested(store: Store) -> None:
    for number in (3, 4, 5):
        assert {one.span.label for one in Learner(store, "ada").suggest(number)} <= LABELS.names
