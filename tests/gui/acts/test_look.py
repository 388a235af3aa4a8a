"""The page as it looked: a file for the person's browser, marked, still, open at the caret."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree, html
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from pytestqt.qtbot import QtBot
from segmark.core.label import LabelSet

from tests.gui.robot import Robot, wait_for

_PAGE = """<title>Ferry</title><style>body { background: url(https://evil.example/a.png) }</style>
<script>alert(1)</script><h1>Ferry sails</h1><img src="https://evil.example/b.png" onerror="x()">
<p onclick="x()">It left at <a href="https://evil.example/">noon</a>.</p>
<iframe src="https://evil.example/"></iframe><p>It came &lt;mark data-span="0"&gt; back.</p>"""


class _Browser(QObject):
    """Takes the place of the person's browser."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[QUrl] = []

    @Slot(QUrl)
    def take(self, address: QUrl) -> None:
        self.opened.append(address)


@pytest.fixture
def browser() -> Iterator[_Browser]:
    made = _Browser()
    QDesktopServices.setUrlHandler("file", made, "take")  # type: ignore[arg-type]
    yield made
    QDesktopServices.unsetUrlHandler("file")


@pytest.fixture
def robot(qtbot: QtBot, project: Path, tmp_path: Path, label_set: LabelSet) -> Robot:
    page = tmp_path / "page.html"
    page.write_text(_PAGE)
    return Robot(qtbot).create(project, label_set).load(page)


def _shown(robot: Robot, browser: _Browser) -> tuple[str, etree._Element]:
    """The file that the browser gets, and the element that it opens at."""
    robot.press("Ctrl+B")
    wait_for(robot, lambda: bool(browser.opened))
    address = browser.opened.pop()
    text = Path(address.toLocalFile()).read_text("utf-8")
    tree = html.fromstring(text.encode(), parser=html.HTMLParser(encoding="utf-8"))
    [here] = [one for one in tree.iter() if one.get("id") == address.fragment()]
    return text, here


def test_the_page_opens_at_the_carets_block_with_its_labels_marked(
    robot: Robot, browser: _Browser
) -> None:
    robot.press("Ctrl+Home H")
    assert robot.line.startswith("It left")
    text, here = _shown(robot, browser)
    assert here.text is not None
    assert here.text in "It left at noon."
    assert here.get("autofocus") is not None
    marks = {mark.get("title"): mark.text for mark in html.fromstring(text).iter("mark")}
    assert marks["headline"] == "Ferry sails"


def test_a_label_at_the_caret_is_where_it_opens(robot: Robot, browser: _Browser) -> None:
    robot.press("Ctrl+End B Ctrl+End")
    _, here = _shown(robot, browser)
    assert here.get("title") == "body"


def test_nothing_in_it_loads_or_runs(robot: Robot, browser: _Browser) -> None:
    text, _ = _shown(robot, browser)
    assert "default-src 'none'" in text
    for active in ("evil.example", "<script", "onclick", "onerror", "<iframe", "<img", "alert("):
        assert active not in text


def test_a_page_of_text_is_shown_as_text(
    qtbot: QtBot, project: Path, tmp_path: Path, label_set: LabelSet, browser: _Browser
) -> None:
    page = tmp_path / "page.txt"
    page.write_text("Ferry <b>sails\nIt left.")
    robot = Robot(qtbot).create(project, label_set).load(page)
    robot.press("Down")
    text, here = _shown(robot, browser)
    assert here.text == "It left."
    assert "<b>" not in text


def test_the_files_go_with_the_window(robot: Robot, browser: _Browser) -> None:
    robot.press("Ctrl+B")
    wait_for(robot, lambda: bool(browser.opened))
    file = Path(browser.opened[0].toLocalFile())
    assert file.exists()
    assert file.parent.stat().st_mode & 0o077 == 0
    robot.close()
    assert not file.parent.exists()
