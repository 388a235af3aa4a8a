"""Settling what is suggested on the open page: accepting, refusing, what the log keeps of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from segmark.core.annotation import Status
from segmark.core.caret import Selection
from segmark.core.label_acts.acts import LabelMeaning, define
from segmark.core.span import Span
from segmark.core.suggestion import Suggestion
from segmark.jobs.suggesting.page_suggestions import PageSuggestions, is_blind
from segmark.session.session import Session
from segmark.store.errors import StoreError
from segmark.store.store import Store
from segmark.store.suggestions import Offer, Policy

from tests.factories import peek
from tests.working import STORY, before, connection, over, shown, with_suggestions

HEADLINE = Suggestion(Span(5, 15, "headline"), 0.9, "seen on 2 pages of this site")
FIRST = Suggestion(Span(17, 24, "body"), 0.4, "learnt from this site")
LAST = Suggestion(Span(36, 43, "comment"), 0.7, "learnt from this site")
ALL = (HEADLINE, FIRST, LAST)


class Clock:
    """A clock that stands still until it is moved."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def both(story_store: Store, clock: Clock) -> tuple[Session, PageSuggestions]:
    return with_suggestions(story_store, clock=clock)


@pytest.fixture
def session(both: tuple[Session, PageSuggestions]) -> Session:
    return both[0]


@pytest.fixture
def suggesting(both: tuple[Session, PageSuggestions]) -> PageSuggestions:
    session, made = both
    session.open(1)
    made.offer(1, Offer(ALL))
    return made


def waiting(suggesting: PageSuggestions) -> list[Suggestion]:
    return list(suggesting.open)


def verdicts(session: Session) -> list[tuple[str, str | None, float | None]]:
    """Label, verdict and seconds of what was offered on the first page, as another program sees."""
    return peek(
        session.store.path,
        """SELECT label, verdict, seconds FROM suggestion JOIN offer ON number = offer
        WHERE page = 1 ORDER BY "start" """,
    )


def set_policy(store: Store, policy: Policy) -> None:
    with store.write():
        store.suggestions.keep_policy(policy)


# Accepting and refusing


def test_accepting_labels_the_one_at_the_caret_and_goes_to_the_next(
    session: Session, suggesting: PageSuggestions
) -> None:
    after = suggesting.accept(before(session, "sails"))
    assert shown(session, after).startswith("Menu\n[Ship sails|headline]\n\n»It did.")
    assert waiting(suggesting) == [FIRST, LAST]
    assert session.undo_title == "Accept headline"


def test_accepting_a_label_that_may_not_lie_inside_a_block_takes_its_whole_blocks(
    session: Session, suggesting: PageSuggestions
) -> None:
    labels = session.store.label_set
    session.change_labels(define(labels, "headline", LabelMeaning(inside=False)))
    suggesting.offer(1, Offer((Suggestion(Span(10, 15, "headline"), 0.9, ""),)))
    after = suggesting.accept(before(session, "sails"))
    assert shown(session, after).startswith("Menu\n[Ship »sails|headline]\n")
    assert waiting(suggesting) == []


def test_where_there_is_none_at_the_caret_accepting_goes_to_the_next_and_labels_nothing(
    session: Session, suggesting: PageSuggestions
) -> None:
    after = suggesting.accept(before(session, "Menu"))
    assert after == before(session, "Ship")
    assert session.spans == ()
    assert waiting(suggesting) == [*ALL]


def test_after_the_last_one_it_goes_round_to_the_first_that_is_open(
    session: Session, suggesting: PageSuggestions
) -> None:
    assert suggesting.accept(before(session, "And on.")) == before(session, "Ship")


def test_rejecting_labels_nothing_goes_to_the_next_and_can_be_undone(
    session: Session, suggesting: PageSuggestions
) -> None:
    after = suggesting.reject(before(session, "Ship"))
    assert after == before(session, "It did.")
    assert session.spans == ()
    assert session.state.rejected == (HEADLINE.span,)
    assert session.state.status is Status.STARTED
    assert waiting(suggesting) == [FIRST, LAST]
    session.undo()
    assert waiting(suggesting) == [*ALL]
    session.redo()
    assert waiting(suggesting) == [FIRST, LAST]


def test_accepting_all_is_one_act(session: Session, suggesting: PageSuggestions) -> None:
    assert suggesting.accept_all() == 3
    assert shown(session) == (
        "Menu\n[Ship sails|headline]\n\n[It did.|body]\nIt did so.\n[And on.|comment]\n"
    )
    assert waiting(suggesting) == []
    session.undo()
    assert session.spans == ()
    assert waiting(suggesting) == [*ALL]


def test_labelling_over_one_settles_it(session: Session, suggesting: PageSuggestions) -> None:
    session.label("ticker", over(session, "Menu\nShip"))
    assert waiting(suggesting) == [FIRST, LAST]


def test_what_is_labelled_by_hand_stays_when_the_rest_is_accepted(
    session: Session, suggesting: PageSuggestions
) -> None:
    session.label("ticker", over(session, "Ship"))
    suggesting.accept_all()
    assert "[Ship|ticker] sails" in shown(session)


def test_accepting_all_and_finishing_is_one_act_that_opens_the_next_page(
    session: Session, suggesting: PageSuggestions
) -> None:
    assert suggesting.finish()
    assert session.open_page
    assert session.open_page.number == 2
    session.undo()
    assert session.open_page.number == 1
    assert session.spans == ()
    assert session.state.status is Status.NEW
    assert waiting(suggesting) == [*ALL]


def test_finishing_drops_what_is_open(session: Session, suggesting: PageSuggestions) -> None:
    suggesting.accept(before(session, "Ship"))
    session.finish()
    session.open(1)
    assert session.spans == (HEADLINE.span,)
    assert waiting(suggesting) == []


def test_suggestions_for_a_page_that_was_left_or_finished_are_dropped(
    session: Session, suggesting: PageSuggestions
) -> None:
    session.open(2)
    suggesting.offer(1, Offer(ALL))
    assert waiting(suggesting) == []
    session.finish()
    session.open(2)
    suggesting.offer(2, Offer(ALL[:1]))
    assert session.store.suggestions.offered(2, "mira") is None


# What is shown


def test_less_sure_ones_than_the_threshold_are_kept_back(
    session: Session, suggesting: PageSuggestions
) -> None:
    suggesting.offer(1, Offer(ALL, threshold=0.7))
    assert waiting(suggesting) == [HEADLINE, LAST]
    suggesting.accept_all()
    assert session.spans == (HEADLINE.span, LAST.span)


def test_a_blind_page_shows_none_although_there_are_some(
    session: Session, suggesting: PageSuggestions
) -> None:
    suggesting.offer(1, Offer(ALL, blind=True))
    assert waiting(suggesting) == []
    assert suggesting.accept_all() == 0
    session.open(2)
    session.open(1)
    assert waiting(suggesting) == []


def test_opening_the_page_again_shows_the_same(
    session: Session, suggesting: PageSuggestions
) -> None:
    suggesting.reject(before(session, "Ship"))
    session.open(2)
    assert waiting(suggesting) == []
    session.open(1)
    assert waiting(suggesting) == [FIRST, LAST]


@pytest.mark.parametrize("policy", [Policy(on=False), Policy()])
def test_where_they_are_off_for_the_project_or_the_annotator_none_are_shown_or_judged(
    session: Session, suggesting: PageSuggestions, policy: Policy
) -> None:
    set_policy(session.store, policy)
    suggesting.want(wanted=not policy.on)
    assert waiting(suggesting) == []
    session.open(2)
    session.open(1)
    assert waiting(suggesting) == []
    suggesting.offer(1, Offer(ALL))
    assert waiting(suggesting) == []
    session.finish()
    assert {found for _, found, _ in verdicts(session)} == {None}


# Tab


def test_in_page_order_what_is_unsettled_is_a_suggestion_or_a_block_with_neither(
    session: Session, suggesting: PageSuggestions
) -> None:
    at, visited = Selection.at(0), []
    for _ in range(5):
        there = suggesting.next_unsettled(at, 1)
        assert there is not None
        visited.append(STORY[there:].split("\n")[0])
        at = Selection.at(there)
    assert visited == ["Ship sails", "It did.", "It did so.", "And on.", "Menu"]
    assert suggesting.next_unsettled(at, -1) == before(session, "And on.").caret


def test_a_suggestion_of_several_blocks_is_one_stop(
    session: Session, suggesting: PageSuggestions
) -> None:
    body = Suggestion(Span(17, 35, "body"), 0.8, "")
    suggesting.offer(1, Offer((body,)))
    assert suggesting.next_unsettled(before(session, "It did."), 1) == STORY.index("And on.")
    assert suggesting.next_unsettled(before(session, "And on."), -1) == body.span.start


def test_a_suggestion_in_a_block_that_has_a_label_is_a_stop_too(
    session: Session, suggesting: PageSuggestions
) -> None:
    suggesting.offer(1, Offer((Suggestion(Span(10, 15, "ticker"), 0.8, ""),)))
    session.label("headline", over(session, "Ship"))
    assert suggesting.next_unsettled(before(session, "Menu"), 1) == 10


def test_the_least_sure_first_if_the_project_says_so(
    session: Session, suggesting: PageSuggestions
) -> None:
    set_policy(session.store, Policy(least_sure_first=True))
    suggesting.want(wanted=True)
    suggesting.offer(1, Offer(ALL))
    at, visited = before(session, "Menu"), []
    for _ in range(4):
        there = suggesting.next_unsettled(at, 1)
        assert there is not None
        visited.append(there)
        at = Selection.at(there)
    assert visited == [one.span.start for one in (FIRST, LAST, HEADLINE, FIRST)]
    assert suggesting.next_unsettled(at, -1) == HEADLINE.span.start
    suggesting.accept_all()
    assert suggesting.next_unsettled(before(session, "Menu"), 1) == STORY.index("It did so.")


# The log of verdicts


def test_the_log_keeps_what_became_of_each_and_after_how_many_seconds(
    session: Session, suggesting: PageSuggestions, clock: Clock
) -> None:
    clock.now += 2
    suggesting.accept(before(session, "Ship"))
    clock.now += 3
    session.label("caption", before(session, "It did."))
    assert {found for _, found, _ in verdicts(session)} == {None}
    clock.now += 5
    session.finish()
    assert verdicts(session) == [
        ("headline", "accepted", 2.0), ("body", "changed", 5.0), ("comment", "ignored", 10.0),
    ]  # fmt: skip


def test_the_verdicts_are_stored_with_the_status_or_neither_is(
    session: Session, suggesting: PageSuggestions
) -> None:
    suggesting.accept(before(session, "Ship"))
    with session.store.write():
        connection(session.store).execute(
            """CREATE TEMP TRIGGER full BEFORE UPDATE ON suggestion
            BEGIN SELECT raise(ABORT, 'database or disk is full'); END"""
        )
    with pytest.raises(StoreError, match="the disk is full"):
        session.finish()
    assert session.state.status is Status.STARTED
    assert waiting(suggesting) == [FIRST, LAST]
    with Store.open(session.store.path) as store:
        assert store.annotations("mira").get(1).state.status is Status.STARTED
    assert {found for _, found, _ in verdicts(session)} == {None}
    with session.store.write():
        connection(session.store).execute("DROP TRIGGER full")
    session.finish()
    assert [found for _, found, _ in verdicts(session)] == ["accepted", "ignored", "ignored"]


def test_a_verdict_that_was_undone_is_timed_anew(
    session: Session, suggesting: PageSuggestions, clock: Clock
) -> None:
    clock.now += 1
    suggesting.reject(before(session, "Ship"))
    session.undo()
    clock.now += 6
    suggesting.accept(before(session, "Ship"))
    session.finish()
    assert verdicts(session)[0] == ("headline", "accepted", 7.0)


def test_how_long_it_took_before_a_restart_is_not_made_up(
    session: Session, suggesting: PageSuggestions, clock: Clock
) -> None:
    suggesting.accept(before(session, "Ship"))
    later, again = with_suggestions(session.store, clock=clock)
    later.open(1)
    assert waiting(again) == [FIRST, LAST]
    clock.now += 4
    later.finish()
    assert verdicts(session) == [
        ("headline", "accepted", None), ("body", "ignored", 4.0), ("comment", "ignored", 4.0),
    ]  # fmt: skip


def test_what_was_not_shown_has_a_verdict_without_seconds(
    session: Session, suggesting: PageSuggestions
) -> None:
    suggesting.offer(1, Offer(ALL, blind=True))
    session.label("headline", before(session, "Ship"))
    session.finish()
    assert verdicts(session) == [
        ("headline", "accepted", None), ("body", "ignored", None), ("comment", "ignored", None),
    ]  # fmt: skip


def test_finishing_again_after_an_undo_gives_the_verdicts_anew(
    session: Session, suggesting: PageSuggestions
) -> None:
    suggesting.finish()
    session.undo()
    suggesting.reject(before(session, "Ship"))
    session.finish()
    assert [found for _, found, _ in verdicts(session)] == ["rejected", "ignored", "ignored"]


def test_labels_on_a_page_that_is_finished_already_change_no_verdict(
    session: Session, suggesting: PageSuggestions
) -> None:
    session.finish()
    session.open(1)
    session.label("headline", before(session, "Ship"))
    assert session.state.status is Status.DONE
    assert [found for _, found, _ in verdicts(session)] == ["ignored"] * 3


# Blind pages


@given(share=st.floats(0, 1), page=st.text(), seed=st.text())
def test_whether_a_page_is_blind_depends_on_nothing_but_page_and_seed(
    share: float, page: str, seed: str
) -> None:
    assert is_blind(page, seed, share) == is_blind(page, seed, share)
    assert not is_blind(page, seed, 0)
    assert is_blind(page, seed, 1)
    assert not is_blind(page, seed, share) or is_blind(page, seed, min(1, share * 2))


def test_about_the_share_of_the_pages_is_blind() -> None:
    blind = sum(is_blind(f"page {number}", "seed", 0.05) for number in range(10_000))
    assert 420 < blind < 580


def test_two_annotators_have_verdicts_of_their_own(session: Session) -> None:
    for name in ("mira", "jan"):
        one, suggesting = with_suggestions(session.store, name)
        one.open(1)
        suggesting.offer(1, Offer(ALL))
        if name == "mira":
            suggesting.finish()
        else:
            one.finish()
    found = peek(
        session.store.path,
        """SELECT name, verdict FROM suggestion JOIN offer ON offer.number = offer
            JOIN annotator ON annotator.number = annotator GROUP BY 1, 2""",
    )
    assert sorted(found) == [("jan", "ignored"), ("mira", "accepted")]
