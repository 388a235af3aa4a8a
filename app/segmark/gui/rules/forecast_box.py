"""ForecastBox: tells what a change of the label set would do, before it is made."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from segmark.core.label import LabelSetError
from segmark.core.label_acts.change import LabelForecast, LabelSetChange
from segmark.gui.base.plain_words import in_stored_order


@dataclass(frozen=True, slots=True)
class Reopening:
    """Which finished pages are to be opened again: those of a site, with some words; "" for all."""

    site: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class ActForecast:
    """What a change of the label set would do.

    Attributes:
        labels: what happens to labels and spans.
        reopen: numbers of the finished pages to be opened again.
        titles: what people call the pages that are set back to started.
    """

    labels: LabelForecast
    reopen: Sequence[int] = ()
    titles: Sequence[str] = ()

    @property
    def pages(self) -> int:
        """About how many pages are changed; a new name or colour changes none."""
        return self.labels.touched if self.labels.change.moves else len(self.reopen)


#: Reads the forecast of a change beside the window; then calls the first function with it, or the
#: second with what went wrong.
ReadForecast = Callable[
    [
        LabelSetChange,
        Reopening | None,
        Callable[[ActForecast], object],
        Callable[[str], object],
    ],
    object,
]

_PAUSE_MS = 200  # without a change until the project is read
_LINES = 4
_NAMED = 200  # pages that are listed by title


def sentence(error: LabelSetError) -> str:
    """What is wrong, as a sentence."""
    words = str(error)
    return f"{words[:1].upper()}{words[1:]}."


class ForecastBox(QWidget):
    """The forecast of a change in sentences; it is read again after each change.

    Signals:
        ready_changed: whether the forecast of the present change is there.

    Attributes:
        words: the sentences.
        forecast: of the present change; None while it is read.
    """

    ready_changed = Signal(bool)

    def __init__(self, read: ReadForecast, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._read = read
        self._asked = 0  # requests; an answer to an older one is not shown
        self._wanted: tuple[LabelSetChange, Reopening | None] | None = None
        self.forecast: ActForecast | None = None
        self.words = QLabel(wordWrap=True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.words.setAccessibleName("What the change does")
        area = QScrollArea(widgetResizable=True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(self.words)
        area.setMinimumHeight(_LINES * self.words.fontMetrics().lineSpacing())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(area)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._ask)

    def show_words(self, words: str) -> None:
        """Show other words in place of a forecast, such as why the change is impossible."""
        self._asked += 1
        self._wanted, self.forecast = None, None
        self._pause.stop()
        self.words.setText(words)
        self.ready_changed.emit(False)

    def consider(
        self, make: Callable[[], LabelSetChange | None], reopen: Reopening | None = None
    ) -> None:
        """Show what the change that ``make`` returns would do, or why it can't be made."""
        try:
            change = make()
        except LabelSetError as error:
            self.show_words(sentence(error))
            return
        if change:
            self._show_change(change, reopen)
        else:
            self.show_words("")

    def _show_change(self, change: LabelSetChange, reopen: Reopening | None) -> None:
        """Show what a change would do, after a pause."""
        if (change, reopen) == self._wanted:
            return
        self.show_words("Counting …")
        self._wanted = change, reopen
        self._pause.start()

    def _ask(self) -> None:
        if self._wanted is None:
            return
        asked, (change, reopen) = self._asked, self._wanted

        def show(forecast: ActForecast) -> None:
            if asked == self._asked:
                self.forecast = forecast
                self.words.setText(in_stored_order("\n".join(_lines(forecast))))
                self.ready_changed.emit(True)

        def fail(words: str) -> None:
            if asked == self._asked:
                self.words.setText(words)

        self._read(change, reopen, show, fail)


def _lines(forecast: ActForecast) -> list[str]:
    titles = forecast.titles
    lines = [*forecast.labels.lines(), *(f"– {title}" for title in titles[:_NAMED])]
    if (more := len(titles) - _NAMED) > 0:
        lines.append(f"… and {more:,} more pages")
    return lines
