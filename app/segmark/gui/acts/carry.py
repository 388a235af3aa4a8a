"""What tells of other versions of the open page, and carries labels over from an earlier one.

The strip, the dialog and what finds the labels' places are imported and made where they are needed:
most pages have one version.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog

from segmark.core.progress import Progress
from segmark.gui.base.tasks import Task
from segmark.gui.window.main_window import MainWindow
from segmark.gui.window.notice_bar import Notice, NoticeBar
from segmark.session.events import PageOpened, SessionEvent
from segmark.session.session import Session
from segmark.store.store import Store

if TYPE_CHECKING:
    from segmark.gui.dialogs.carry import Preview
    from segmark.jobs.carry_over import Plan

_TITLE = "Carry labels over"


class CarryActs(QObject):
    """The command that carries labels over, for one window.

    Attributes:
        notice: the strip that tells of other versions; None until there was one.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.notice: NoticeBar | None = None
        window.add_handlers(self.handlers())
        window.session_changed.connect(self._look)
        window.happened.connect(self._on_event)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """What to call for each command, by the command's id."""
        return {"page.carry": self.carry}

    def carry(self) -> None:
        """Show what would become of the labels of an earlier version, and carry them over."""
        from segmark.gui.dialogs.carry import CarryDialog

        window, session = self._window, self._window.session
        if session is None or session.open_page is None:
            return
        dialog = CarryDialog(session.labels, window.theme, window)
        task = Task(_TITLE, self._finding(session, session.open_page.number))
        task.finished.connect(dialog.show_preview)
        task.failed.connect(dialog.words.setText)
        window.background.start(task)
        accepted = dialog.exec() == QDialog.DialogCode.Accepted
        planned, changed = dialog.plan, dialog.changed
        dialog.deleteLater()
        if accepted and planned:
            window.attempt(lambda: self._carry_over(session, planned, changed))

    def _finding(self, session: Session, page: int) -> Callable[[Progress], "Preview"]:
        project, annotator = session.store.path, session.annotator

        def work(_progress: Progress) -> "Preview":
            from segmark.gui.dialogs.carry import Preview
            from segmark.jobs.carry_over import plan

            with Store.open_or_read(project) as store:
                planned = plan(store, annotator, page)
                source = store.pages.names(planned.earlier)[1] if planned else ""
            return Preview.of(planned, source)

        return work

    def _carry_over(self, session: Session, planned: "Plan", changed: bool) -> None:
        from segmark.core.carrying import CarryOutcome
        from segmark.jobs.carry_over import carry_over

        carry_over(session, planned, changed=changed)
        self._show(None)
        self._window.status.tell(f"Carried over: {planned}.")
        of_interest = planned.with_fate(CarryOutcome.CHANGED) if changed else ()
        places = [span for each in of_interest for span in each.new]
        places = places or list(planned.places(changed=False))
        if places and self._window.acts:
            self._window.acts.go_to(places[0].start)
        self._window.view.setFocus()

    # What is told of the open page

    def _on_event(self, event: SessionEvent) -> None:
        if isinstance(event, PageOpened):
            self._look()

    def _look(self) -> None:
        """Tell of other versions of the open page, and offer what can be done about it."""
        session = self._window.session
        action = self._window.actions_by_id["page.carry"]
        if session is None or session.open_page is None:
            action.setEnabled(False)
            self._show(None)
            return
        number, versions = session.open_page.number, session.store.versions
        labelled = versions.labelled_earlier(number, session.annotator)
        can_carry = labelled is not None and not session.store.read_only
        action.setEnabled(can_carry)
        latest = versions.latest(number)
        if latest != number:
            told = "There is a newer version of this page: its source had changed."
            self._show(Notice(told, "Open the newer one", lambda: self._open(latest)))
        elif can_carry and not session.spans:
            told = "This is a newer version of a page that you labelled."
            self._show(Notice(told, "Carry labels over…", self.carry))
        else:
            self._show(None)

    def _open(self, number: int) -> None:
        session = self._window.session
        if session:
            self._window.attempt(lambda: session.open(number))

    def _show(self, notice: Notice | None) -> None:
        if notice and self.notice is None:
            self.notice = NoticeBar()
            self.notice.setAccessibleName("Versions of the page")
            self._window.add_above_page(self.notice)
        if self.notice:
            self.notice.show_notice(notice)
