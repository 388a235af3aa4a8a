"""What the project keeps of suggestions: offers, verdicts, the policy, models, predictions."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from segmark.core.annotation import Status
from segmark.core.page_change import remove_pages
from segmark.core.span import Span
from segmark.core.suggestion import Suggestion, Verdict
from segmark.store.store import Store
from segmark.store.suggestions import JudgedSuggestion, Offer, Policy

from tests.factories import LABELS, alter, label, make_project, peek, settle

ONE = Suggestion(Span(0, 4, "headline"), 0.75, "seen on 3 pages of this site")
TWO = Suggestion(Span(5, 9, "body"), 0.5, "learnt from this site")


def offer(store: Store, page: int, made: Offer, annotator: str = "mira") -> None:
    with store.write():
        store.suggestions.keep_offer(page, annotator, made)


def test_an_offer_comes_back_as_it_was_kept(story_store: Store) -> None:
    assert story_store.suggestions.offered(1, "mira") is None
    made = Offer((ONE, TWO), blind=True, threshold=0.25)
    offer(story_store, 1, made)
    assert story_store.suggestions.offered(1, "mira") == made
    assert story_store.suggestions.offered(1, "jan") is None
    assert story_store.suggestions.offered(2, "mira") is None


def test_a_new_offer_takes_the_place_of_the_old_one(story_store: Store) -> None:
    offer(story_store, 1, Offer((ONE, TWO)))
    offer(story_store, 1, Offer((TWO,)))
    assert story_store.suggestions.offered(1, "mira") == Offer((TWO,))
    assert peek(story_store.path, "SELECT count(*) FROM suggestion") == [(1,)]


@pytest.mark.parametrize(
    ("made", "shown"),
    [
        (Offer((ONE, TWO)), (ONE, TWO)),
        (Offer((ONE, TWO), threshold=0.5), (ONE, TWO)),
        (Offer((ONE, TWO), threshold=0.51), (ONE,)),
        (Offer((ONE, TWO), blind=True), ()),
    ],
)
def test_blind_ones_and_those_below_the_threshold_are_not_shown(
    made: Offer, shown: tuple[Suggestion, ...]
) -> None:
    assert made.shown == shown


def test_verdicts_are_kept_with_the_suggestion_they_are_about(story_store: Store) -> None:
    offer(story_store, 1, Offer((ONE, TWO)))
    offer(story_store, 1, Offer((ONE, TWO)), "jan")
    with story_store.write():
        story_store.suggestions.judge(
            1, "mira", [JudgedSuggestion(TWO.span, Verdict.REJECTED, 1.5)]
        )
    found = peek(
        story_store.path,
        """SELECT name, label, verdict, seconds FROM suggestion JOIN offer ON offer.number = offer
        JOIN annotator ON annotator.number = annotator ORDER BY name, "start" """,
    )
    assert found == [
        ("jan", "headline", None, None), ("jan", "body", None, None),
        ("mira", "headline", None, None), ("mira", "body", "rejected", 1.5),
    ]  # fmt: skip


def test_all_goes_with_its_page(story_store: Store) -> None:
    offer(story_store, 1, Offer((ONE,)))
    with story_store.write():
        story_store.suggestions.keep_predictions(1, (TWO,))
    alter(story_store.path, "DELETE FROM page WHERE number = 1")
    for table in ("offer", "suggestion", "prediction"):
        assert peek(story_store.path, f"SELECT count(*) FROM {table}") == [(0,)]


def test_the_policy_is_the_projects_and_has_defaults(project: Path) -> None:
    with Store.create(project, LABELS) as store:
        assert store.suggestions.policy == Policy(
            on=True, threshold=0.0, blind_share=0.05, least_sure_first=False
        )
        other = Policy(on=False, threshold=0.5, blind_share=0.1, least_sure_first=True)
        with store.write():
            store.suggestions.keep_policy(other)
    with Store.open(project) as store:
        assert store.suggestions.policy == other


def test_finished_pages_are_the_annotators_done_ones_in_the_order_of_beginning(
    story_store: Store,
) -> None:
    label(story_store, "mira", 2, "body")
    for number, status in ((1, Status.DONE), (2, Status.DONE), (3, Status.SKIPPED)):
        settle(story_store, "mira", number, status)
    settle(story_store, "jan", 3, Status.DONE)
    suggestions = story_store.suggestions
    assert [one.number for one in suggestions.finished("mira")] == [2, 1]
    assert [one.number for one in suggestions.finished("mira", {1, 3})] == [1]
    assert [one.number for one in suggestions.finished("jan")] == [3]
    assert suggestions.finished("nobody") == []


def test_the_log_tells_which_pages_an_annotator_changed(story_store: Store) -> None:
    suggestions = story_store.suggestions
    assert suggestions.last_line == 0
    settle(story_store, "mira", 1, Status.DONE)
    first = suggestions.last_line
    settle(story_store, "jan", 2, Status.DONE)
    settle(story_store, "mira", 3, Status.DONE)
    last = suggestions.last_line
    assert suggestions.changed_between("mira", first, last) == {3}
    assert suggestions.changed_between("mira", 0, last) == {1, 3}
    assert suggestions.changed_between("mira", last, last) == set()


def test_an_act_of_anybody_on_many_pages_may_have_changed_anything(story_store: Store) -> None:
    suggestions = story_store.suggestions
    settle(story_store, "mira", 1, Status.DONE)
    first = suggestions.last_line
    story_store.annotations("jan").change_pages([1, 2], remove_pages(2, removed=True))
    assert suggestions.changed_between("mira", first, suggestions.last_line) is None
    assert suggestions.finished("mira") == []


def test_there_is_something_to_suggest_once_a_page_is_done_or_predictions_are_loaded(
    story_store: Store,
) -> None:
    suggestions = story_store.suggestions
    settle(story_store, "mira", 1, Status.SKIPPED)
    assert not suggestions.has_any_to_make("mira")
    settle(story_store, "mira", 1, Status.DONE)
    assert suggestions.has_any_to_make("mira")
    assert not suggestions.has_any_to_make("jan")
    with story_store.write():
        suggestions.keep_predictions(2, (ONE,))
    assert suggestions.has_any_to_make("jan")


def test_models_can_be_forgotten(story_store: Store) -> None:
    suggestions = story_store.suggestions
    with story_store.write():
        for name in ("one", "two"):
            suggestions.keep_model(name, "first", b"model")
        suggestions.forget_models(["one", "three"])
    assert suggestions.model("one", "first") is None
    assert suggestions.model("two", "first")
    assert suggestions.model("two", "second") is None


def test_a_model_is_there_only_for_the_version_it_was_learnt_from(story_store: Store) -> None:
    suggestions = story_store.suggestions
    with story_store.write():
        suggestions.keep_model("mira on news.example", "one", b"first")
        suggestions.keep_model("mira on news.example", "two", b"second")
    assert suggestions.model("mira on news.example", "one") is None
    assert suggestions.model("mira on news.example", "two") == b"second"


@settings(max_examples=20)
@given(confidence=st.floats(0, 1), reason=st.text(st.characters(codec="utf-8")))
def test_predictions_come_back_as_they_were_kept(
    tmp_path_factory: pytest.TempPathFactory, confidence: float, reason: str
) -> None:
    folder = tmp_path_factory.mktemp("predicted")
    with make_project(folder / "news.segmark", "Ship sails") as store:
        made = (Suggestion(Span(0, 4, "headline"), confidence, reason), TWO)
        with store.write():
            store.suggestions.keep_predictions(1, made)
        assert store.suggestions.predicted(1) == made
        with store.write():
            store.suggestions.keep_predictions(1, (TWO,))
        assert store.suggestions.predicted(1) == (TWO,)
        assert store.suggestions.predicted(2) == ()
