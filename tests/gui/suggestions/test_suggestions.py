"""Suggestions in the real window: shown, accepted and rejected by keys, distinct from labels."""

import multiprocessing
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QHelpEvent, QTextCharFormat
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot
from segmark.core.annotation import Status
from segmark.core.span import Span
from segmark.gui.suggestions.service import GAVE_UP
from segmark.jobs.suggesting.learner import Learner
from segmark.jobs.suggesting.page_suggestions import PageSuggestions
from segmark.store.store import Store
from segmark.store.suggestions import Offer, Policy

from tests.factories import peek
from tests.gui.robot import Robot, wait_for
from tests.news_project import RECIPES, finish, gold, news_project


@pytest.fixture
def robot(qtbot: QtBot, project: Path) -> Robot:
    """A window with the third of five pages of a site, of which two are finished."""
    return opened(qtbot, project, Policy(blind_share=0))


def opened(qtbot: QtBot, project: Path, policy: Policy, finished: int = 2) -> Robot:
    with news_project(project, pages=5, finished=finished) as store, store.write():
        store.suggestions.keep_policy(policy)
    return Robot(qtbot).open(project)


def suggesting(robot: Robot) -> PageSuggestions:
    assert robot.window.suggestions
    return robot.window.suggestions.suggesting


def waiting(robot: Robot) -> list[Span]:
    return [one.span for one in suggesting(robot).open]


def await_suggestions(robot: Robot) -> list[Span]:
    wait_for(robot, lambda: bool(waiting(robot)))
    return waiting(robot)


def await_offer(robot: Robot, page: int) -> Offer:
    store = robot.session.store.suggestions
    wait_for(robot, lambda: store.offered(page, "ada") is not None)
    offer = store.offered(page, "ada")
    assert offer
    return offer


def caret(robot: Robot) -> int:
    return robot.view.selection[1]


def verdicts(robot: Robot, page: int) -> list[str | None]:
    rows = peek(
        robot.session.store.path,
        "SELECT verdict FROM suggestion JOIN offer ON number = offer WHERE page = ? ORDER BY start",
        page,
    )
    return [row[0] for row in rows]


def page_number(robot: Robot) -> int:
    assert robot.session.open_page
    return robot.session.open_page.number


# When they are shown


def test_a_page_opens_at_the_first_suggestion_even_if_it_comes_late(robot: Robot) -> None:
    first = await_suggestions(robot)[0]
    assert caret(robot) == first.start


def test_suggestions_that_come_late_move_nobody_who_has_begun(robot: Robot) -> None:
    robot.press("Down")
    before = caret(robot)
    assert await_suggestions(robot)
    assert caret(robot) == before


def test_a_page_opens_at_the_least_sure_suggestion_if_those_come_first(
    qtbot: QtBot, project: Path
) -> None:
    robot = opened(qtbot, project, Policy(blind_share=0, least_sure_first=True))
    await_suggestions(robot)
    doubtful = min(suggesting(robot).open, key=lambda one: (one.confidence, one.span))
    assert caret(robot) == doubtful.span.start


def test_with_the_setting_off_suggestions_do_not_move_the_caret(
    qtbot: QtBot, project: Path
) -> None:
    robot = Robot(qtbot)
    robot.window.apply_settings(replace(robot.window.settings, opens_at_work=False))
    with news_project(project, pages=5, finished=2) as store, store.write():
        store.suggestions.keep_policy(Policy(blind_share=0))
    robot.open(project)
    first = await_suggestions(robot)[0]
    assert first.start > 0
    assert caret(robot) == 0


def test_the_first_page_of_a_new_project_is_suggested(qtbot: QtBot, project: Path) -> None:
    robot = opened(qtbot, project, Policy(blind_share=0), finished=0)
    assert page_number(robot) == 1
    await_suggestions(robot)
    assert set(waiting(robot)) & set(gold(1))
    assert robot.spans == ()


def test_the_first_pages_of_a_site_teach_the_next_one(qtbot: QtBot, project: Path) -> None:
    with news_project(project, pages=3) as store, store.write():
        store.suggestions.keep_policy(Policy(blind_share=0))
    robot = Robot(qtbot).open(project)
    for number in (1, 2):
        for span in gold(number):
            robot.view.select(span.start, span.end)
            robot.press(span.label[0].upper() if span.label != "comment" else "M")
        assert list(robot.spans) == list(gold(number))
        robot.press("Return")
    assert page_number(robot) == 3
    wait_for(robot, lambda: waiting(robot) == list(gold(3)))
    assert robot.spans == ()


@pytest.mark.parametrize(
    ("key", "kept"), [("Space", slice(1)), ("Ctrl+Space", slice(None)), ("X", slice(0))]
)
def test_a_key_that_comes_before_the_suggestions_waits_for_them_visibly(
    qtbot: QtBot, project: Path, key: str, kept: slice
) -> None:
    robot = opened(qtbot, project, Policy(blind_share=0), finished=0)
    shown = list[str]()
    robot.window.status.announced.connect(shown.append)
    assert waiting(robot) == []
    robot.press(key)
    assert shown[-1].startswith("Waiting for the suggestions")
    assert robot.spans == ()
    offer = await_offer(robot, 1)
    wait_for(robot, lambda: len(waiting(robot)) < len(offer.suggestions))
    assert list(robot.spans) == [one.span for one in offer.suggestions][kept]


def test_a_key_that_waits_is_dropped_with_the_page_or_an_edit(qtbot: QtBot, project: Path) -> None:
    robot = opened(qtbot, project, Policy(blind_share=0), finished=0)
    robot.press("Ctrl+Space D")
    assert page_number(robot) == 2
    await_suggestions(robot)
    assert robot.spans == ()


def test_a_key_for_suggestions_waits_for_nothing_where_none_are_made(
    qtbot: QtBot, project: Path
) -> None:
    robot = opened(qtbot, project, Policy(on=False), finished=0)
    robot.press("Space")
    assert robot.window.status.message == "There is no suggestion on this page."


def test_no_page_that_is_not_done_is_learnt_from(qtbot: QtBot, project: Path) -> None:
    robot = opened(qtbot, project, Policy(blind_share=0), finished=0)
    for span in gold(1):
        robot.view.select(span.start, span.end)
        robot.press({"comment": "M"}.get(span.label, span.label[0].upper()))
    robot.press("D")
    assert page_number(robot) == 2
    with Store.open(project) as store:
        untaught = Learner(store, "nobody").suggest(2)
        assert Learner(store, "ada").suggest(2) == untaught
    wait_for(robot, lambda: waiting(robot) == [one.span for one in untaught])


def test_a_restart_keeps_what_was_suggested_and_settled(robot: Robot, project: Path) -> None:
    await_suggestions(robot)
    robot.press("Space Space X")
    kept = waiting(robot)
    robot.close()
    again = Robot(robot.qtbot).open(project)
    assert waiting(again) == kept
    assert page_number(again) == 3


def test_a_blind_page_shows_none_although_there_are_some(qtbot: QtBot, project: Path) -> None:
    robot = opened(qtbot, project, Policy(blind_share=1))
    offer = await_offer(robot, 3)
    assert [one.span for one in offer.suggestions] == list(gold(3))
    assert waiting(robot) == []
    assert robot.view.suggestions_in_view() == []
    robot.press("Ctrl+Return")
    assert robot.session.store.annotations("ada").get(3).spans == ()
    assert set(verdicts(robot, 3)) == {"ignored"}


@pytest.mark.parametrize("policy", [Policy(on=False), Policy(threshold=1.0, blind_share=0)])
def test_a_project_can_do_without_them_or_ask_for_more_certainty(
    qtbot: QtBot, project: Path, policy: Policy
) -> None:
    robot = opened(qtbot, project, policy)
    if policy.on:
        await_offer(robot, 3)
    else:
        robot.settle()
        assert robot.session.store.suggestions.offered(3, "ada") is None
    assert waiting(robot) == []


# Accepting and rejecting


def test_space_goes_to_the_first_then_accepts_one_after_the_other(robot: Robot) -> None:
    spans = await_suggestions(robot)
    robot.view.select(len(robot.page.text), len(robot.page.text))
    robot.press("Space")
    assert robot.spans == ()
    assert caret(robot) == spans[0].start
    for count, span in enumerate(spans, start=1):
        robot.press("Space")
        assert span in robot.spans
        if count < len(spans):
            assert caret(robot) == spans[count].start
    assert list(robot.spans) == list(gold(3))
    assert waiting(robot) == []
    assert robot.state.status is Status.STARTED


def test_x_rejects_the_one_at_the_caret_and_undo_brings_it_back(robot: Robot) -> None:
    spans = await_suggestions(robot)
    robot.view.select(spans[0].start, spans[0].start)
    robot.press("X")
    assert waiting(robot) == spans[1:]
    assert robot.spans == ()
    assert caret(robot) == spans[1].start
    robot.press("Ctrl+Z")
    assert waiting(robot) == spans


def test_ctrl_space_accepts_all_in_one_act(robot: Robot) -> None:
    spans = await_suggestions(robot)
    robot.press("Ctrl+Space")
    assert list(robot.spans) == spans
    assert waiting(robot) == []
    robot.press("Ctrl+Z")
    assert robot.spans == ()
    assert waiting(robot) == spans


def test_labelling_over_one_settles_it(robot: Robot) -> None:
    spans = await_suggestions(robot)
    robot.view.select(spans[0].start, spans[0].end)
    robot.press("C")
    assert waiting(robot) == spans[1:]
    assert robot.labelled[0][0] == "caption"


def test_enter_drops_the_open_ones_and_stores_them_as_ignored(robot: Robot) -> None:
    spans = await_suggestions(robot)
    robot.view.select(spans[0].start, spans[0].start)
    robot.press("Space Return")
    assert page_number(robot) == 4
    assert robot.session.store.annotations("ada").get(3).spans == (spans[0],)
    assert verdicts(robot, 3) == ["accepted", *["ignored"] * (len(spans) - 1)]


def test_ctrl_enter_does_the_whole_page_in_one_act(robot: Robot) -> None:
    await_suggestions(robot)
    robot.press("Ctrl+Return")
    assert page_number(robot) == 4
    there = robot.session.store.annotations("ada").get(3)
    assert (there.spans, there.state.status) == (gold(3), Status.DONE)
    assert set(verdicts(robot, 3)) == {"accepted"}
    robot.press("Ctrl+Z")
    assert page_number(robot) == 3
    assert (robot.spans, robot.state.status) == ((), Status.NEW)
    assert waiting(robot) == list(gold(3))
    robot.press("Ctrl+Shift+Z")
    assert (list(robot.spans), robot.state.status) == (list(gold(3)), Status.DONE)


def test_tab_walks_what_is_unsettled_in_page_order_or_the_least_sure_first(
    qtbot: QtBot, project: Path
) -> None:
    robot = opened(qtbot, project, Policy(blind_share=0, least_sure_first=True))
    await_suggestions(robot)
    by_doubt = sorted(suggesting(robot).open, key=lambda one: (one.confidence, one.span))
    robot.press("Ctrl+Home Tab")
    assert caret(robot) == by_doubt[0].span.start
    robot.press("Tab")
    assert caret(robot) == by_doubt[1].span.start
    robot.press("Shift+Tab Space")
    assert by_doubt[0].span in robot.spans


# Appearance


def dashed(robot: Robot) -> list[Qt.BrushStyle]:
    """The backgrounds of the text with a dashed underline."""
    underlined = QTextCharFormat.UnderlineStyle.DashUnderline
    marks = robot.view.extraSelections()
    return [
        mark.format.background().style()
        for mark in marks
        if mark.format.underlineStyle() == underlined
    ]


def tip_at(robot: Robot, text: str) -> str:
    """The tooltip for a text."""
    viewport, point = robot.view.viewport(), robot.point(text)
    where = viewport.mapToGlobal(point)
    QApplication.sendEvent(viewport, QHelpEvent(QEvent.Type.ToolTip, point, where))
    return QToolTip.text()


@pytest.mark.qt_log_ignore(
    "does not support raise", extend=True
)  # Qt's warning about a tooltip on the offscreen platform
def test_they_are_dashed_and_never_tinted_and_say_why(robot: Robot) -> None:
    spans = await_suggestions(robot)
    assert len(dashed(robot)) >= len(spans)
    assert set(dashed(robot)) == {Qt.BrushStyle.NoBrush}
    block = robot.page.block_at(spans[1].start)
    band = robot.view.band(block)
    assert band
    tip = robot.view.margin.tip(sum(band) / 2)
    assert tip.startswith(f"Suggested: {spans[1].label}")
    assert "model" in tip
    assert tip_at(robot, robot.page.text[spans[1].start : spans[1].end]) == tip
    assert robot.view.tip(robot.point("Sport")) == ""
    robot.press("Ctrl+Space")
    assert dashed(robot) == []


# The background process


def processes() -> int:
    return len(multiprocessing.active_children())


def kill_the_process(robot: Robot) -> None:
    wait_for(robot, lambda: processes() == 1)
    for child in multiprocessing.active_children():
        child.kill()
        child.join()


def test_closing_leaves_no_process_behind(robot: Robot) -> None:
    await_suggestions(robot)
    assert processes() == 1
    robot.close()
    assert processes() == 0


def test_closing_while_something_is_learnt_is_calm(robot: Robot) -> None:
    robot.close()
    assert processes() == 0


def test_a_project_without_suggestions_has_no_process(qtbot: QtBot, project: Path) -> None:
    robot = opened(qtbot, project, Policy(on=False))
    robot.press("T Return")
    assert page_number(robot) == 4
    assert process_was_never_started()


def test_an_annotator_without_suggestions_has_no_process(qtbot: QtBot, project: Path) -> None:
    news_project(project, pages=5, finished=2).close()
    robot = Robot(qtbot)
    robot.window.apply_settings(robot.window.settings.with_suggestions("ada", False))
    robot.open(project).press("T Return")
    assert page_number(robot) == 4
    assert process_was_never_started()


def test_with_labels_of_other_names_there_is_no_process_before_there_is_anything_to_learn(
    qtbot: QtBot, project: Path
) -> None:
    news_project(project, pages=5, labels=RECIPES).close()
    robot = Robot(qtbot).open(project)
    robot.press("R R S")
    assert page_number(robot) == 2
    assert process_was_never_started()
    robot.press("R Return")
    wait_for(robot, lambda: processes() == 1)


def process_was_never_started() -> bool:
    """Whether there are no suggestions and none are being computed."""
    return processes() == 0 and [t for t in threading.enumerate() if t.name == "suggestions"] == []


def test_switching_them_off_ends_the_process_and_on_starts_it(robot: Robot) -> None:
    spans = await_suggestions(robot)
    window = robot.window
    window.apply_settings(window.settings.with_suggestions("ada", False))
    assert processes() == 0
    window.apply_settings(window.settings.with_suggestions("ada", True))
    assert await_suggestions(robot) == spans
    assert processes() == 1


def test_when_the_process_ends_by_itself_it_is_started_again_then_that_is_told_calmly(
    robot: Robot,
) -> None:
    await_suggestions(robot)
    kill_the_process(robot)
    robot.press("Return")
    wait_for(robot, lambda: waiting(robot) == list(gold(4)))
    kill_the_process(robot)
    wait_for(robot, lambda: robot.window.status.message == GAVE_UP)
    robot.press("Return")
    assert page_number(robot) == 5
    assert waiting(robot) == []
    robot.press("T")
    assert robot.spans != ()
    assert process_was_never_started()


def test_what_was_suggested_does_not_change_under_the_hand(robot: Robot) -> None:
    """A page that was only viewed gets new suggestions; until then none are shown."""
    await_suggestions(robot)
    robot.press("D")
    wait_for(robot, lambda: waiting(robot) == list(gold(4)))
    robot.session.open(3)
    assert waiting(robot) == []
    assert await_suggestions(robot) == list(gold(3))


def test_what_is_shown_of_a_page_that_was_begun_is_shown_at_once(robot: Robot) -> None:
    await_suggestions(robot)
    robot.press("Space Space")
    kept = waiting(robot)
    robot.press("D")
    robot.session.open(3)
    assert waiting(robot) == kept
    assert [one.span for one in robot.view.suggestions_in_view()] == kept[:-1]  # one is below


# Errors


def test_a_project_that_can_only_be_read_makes_none(qtbot: QtBot, project: Path) -> None:
    news_project(project, pages=3, finished=2).close()
    robot = Robot(qtbot)
    robot.program.projects.show_store(Store.open_for_reading(project))
    robot.settle()
    assert process_was_never_started()
    assert waiting(robot) == []
    robot.close()
    assert peek(project, "SELECT count(*) FROM offer") == [(0,)]


def test_the_annotator_can_do_without_them(robot: Robot) -> None:
    spans = await_suggestions(robot)
    window = robot.window
    window.apply_settings(window.settings.with_suggestions("ada", False))
    assert waiting(robot) == []
    robot.press("Space")
    assert robot.spans == ()
    window.apply_settings(window.settings.with_suggestions("ada", True))
    assert await_suggestions(robot) == spans


def test_who_wants_none_leaves_them_to_the_others(qtbot: QtBot, project: Path) -> None:
    opened(qtbot, project, Policy(blind_share=0)).close()
    with Store.open(project) as store:
        for number in (1, 2):
            finish(store, number, gold(number), "bea")
    for annotator, wanted in (("ada", False), ("bea", True)):
        robot = Robot(qtbot, annotator)
        robot.window.apply_settings(robot.window.settings.with_suggestions("ada", False))
        robot.open(project)
        assert suggesting(robot).wanted is wanted
        if wanted:
            assert await_suggestions(robot)
        robot.close()
