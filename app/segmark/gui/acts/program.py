"""The commands on the program itself: find, zoom, settings, help.

Windows and dialogs are imported when they open, so that the program starts sooner.
"""

import os
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from segmark import __version__
from segmark.environment import log
from segmark.environment.settings import Settings
from segmark.gui.acts.projects import ProjectActs
from segmark.gui.base.message_box import MessageBox
from segmark.gui.keys.commands import all_commands
from segmark.gui.window.main_window import MainWindow

if TYPE_CHECKING:
    from segmark.gui.dialogs.help_window import HelpWindow


class ProgramActs:
    """The commands on view, settings and help, for one window."""

    def __init__(self, window: MainWindow, projects: ProjectActs) -> None:
        self._window = window
        self._projects = projects
        self._help: HelpWindow | None = None
        window.add_handlers(self.handlers())
        window.view.zoomed.connect(self._keep_font_size)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """The function of each command, by the command's id."""
        window = self._window
        return {
            "file.settings": self.show_settings,
            "file.quit": window.close,
            "edit.copy": window.view.copy,
            "edit.find_next": lambda: window.finder.step(1),
            "edit.find_previous": lambda: window.finder.step(-1),
            "page.note": window.panels.show_note_field,
            "view.zoom_in": lambda: window.view.zoom(1),
            "view.zoom_out": lambda: window.view.zoom(-1),
            "view.zoom_reset": lambda: window.view.set_font_size(Settings().font_size),
            "view.theme": self.switch_theme,
            "view.full_screen": self.switch_full_screen,
            "view.palette": self.show_palette,
            "view.guideline": window.show_guideline,
            "view.next_panel": lambda: window.panels.step_focus(window.view, 1),
            "view.previous_panel": lambda: window.panels.step_focus(window.view, -1),
            "help.keys": self.show_keys,
            "help.contents": self.show_help,
            "help.log": self.show_log,
            "help.about": self.show_about,
        }

    def switch_theme(self) -> None:
        """Switch between the light and the dark theme."""
        window = self._window
        dark = window.theme.is_dark
        self._apply(replace(window.settings, theme="light" if dark else "dark"))

    def switch_full_screen(self) -> None:
        """Switch to full screen or back."""
        window = self._window
        if window.isFullScreen():
            window.showNormal()
        else:
            window.showFullScreen()
        window.actions_by_id["view.full_screen"].setChecked(window.isFullScreen())

    def show_settings(self) -> None:
        """Open the settings; changes apply at once."""
        from segmark.gui.dialogs.settings import SettingsDialog

        window = self._window
        dialog = SettingsDialog(
            window.settings, all_commands(window.labels), window.keyboard, window
        )
        dialog.changed.connect(self._apply)
        dialog.general.people.setEnabled(window.session is not None)
        dialog.people_wanted.connect(lambda: window.run("file.people"))
        dialog.exec()
        dialog.deleteLater()

    def show_keys(self) -> None:
        """Open the key sheet."""
        from segmark.gui.keys.sheet import KeySheet

        window = self._window
        sheet = KeySheet(
            all_commands(window.labels), window.settings.keys, window.labels, window.theme, window,
            window.keyboard.text,
        )  # fmt: skip
        sheet.exec()
        sheet.deleteLater()

    def show_help(self) -> None:
        """Open the help in a window of its own."""
        if self._help is None:
            from segmark.gui.dialogs.help_window import HelpWindow

            self._help = HelpWindow(self._window)
        self._help.show()
        self._help.raise_()
        self._help.activateWindow()

    def show_help_page(self, name: str) -> None:
        """Open a page of the help, given by the name of its file."""
        self.show_help()
        if self._help:
            self._help.open_page(name)

    def show_palette(self) -> None:
        """Open the list of all commands, pages, sites and help pages."""
        from segmark.gui.acts.palette import show_palette

        show_palette(self._window, self.show_help_page)

    def show_log(self) -> None:
        """Show the log file in the platform's file manager, or a message that there is none."""
        path = log.log_path()
        if os.path.exists(path):
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))
        else:
            words = f"There is no log file, because nothing went wrong so far: {path}."
            MessageBox.show_words(MessageBox.Icon.Information, "Log file", words, self._window)

    def show_about(self) -> None:
        """Show the name, version and licence of the program."""
        MessageBox.show_words(
            MessageBox.Icon.Information,
            "About Segmark",
            f"<b>Segmark {__version__}</b><br>Label the segments of raw news pages.<br><br>"
            "Free software under the MIT licence. It works offline: nothing is sent or fetched.",
            self._window,
        )

    def _apply(self, settings: Settings) -> None:
        self._window.apply_settings(settings)
        self._projects.follow_annotator()

    def _keep_font_size(self, points: int) -> None:
        window = self._window
        if points != window.settings.font_size:
            window.apply_settings(replace(window.settings, font_size=points))
