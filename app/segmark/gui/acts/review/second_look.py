"""Walks through the likely mistakes on finished pages, which a process finds beside the window."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from segmark.core.history import ActKind
from segmark.core.progress import Progress
from segmark.core.text.counts import count_words
from segmark.gui.base.plain_words import in_stored_order
from segmark.gui.window.main_window import MainWindow
from segmark.gui.window.notice_bar import Notice
from segmark.gui.window.page_acts import PageActs
from segmark.session.events import Edited, PageOpened, SessionEvent
from segmark.session.session import Session
from segmark.store.errors import StoreError

if TYPE_CHECKING:
    from segmark.jobs.second_look.review import Review
    from segmark.jobs.second_look.walk import SecondLook
    from segmark.suggestion.second_look.finding import FindingGroup, Place

_NAME = "Second look"
_SHOWN = 60  # code points of a text in a notice


class SecondLookActs:
    """The commands of the second look, for one session."""

    def __init__(self, window: MainWindow, session: Session, acts: PageActs) -> None:
        self._window, self._session, self._acts = window, session, acts
        self._look: SecondLook | None = None
        self._running = False
        self._stepping = False
        session.subscribe(self._on_event)
        window.panels.pages.second_look_left.connect(self._leave)
        self._go_on()

    def handlers(self) -> dict[str, Callable[[], object]]:
        """The function of each command, by the command's id."""
        return {
            "review.begin": self.begin,
            "review.next": lambda: self.step(1),
            "review.previous": lambda: self.step(-1),
            "review.right": self.call_right,
            "review.right_group": self.call_group_right,
        }

    def begin(self) -> None:
        """Look at all finished pages in a process, and then go to the first likely mistake."""
        if self._running:
            self._window.status.show_message("The second look is being taken; see its progress.")
            return
        self._running = True
        self._window.do_in_background(
            _NAME, self._reviewing(), self._walk, ended=self._end, show_progress=True
        )

    def step(self, step: int) -> None:
        """Go to the next (+1) or previous (-1) likely mistake; begin if there is no second look."""
        look = self._look
        if look is None:
            self.begin()
            return
        self._stepping = True
        try:
            place = look.step(step)
        finally:
            self._stepping = False
        if place is None:
            self._leave_notice()
            self._keep(())
            self._window.status.show_message("Second look: all likely mistakes are settled.")
        else:
            self._show(place)

    def call_right(self) -> None:
        """Remember that the labels of the current place are right, and go to the next."""
        look = self._look
        if look is None or not look.call_right():
            self._window.status.show_message("There is no place of a second look to call right.")
            return
        self.step(1)

    def call_group_right(self) -> None:
        """Remember the same of all places of the current one's group, and go to the next."""
        look = self._look
        if pages := look.call_group_right() if look else 0:
            self.step(1)
            self._window.status.show_message(
                f"It is right: remembered on {count_words(pages, 'page')}."
            )
        else:
            self._window.status.show_message("There is no place of a second look to call right.")

    def _reviewing(self) -> "Callable[[Progress], Review]":
        project, annotator = self._session.store.path, self._session.annotator

        def work(progress: Progress) -> "Review":
            from segmark.jobs.second_look.review import review_in_process

            return review_in_process(project, annotator, None, progress)

        return work

    def _end(self) -> None:
        self._running = False

    def _walk(self, found: "Review") -> None:
        """Show what was found, unless another project was opened meanwhile."""
        from segmark.jobs.second_look.walk import SecondLook

        if self._window.session is not self._session:
            return
        look = SecondLook(self._session, found.groups)
        self._keep(found.groups)
        if not look.places:
            words = f"Second look: nothing surprises on {found.pages:,} finished pages."
            self._window.status.show_message(words)
            return
        self._look = look
        self._window.panels.pages.show_second_look(look.pages)
        self._window.attempt(lambda: self.step(1))

    def _show(self, place: "Place") -> None:
        """Show a place, with the reason above the page."""
        span = place.finding.span
        self._acts.show_place(place.page, span.start, span.end)
        self._window.view.setFocus()
        self._show_notice(place)

    def _show_notice(self, place: "Place") -> None:
        look = self._look
        if look is None:
            return
        self._keep_place(place)
        words = f"Second look, {look.number:,} of {len(look.places):,}: {self._reason(place)}."
        right, following = (
            self._with_key(words, name)
            for words, name in (("It is right", "review.right"), ("Next", "review.next"))
        )
        window = self._window
        window.page_notice.show_notice(
            Notice(
                in_stored_order(words),
                right,
                lambda: window.run("review.right"),
                (following, lambda: window.run("review.next")),
            )
        )

    def _reason(self, place: "Place") -> str:
        one, opened = place.finding, self._session.open_page
        if one.instead is None or opened is None:
            return one.reason
        text = " ".join(opened.page.text[one.instead.start : one.instead.end].split())
        return f"{one.reason}; rather “{text[:_SHOWN]}”"

    def _with_key(self, words: str, command: str) -> str:
        keys = self._window.actions_by_id.keys_text(command)
        return f"{words} ({keys[0]})" if keys else words

    def _on_event(self, event: SessionEvent) -> None:
        """Show the place of a page that is opened; a place that is settled needs no notice."""
        look, opened = self._look, self._session.open_page
        if look is None or opened is None or self._stepping:
            return
        match event:
            case PageOpened(number):
                if place := look.come_to(number):
                    self._show(place)
            case Edited(_, ActKind.ACT):
                place = look.current
                if place and not look.is_open(place):
                    self._leave_notice()
            case Edited():
                if place := look.come_to(opened.number):
                    self._show_notice(place)

    def _leave_notice(self) -> None:
        self._window.page_notice.show_notice(None)

    def _leave(self) -> None:
        """End the second look: the list has another order again."""
        if self._look is not None and self._window.session is self._session:
            self._look = None
            self._leave_notice()
            self._keep(())

    def _go_on(self) -> None:
        """Go on with the second look that the annotator was in when the project was closed.

        A page that was left at one of its places opens there again, though it is finished.
        """
        if not self._session.store.suggestions.second_look(self._session.annotator)[0]:
            return  # without the imports of a second look
        from segmark.jobs.second_look.kept import kept_walk

        look = self._look = kept_walk(self._session)
        if look is None:
            return
        self._window.panels.pages.show_second_look(look.pages)
        opened, left = self._session.open_page, self._session.store.left_at(self._session.annotator)
        page = left or (opened.number if opened else None)
        if page and (place := look.come_to(page)):
            self._window.attempt(lambda: self._show(place))

    def _keep(self, groups: "Sequence[FindingGroup]") -> None:
        """Keep the walk for the next start; none forgets it."""
        from segmark.jobs.second_look.kept import keep_walk

        self._try(lambda: keep_walk(self._session, groups))

    def _keep_place(self, place: "Place") -> None:
        from segmark.jobs.second_look.kept import keep_place

        self._try(lambda: keep_place(self._session, place))

    def _try(self, keep: Callable[[], object]) -> None:
        try:
            keep()
        except StoreError as error:
            self._window.status.show_message(str(error))
