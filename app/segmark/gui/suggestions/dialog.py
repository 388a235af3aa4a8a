"""SuggestionDialog: the settings of a project's suggestions."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QSlider,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from segmark.gui.base.fitting import FittedDialog
from segmark.store.suggestions import Policy

#: The confidence of a suggestion on a finished page, and whether it was right.
JudgedScore = tuple[float, bool]

_PAUSE = 250  # milliseconds without a move before the slider's position is applied
_MOST_BLIND = 50  # per cent


class SuggestionDialog(FittedDialog):
    """On or off, the confidence threshold, blind pages, the order of Tab, the model.

    Changes take effect immediately.

    Signals:
        policy_changed: the project's ``Policy`` after a change.
        wanted_changed: whether this annotator wants to see suggestions.
        accuracy_requested: the user wants to see their accuracy.
    """

    policy_changed = Signal(object)
    wanted_changed = Signal(bool)
    accuracy_requested = Signal()

    def __init__(
        self,
        policy: Policy,
        *,
        wanted: bool,
        annotator: str,
        models: Sequence[str] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Suggestions of this project")
        self._policy = policy
        self._judged: Sequence[JudgedScore] | None = None
        self.on = QCheckBox("&Make suggestions in this project")
        self.wanted = QCheckBox(f"&Show them to me ({annotator})")
        self.threshold = QSlider(Qt.Orientation.Horizontal)
        self.share = QLabel()
        self.kept = QLabel()
        self.blind = QSpinBox()
        self.order = QComboBox()
        self.model = QComboBox()
        self._has_models = bool(models or policy.model)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._fill(policy, wanted)
        self._fill_models(policy, models)
        self._lay_out()
        self._connect()
        self._show_kept()

    def show_judged(self, judged: Sequence[JudgedScore]) -> None:
        """Set the suggestions for which the effect of the threshold is shown."""
        self._judged = judged
        self._show_kept()

    def forbid_policy(self, why: str) -> None:
        """Disable changes of the project's policy, and show the reason."""
        for part in (self.on, self.threshold, self.blind, self.order, self.model):
            part.setEnabled(False)
            part.setToolTip(f"This can't be changed: {why}.")

    def _fill(self, policy: Policy, wanted: bool) -> None:
        self.on.setChecked(policy.on)
        self.wanted.setChecked(wanted)
        self.threshold.setRange(0, 100)
        self.threshold.setPageStep(10)
        self.threshold.setTickPosition(QSlider.TickPosition.TicksBelow)
        self.threshold.setTickInterval(10)
        self.threshold.setValue(round(100 * policy.threshold))
        self.threshold.setAccessibleName("Minimum confidence of a suggestion, in per cent")
        self.blind.setRange(0, _MOST_BLIND)
        self.blind.setSuffix(" %")
        self.blind.setValue(round(100 * policy.blind_share))
        self.order.addItem("in the order of the page", False)
        self.order.addItem("to the least confident suggestion first", True)
        self.order.setCurrentIndex(int(policy.least_sure_first))

    def _fill_models(self, policy: Policy, models: Sequence[str]) -> None:
        """List the models whose predictions were loaded."""
        self.model.addItem("of the model that was loaded last", "")
        for model in dict.fromkeys((*models, policy.model)):
            if model:
                self.model.addItem(f"of {model}", model)
        self.model.setCurrentIndex(max(0, self.model.findData(policy.model)))

    def _lay_out(self) -> None:
        self.share.setMinimumWidth(self.share.fontMetrics().horizontalAdvance("100 %"))
        self.share.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        slider = QHBoxLayout()
        slider.addWidget(self.threshold, 1)
        slider.addWidget(self.share)
        self.kept.setAccessibleName("What the threshold would have kept")
        form = QFormLayout()
        form.setVerticalSpacing(10)
        least, blind, tab = (
            QLabel("M&inimum confidence:"),
            QLabel("&Blind pages:"),
            QLabel("&Tab goes:"),
        )
        for label, buddy in ((least, self.threshold), (blind, self.blind), (tab, self.order)):
            label.setBuddy(buddy)
        form.addRow(least, slider)
        form.addRow("", _wrapped(self.kept))
        form.addRow(blind, self.blind)
        form.addRow("", _wrapped(QLabel(
            "This share of the pages shows no suggestions although there are some. Only this "
            "reveals how good they are, and whether people accept them without checking."
        )))  # fmt: skip
        form.addRow(tab, self.order)
        if self._has_models:
            predictions = QLabel("&Predictions:")
            predictions.setBuddy(self.model)
            form.addRow(predictions, self.model)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        accuracy = buttons.addButton("&How good are they?", QDialogButtonBox.ButtonRole.HelpRole)
        accuracy.clicked.connect(self.accuracy_requested)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addWidget(self.on)
        column.addWidget(self.wanted)
        column.addLayout(form)
        column.addWidget(QLabel("Changes take effect and are saved immediately."))
        column.addWidget(buttons)
        self.prefer(93, 0)

    def _connect(self) -> None:
        self.on.toggled.connect(lambda on: self._change(replace(self._policy, on=on)))
        self.wanted.toggled.connect(self.wanted_changed)
        self.threshold.valueChanged.connect(self._moved)
        self._pause.timeout.connect(self.commit)
        self.blind.valueChanged.connect(
            lambda share: self._change(replace(self._policy, blind_share=share / 100))
        )
        self.model.currentIndexChanged.connect(
            lambda: self._change(replace(self._policy, model=self.model.currentData()))
        )
        self.order.currentIndexChanged.connect(
            lambda: self._change(
                replace(self._policy, least_sure_first=bool(self.order.currentData()))
            )
        )

    def _moved(self) -> None:
        self._show_kept()
        self._pause.start()

    def commit(self) -> None:
        """Apply the position of the slider as the threshold."""
        self._pause.stop()
        self._change(replace(self._policy, threshold=self.threshold.value() / 100))

    def done(self, result: int) -> None:
        """Apply the position of the slider, and close."""
        self.commit()
        super().done(result)

    def _change(self, policy: Policy) -> None:
        if policy != self._policy:
            self._policy = policy
            self.policy_changed.emit(policy)

    def _show_kept(self) -> None:
        percent = self.threshold.value()
        self.share.setText(f"{percent} %")
        self.kept.setText(_kept(self._judged, percent / 100))


def _kept(judged: Sequence[JudgedScore] | None, threshold: float) -> str:
    """The effect of a threshold in a sentence."""
    if judged is None:
        return "Counting the suggestions of the finished pages …"
    if not judged:
        return "No finished page has had suggestions yet, so its effect is unknown."
    kept = [right for confidence, right in judged if confidence >= threshold]
    text = f"Of the {len(judged):,} suggestions on finished pages it would have kept {len(kept):,}"
    return (
        f"{text}; {sum(kept):,} of these were right ({sum(kept) / len(kept):.0%})."
        if kept
        else f"{text}."
    )


def _wrapped(label: QLabel) -> QLabel:
    label.setWordWrap(True)
    return label
