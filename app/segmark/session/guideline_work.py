"""GuidelineWork: what an annotator adds to the guideline and asks about it on the open page."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from segmark.core import caret, page_change
from segmark.core.caret import Selection
from segmark.core.guideline import Example, Question, case_text, examples_toml, read_examples
from segmark.core.page import Page
from segmark.core.span import Span, named, overlapping
from segmark.core.text.counts import count_words
from segmark.core.text.normalise import trim
from segmark.session.session import Session
from segmark.store.store import Store

_SHOWN = 60  # characters of an example that was left out


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of examples that were to be added to the guideline.

    Attributes:
        added: how many were added.
        waiting: how many are added once the project has a page.
        there: how many are or were in the guideline already.
        refused: those of labels that the project lacks.
    """

    added: int = 0
    waiting: int = 0
    there: int = 0
    refused: Sequence[Example] = ()

    def __str__(self) -> str:
        rest = [
            (self.waiting, "added with the first page"),
            (self.there, "there already"),
            (len(self.refused), "left out"),
        ]
        words = ", ".join(f"{count:,} {what}" for count, what in rest if count)
        return f"{count_words(self.added, 'example')} added{words and ', '}{words}."

    def reasons(self) -> Iterator[str]:
        """Which were left out and why, a line each."""
        for one in self.refused:
            text = " ".join(one.text.split())
            cut = f"{text[:_SHOWN].rstrip()} …" if len(text) > _SHOWN else text
            yield f"example “{cut}”: the project has no label {one.label}"


def keep_waiting(store: Store, examples: Iterable[Example]) -> None:
    """Keep examples in place of earlier ones until the project has a page to add them with.

    Raises:
        StoreError: they can't be stored.
    """
    with store.write("the examples were not added"):
        store.guideline.keep_waiting(examples_toml(examples))


class GuidelineWork:
    """The acts on examples and questions, for one session. Each is one act that undo takes back.

    An act that can't be stored raises ``StoreError`` and changes nothing.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def case_at(self, selection: Selection) -> Example | None:
        """The case at the selection, or else the caret's span or block; None on blank text."""
        opened = self._session.open_page
        if opened is None:
            return None
        page, spans = opened.page, opened.annotation.spans
        start, end = selection.range
        if selection.empty:
            span = caret.caret_span(page, spans, selection.caret)
            start, end = (span.start, span.end) if span else caret.target(page, selection)
        return _case(page, named(spans, self._names), start, end)

    def case_of(self, question: Question) -> Example | None:
        """The case that a question is about, as its asker labelled it; None if it is blank.

        Raises:
            StoreError: the page is damaged.
        """
        store = self._session.store
        page = store.pages.get(question.page)
        spans = store.annotations(question.asker).get(question.page).spans
        return _case(page, named(spans, self._names), question.start, question.end)

    @property
    def _names(self) -> Mapping[str, str]:
        return self._session.store.label_set.renamed

    def add(self, example: Example) -> bool:
        """Add a case to the guideline; False if its page is not in the project."""
        number = self._session.store.pages.number_of(example.page)
        return number is not None and self._session.change_guideline(
            number, page_change.add_example(example)
        )

    def take_in(self, examples: Iterable[Example]) -> TakenIn:
        """Add examples of another project in one act.

        Left out are those that are or were there, and those of labels that this project lacks. The
        log has the act on the first page; in a project without pages the examples wait for one.
        """
        store = self._session.store
        known = {(page, text) for page, _, _, text in store.guideline.cases}
        new, refused, there = list[Example](), list[Example](), 0
        for one in examples:
            label = store.label_set.find(one.label) if one.label else None
            if one.label and label is None:
                refused.append(one)
            elif (one.page, one.text) in known:
                there += 1
            else:
                known.add((one.page, one.text))
                new.append(replace(one, label=label.name if label else ""))
        first = store.pages.neighbour(0, 1)
        if not new:
            return TakenIn(0, 0, there, refused)
        if first is None:
            keep_waiting(store, new)
            return TakenIn(0, len(new), there, refused)
        self._session.change_guideline(first, page_change.take_in_examples(new))
        return TakenIn(len(new), 0, there, refused)

    def take_in_waiting(self) -> TakenIn | None:
        """Add the examples that have waited for a page; None if there are none, or still no page.

        Raises:
            StoreError: they can't be stored.
        """
        store = self._session.store
        waiting = "" if store.read_only else store.guideline.waiting
        if not waiting or store.pages.neighbour(0, 1) is None:
            return None
        taken = self.take_in(read_examples(waiting))
        keep_waiting(store, ())
        return taken

    def change_reason(self, example: Example, reason: str) -> bool:
        """Give an example another reason; False if it has that reason."""
        return self._change(example, page_change.change_reason(example, reason))

    def remove(self, example: Example) -> bool:
        """Remove an example from the guideline; False if it is not there."""
        return self._change(example, page_change.remove_example(example))

    def _change(self, example: Example, change: page_change.PageChange) -> bool:
        """Log the change on the page of the example, or else on the open page."""
        number = self._session.store.pages.number_of(example.page)
        opened = self._session.open_page
        if number is None:
            number = opened.number if opened else None
        return number is not None and self._session.change_guideline(number, change)

    @property
    def question(self) -> Question | None:
        """The annotator's own question on the open page."""
        opened = self._session.open_page
        if opened is None:
            return None
        asked = self._session.store.guideline.questions(opened.number)
        return next((one for one in asked if one.asker == self._session.annotator), None)

    def ask(self, selection: Selection) -> bool:
        """Mark the note on the open page as a question about the case at the selection."""
        opened, case = self._session.open_page, self.case_at(selection)
        if opened is None:
            return False
        start, end = (case.start, case.end) if case else selection.range
        return self._session.change_guideline(opened.number, page_change.ask(start, end))

    def withdraw(self, question: Question) -> bool:
        """Make a question an ordinary note again."""
        return self._session.change_guideline(
            question.page, page_change.withdraw_question(question)
        )

    def answer(self, question: Question, answer: str) -> bool:
        """Answer a question, or open it again with ""; False if that is its answer."""
        return self._session.change_guideline(
            question.page, page_change.answer_question(question, answer.strip())
        )


def _case(page: Page, spans: Sequence[Span], start: int, end: int) -> Example | None:
    """The case in a range, with the name of its label; None where the text is blank."""
    text = page.text
    start, end = trim(text, max(0, start), min(end, len(text)))
    if start >= end:
        return None
    labels = {span.label for span in overlapping(spans, start, end)}
    label = labels.pop() if len(labels) == 1 else ""
    return Example(label, case_text(text[start:end]), "", page.id, start, end)
