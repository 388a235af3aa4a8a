"""CarryDialog: shows the result of carrying labels over, before it is done."""

from dataclasses import dataclass
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QSplitter,
    QTextEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from segmark.core.carrying import Carried, CarryOutcome
from segmark.core.label import LabelSet
from segmark.core.span import Span
from segmark.core.text.comparison import DiffPiece, Side, compare
from segmark.gui.base.fitting import FittedDialog
from segmark.gui.base.label_swatch import swatch
from segmark.gui.base.plain_words import in_stored_order
from segmark.gui.base.theme import Theme
from segmark.jobs.carry_over import CarryPlan

_SHOWN = 200  # the most code points of a text in a row
_MOST = 20_000  # the most code points of a piece of text that are shown

#: The groups in order; those to check come first.
_GROUPS = (
    (CarryOutcome.MISSING, "Not found"),
    (CarryOutcome.TAKEN, "There is already a label"),
    (CarryOutcome.CHANGED, "The text has changed"),
    (CarryOutcome.UNCHANGED, "The text is the same"),
)
_ROW = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class Preview:
    """The content of the dialog, created in the background, because comparing texts is slow.

    Attributes:
        plan: None if no earlier version of the page has labels.
        source: the source of the earlier version.
        compared: the old and new text of each span whose text has changed.
    """

    plan: CarryPlan | None
    source: str
    compared: dict[Span, list[DiffPiece]]

    @classmethod
    def of(cls, plan: CarryPlan | None, source: str) -> "Preview":
        """The preview of a plan."""
        if plan is None:
            return cls(None, source, {})
        compared = {
            each.old: compare(_text(plan.earlier_text, each.old), _now(plan, each))
            for each in plan.with_outcome(CarryOutcome.CHANGED)
        }
        return cls(plan, source, compared)


class CarryDialog(FittedDialog):
    """Shows a preview; accepted when the user wants to carry the labels over.

    With ``replaces``, the page has labels that may give way, so *Cancel* is the default button.

    Attributes:
        words: the summary in a sentence.
        rows: the labels by outcome.
        text: the text of the current label, with its changes.
        with_changed: whether to carry over labels whose text has changed.
        go: accepts the dialog.
    """

    def __init__(
        self,
        labels: LabelSet,
        theme: Theme,
        parent: QWidget | None = None,
        *,
        replaces: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Carry labels over")
        self._theme = theme
        self._labels = labels
        self._swatches = {label.id: swatch(label, theme) for label in labels}
        self._preview: Preview | None = None
        self.words = QLabel("Looking for the labelled text …", wordWrap=True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.rows = QTreeWidget()
        self.rows.setHeaderLabels(["Label", "Text"])
        self.rows.setAccessibleName("Labels of the earlier version")
        self.rows.setUniformRowHeights(True)
        self.rows.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        self.rows.currentItemChanged.connect(self._show_text)
        self.text = QTextEdit(readOnly=True)
        self.text.setAccessibleName("What the label was made on, and where it goes")
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.addWidget(self.rows)
        parts.addWidget(self.text)
        parts.setStretchFactor(0, 3)
        parts.setStretchFactor(1, 2)
        parts.setChildrenCollapsible(False)
        self.with_changed = QCheckBox("&Also carry over labels whose text has changed")
        self.with_changed.setChecked(True)
        self.with_changed.toggled.connect(self._enable)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.go = buttons.addButton("Carry &over", QDialogButtonBox.ButtonRole.AcceptRole)
        cancel = buttons.button(QDialogButtonBox.StandardButton.Cancel)
        self._default = cancel if replaces else self.go
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        for part, stretch in ((self.words, 0), (parts, 1), (self.with_changed, 0), (buttons, 0)):
            column.addWidget(part, stretch)
        self.prefer(120, 37)
        self._enable()

    @property
    def plan(self) -> CarryPlan | None:
        """The plan shown; None until there is one."""
        return self._preview.plan if self._preview else None

    @property
    def changed(self) -> bool:
        """Whether to carry over labels whose text has changed."""
        return self.with_changed.isChecked()

    def show_preview(self, preview: Preview) -> None:
        """Show the outcome for each label."""
        self._preview = preview
        plan = preview.plan
        if plan is None:
            self.words.setText("No earlier version of this page has labels of yours.")
            return
        self.words.setText(
            f"Your labels of the earlier version, {preview.source}: {plan}. "
            "You can undo this; check the page before you finish it."
        )
        for outcome, title in _GROUPS:
            self._add_group(plan, outcome, title)
        first = self.rows.model().index(0, 0)
        self.rows.expand(first)
        self.rows.setCurrentIndex(self.rows.model().index(0, 0, first))
        self._enable()
        self._default.setDefault(True)
        self.rows.setFocus()

    def _add_group(self, plan: CarryPlan, outcome: CarryOutcome, title: str) -> None:
        spans = plan.with_outcome(outcome)
        if not spans:
            return
        group = QTreeWidgetItem(self.rows, [f"{title} ({len(spans):,})"])
        group.setFirstColumnSpanned(True)
        group.setExpanded(outcome is not CarryOutcome.UNCHANGED)
        items = []
        for each in spans:
            words = " ".join(plan.earlier_text[each.old.start : each.old.end][:_SHOWN].split())
            item = QTreeWidgetItem([self._labels.name_of(each.old.label), in_stored_order(words)])
            item.setIcon(0, self._swatches[each.old.label])
            item.setData(0, _ROW, each)
            items.append(item)
        group.addChildren(items)

    def _enable(self) -> None:
        plan = self.plan
        self.with_changed.setEnabled(bool(plan and plan.with_outcome(CarryOutcome.CHANGED)))
        self.go.setEnabled(bool(plan and plan.places(changed=self.changed)))

    def _show_text(self, item: QTreeWidgetItem | None) -> None:
        each = item.data(0, _ROW) if item else None
        plan = self.plan
        if plan is None or not isinstance(each, Carried):
            self.text.clear()
        elif self._preview and each.old in self._preview.compared:
            pieces = self._preview.compared[each.old]
            marked = "".join(self._marked(side, text) for side, text in pieces)
            self.text.setHtml(f'<div style="white-space: pre-wrap">{marked}</div>')
        else:
            self.text.setPlainText(in_stored_order(_text(plan.earlier_text, each.old)))

    def _marked(self, side: Side, text: str) -> str:
        """A piece as HTML: removed text struck out, added text underlined."""
        if len(text) > _MOST:
            text = f"{text[:_MOST]} …"
        written = escape(in_stored_order(text))
        match side:
            case Side.OLD:
                return f'<s style="color: {self._theme.bad}">{written}</s>'
            case Side.NEW:
                return f'<u style="color: {self._theme.good}">{written}</u>'
            case Side.BOTH:
                return written


def _text(text: str, span: Span) -> str:
    return text[span.start : min(span.end, span.start + _MOST)]


def _now(plan: CarryPlan, each: Carried) -> str:
    return "\n".join(_text(plan.text, span) for span in each.new)
