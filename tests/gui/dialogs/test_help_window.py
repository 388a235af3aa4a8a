"""The help window, which reads only the folder of the help."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QColor, QGuiApplication, QImage, QTextDocument
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from segmark.gui.base.theme import DARK, palette
from segmark.gui.dialogs.help_pages import HelpPages, slug
from segmark.gui.dialogs.help_window import HelpWindow

_IMAGE = QTextDocument.ResourceType.ImageResource.value


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "help"
    (folder / "images").mkdir(parents=True)
    (folder / "index.md").write_text(
        "# Help\n\n<!-- a note -->\nSee [keys](keys.md#good-to-know), [mouse](mouse.md) "
        "and [the site](https://example.org/a?b=1).\n",
        encoding="utf-8",
    )
    filler = "\n\n".join(f"Line {number}." for number in range(60))
    (folder / "keys.md").write_text(
        f"# Keys\n\n`H`\n\n{filler}\n\n## Good to know\n\nNeedle here.\n\n{filler}\n",
        encoding="utf-8",
    )
    (folder / "mouse.md").write_text("# Mouse\n\n| Do | What |\n|---|---|\n| a | b |\n")
    (folder / "alone.md").write_text("No heading, nor a link to it.\n")
    picture = QImage(1500, 300, QImage.Format.Format_RGB32)
    picture.fill(QColor("red"))
    picture.save(str(folder / "images" / "wide.png"))
    picture.save(str(tmp_path / "outside.png"))
    return folder


@pytest.fixture
def window(qtbot: QtBot, folder: Path) -> HelpWindow:
    window = HelpWindow(folder=folder)
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    return window


def _follow(window: HelpWindow, address: str) -> None:
    window.text.anchorClicked.emit(QUrl(address))


def test_the_contents_list_the_pages_as_the_index_links_to_them(window: HelpWindow) -> None:
    titles = [window.contents.item(row).text() for row in range(window.contents.count())]
    assert titles == ["Help", "Keys", "Mouse", "alone.md"]
    assert window.current == "index.md"
    assert "a note" not in window.text.toPlainText()


def test_a_link_opens_its_page_at_its_section(window: HelpWindow) -> None:
    _follow(window, "keys.md#good-to-know")
    assert window.current == "keys.md"
    assert window.contents.currentRow() == 1
    assert window.text.textCursor().block().text() == "Good to know"
    assert window.text.verticalScrollBar().value() > 0


def test_back_and_forward_go_through_what_was_read(window: HelpWindow) -> None:
    assert not window.back.isEnabled()
    window.open_page("keys.md")
    window.open_page("mouse.md")
    QTest.mouseClick(window.back, Qt.MouseButton.LeftButton)
    assert window.current == "keys.md"
    QTest.keyClick(window.text, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert window.current == "index.md"
    QTest.mouseClick(window.forward, Qt.MouseButton.LeftButton)
    assert window.current == "keys.md"
    window.open_page("alone.md")
    assert not window.forward.isEnabled()


def test_the_contents_open_by_keyboard(window: HelpWindow) -> None:
    window.contents.setFocus()
    QTest.keyClick(window.contents, Qt.Key.Key_Down)
    assert window.current == "keys.md"


def test_an_outside_address_is_shown_to_copy_and_not_opened(window: HelpWindow) -> None:
    assert not window.copy.isVisible()
    _follow(window, "https://example.org/a?b=1")
    assert window.current == "index.md"
    assert window.message.text() == "Outside of the help: https://example.org/a?b=1"
    QTest.mouseClick(window.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "https://example.org/a?b=1"


@pytest.mark.parametrize("name", ["nowhere.md", "../outside.png", "/etc/passwd"])
def test_a_link_to_no_page_of_the_help_leads_nowhere(window: HelpWindow, name: str) -> None:
    _follow(window, name)
    assert window.current == "index.md"


def test_pictures_come_from_the_folder_alone_and_fit_the_text(window: HelpWindow) -> None:
    picture = window.text.loadResource(_IMAGE, QUrl("images/wide.png"))
    assert isinstance(picture, QImage)
    assert 0 < picture.width() <= window.text.viewport().width()
    for address in (
        "../outside.png",
        "https://example.org/images/wide.png",
        "file:///etc/hostname",
        "images/none.png",
    ):
        assert window.text.loadResource(_IMAGE, QUrl(address)) is None


def test_find_goes_on_to_the_pages_that_follow_and_round(window: HelpWindow) -> None:
    window.search.setFocus()
    QTest.keyClicks(window.search, "needle")
    QTest.keyClick(window.search, Qt.Key.Key_Return)
    assert window.current == "keys.md"
    assert window.text.textCursor().selectedText() == "Needle"
    window.search.clear()
    QTest.keyClicks(window.search, "nor a link")
    QTest.keyClick(window.search, Qt.Key.Key_Return)
    assert window.current == "alone.md"
    QTest.keyClick(window.search, Qt.Key.Key_Return)
    assert window.text.textCursor().selectedText() == "nor a link"


def test_find_says_when_there_is_nothing(window: HelpWindow) -> None:
    window.search.setText("zzz")
    window.find_next()
    assert window.message.text() == "“zzz” is not in the help."
    assert window.current == "index.md"
    assert window.isVisible()


def test_another_theme_recolours_the_page_and_keeps_the_place(window: HelpWindow) -> None:
    window.open_page("keys.md", "good-to-know")
    place = window.text.verticalScrollBar().value()
    window.text.setPalette(palette(DARK))
    assert window.text.verticalScrollBar().value() == place
    code = window.text.document().find("H", 4)
    assert code.charFormat().fontFixedPitch()
    assert code.charFormat().background().color() == QColor(DARK.hover)


def test_a_heading_is_named_in_links_as_on_the_web() -> None:
    assert slug("By keyboard: eleven acts") == "by-keyboard-eleven-acts"
    assert slug("What’s `new`?") == "whats-new"


@pytest.mark.usefixtures("qapp")  # without one, fonts have no size
def test_every_link_of_the_real_help_leads_somewhere() -> None:
    pages = HelpPages()
    for name in pages:
        document = QTextDocument()
        document.setMarkdown(pages.text(name))
        headings = set()
        targets = set()
        block = document.begin()
        while block.isValid():
            if block.blockFormat().headingLevel():
                headings.add(slug(block.text()))
            fragments = block.begin()
            while not fragments.atEnd():
                targets.add(fragments.fragment().charFormat().anchorHref())
                fragments += 1
            block = block.next()
        for target in filter(None, targets):
            url = QUrl(target)
            if url.scheme():
                continue
            assert not url.path() or url.path() in pages, f"{name}: {target}"
            assert url.path() or url.fragment() in headings, f"{name}: {target}"
