"""The menus and the tool bar, filled from the table of commands."""

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QMenu, QToolBar, QToolButton, QWidget

from segmark.gui.keys.actions import Actions
from segmark.gui.keys.commands import MENUS
from segmark.gui.keys.mnemonics import give_mnemonics, with_mnemonics

_TOOLS = (
    "file.load", "", "edit.undo", "edit.redo", "edit.find", "", "page.previous", "page.next",
    "page.skip", "page.flag", "page.done", "", "file.export",
)  # fmt: skip
#: The commands that begin a group in their menu.
_GROUPS = (
    "file.load", "file.export", "file.saved", "file.settings", "file.quit", "edit.copy",
    "edit.find", "project.labels", "label.start_back", "suggest.settings", "go.extend_next",
    "go.next_unlabelled", "page.next", "page.skip", "review.begin", "list.skip", "list.remove",
    "list.copy_names", "view.theme", "view.figures",
    "view.next_panel", "help.log", "help.about",
)  # fmt: skip
_LIST_MENU = (
    "list.skip", "list.reopen", "list.flag", "list.unflag", "list.site", "list.copy_names", "",
    "list.remove", "list.restore",
)  # fmt: skip
_PAGE_MENU = (
    "edit.copy", "list.copy_names", "edit.find", "", "page.flag", "page.note", "page.skip",
    "page.reopen", "page.done",
)  # fmt: skip


class WindowBars:
    """Menu bar and tool bar of a window; filled again when the actions are rebuilt.

    Attributes:
        tools: the tool bar.
        recent: the menu of recent projects, empty until its owner fills it before it opens.

    ``edit_opens`` is called before the menu "Edit" opens.
    """

    def __init__(
        self,
        window: QMainWindow,
        page: QWidget,
        actions: Actions,
        panels: Sequence[QAction],
        edit_opens: Callable[[], None],
    ) -> None:
        self._window = window
        self._page = page
        self._actions = actions
        self._panels = panels
        self._edit_opens = edit_opens
        self.recent = QMenu("Recent projects", window)
        self.tools = QToolBar("Tools")
        self.tools.setObjectName("tools")
        self.tools.setMovable(False)
        window.addToolBar(self.tools)
        actions.rebuilt.connect(self._fill)
        self._fill()

    def _fill(self) -> None:
        bar = self._window.menuBar()
        bar.clear()
        for title, marked in zip(MENUS, with_mnemonics(MENUS), strict=True):
            menu = bar.addMenu(marked)
            menu.addActions(self._actions.menu(title))
            if title == "File":
                menu.insertMenu(self._actions["file.load"], self.recent)
            for name in _GROUPS:
                if self._actions.command(name).menu == title:
                    menu.insertSeparator(self._actions[name])
            if title == "Edit":
                menu.aboutToShow.connect(self._edit_opens)
            if title == "View":
                self._add_panels(menu)
            give_mnemonics(menu)
        self.tools.clear()
        for name in _TOOLS:
            if name:
                self.tools.addAction(self._actions[name])
            else:
                self.tools.addSeparator()
        done = self.tools.widgetForAction(self._actions["page.done"])
        if isinstance(done, QToolButton):
            done.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)

    def show_page_menu(self, at: QPoint) -> None:
        """Show the context menu of the page, at a point of its text."""
        menu = QMenu(self._window)
        self._add(menu, [name for name in self._actions if name.startswith("label.as.")])
        fill = menu.addMenu("From the one above")
        self._add(fill, [name for name in self._actions if name.startswith("label.fill.")])
        self._add(menu, ["label.clear", "label.clear_span", "", *_PAGE_MENU])
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self._page.mapToGlobal(at))

    def show_list_menu(self, at: QPoint) -> None:
        """Show the menu of the selected pages, at a point of the screen."""
        menu = QMenu(self._window)
        self._add(menu, _LIST_MENU)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(at)

    def _add(self, menu: QMenu, names: Iterable[str]) -> None:
        """Add commands to a menu; "" is a separator."""
        for name in names:
            if name:
                menu.addAction(self._actions[name])
            else:
                menu.addSeparator()

    def _add_panels(self, menu: QMenu) -> None:
        panels = menu.addMenu("Panels")
        panels.addActions(self._panels)
        panels.addSeparator()
        panels.addAction(self.tools.toggleViewAction())
        give_mnemonics(panels)
