"""CompareDialog: models side by side, and the pages where they part."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QProgressBar,
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
from segmark.gui.base.tasks import progress_text
from segmark.jobs.scoring.compared_models import Compared
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
_STEPS = 1000  # of the progress bar
_FAULTS = 3  # that are said in full
_ID = Qt.ItemDataRole.UserRole


class CompareDialog(FittedDialog):
    """A non-modal dialog on how models do on the finished pages of somebody, and where they differ.

    Args:
        shown_model: the model whose suggestions the project shows.
        title_of: finds the title of a page, given by its id.
        can_choose: whether another one can be chosen.

    Attributes:
        labels: chooses whose labels count.
        add: adds files with predictions to what is compared.
        again: compares again, after labels have changed.
        words: what is compared, or why it can't be.
        bar, stop: the progress of the comparison, and what stops it; hidden while none runs.
        models: the models with their figures.
        which: chooses between the pages where they part, and the worst pages of each model.
        pages: these pages.
        use: makes the project show the suggestions of the chosen model.
        go, listed: open the chosen page; put all of them in the page list.

    Signals:
        compare_requested: the models are to be compared, by the labels of whoever is chosen.
        stop_requested: the comparison is to be stopped.
        files_requested: the person wants to add files.
        model_chosen: the model whose suggestions are to be shown.
        page_requested: the id of the page to open.
        list_requested: the pages to put in the page list.
    """

    compare_requested = Signal()
    stop_requested = Signal()
    files_requested = Signal()
    model_chosen = Signal(str)
    page_requested = Signal(str)
    list_requested = Signal(object)

    def __init__(
        self,
        shown_model: str,
        title_of: Callable[[str], str],
        *,
        can_choose: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Compare models")
        self.setModal(False)
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self._shown_model, self._can_choose = shown_model, can_choose
        self._title_of = title_of
        self._compared: Compared | None = None
        self.labels = QComboBox()
        name_box(self.labels, "Whose labels")
        self.add, self.again = QPushButton("&Add predictions…"), QPushButton("&Compare again")
        self.again.setToolTip("Count again, with the labels as they are now (F5)")
        self.words = QLabel(wordWrap=True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.bar, self.stop = QProgressBar(textVisible=False), QPushButton("&Stop")
        self.bar.setAccessibleName("Progress of the comparison")
        self.models, self.pages = _table("Models"), _table("Pages")
        self.which = QComboBox()
        name_box(self.which, "Which pages")
        self.use = QPushButton("Show &its suggestions")
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        role = QDialogButtonBox.ButtonRole.ActionRole
        self.listed = self._buttons.addButton("&List these pages", role)
        self.go = self._buttons.addButton("&Open the page", role)
        self._lay_out()
        self._connect()
        self.wait()

    def _lay_out(self) -> None:
        form = QFormLayout()
        top = QHBoxLayout()
        top.addWidget(self.labels, 1)
        top.addWidget(self.add)
        top.addWidget(self.again)
        form.addRow("Labels o&f", top)
        form.addRow(self.words)
        running = QHBoxLayout()
        running.addWidget(self.bar, 1)
        running.addWidget(self.stop)
        form.addRow(running)
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
        for button in (self.add, self.again, self.stop, self.use):
            button.setAutoDefault(False)
        self.go.setDefault(True)
        self.prefer(130, 40)

    def _connect(self) -> None:
        self.labels.currentIndexChanged.connect(lambda: self.compare_requested.emit())
        self.add.clicked.connect(lambda: self.files_requested.emit())
        self.again.clicked.connect(lambda: self.compare_requested.emit())
        self.stop.clicked.connect(lambda: self.stop_requested.emit())
        self.models.currentItemChanged.connect(lambda: self._enable())
        self.which.currentIndexChanged.connect(lambda: self._show_pages())
        self.pages.currentItemChanged.connect(lambda: self._enable())
        self.pages.itemActivated.connect(lambda: self._open())
        self.use.clicked.connect(self._use)
        self.go.clicked.connect(self._open)
        self.listed.clicked.connect(self._list)
        self._buttons.rejected.connect(self.reject)
        QShortcut(QKeySequence("F5"), self).activated.connect(self.compare_requested.emit)

    def show_people(self, people: Sequence[str]) -> None:
        """Offer the labels of these people, "" for adjudicated ones; the chosen one stays."""
        chosen = self.labels.currentData()
        self.labels.blockSignals(True)
        self.labels.clear()
        for name in people:
            self.labels.addItem(in_stored_order(name) or "Adjudicated", name)
        if chosen in people:
            self.labels.setCurrentIndex(list(people).index(chosen))
        self.labels.blockSignals(False)

    def wait(self) -> None:
        """Say that the figures are being counted."""
        self.words.setText("Comparing …")
        self.bar.setRange(0, 0)
        self._show_running(True)
        self._clear()

    def show_progress(self, done: int, total: int | None, what: str) -> None:
        """Say how far it is."""
        self.words.setText(progress_text("Comparing", done, total, what))
        self.bar.setRange(0, _STEPS if total else 0)
        self.bar.setValue(min(_STEPS, done * _STEPS // total) if total else 0)

    def show_reason(self, why: str) -> None:
        """Say why the models can't be compared."""
        self.words.setText(why)
        self._show_running(False)

    def show_compared(self, compared: Compared) -> None:
        """Show the figures."""
        self._compared, scoring = compared, compared.scoring
        self._show_running(False)
        missing = [
            f"{model.name or _NO_NAME} has no prediction for {model.missing:,}, what is on them "
            "counts as not found"
            for model in scoring.models
            if model.missing
        ]
        faults = list(compared.faults[:_FAULTS])
        if more := len(compared.faults) - len(faults) + compared.more:
            faults.append(f"and {more:,} more could not be used")
        said = [f"Pages: {scoring.pages:,}. F1; {interval_words(scoring.intervals[0])}", *missing]
        self.words.setText(in_stored_order(". ".join((*said, *faults)) + "."))
        _fill(self.models, self._model_rows(scoring))
        chosen = self.which.currentText()
        self.which.blockSignals(True)
        self.which.clear()
        if len(scoring.models) > 1:
            self.which.addItem("Pages where they part", -1)
        for at, model in enumerate(scoring.models):
            self.which.addItem(f"Worst pages of {in_stored_order(model.name or _NO_NAME)}", at)
        self.which.setCurrentIndex(max(0, self.which.findText(chosen)))
        self.which.blockSignals(False)
        self._show_pages()

    def _show_running(self, running: bool) -> None:
        self.bar.setVisible(running)
        self.stop.setVisible(running)

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
        compared, at = self._compared, self.which.currentData()
        if compared is None or at is None:
            return
        scoring = compared.scoring
        rows = worst_rows(scoring.models[at].worst) if at >= 0 else None
        _fill(self.pages, rows or parting_rows(scoring.models, scoring.partings))
        for at in range(self.pages.topLevelItemCount()):
            if item := self.pages.topLevelItem(at):
                title = " ".join(self._title_of(item.data(0, _ID)).split())
                item.setText(0, in_stored_order(title)[:_TITLE])
        self._enable()

    @property
    def _model(self) -> str | None:
        """The chosen model, if it is one of the project."""
        at = self.models.currentIndex().row()
        stored = self._compared.stored if self._compared else ()
        return stored[at] if 0 <= at < len(stored) else None

    def _enable(self) -> None:
        model = self._model
        self.use.setEnabled(self._can_choose and model is not None and model != self._shown_model)
        self.go.setEnabled(self.pages.currentItem() is not None)
        self.listed.setEnabled(self.pages.topLevelItemCount() > 0)

    def _use(self) -> None:
        model = self._model
        if model is not None and self._compared:
            self._shown_model = model
            at = self.models.currentIndex().row()
            _fill(self.models, self._model_rows(self._compared.scoring), at)
            self.model_chosen.emit(model)
            self._enable()

    def _open(self) -> None:
        if item := self.pages.currentItem():
            self.page_requested.emit(item.data(0, _ID))

    def _list(self) -> None:
        items = (self.pages.topLevelItem(at) for at in range(self.pages.topLevelItemCount()))
        ids = tuple(item.data(0, _ID) for item in items if item)
        words = self.which.currentText()
        self.list_requested.emit(ListedPages(words[:1].lower() + words[1:], ids))

    def _clear(self) -> None:
        self._compared = None
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
