"""Shows notices about other versions of the open page, and carries labels over from an earlier one.

The dialog and the alignment are imported when they are needed: most pages have one version.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog

from segmark.core.progress import Progress
from segmark.gui.window.main_window import MainWindow
from segmark.gui.window.notice_bar import Notice
from segmark.gui.window.page_acts import PageActs
from segmark.session.events import PageOpened, SessionEvent
from segmark.session.session import Session
from segmark.store.store import Store

if TYPE_CHECKING:
    from segmark.gui.dialogs.carry import Preview
    from segmark.jobs.carry_over import CarryPlan


class CarryActs:
    """The command that carries labels over, for one session."""

    def __init__(self, window: MainWindow, session: Session, page_acts: PageActs) -> None:
        self._window = window
        self._session = session
        self._page_acts = page_acts
        session.subscribe(self._on_event)
        self._update()

    def handlers(self) -> dict[str, Callable[[], object]]:
        """The function of each command, by the command's id."""
        return {"page.carry": self.carry}

    def carry(self) -> None:
        """Preview the labels of an earlier version on the open page, and carry them over."""
        from segmark.gui.dialogs.carry import CarryDialog

        window, opened = self._window, self._session.open_page
        if opened is None:
            return
        session = self._session
        replaces = bool(session.spans)
        dialog = CarryDialog(session.store.label_set, window.theme, window, replaces=replaces)
        window.do_in_background(
            "Carry labels over",
            self._planning(opened.number),
            dialog.show_preview,
            failed=dialog.words.setText,
        )
        accepted = dialog.exec() == QDialog.DialogCode.Accepted
        plan, changed = dialog.plan, dialog.changed
        dialog.deleteLater()
        if accepted and plan:
            window.attempt(lambda: self._carry_over(plan, changed))

    def _planning(self, page: int) -> Callable[[Progress], "Preview"]:
        project, annotator = self._session.store.path, self._session.annotator

        def work(_progress: Progress) -> "Preview":
            from segmark.gui.dialogs.carry import Preview
            from segmark.jobs.carry_over import plan

            with Store.open_or_read(project) as store:
                planned = plan(store, annotator, page)
                source = store.pages.names(planned.earlier)[1] if planned else ""
            return Preview.of(planned, source)

        return work

    def _carry_over(self, plan: "CarryPlan", changed: bool) -> None:
        from segmark.core.carrying import CarryOutcome
        from segmark.jobs.carry_over import carry_over

        carry_over(self._session, plan, changed=changed)
        self._window.page_notice.show_notice(None)
        self._window.status.show_message(f"Carried over: {plan}.")
        to_check = plan.with_outcome(CarryOutcome.CHANGED) if changed else ()
        spans = [span for each in to_check for span in each.new] or plan.places(changed=False)
        if spans:
            self._page_acts.go_to(spans[0].start)
        self._window.view.setFocus()

    # Versions of the open page

    def _on_event(self, event: SessionEvent) -> None:
        if isinstance(event, PageOpened):
            self._update()

    def _update(self) -> None:
        """Show a notice if the open page has other versions, and offer an act."""
        action, opened = self._window.actions_by_id["page.carry"], self._session.open_page
        if opened is None:
            action.setEnabled(False)
            self._window.page_notice.show_notice(None)
            return
        store = self._session.store
        earlier = store.versions.labelled_earlier(opened.number, self._session.annotator)
        can_carry = earlier is not None and not store.read_only
        action.setEnabled(can_carry)
        self._window.page_notice.show_notice(self._notice(opened.number, can_carry))

    def _notice(self, page: int, can_carry: bool) -> Notice | None:
        latest = self._session.store.versions.latest(page)
        if latest != page:
            words = "There is a newer version of this page: its source had changed."
            return Notice(words, "Open the newer one", lambda: self._open(latest))
        if can_carry and not self._session.spans:
            words = "This is a newer version of a page that you labelled."
            return Notice(words, "Carry labels over…", self.carry)
        return None

    def _open(self, number: int) -> None:
        self._window.attempt(lambda: self._session.open(number))
