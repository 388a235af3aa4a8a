"""The commands on examples of the guideline and on questions, for one session."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial

from segmark.core.guideline import Example, Question
from segmark.gui.window.main_window import MainWindow
from segmark.gui.window.page_acts import PageActs
from segmark.session.events import GuidelineChanged, PageOpened, SessionEvent
from segmark.session.guideline_work import GuidelineWork
from segmark.session.session import Session
from segmark.store.errors import StoreError


class GuidelineActs:
    """Adds cases to the guideline, changes its examples, asks and answers questions."""

    def __init__(self, window: MainWindow, session: Session, acts: PageActs) -> None:
        self._window, self._session, self._acts = window, session, acts
        self._work = GuidelineWork(session)
        self._panel, self._note = window.panels.guideline, window.panels.note
        session.subscribe(self._on_event)
        self._panel.set_examples(session.store.guideline.examples, self.use)
        self._show_questions()

    def handlers(self) -> dict[str, Callable[[], object]]:
        """The function of each command, by the command's id."""
        return {
            "label.example": self.add,
            "page.question": self.mark,
            "page.questions": self.show_questions,
        }

    def _on_event(self, event: SessionEvent) -> None:
        if isinstance(event, GuidelineChanged):
            self._panel.refresh()
        if isinstance(event, GuidelineChanged | PageOpened):
            self._show_questions()
        if isinstance(event, PageOpened):
            self._window.attempt(self._take_in_waiting)

    def _take_in_waiting(self) -> None:
        """Add the examples that came with the label set, now that there is a page."""
        if taken := self._work.take_in_waiting():
            self._panel.refresh()
            self._window.status.show_message(f"Guideline: {taken}")

    def add(self) -> None:
        """Ask for the reason of the case at the caret, and add it to the guideline."""
        case = self._work.case_at(self._acts.selection)
        if case is None:
            self._window.status.show_message("There is no text here to add to the guideline.")
        elif example := self._asked_for(case):
            self._window.attempt(lambda: self._work.add(example))
            of = f" of {example.label}" if example.label else ""
            self._window.status.show_message(f"Added to the guideline{of}.")

    def _asked_for(self, example: Example) -> Example | None:
        from segmark.gui.rules.example_dialog import ExampleDialog

        dialog = ExampleDialog(example, self._session.store.label_set, self._window)
        accepted, found = dialog.exec(), dialog.example
        dialog.deleteLater()
        self._window.view.setFocus()
        return found if accepted else None

    def use(self, number: int, act: str) -> None:
        """Do what was chosen for an example: ``page`` goes there, ``change``, ``remove``."""
        examples = self._session.store.guideline.examples()
        example = next((one for one in examples if one.number == number), None)
        if example is None:
            self._panel.refresh()
        elif act == "page":
            self._window.attempt(partial(self._go, example))
        elif self._session.store.read_only:
            self._window.status.show_message("The project can only be read.")
        elif act == "remove":
            self._window.attempt(lambda: self._work.remove(example))
            self._window.status.show_message("Removed from the guideline.")
        elif changed := self._asked_for(example):
            self._window.attempt(lambda: self._work.change_reason(example, changed.reason))

    def _go(self, example: Example) -> None:
        number = self._session.store.pages.number_of(example.page)
        if number is None or self._session.store.pages.is_removed(number):
            self._window.status.show_message("The page of this example is not in the project.")
            return
        self._show_case(number, example.start, example.end)

    def _show_case(self, page: int, start: int, end: int) -> None:
        self._acts.show_place(page, start, end)
        self._window.view.setFocus()

    # Questions

    def _show_questions(self) -> None:
        opened = self._session.open_page
        asked = self._session.store.guideline.questions(opened.number) if opened else ()
        self._note.show_questions(asked, self._session.annotator)

    def mark(self) -> None:
        """Mark the note on the page as a question, or make a question an ordinary note again."""
        question = self._work.question
        if question:
            self._window.attempt(lambda: self._work.withdraw(question))
            self._window.status.show_message("The note is no question any more.")
        elif not self._session.state.note:
            self._window.status.show_message("Write the question as a note first.")
            self._window.panels.show_note_field()
        else:
            self._window.attempt(lambda: self._work.ask(self._acts.selection))
            self._window.status.show_message("The note is a question now.")
        self._show_questions()

    def show_questions(self) -> None:
        """Show all questions; the dialog takes answers."""
        from segmark.gui.rules.questions_dialog import QuestionsDialog

        store, opened = self._session.store, self._session.open_page
        dialog = QuestionsDialog(
            store.label_set, self._case_of, can_write=not store.read_only, parent=self._window
        )

        def answer(question: Question, words: str, label: str | None) -> None:
            self._window.attempt(partial(self._answer, question, words, label))
            dialog.show_questions(store.guideline.questions())

        dialog.answered.connect(answer)
        here = store.guideline.questions(opened.number) if opened else ()
        dialog.show_questions(store.guideline.questions(), next(iter(here), None))
        accepted, chosen = dialog.exec(), dialog.chosen
        dialog.deleteLater()
        self._window.view.setFocus()
        if accepted and chosen:
            self._window.attempt(lambda: self._show_case(chosen.page, chosen.start, chosen.end))

    def _case_of(self, question: Question) -> Example | None:
        with suppress(StoreError):  # a damaged page is reported when it is opened
            return self._work.case_of(question)
        return None

    def _answer(self, question: Question, words: str, label: str | None) -> None:
        self._work.answer(question, words)
        case = self._work.case_of(question) if label is not None else None
        if case:
            self._work.add(replace(case, label=label or "", reason=words))
