"""Tests the page view on this machine: platform, font, and positions of characters."""

from collections.abc import Iterator

from PySide6.QtCore import qVersion

from segmark.core.page import Page, PageInfo
from segmark.core.span import Span
from segmark.gui.application import make_application
from segmark.gui.page.view import PageView

_TEXT = "Head😀line\n\nA body, e\u0301, שלום, and a long line. " + "word " * 2_000


def view_test() -> Iterator[tuple[str, str]]:
    """Yield the facts about Qt and the result of the test, each with its name."""
    application = make_application()
    yield "Qt", f"{qVersion()}, platform {application.platformName()}"
    screen = application.primaryScreen()
    size = screen.size()
    yield "Screen", f"{size.width()}×{size.height()}, ratio {screen.devicePixelRatio():g}"
    view = PageView()
    yield "Font", view.fontInfo().family()
    view.resize(600, 400)
    page = Page.of("test", _TEXT, PageInfo("test.txt"))
    view.show_page(page)
    view.set_spans([Span(0, 9, "headline")])
    view.grab()
    wrong = 0
    for offset in range(0, len(_TEXT), 7):
        view.place(offset, offset)
        wrong += view.selection != (offset, offset)
    view.deleteLater()
    yield "Test of the view", f"{wrong} places are wrong" if wrong else "all is well"
