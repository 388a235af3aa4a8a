"""Which folds the open page has, by its labels, its suggestions and the doubts about them."""

from pathlib import Path

import pytest
from segmark.core.span import Span
from segmark.core.suggestion import Suggestion
from segmark.jobs.page_folds import PageFolds
from segmark.jobs.suggesting.page_suggestions import PageSuggestions
from segmark.session.session import Session
from segmark.store.store import Store
from segmark.store.suggestions import Offer

from tests.factories import make_project
from tests.working import with_suggestions

_MENU = [f"Menu {number}" for number in range(40)]
_STORY = [f"Sentence {number} of the story ends here, at last." for number in range(20)]
_LINKS = [f"Link {number}" for number in range(30)]
TEXT = "\n".join([*_MENU, *_STORY, *_LINKS])
BODY = Suggestion(
    Span(TEXT.index(_STORY[0]), TEXT.index(_STORY[-1]) + len(_STORY[-1]), "body"), 0.9, "made up"
)


class Opened:
    """A session on a page, with its suggestions and folds."""

    session: Session
    suggesting: PageSuggestions
    folds: PageFolds

    def __init__(self, project: Path) -> None:
        store = make_project(project, TEXT, "Short\npage", *["Menu\n" * 90])
        self.session, self.suggesting = with_suggestions(store)
        self.folds = PageFolds(self.session, self.suggesting)
        self.session.open(1)

    def offer(self, offer: Offer) -> None:
        self.suggesting.offer(1, offer)
        self.folds.update()

    @property
    def hidden(self) -> list[range]:
        return [one.blocks for one in self.folds.folds]


@pytest.fixture
def opened(project: Path) -> Opened:
    return Opened(project)


def test_without_suggestions_likely_text_is_shown(opened: Opened) -> None:
    assert opened.hidden == [range(40), range(60, 90)]


def test_a_page_of_which_nothing_is_known_is_not_folded(opened: Opened) -> None:
    opened.session.open(3)
    assert opened.hidden == []
    assert not opened.folds.toggle_all()


def test_a_suggestion_is_folded_to_its_ends(opened: Opened) -> None:
    opened.offer(Offer((BODY,)))
    assert opened.hidden == [range(39), range(42, 58), range(61, 90)]


def test_what_the_model_is_unsure_of_is_shown(opened: Opened) -> None:
    opened.offer(Offer((BODY,), doubts={7: 0.5, 50: 0.3, 80: 0.15, 85: 0.1}))
    assert opened.hidden == [
        range(7),
        range(8, 39),
        range(42, 50),
        range(51, 58),
        range(61, 80),
        range(81, 90),
    ]


def test_likely_text_is_folded_where_the_model_is_sure_that_it_has_no_label(
    opened: Opened,
) -> None:
    first = Suggestion(Span(*_range(_STORY[0])), 0.9, "made up")
    opened.offer(Offer((first,), doubts={45: 0.03}))
    assert opened.hidden == [range(39), range(42, 45), range(46, 90)]


def test_a_model_without_any_doubt_leaves_no_likely_text_in_view(opened: Opened) -> None:
    first = Suggestion(Span(*_range(_STORY[0])), 0.9, "made up")
    opened.offer(Offer((first,), doubts={}))
    assert opened.hidden == [range(39), range(42, 90)]


def _range(line: str, label: str = "headline") -> tuple[int, int, str]:
    return TEXT.index(line), TEXT.index(line) + len(line), label


def test_doubts_are_kept_with_the_project(opened: Opened) -> None:
    opened.offer(Offer((BODY,), doubts={7: 0.5}))
    before = opened.hidden
    assert before[0] == range(7)
    session, suggesting = with_suggestions(Store.open(opened.session.store.path))
    again = PageFolds(session, suggesting)
    session.open(1)
    assert [one.blocks for one in again.folds] == before


@pytest.mark.parametrize("damaged", ["{", "[]", '{"a": 1}', '{"1": null}', "[" * 100_000, "7"])
def test_doubts_that_are_damaged_are_as_unknown(opened: Opened, damaged: str) -> None:
    opened.offer(Offer((BODY,)))
    before = opened.hidden
    opened.offer(Offer((BODY,), doubts={7: 0.5}))
    with opened.session.store.write():
        opened.session.store.suggestions._db.execute("UPDATE offer SET doubts = ?", [damaged])
    opened.session.open(2)
    opened.session.open(1)
    assert opened.hidden == before


def test_suggestions_that_are_kept_back_as_unsure_are_shown(opened: Opened) -> None:
    unsure = Suggestion(Span(*_range("Link 9")), 0.3, "made up")
    opened.offer(Offer((BODY, unsure), threshold=0.5))
    assert range(61, 69) in opened.hidden
    assert range(70, 90) in opened.hidden


def test_blind_suggestions_change_no_fold(opened: Opened) -> None:
    before = opened.hidden
    opened.offer(Offer((BODY,), blind=True, doubts={7: 0.5}))
    assert opened.hidden == before


def test_a_page_that_is_short_opens_unfolded_and_can_be_folded(project: Path) -> None:
    lines = ["Menu"] * 10 + [_STORY[0]] + ["Link"] * 5
    session, suggesting = with_suggestions(make_project(project, "\n".join(lines)))
    folds = PageFolds(session, suggesting)
    session.open(1)
    assert not folds.folds
    assert folds.toggle_all()
    assert [one.blocks for one in folds.folds] == [range(10), range(11, 16)]


def test_every_change_of_the_folds_is_reported(project: Path) -> None:
    session, suggesting = with_suggestions(make_project(project, TEXT))
    heard = list[int]()
    folds = PageFolds(session, suggesting, changed=lambda: heard.append(len(folds.folds)))
    session.open(1)
    folds.toggle_all()
    folds.toggle_at(0)
    assert heard == [2, 0, 1]


def test_what_was_unfolded_stays_so_after_a_restart(opened: Opened) -> None:
    opened.offer(Offer((BODY,)))
    opened.folds.open(0, 1)
    left = opened.hidden
    assert range(39) not in left
    opened.session.leave()
    later, suggesting = with_suggestions(opened.session.store)
    folds = PageFolds(later, suggesting)
    later.open(1)
    assert [one.blocks for one in folds.folds] == left
    folds.toggle_all()
    folds.toggle_all()
    assert folds.folds[0].blocks == range(39)


def test_ranges_of_a_crafted_project_cost_nothing(opened: Opened) -> None:
    opened.session.unfolded[1] = (range(-5, 10**15), range(7, 3))
    opened.session.open(1)
    assert opened.hidden == []
