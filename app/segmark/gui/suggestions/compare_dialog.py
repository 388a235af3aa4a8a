"""CompareDialog: the models of a project side by side, and the pages where they part."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from segmark.core.queue import ListedPages
from segmark.gui.base.box_name import name_box
from segmark.gui.base.fitting import FittedDialog
from segmark.gui.base.plain_words import in_stored_order
from segmark.gui.base.row_tree import row_tree
from segmark.jobs.scoring.score_tables import (
    Rows,
    difference_rows,
    interval_words,
    model_rows,
    parting_rows,
    worst_rows,
)
from segmark.jobs.scoring.scoring import Scoring

_NO_NAME = "(no name)"
_TITLE = 60  # characters
_ID = Qt.ItemDataRole.UserRole


class CompareDialog(FittedDialog):
    """Shows how models do on the finished pages of somebody, and where they differ.

    Args:
        people: whose labels can be compared with; "" for adjudicated ones.
        shown_model: the model whose suggestions the project shows.
        title_of: finds the title of a page, given by its id.
        can_choose: whether another one can be chosen.

    Attributes:
        labels: chooses whose labels count.
        words: what is compared, or why it can't be.
        models: the models with their figures.
        which: chooses between the pages where they part, and the worst pages of each model.
        pages: these pages.
        use: makes the project show the suggestions of the chosen model.
        go, listed: open the chosen page; put all of them in the page list. Both accept the dialog.
        chosen: the id of the page to open; "" for none.
        to_list: the pages to put in the page list; None for none.

    Signals:
        labels_changed: whose labels count from now on.
        model_chosen: the model whose suggestions are to be shown.
    """

    labels_changed = Signal(str)
    model_chosen = Signal(str)

    def __init__(
        self,
        people: Sequence[str],
        shown_model: str,
        title_of: Callable[[str], str],
        *,
        can_choose: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Compare models")
        self._shown_model, self._can_choose = shown_model, can_choose
        self._title_of = title_of
        self._scoring: Scoring | None = None
        self.chosen = ""
        self.to_list: ListedPages | None = None
        self.labels = QComboBox()
        for name in people:
            self.labels.addItem(in_stored_order(name) or "Adjudicated", name)
        name_box(self.labels, "Whose labels")
        self.words = QLabel("Comparing …", wordWrap=True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.models, self.pages = _table("Models"), _table("Pages")
        self.which = QComboBox()
        name_box(self.which, "Which pages")
        self.use = QPushButton("&Show its suggestions")
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        role = QDialogButtonBox.ButtonRole.ActionRole
        self.listed = self._buttons.addButton("&List these pages", role)
        self.go = self._buttons.addButton("&Open the page", role)
        self._lay_out()
        self._connect()
        self._enable()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.addRow("Labels &of", self.labels)
        form.addRow(self.words)
        model = QHBoxLayout()
        model.addStretch(1)
        model.addWidget(self.use)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(self.models, 1)
        column.addLayout(model)
        column.addWidget(self.which)
        column.addWidget(self.pages, 2)
        column.addWidget(self._buttons)
        self.go.setDefault(True)
        self.prefer(130, 36)

    def _connect(self) -> None:
        self.labels.currentIndexChanged.connect(
            lambda: self.labels_changed.emit(self.labels.currentData())
        )
        self.models.currentItemChanged.connect(lambda: self._enable())
        self.which.currentIndexChanged.connect(lambda: self._show_pages())
        self.pages.currentItemChanged.connect(lambda: self._enable())
        self.pages.itemActivated.connect(lambda: self._open())
        self.use.clicked.connect(self._use)
        self.go.clicked.connect(self._open)
        self.listed.clicked.connect(self._list)
        self._buttons.rejected.connect(self.reject)

    def wait(self) -> None:
        """Say that the figures are being counted."""
        self.words.setText("Comparing …")
        self._clear()

    def show_progress(self, done: int, _total: int | None, what: str) -> None:
        """Say how far it is."""
        if self._scoring is None and done:
            self.words.setText(f"Comparing: {done:,} pages. {what}".strip())

    def show_reason(self, why: str) -> None:
        """Say why the models can't be compared."""
        self.words.setText(why)
        self._clear()

    def show_scoring(self, scoring: Scoring) -> None:
        """Show the figures."""
        self._scoring = scoring
        missing = [
            f"{model.name or _NO_NAME} has no prediction for {model.missing:,}, what is on them "
            "counts as not found"
            for model in scoring.models
            if model.missing
        ]
        said = [f"Pages: {scoring.pages:,}. F1; {interval_words(scoring.intervals[0])}", *missing]
        self.words.setText(". ".join(said) + ".")
        _fill(self.models, self._model_rows(scoring))
        self.which.blockSignals(True)
        self.which.clear()
        if len(scoring.models) > 1:
            self.which.addItem("Pages where they part", -1)
        for at, model in enumerate(scoring.models):
            self.which.addItem(f"Worst pages of {in_stored_order(model.name or _NO_NAME)}", at)
        self.which.blockSignals(False)
        self._show_pages()
        self.models.setFocus()

    def _model_rows(self, scoring: Scoring) -> Rows:
        """The figures, with how far each model is from the first; the shown one is marked."""
        head, *body = model_rows(scoring)
        gaps = {row[0]: row[1] for row in difference_rows(scoring)[1:]}
        rows: Rows = [(*head[:2], "minus the first", *head[2:])]
        for name, exact, *others in body:
            mark = " ✓" if name == self._shown_model else ""
            rows.append((f"{name or _NO_NAME}{mark}", exact, gaps.get(name, ""), *others))
        return rows

    def _show_pages(self) -> None:
        scoring, at = self._scoring, self.which.currentData()
        if scoring is None or at is None:
            return
        rows = worst_rows(scoring.worst[at]) if at >= 0 else None
        _fill(self.pages, rows or parting_rows(scoring.models, scoring.partings))
        for at in range(self.pages.topLevelItemCount()):
            if item := self.pages.topLevelItem(at):
                title = " ".join(self._title_of(item.data(0, _ID)).split())
                item.setText(0, in_stored_order(title)[:_TITLE])
        self._enable()

    @property
    def _model(self) -> str | None:
        at = self.models.currentIndex().row()
        return self._scoring.models[at].name if self._scoring and at >= 0 else None

    def _enable(self) -> None:
        model = self._model
        self.use.setEnabled(self._can_choose and model is not None and model != self._shown_model)
        self.go.setEnabled(self.pages.currentItem() is not None)
        self.listed.setEnabled(self.pages.topLevelItemCount() > 0)

    def _use(self) -> None:
        model = self._model
        if model is not None and self._scoring:
            self._shown_model = model
            at = self.models.currentIndex().row()
            _fill(self.models, self._model_rows(self._scoring), at)
            self.model_chosen.emit(model)
            self._enable()

    def _open(self) -> None:
        if item := self.pages.currentItem():
            self.chosen = item.data(0, _ID)
            self.accept()

    def _list(self) -> None:
        items = (self.pages.topLevelItem(at) for at in range(self.pages.topLevelItemCount()))
        ids = tuple(item.data(0, _ID) for item in items if item)
        words = self.which.currentText()
        self.to_list = ListedPages(words[:1].lower() + words[1:], ids)
        self.accept()

    def _clear(self) -> None:
        self._scoring = None
        self.which.clear()
        for table in (self.models, self.pages):
            table.clear()
        self._enable()


def _table(name: str) -> QTreeWidget:
    table = row_tree(name)
    table.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    return table


def _fill(table: QTreeWidget, rows: Rows, current: int = 0) -> None:
    """Show a table of words; the first cell of each row is also what the row stands for."""
    head, *body = rows
    table.clear()
    table.setColumnCount(len(head))
    table.setHeaderLabels([in_stored_order(cell) for cell in head])
    for cells in body:
        item = QTreeWidgetItem([in_stored_order(" ".join(cell.split())) for cell in cells])
        item.setData(0, _ID, cells[0])
        table.addTopLevelItem(item)
    if chosen := table.topLevelItem(current):
        table.setCurrentItem(chosen)
