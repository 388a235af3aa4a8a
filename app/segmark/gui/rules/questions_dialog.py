"""QuestionsDialog: the questions about the guideline, and a field to answer them."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPlainTextEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from segmark.core.guideline import Example, Question
from segmark.core.label import LabelSet
from segmark.gui.base.box_name import name_box
from segmark.gui.base.fitting import FittedDialog
from segmark.gui.base.plain_words import in_stored_order
from segmark.gui.base.row_tree import row_tree
from segmark.gui.rules.example_dialog import label_choice

_NOTHING = "Nobody has asked anything. To ask, write a note on a page and mark it as a question."
_MOST_ABOUT = 200  # characters of a case
_NO_TEXT = "(the note is empty)"


class QuestionsDialog(FittedDialog):
    """Lists questions, the open ones first, and takes an answer to the chosen one.

    Signals:
        answered: a ``Question``, the answer ("" opens it again), and the label of the example that
            it becomes; None for no example.

    Attributes:
        questions: the list.
        answer: the field for the answer.
        becomes_example: whether the answer becomes an example.
        label: its label.
        send, reopen, go: the buttons; ``go`` accepts the dialog.
        chosen: the question whose page is to be opened; None if the dialog was closed.
    """

    answered = Signal(object, str, object)

    def __init__(
        self,
        labels: LabelSet,
        case_of: Callable[[Question], Example | None],
        *,
        can_write: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Questions about the guideline")
        self._case_of, self._can_write = case_of, can_write
        self._asked: Sequence[Question] = ()
        self.chosen: Question | None = None
        self.questions = self._list()
        self.text = QLabel(_NOTHING, wordWrap=True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.answer = QPlainTextEdit(tabChangesFocus=True)
        self.becomes_example = QCheckBox("Add the case and the answer to the &guideline of")
        self.label = label_choice(labels, "")
        name_box(self.label, "Label of the example")
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        role = QDialogButtonBox.ButtonRole
        self.go = self._buttons.addButton("Go to the &page", role.ActionRole)
        self.reopen = self._buttons.addButton("&Open again", role.ActionRole)
        self.send = self._buttons.addButton("Answ&er", role.ActionRole)
        self._lay_out()
        self._connect()

    @staticmethod
    def _list() -> QTreeWidget:
        table = row_tree("Questions")
        table.setHeaderLabels(["", "Page", "Asked by", "Question"])
        for column in (0, 2):
            table.header().setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        table.setColumnWidth(1, 30 * table.fontMetrics().averageCharWidth())
        return table

    def _lay_out(self) -> None:
        example = QHBoxLayout()
        example.addWidget(self.becomes_example)
        example.addWidget(self.label)
        example.addStretch(1)
        form = QFormLayout()
        form.addRow("&Answer", self.answer)
        form.addRow("", example)
        column = QVBoxLayout(self)
        column.addWidget(self.questions, 2)
        column.addWidget(self.text)
        column.addLayout(form, 1)
        column.addWidget(self._buttons)
        self.send.setDefault(True)
        self.prefer(110, 30)

    def _connect(self) -> None:
        self.questions.currentItemChanged.connect(lambda: self._show_question())
        self.questions.itemActivated.connect(lambda: self._go())
        self.becomes_example.toggled.connect(self.label.setEnabled)
        self.answer.textChanged.connect(self._enable)
        self.send.clicked.connect(self._send)
        self.reopen.clicked.connect(self._reopen)
        self.go.clicked.connect(self._go)
        self._buttons.rejected.connect(self.reject)

    def show_questions(self, asked: Sequence[Question], first: Question | None = None) -> None:
        """Show these questions, and choose one of them, or else the first open one."""
        self._asked = sorted(asked, key=lambda one: not one.open)
        self.questions.clear()
        for one in self._asked:
            words = in_stored_order(" ".join(one.text.split()) or _NO_TEXT)
            title = in_stored_order(one.source)
            row = QTreeWidgetItem(["?" if one.open else "✓", title, one.asker, words])
            row.setToolTip(0, "Open" if one.open else "Answered")
            self.questions.addTopLevelItem(row)
        same = [at for at, one in enumerate(self._asked) if first and _key(one) == _key(first)]
        if chosen := self.questions.topLevelItem((*same, 0)[0]):
            self.questions.setCurrentItem(chosen)
        else:
            self._show_question()
        (self.answer if self._asked and self._can_write else self.questions).setFocus()

    @property
    def question(self) -> Question | None:
        """The question that is chosen in the list."""
        at = self.questions.currentIndex().row()
        return self._asked[at] if 0 <= at < len(self._asked) else None

    def _show_question(self) -> None:
        one = self.question
        case = self._case_of(one) if one else None
        self.text.setText(_words(one, case) if one else _NOTHING)
        self.answer.setPlainText(one.answer if one else "")
        self.becomes_example.setChecked(False)
        self.label.setCurrentIndex(self.label.findData(case.label if case else ""))
        self.label.setEnabled(False)
        self._enable()

    def _enable(self) -> None:
        one, words = self.question, self.answer.toPlainText().strip()
        can_answer = one is not None and self._can_write
        for field in (self.answer, self.becomes_example):
            field.setEnabled(can_answer)
        self.send.setEnabled(can_answer and bool(words) and words != (one and one.answer))
        self.reopen.setEnabled(can_answer and one is not None and not one.open)
        self.go.setEnabled(one is not None)

    def _send(self) -> None:
        label = self.label.currentData() if self.becomes_example.isChecked() else None
        if one := self.question:
            self.answered.emit(one, self.answer.toPlainText().strip(), label)

    def _reopen(self) -> None:
        if one := self.question:
            self.answered.emit(one, "", None)

    def _go(self) -> None:
        self.chosen = self.question
        self.accept()


def _key(question: Question) -> tuple[int, str]:
    return question.page, question.asker


def _words(one: Question, case: Example | None) -> str:
    about = f"\nabout “{' '.join(case.text.split())[:_MOST_ABOUT]}”" if case else ""
    answered = f"\n{one.answered_by} answered: {one.answer}" if one.answer else ""
    return in_stored_order(f"{one.asker} asks: {one.text or _NO_TEXT}{about}{answered}")
