"""SettingsDialog: the settings, whose changes take effect immediately."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QFontDatabase, QFontMetrics
from PySide6.QtWidgets import (
    QComboBox,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from segmark.environment.settings import FONT_SIZES, THEMES, Settings, annotator_name
from segmark.gui.base.fitting import FittedDialog
from segmark.gui.dialogs.labelling_settings import LabellingPage
from segmark.gui.keys.commands import Command
from segmark.gui.keys.keyboard import Keyboard
from segmark.gui.keys.settings_page import KeysPage

_THEME_TITLES = {"system": "As the system", "light": "Light", "dark": "Dark"}
_SAMPLE = (
    "Ferry service resumes after the storm\n"
    "“We waited nine hours,” said Ana Müller, 41, on the quay at Östhamn. عاد الهدوء إلى الميناء"
)


class GeneralPage(QWidget):
    """Annotator, theme and the font of pages, with a preview.

    Signals:
        changed: the settings after a change.
        people_wanted: the people of the open project are to be shown.
    """

    changed = Signal(object)
    people_wanted = Signal()

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings
        self.annotator = QLineEdit()
        self.people = QPushButton("P&eople of this project…")
        self.people.setAutoDefault(False)
        self.people.clicked.connect(self.people_wanted)
        self.theme = QComboBox()
        self.family = QComboBox()
        self.font_size = QSpinBox()
        self.preview = QLabel(_SAMPLE)
        self._lay_out()
        self.show_settings(settings)
        self.annotator.editingFinished.connect(self.commit)
        self.theme.currentIndexChanged.connect(self._set_theme)
        self.family.currentIndexChanged.connect(self._set_family)
        self.font_size.valueChanged.connect(self._set_size)

    def show_settings(self, settings: Settings) -> None:
        """Show settings that were changed in another place."""
        self._settings = settings
        widgets = (self.annotator, self.theme, self.family, self.font_size)
        for widget in widgets:
            widget.blockSignals(True)
        self.annotator.setText(settings.annotator)
        self.theme.setCurrentIndex(self.theme.findData(settings.theme))
        self.family.setCurrentIndex(max(0, self.family.findData(settings.font_family)))
        self.font_size.setValue(settings.font_size)
        for widget in widgets:
            widget.blockSignals(False)
        self._preview()

    def commit(self) -> None:
        """Apply the name in the annotator field."""
        name = " ".join(self.annotator.text().split())
        if name != self._settings.annotator:
            self._change(replace(self._settings, annotator=name))

    def _lay_out(self) -> None:
        self.annotator.setPlaceholderText(annotator_name(Settings()))
        self.annotator.setAccessibleName("Annotator")
        for theme in THEMES:
            self.theme.addItem(_THEME_TITLES[theme], theme)
        self.family.addItem("Default", "")
        for family in QFontDatabase.families():
            if not QFontDatabase.isPrivateFamily(family):
                self.family.addItem(family, family)
        self.font_size.setRange(FONT_SIZES.start, FONT_SIZES.stop - 1)
        self.font_size.setSuffix(" pt")
        self.preview.setTextFormat(Qt.TextFormat.PlainText)
        self.preview.setWordWrap(True)
        self.preview.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.preview.setMargin(12)
        self.preview.setFrameShape(QLabel.Shape.StyledPanel)
        self.preview.setAutoFillBackground(True)
        self.preview.setBackgroundRole(self.palette().ColorRole.Base)
        self.preview.setForegroundRole(self.palette().ColorRole.Text)
        self.preview.setAccessibleName("Preview of the page's font")
        about_annotator = QLabel(
            "Your name on your labels. If empty, your login name is used. "
            "Each annotator has separate labels on a page."
        )
        about_annotator.setWordWrap(True)
        about_annotator.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        form = QFormLayout(self)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.setVerticalSpacing(10)
        form.addRow("&Annotator:", self.annotator)
        form.addRow("", about_annotator)
        form.addRow("", self.people)
        form.addRow("&Theme:", self.theme)
        form.addRow("Page &font:", self.family)
        form.addRow("&Size:", self.font_size)
        form.addRow(self.preview)

    def _set_theme(self) -> None:
        self._change(replace(self._settings, theme=self.theme.currentData()))

    def _set_family(self) -> None:
        self._change(replace(self._settings, font_family=self.family.currentData()))

    def _set_size(self, size: int) -> None:
        self._change(replace(self._settings, font_size=size))

    def _change(self, settings: Settings) -> None:
        self._settings = settings
        self._preview()
        self.changed.emit(settings)

    def _preview(self) -> None:
        font = QFont(self.font())
        if self._settings.font_family:
            font.setFamily(self._settings.font_family)
        font.setPointSize(self._settings.font_size)
        self.preview.setFont(font)
        self.preview.setMinimumHeight(5 * QFontMetrics(font).height() + 24)


class SettingsDialog(FittedDialog):
    """General settings, labelling and keys, without confirmation; the listener stores the changes.

    Signals:
        changed: the ``Settings`` after a change.
        people_wanted: the people of the open project are to be shown.
    """

    changed = Signal(object)
    people_wanted = Signal()

    def __init__(
        self,
        settings: Settings,
        commands: Sequence[Command],
        keyboard: Keyboard,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Settings")
        self._settings = settings
        self.general = GeneralPage(settings)
        self.labelling = LabellingPage(settings)
        self.keys = KeysPage(commands, settings.keys, keyboard)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.general, "&General")
        self.tabs.addTab(self.labelling, "&Labelling")
        self.tabs.addTab(self.keys, "&Keys")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self.tabs)
        column.addWidget(QLabel("Changes take effect and are saved immediately."))
        column.addWidget(buttons)
        self.prefer(107, 44)
        self.general.changed.connect(self._take)
        self.general.people_wanted.connect(self.people_wanted)
        self.labelling.changed.connect(self._take)
        self.keys.changed.connect(lambda keys: self._take(replace(self._settings, keys=keys)))

    def show_settings(self, settings: Settings) -> None:
        """Show settings that were changed in another place, such as by zooming."""
        self._settings = settings
        self.general.show_settings(settings)
        self.labelling.show_settings(settings)
        self.keys.show_overrides(settings.keys)

    def done(self, result: int) -> None:
        """Apply the name in the annotator field, and close."""
        self.general.commit()
        super().done(result)

    def _take(self, settings: Settings) -> None:
        self._settings = settings
        self.general.show_settings(settings)
        self.labelling.show_settings(settings)
        self.changed.emit(settings)
