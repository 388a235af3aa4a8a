"""A person at the real window who labels a page as its gold is, by keys or by mouse.

The policy, by keys:

1. Look at every screen of the page once; PgDn leads from one to the next.
2. If all suggestions are right, Ctrl+Enter. Otherwise accept all of them if less is then left to
   change than without, and change the rest from the top down.
3. To change some lines: go there by the shortest way of Up, Down, P and Tab; press the label's key,
   on several lines after selecting them with Shift, or on the first and, with Shift, on the last.
   Clear a wrong span with Shift+0, a part of it with 0. Open a fold that hides an end of the lines.
4. Enter, and again if the program asks.

By mouse the same, with the wheel, clicks in the margin (Shift+click for the last line), the label
buttons and the context menu.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QKeySequence, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from segmark.core.annotation import Status
from segmark.core.fold import fold_at
from segmark.core.page import Page
from segmark.core.span import Span
from segmark.core.suggestion import Suggestion
from segmark.gui.window.open_session import OpenSession
from segmark.store.store import Store
from segmark.store.suggestions import Offer
from segmark.suggestion.likely_text import likely_text, walk_stops

from tests.benchmarks.effort_plan import (
    Cell,
    Repair,
    Walk,
    cells,
    follow,
    repairs,
    shown_as,
    walk_on,
)  # fmt: skip
from tests.benchmarks.fold_figures import screens
from tests.benchmarks.watched_window import WatchedWindow

#: Seconds of the keystroke-level model (Card, Moran, Newell 1980): a key of an average typist,
#: pointing, a press or release of the button, thinking before a change.
KEY, POINT, BUTTON, THINK = 0.28, 1.1, 0.1, 1.35
#: Our own assumption: looking at a screen is thinking twice. A notch of the wheel is as a key.
LOOK = 2 * THINK
#: More lines than this are not selected one by one if there is another way.
_MANY = 6
_CLICK = POINT + 2 * BUTTON


@dataclass(frozen=True, slots=True)
class Effort:
    """What a page took: keys or acts of the mouse, screens looked at, seconds."""

    acts: int
    screens: float
    seconds: float


class Desk:
    """The real window on a project, and a person before it."""

    def __init__(self, folder: Path, store: Store) -> None:
        self._watched = WatchedWindow(folder)
        self.window = self._watched.window
        self.window.resize(1366, 768)
        self._watched.show(store)
        self._store = store
        self._begun = 0
        self.open: OpenSession
        self.acts, self.seconds = 0, 0.0

    def sit_down(self, *, folded: bool) -> None:
        """Begin as somebody who has labelled nothing yet."""
        self._begun += 1
        self.window.settings = replace(self.window.settings, folded=folded)
        self.window.end_session()
        self.open = self.window.begin_session(self._store, f"person {self._begun}")
        self.open.suggestions.stop()  # what is suggested is decided elsewhere
        self._watched.settle()

    def label(self, number: int, offered: Offer, gold: Sequence[Span], *, mouse: bool) -> Effort:
        """Label a page as its gold is, and finish it.

        Raises:
            LookupError: the policy does not get there.
        """
        session = self.open.session
        session.open(number)
        self.open.suggestions.suggesting.offer(number, offered)
        self._watched.settle()
        self.acts, self.seconds = 0, 0.0
        looked = screens(self.page, self.open.folds.folds)
        self._look(looked, mouse)
        right = cells(self.page, gold, session.store.label_set)
        person = _Mouse(self, right) if mouse else _Keys(self, right)
        person.label()
        if session.store.annotations(session.annotator).get(number).state.status is not Status.DONE:
            raise LookupError("the page is not finished")
        return Effort(self.acts, looked, self.seconds)

    def _look(self, looked: float, mouse: bool) -> None:
        more = max(0, -int(-looked // 1) - 1)
        self.acts += more * (_NOTCHES if mouse else 1)
        self.seconds += LOOK * looked + KEY * more * (_NOTCHES if mouse else 1)

    # What is there

    @property
    def page(self) -> Page:
        """The open page."""
        assert self.open.session.open_page
        return self.open.session.open_page.page

    @property
    def here(self) -> int:
        """The caret's block, or the first one of its fold."""
        block = self.page.block_at(self.window.view.selection[1])
        assert block is not None
        return shown_as(self.open.folds.folds, block)

    def walk(self) -> Walk:
        """Where the keys lead that move the caret."""
        spans = [*self.open.session.spans, *(one.span for one in self.waiting)]
        bare = set(walk_stops(self.page))
        for span in spans:
            bare.difference_update(self.page.blocks_in(span.start, span.end))
        starts = (self.page.block_at(one.span.start) for one in self.waiting)
        unsettled = bare.union(index for index in starts if index is not None)
        return walk_on(self.page, self.open.folds.folds, likely_text(self.page), unsettled)

    @property
    def waiting(self) -> Sequence[Suggestion]:
        """The suggestions without a verdict."""
        return self.open.suggestions.suggesting.open

    # What the person does

    def press(self, keys: str) -> int:
        """Press a key, and return where the caret is then."""
        QTest.keySequence(self.window.view, QKeySequence.fromString(keys))
        self._watched.settle()
        self._count(KEY)
        return self.here

    def click_margin(self, block: int, *, extend: bool = False) -> None:
        """Click beside a block, or Shift+click; the wheel brings it into view."""
        view, margin = self.window.view, self.window.view.margin
        while (band := view.band(block)) is None or not self._is_inside(sum(band) / 2):
            self._turn_wheel(block)
        at = margin.mapFromGlobal(view.viewport().mapToGlobal(QPoint(0, int(sum(band) / 2))))
        held = Qt.KeyboardModifier.ShiftModifier if extend else Qt.KeyboardModifier.NoModifier
        QTest.mouseClick(margin, Qt.MouseButton.LeftButton, held, QPoint(24, at.y()))
        self._watched.settle()
        self._count(_CLICK)

    def click_label(self, name: str) -> None:
        """Click the button of a label."""
        button = self.window.panels.labels.button(name)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        self._watched.settle()
        self._count(_CLICK)

    def choose(self, command: str, clicks: int) -> None:
        """Run a command by so many clicks."""
        self.window.run(command)
        self._watched.settle()
        for _ in range(clicks):
            self._count(_CLICK)

    def think(self) -> None:
        """Decide what to do next."""
        self.seconds += THINK

    def _count(self, seconds: float) -> None:
        self.acts += 1
        self.seconds += seconds

    def _is_inside(self, y: float) -> bool:
        return 0 <= y < self.window.view.viewport().height()

    def _turn_wheel(self, block: int) -> None:
        view = self.window.view
        at = QPoint(view.viewport().width() // 2, view.viewport().height() // 2)
        under = view.block_under(at)
        middle = self.page.block_at(view.hit(at).caret) if under is None else None
        if under is not None:
            middle = self.page.block_at(under[0])
        step = -120 if middle is None or block > middle else 120
        before = view.verticalScrollBar().value()
        event = QWheelEvent(
            QPointF(at), QPointF(view.viewport().mapToGlobal(at)), QPoint(), QPoint(0, step),
            Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(view.viewport(), event)
        self._watched.settle()
        self._count(KEY)
        if view.verticalScrollBar().value() == before:
            raise LookupError(f"the wheel does not lead to block {block}")

    def close(self) -> None:
        """Close the window."""
        self._watched.close()


#: Turns of the wheel, three lines each, that lead to the next screen.
_NOTCHES = 8


class _Keys:
    """Labels a page by keys."""

    def __init__(self, desk: Desk, right: Sequence[Cell]) -> None:
        self.desk = desk
        self.right = right
        self.labels = desk.open.session.store.label_set

    def label(self) -> None:
        """Label the open page, and finish it."""
        desk, suggested = self.desk, [one.span for one in self.desk.waiting]
        after = cells(desk.page, suggested, self.labels)
        if suggested and after == self.right:
            self.finish_with_all()
            return
        if suggested and len(repairs(after, self.right)) < len(repairs(self.now(), self.right)):
            self.accept_all()
        for _ in range(2 * len(self.right) + 10):
            left = repairs(self.now(), self.right)
            if not left:
                break
            desk.think()
            self.mend(left[0])
        else:
            raise LookupError("there is always something left to change")
        self.finish()

    def now(self) -> list[Cell]:
        """What each block is labelled as."""
        return cells(self.desk.page, self.desk.open.session.spans, self.labels)

    def finish_with_all(self) -> None:
        """Accept all, and finish."""
        self._until_done(lambda: self.desk.press("Ctrl+Return"))

    def accept_all(self) -> None:
        """Accept all suggestions."""
        self.desk.press("Ctrl+Space")

    def finish(self) -> None:
        """Finish the page, against a question if there is one."""
        self._until_done(lambda: self.desk.press("Return"))

    def _until_done(self, act: Callable[[], object]) -> None:
        session, desk = self.desk.open.session, self.desk
        assert session.open_page
        number = session.open_page.number
        desk.think()
        for _ in range(3):
            act()
            state = session.store.annotations(session.annotator).get(number).state
            if state.status is Status.DONE:
                return

    def mend(self, repair: Repair) -> None:
        """Label or clear some blocks."""
        self._open_folds(repair)
        whole = self._whole_span(repair)
        if whole and (repair.label is None or repair.first not in whole):
            self._go(whole)
            self.desk.press("Shift+0")
        elif repair.label is None:
            self._select(repair)
            self.desk.press("0")
        elif self._is_one(repair):
            self._go({repair.first})
            self.desk.press(self._key(repair.label))
        elif self._continues(repair):
            self._go({repair.last})
            self.desk.press(f"Shift+{self._key(repair.label)}")
        elif self.labels[repair.label].joins and self._lines(repair) > 3:
            self._go({repair.first})
            self.desk.press(self._key(repair.label))
        else:
            self._select(repair)
            self.desk.press(self._key(repair.label))

    def _key(self, label: str) -> str:
        return self.labels[label].key.upper()

    def _open_folds(self, repair: Repair) -> None:
        for block in (repair.first, repair.last):
            folds = self.desk.open.folds.folds
            at = fold_at(folds, block)
            if at is None or set(folds[at].blocks) <= set(range(repair.first, repair.last + 1)):
                continue
            self.open_fold(folds[at].first)

    def open_fold(self, block: int) -> None:
        """Open the fold that begins with a block."""
        self._go({block})
        self.desk.press("Shift+Z")

    def _whole_span(self, repair: Repair) -> set[int]:
        """The blocks of a span to be cleared whole: all of it is wrong, or the wrong part is long.

        What is right of it is labelled again.
        """
        if repair.label is not None:
            return set()
        page = self.desk.page
        for span in self.desk.open.session.spans:
            blocks = set(page.blocks_in(span.start, span.end))
            wrong = blocks.intersection(range(repair.first, repair.last + 1))
            if wrong and (wrong == blocks or self._lines(repair) > _MANY):
                return {shown_as(self.desk.open.folds.folds, block) for block in wrong}
        return set()

    def _is_one(self, repair: Repair) -> bool:
        return self._lines(repair) == 1

    def _lines(self, repair: Repair) -> int:
        folds = self.desk.open.folds.folds
        return len({shown_as(folds, at) for at in range(repair.first, repair.last + 1)})

    def _continues(self, repair: Repair) -> bool:
        """Whether the nearest span of the label above ends in the block before."""
        if not repair.label or not self.labels[repair.label].joins:
            return False
        page, end = self.desk.page, self.desk.page.blocks[repair.last].start
        above = [
            span
            for span in self.desk.open.session.spans
            if span.label == repair.label and span.start < end
        ]
        return bool(above) and page.block_at(above[-1].end - 1) == repair.first - 1

    def _go(self, goals: set[int]) -> None:
        folds = self.desk.open.folds.folds
        shown = {shown_as(folds, block) for block in goals}
        follow(self.desk.press, self.desk.walk, self.desk.here, shown)

    def _select(self, repair: Repair) -> None:
        desk = self.desk
        self._go({repair.first, repair.last})
        folds = desk.open.folds.folds
        down = desk.here == shown_as(folds, repair.first)
        end = shown_as(folds, repair.last if down else repair.first)
        for _ in range(self._lines(repair) - 1):
            if desk.press("Shift+Down" if down else "Shift+Up") == end:
                break


class _Mouse(_Keys):
    """Labels a page by mouse."""

    def finish_with_all(self) -> None:
        """Accept all, and finish: two clicks in the menu."""
        self._until_done(lambda: self.desk.choose("page.done_all", 2))

    def accept_all(self) -> None:
        """Accept all suggestions: two clicks in the menu."""
        self.desk.choose("suggest.accept_all", 2)

    def finish(self) -> None:
        """Finish the page: a click on the tool bar."""
        self._until_done(lambda: self.desk.choose("page.done", 1))

    def open_fold(self, block: int) -> None:
        """Click beside a fold, and open it by two clicks in the menu."""
        self.desk.click_margin(block)
        self.desk.choose("view.fold_here", 2)

    def mend(self, repair: Repair) -> None:
        """Select the blocks in the margin, and click the label's button or the context menu."""
        self._open_folds(repair)
        if self._whole_span(repair):
            self.desk.click_margin(min(self._whole_span(repair)))
            self.desk.choose("label.clear_span", 2)
            return
        self.desk.click_margin(repair.first)
        if repair.last > repair.first:
            self.desk.click_margin(repair.last, extend=True)
        if repair.label is None:
            self.desk.choose("label.clear", 2)
        else:
            self.desk.click_label(repair.label)
