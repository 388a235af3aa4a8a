"""FiguresDialog: the project in numbers, as small plots."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QIcon, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from segmark.core.annotation import Status
from segmark.core.label import LabelSet
from segmark.core.text.counts import count_words
from segmark.gui.base.box_name import name_box
from segmark.gui.base.fitting import FittedDialog
from segmark.gui.base.person_dot import person_dot
from segmark.gui.base.theme import Theme
from segmark.gui.figures import bars as figures_bars
from segmark.gui.figures.plot import DayPlot, Plot, RowPlot
from segmark.reports.figures_text import STATUSES, as_lines, clock, times_words
from segmark.store.figures.figures import AnnotatorWork, Figures


class FiguresDialog(FittedDialog):
    """A non-modal dialog with the figures of a project.

    Attributes:
        figures: the figures shown; None while they are counted for the first time.
        words: the summary in a sentence.
        whose: the choice of an annotator.
        sites, annotators, spans, days, times: the plots.
        described: the description of the current bar.

    Signals:
        refresh_requested: the figures should be counted again.
    """

    refresh_requested = Signal()

    def __init__(
        self, project: str, labels: LabelSet, theme: Callable[[], Theme], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"{project} in numbers")
        self.setModal(False)
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self._project = project
        self._labels = labels
        self._theme = theme
        self.figures: Figures | None = None
        self.words = QLabel("Counting …")
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.whose = QComboBox()
        name_box(self.whose, "Whose work")
        self.whose.setToolTip("Whose work is shown")
        self.whose.currentIndexChanged.connect(self._show)
        self.sites = RowPlot("Progress by site", "No page is loaded yet.", whole=1.0)
        self.annotators = RowPlot("Pages by annotator", "")
        self.spans = RowPlot("Spans by label", "")
        self.days = DayPlot("Pages a day", "No page is finished yet.")
        self.times = RowPlot("Time a page", "No done page has a measured time yet.")
        self.described = QLabel()
        self.described.setTextFormat(Qt.TextFormat.PlainText)
        self._lay_out()
        for keys, act in ((QKeySequence("F5"), self.refresh_requested.emit),
                          (QKeySequence(QKeySequence.StandardKey.Copy), self.copy)):  # fmt: skip
            QShortcut(keys, self).activated.connect(act)
        self.prefer(150, 46)
        self.sites.setFocus()

    @property
    def work(self) -> AnnotatorWork | None:
        """The figures of the chosen annotator; None while they are counted for the first time."""
        if self.figures is None:
            return None
        chosen = self.whose.currentIndex()
        return self.figures.annotators[chosen - 1] if chosen > 0 else self.figures.everybody

    def show_figures(self, figures: Figures, colours: Mapping[str, str]) -> None:
        """Show figures; the chosen annotator stays the same if possible.

        ``colours`` are those of people, by name.
        """
        self.figures = figures
        names = ["everybody", *(work.total.annotator for work in figures.annotators)]
        if names != [self.whose.itemText(at) for at in range(self.whose.count())]:
            chosen = self.whose.currentText()
            self.whose.blockSignals(True)
            self.whose.clear()
            self.whose.addItems(names)
            for at, name in enumerate(names[1:], start=1):
                self.whose.setItemIcon(
                    at, person_dot(colours[name]) if name in colours else QIcon()
                )
            self.whose.setCurrentIndex(names.index(chosen) if chosen in names else 0)
            self.whose.blockSignals(False)
        self._show()

    def show_problem(self, line: str) -> None:
        """Show why the figures could not be counted; the last ones stay visible."""
        self.words.setText(line)

    def copy(self) -> None:
        """Copy all figures to the clipboard, as ``segmark stats`` prints them."""
        if self.figures:
            text = "\n".join(as_lines(self._project, self.figures))
            QGuiApplication.clipboard().setText(f"{text}\n")
            self.described.setText("Copied.")

    def changeEvent(self, event: QEvent) -> None:
        """Update the colours after the window has changed its theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            QTimer.singleShot(0, self, self._show)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.words, 1)
        head.addWidget(self.whose)
        self._legend, self._pace = QLabel(), QLabel()
        for words in (self._legend, self._pace):
            words.setWordWrap(True)
        left = _scrolled(("&Progress by site", self.sites, self._legend))
        self._who = QWidget()
        _fill(self._who, ("&Annotators", self.annotators, None))
        right = _scrolled(
            self._who,
            ("Spans by &label", self.spans, None),
            ("Pages a &day", self.days, None),
            ("&Time a page", self.times, self._pace),
        )
        columns = QHBoxLayout()
        columns.setSpacing(14)
        columns.addWidget(left, 1)
        columns.addWidget(right, 1)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addLayout(head)
        column.addLayout(columns, 1)
        column.addWidget(self.described)
        column.addWidget(self._buttons())
        for plot in (self.sites, self.annotators, self.spans, self.days, self.times):
            plot.described.connect(self.described.setText)

    def _buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        role = QDialogButtonBox.ButtonRole.ActionRole
        refresh = buttons.addButton("&Refresh", role)
        refresh.setToolTip("Count again (F5)")
        refresh.clicked.connect(self.refresh_requested)
        copy = buttons.addButton("&Copy as text", role)
        copy.setToolTip("Copy all figures, as segmark stats prints them (Ctrl+C)")
        copy.clicked.connect(self.copy)
        for button in (refresh, copy):
            button.setAutoDefault(False)
        buttons.rejected.connect(self.reject)
        return buttons

    def _show(self) -> None:
        work, figures, theme = self.work, self.figures, self._theme()
        if work is None or figures is None:
            return
        several = len(figures.annotators) > 1
        self.whose.setVisible(several)
        self._who.setVisible(several)
        self.words.setText(_summary(work))
        self._legend.setText(_legend(theme))
        self._pace.setText(times_words(work.times) if work.times.pages else "")
        self._pace.setVisible(work.times.pages > 0)
        self._legend.setVisible(bool(work.sites))
        self.sites.show_bars(figures_bars.site_bars(work.sites, theme), theme)
        self.annotators.show_bars(figures_bars.annotator_bars(figures, theme), theme)
        self.spans.show_bars(figures_bars.label_bars(work, self._labels, theme), theme)
        self.days.show_bars(figures_bars.day_bars(work.days, theme), theme)
        self.times.show_bars(figures_bars.time_bars(work.times, theme), theme)


def _summary(work: AnnotatorWork) -> str:
    """The summary in a sentence."""
    progress = work.total.progress
    if not progress.pages:
        return "This project has no pages yet. Load some: File, Load pages."
    counts = ", ".join(f"{progress.by_status[status]:,} {status}" for status in STATUSES)
    spans = count_words(sum(work.total.spans.values()), "span")
    time = clock(work.total.active_seconds)
    left = progress.by_status[Status.NEW] + progress.by_status[Status.STARTED]
    share = (progress.pages - left) / progress.pages
    return (
        f"{count_words(progress.pages, 'page')}, {share:.0%} finished: {counts}. "
        f"{spans}, {time} at work."
    )


def _legend(theme: Theme) -> str:
    """The meaning of the colours."""
    marks = (
        f'<span style="color: {figures_bars.status_colour(status, theme).name()}">■</span> {status}'
        for status in STATUSES
    )
    return " &nbsp; ".join(marks)


_Section = tuple[str, Plot, QLabel | None]


def _scrolled(*parts: _Section | QWidget) -> QScrollArea:
    """A scrolling column of plots with titles, which scrolls to the bar selected by keys."""
    inner = QWidget()
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    _fill(inner, *parts)
    area.setWidget(inner)
    for plot in inner.findChildren(Plot):

        def bring_into_view(place: QRect, plot: Plot = plot) -> None:
            at = plot.mapTo(inner, place.center())
            area.ensureVisible(at.x(), at.y(), 0, place.height())

        plot.stepped.connect(bring_into_view)
    return area


def _fill(widget: QWidget, *parts: _Section | QWidget) -> None:
    column = QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 6, 0)
    column.setSpacing(4)
    for part in parts:
        if isinstance(part, QWidget):
            column.addWidget(part)
            continue
        text, plot, below = part
        title = QLabel(text)
        bold = title.font()
        bold.setBold(True)
        title.setFont(bold)
        title.setBuddy(plot)
        column.addWidget(title)
        if below:
            column.addWidget(below)
        column.addWidget(plot)
        column.addSpacing(12)
    column.addStretch(1)
