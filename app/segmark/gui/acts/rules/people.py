"""The command that shows and changes the people of a project, for one session."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from segmark.core.page_change import (
    PageChange,
    join_people,
    recolour_person,
    rename_person,
)
from segmark.core.people.person import Person, PersonError
from segmark.core.progress import Progress
from segmark.gui.window.main_window import MainWindow
from segmark.session.events import PageOpened, PagesChanged, SessionEvent
from segmark.session.session import Session

if TYPE_CHECKING:
    from segmark.gui.people.dialog import PeopleDialog, PeopleShown
    from segmark.gui.people.join import JoinDialog

_UNDO = "Ctrl+Z in the window takes it back."


class PeopleActs:
    """Renames, recolours and joins people, and lets the session follow the annotator's own name.

    ``follow`` begins the session again under the name that the annotator has now.
    """

    def __init__(self, window: MainWindow, session: Session, follow: Callable[[], object]) -> None:
        self._window, self._session, self._follow = window, session, follow
        session.subscribe(self._on_event)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """The function of each command, by the command's id."""
        return {"file.people": self.show}

    def show(self) -> None:
        """Show the people; what is changed is an act that can be undone."""
        from segmark.gui.people.dialog import PeopleDialog

        above = QApplication.activeModalWidget() or self._window
        dialog = PeopleDialog(self._shown(), above)
        dialog.rename_wanted.connect(
            lambda one, name: self._change(dialog, lambda: rename_person(one, name))
        )
        dialog.recolour_wanted.connect(
            lambda one, colour: self._change(dialog, lambda: recolour_person(one, colour))
        )
        dialog.join_wanted.connect(lambda one: self._join(dialog, one))
        self._count(dialog)
        dialog.exec()
        dialog.deleteLater()

    def _on_event(self, event: SessionEvent) -> None:
        """Follow the annotator's own name, which an act here or another program changed."""
        session, opened = self._session, isinstance(event, PageOpened)
        gone = opened and not session.store.people.has_name(session.annotator)
        if gone or isinstance(event, PagesChanged):
            QTimer.singleShot(0, self._follow)

    def _shown(self) -> "PeopleShown":
        from segmark.gui.people.dialog import PeopleShown
        from segmark.store.people.people import alike_words

        store = self._now.store
        people = store.people.all()
        warnings = [alike_words(names) for names in store.people.alike()]
        return PeopleShown(people, {}, warnings, store.read_only)

    def _count(self, dialog: "PeopleDialog") -> None:
        """Count beside the window on how many pages each person worked."""
        opener = self._now.store.opener

        def work(_progress: Progress) -> dict[str, int]:
            with opener() as store:
                return store.people.pages()

        self._window.do_in_background("Count pages", work, dialog.show_pages)

    @property
    def _now(self) -> Session:
        """The session in the window: a change of the annotator's own name begins another one."""
        return self._window.session or self._session

    def _change(
        self, dialog: "PeopleDialog", made: Callable[[], PageChange], pages: int = 1
    ) -> None:
        try:
            change = made()
        except PersonError as error:
            self._window.warn("People", f"This can't be done: {error}.")
            return
        changed = list[int]()
        self._window.attempt(lambda: changed.append(self._now.change_people(change, pages)))
        self._follow()
        done = f"{change.title}: done. {_UNDO}" if any(changed) else ""
        dialog.show_people(self._shown(), done)
        self._count(dialog)

    def _join(self, dialog: "PeopleDialog", one: Person) -> None:
        from segmark.gui.people.join import JoinDialog

        others = [other for other in self._now.store.people.all() if other.id != one.id]
        asked = JoinDialog(one, others, dialog)
        asked.clashes_wanted.connect(lambda other: self._compare(asked, one, other))
        asked.ask()
        accepted, other, kept, pages = asked.exec(), asked.other, asked.kept, asked.pages
        asked.deleteLater()
        if accepted:
            self._change(dialog, lambda: join_people(one, other, keep_labels_of=kept), pages)

    def _compare(self, asked: "JoinDialog", one: Person, other: Person) -> None:
        from segmark.reports.people_text import clash_line

        opener = self._now.store.opener

        def work(_progress: Progress) -> tuple[Person, int, Sequence[str]]:
            with opener() as store:
                clashes = store.people.clashes(one, other)
                lines = [clash_line(clash, one, other) for clash in clashes]
                return other, store.people.pages_of(one), lines

        self._window.do_in_background(
            "Compare labels", work, asked.show_clashes, failed=asked.words.setText
        )
