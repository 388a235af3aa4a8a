"""GuidelinePanel: the guideline of the label set and its examples, with a search over its cases."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor, QTextDocument
from PySide6.QtWidgets import QLineEdit, QTextBrowser, QVBoxLayout, QWidget

from segmark.core.label import LabelSet
from segmark.gui.base.plain_words import in_stored_order

if TYPE_CHECKING:
    from segmark.core.guideline import Example

_CELL_BREAKS = str.maketrans({"|": "\\|", "<": "&lt;"})
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_SCHEME, _LIST = "example", "list"
_EXAMPLES = "examples from pages"
_TITLE = _EXAMPLES.capitalize()
ReadExamples = Callable[[], "Sequence[Example]"]
UseExample = Callable[[int, str], object]

_MOST = 100  # examples that are shown at once; the search finds the others


class _GuidelineText(QTextBrowser):
    """Markdown without images, whose links lead nowhere by themselves."""

    def loadResource(self, kind: QTextDocument.ResourceType, name: QUrl | str) -> object:  # type: ignore[override]
        """Nothing: a label set may come from anywhere, so its images are not loaded."""
        del kind, name
        return None


class GuidelinePanel(QWidget):
    """The guideline of one label, or of all; words in the field find hard cases instead.

    The text is made when the panel is seen. Behind the tab of another one it is not: there, Qt
    counts it as visible, so its dock tells.

    Signals:
        left: Esc was pressed in the field.
    """

    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._labels: LabelSet | None = None
        self._label: str | None = None
        self._read: ReadExamples = tuple
        self._use: UseExample = lambda _number, _act: None
        self._examples: Sequence[Example] = ()
        self._shown = ""
        self._seen = False
        self.search = QLineEdit(placeholderText="Find a hard case", clearButtonEnabled=True)
        self.search.setAccessibleName("Find a hard case in the guideline")
        self.browser = _GuidelineText()
        self.browser.setOpenLinks(False)
        self.browser.setAccessibleName("Guideline")
        self.browser.anchorClicked.connect(self._follow)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 4, 8, 4)
        column.setSpacing(4)
        column.addWidget(self.search)
        column.addWidget(self.browser, 1)
        self.setFocusProxy(self.search)
        self.search.textChanged.connect(self._show)

    def set_labels(self, labels: LabelSet) -> None:
        """Show the guideline of a label set."""
        self._labels, self._label = labels, None
        self._show()

    def set_examples(
        self, read: ReadExamples = tuple, use: UseExample = lambda _number, _act: None
    ) -> None:
        """Show the examples that ``read`` returns, which is called when the panel is seen.

        ``use`` is called with the number of an example and what was chosen for it: ``page``,
        ``change`` or ``remove``.
        """
        self._read, self._use = read, use
        self.refresh()

    def refresh(self) -> None:
        """Read the examples again, if the panel is seen."""
        if self._seen:
            self._examples = self._read()
            self._show()

    def set_seen(self, seen: bool) -> None:
        """Make the text when the panel comes into view; ``seen`` is whether it is in view."""
        self._seen = seen
        self.refresh()

    def show_label(self, label: str | None) -> None:
        """Show what the guideline says on a label; None keeps what is shown."""
        if label is not None and label != self._label:
            self._label = label
            self._show()

    @property
    def text(self) -> str:
        """The text on the screen."""
        return self.browser.toPlainText()

    def _show(self) -> None:
        if self._labels is None or not self._seen:
            return
        from segmark.core.guideline import examples_of, label_text, whole_text

        wanted = self.search.text().strip()
        if wanted:
            text = self._found(wanted)
        elif self._label in self._labels.ids:
            examples = examples_of(self._examples, self._labels.name_of(self._label or ""))
            title, _, rest = label_text(self._labels[self._label]).partition("\n\n")
            text = "\n\n".join((title, *_lead(examples), rest, *_listed(examples)))
        else:
            listed = _listed(self._examples, labels=True)
            text = "\n\n".join((*_lead(self._examples), whole_text(self._labels), *listed))
        if text != self._shown:
            self._shown = text
            self.browser.setMarkdown(text)

    def _found(self, wanted: str) -> str:
        from segmark.core.guideline import find_cases, find_examples, hard_cases

        cases = find_cases(hard_cases(self._labels), wanted) if self._labels else ()
        examples = find_examples(self._examples, wanted)
        if not cases and not examples:
            return "No hard case of the guideline contains these words."
        rows = (
            f"| {one.seen.translate(_CELL_BREAKS)} | {one.answer.translate(_CELL_BREAKS)} |"
            for one in cases
        )
        table = "\n".join(("| You see | Label |", "|---|---|", *rows)) if cases else ""
        return "\n\n".join(filter(None, (table, *_listed(examples, labels=True))))

    def _follow(self, link: QUrl) -> None:
        number, _, act = link.path().partition("/")
        if link.path() == _LIST:
            self._scroll_to_examples()
            return
        if link.scheme() == _SCHEME and number.isdecimal():
            self._use(int(number), act)

    def _scroll_to_examples(self) -> None:
        bar = self.browser.verticalScrollBar()
        self.browser.moveCursor(QTextCursor.MoveOperation.End)
        self.browser.find(_TITLE, QTextDocument.FindFlag.FindBackward)
        cursor = self.browser.textCursor()
        cursor.clearSelection()
        self.browser.setTextCursor(cursor)
        bar.setValue(bar.value() + self.browser.cursorRect().top())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc empties the field, or else goes back to the page."""
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.search.text():
            self.search.clear()
        else:
            self.left.emit()


def _lead(examples: "Sequence[Example]") -> Iterator[str]:
    """A link to the examples, which stand below the guideline."""
    if examples:
        words = "1 example from a page" if len(examples) == 1 else f"{len(examples):,} {_EXAMPLES}"
        yield f"[{words}]({_SCHEME}:{_LIST})"


def _listed(examples: "Sequence[Example]", *, labels: bool = False) -> Iterator[str]:
    """The latest examples as Markdown, with links; with their labels if asked."""
    if examples:
        yield f"### {_TITLE}"
    for one in examples[: -_MOST - 1 : -1]:
        yield "\n".join(f"> {_literal(line)}  " for line in one.text.splitlines())
        answer = one.answer if labels else " ".join(one.reason.split())
        links = [_link(one, "page", one.source)] if one.source else []
        links += [_link(one, "change", "Reason…"), _link(one, "remove", "Remove")]
        yield " · ".join(filter(None, (_literal(answer), *links)))
    if (more := len(examples) - _MOST) > 0:
        yield f"… and {more:,} more: find them by their words."


def _link(example: "Example", act: str, words: str) -> str:
    return f"[{_literal(words)}]({_SCHEME}:{example.number}/{act})"


def _literal(words: str) -> str:
    """Words of a page or an annotator in a form that Markdown shows literally, in one line."""
    return _PUNCTUATION.sub(r"\\\1", in_stored_order(" ".join(words.split())))
