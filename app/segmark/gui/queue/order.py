"""OrderButton: shows and changes the order of the page list."""

import random

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QResizeEvent
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QWidget

from segmark.core.queue import PageOrder, Sort, Strategy

_SORTS = {
    Sort.LOADED: "Load order",
    Sort.SITE: "By site",
    Sort.SHORTEST: "Shortest first",
    Sort.LONGEST: "Longest first",
    Sort.SHUFFLED: "Shuffled",
}
_STRATEGIES = {
    Strategy.IN_ORDER: ("In this order", ""),
    Strategy.SPREAD: (
        "Spread over the sites: one of each, then a second",
        "spread over sites",
    ),
    Strategy.SITE_BY_SITE: ("Site by site: finish one before the next", "site by site"),
}


def order_text(order: PageOrder) -> str:
    """An order as text, such as ``Load order, spread over sites``."""
    strategy = _STRATEGIES[order.strategy][1]
    return f"{_SORTS[order.sort]}, {strategy}" if strategy else _SORTS[order.sort]


class OrderButton(QPushButton):
    """Shows the order of the list and has a menu to change it.

    Signals:
        chosen: the chosen ``PageOrder``.
        second_look: the user wants to walk through likely mistakes.
    """

    chosen = Signal(object)
    second_look = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._order = PageOrder()
        self._text = ""
        self._acts: dict[Sort | Strategy, QAction] = {}
        self._menu = self._make_menu()
        self.setFlat(True)
        self.setStyleSheet("text-align: left; padding: 5px 8px")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self.open_menu)
        self.show_order(self._order)

    def show_order(self, order: PageOrder) -> None:
        """Show this order."""
        self._order = order
        self._show(order_text(order))
        self._acts[order.sort].setChecked(True)
        self._acts[order.strategy].setChecked(True)
        self._again.setEnabled(order.sort is Sort.SHUFFLED)

    def show_second_look(self) -> None:
        """Show that the pages come as the second look walks through them."""
        self._show("Second look: likely mistakes")

    def _show(self, text: str) -> None:
        self._text = text
        self._fit()
        self.setToolTip(f"The order of the pages: {text}")
        self.setAccessibleName(f"Order of the pages: {text}")

    def open_menu(self) -> None:
        """Open the menu below the button, with the current order highlighted."""
        self._menu.popup(self.mapToGlobal(QPoint(0, self.height())))
        self._menu.setActiveAction(self._acts[self._order.sort])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten the text to fit the width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = self.width() - self.fontMetrics().horizontalAdvance(" ▾") - 20
        text = self.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, room)
        self.setText(f"{text} ▾")

    def _make_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.addSection("Sort")
        sorts, strategies = QActionGroup(menu), QActionGroup(menu)
        for sort, words in _SORTS.items():
            act = self._acts[sort] = sorts.addAction(words)
            act.triggered.connect(lambda _=False, sort=sort: self._sort(sort))
        menu.addActions(sorts.actions())
        self._again = menu.addAction("Shuffle again")
        self._again.triggered.connect(lambda: self._sort(Sort.SHUFFLED))
        menu.addSection("What comes next")
        for strategy, (words, _) in _STRATEGIES.items():
            act = self._acts[strategy] = strategies.addAction(words)
            act.triggered.connect(lambda _=False, strategy=strategy: self._arrange(strategy))
        menu.addActions(strategies.actions())
        menu.addSection("Finished pages")
        menu.addAction("Second look: likely mistakes").triggered.connect(self.second_look)
        for act in self._acts.values():
            act.setCheckable(True)
        return menu

    def _sort(self, sort: Sort) -> None:
        seed = random.randrange(2**31) if sort is Sort.SHUFFLED else 0
        self.chosen.emit(PageOrder(sort, self._order.strategy, seed))

    def _arrange(self, strategy: Strategy) -> None:
        self.chosen.emit(PageOrder(self._order.sort, strategy, self._order.seed))
