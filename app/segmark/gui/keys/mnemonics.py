"""Mnemonics: the letters that choose an entry of an open menu, or with Alt a menu or a button."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QAbstractButton, QLabel, QMainWindow, QMenu, QTabBar, QWidget


def give_mnemonics(menu: QMenu) -> None:
    """Give each entry of a menu a unique letter, as far as possible."""
    actions = [action for action in menu.actions() if not action.isSeparator()]
    titles = with_mnemonics([action.text().replace("&", "") for action in actions])
    for action, title in zip(actions, titles, strict=True):
        action.setText(title)


def with_mnemonics(titles: Sequence[str]) -> list[str]:
    """The titles with ``&`` before a unique letter, if possible the first of a word."""
    taken, marked = set[str](), []
    for title in titles:
        firsts = [at for at, _ in enumerate(title) if at == 0 or title[at - 1] == " "]
        places = (*firsts, *range(len(title)))
        at = next(
            (at for at in places if title[at].isalnum() and title[at].lower() not in taken), None
        )
        if at is None:
            marked.append(title)
        else:
            taken.add(title[at].lower())
            marked.append(f"{title[:at]}&{title[at:]}")
    return marked


def press_mnemonic(window: QWidget, key: QKeySequence) -> bool:
    """Do what a key such as Alt+F does in a window, and return whether it does anything.

    It opens a menu, clicks a button, or goes to the field of a label or to a tab.
    """
    if isinstance(window, QMainWindow):
        for action in window.menuBar().actions():
            if QKeySequence.mnemonic(action.text()) == key:
                window.menuBar().setActiveAction(action)
                return True
    for button in window.findChildren(QAbstractButton):
        if button.shortcut() == key and button.isVisible() and button.isEnabled():
            button.setFocus(Qt.FocusReason.ShortcutFocusReason)
            button.click()
            return True
    for label in window.findChildren(QLabel):
        field = label.buddy()
        if field and label.isVisible() and QKeySequence.mnemonic(label.text()) == key:
            field.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return True
    return any(_choose_tab(tabs, key) for tabs in window.findChildren(QTabBar) if tabs.isVisible())


def _choose_tab(tabs: QTabBar, key: QKeySequence) -> bool:
    for place in range(tabs.count()):
        if QKeySequence.mnemonic(tabs.tabText(place)) == key:
            tabs.setCurrentIndex(place)
            return True
    return False
