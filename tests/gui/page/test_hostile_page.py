"""Hostile pages: nothing in them runs, loads or connects, and they can't disguise their text."""

import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocumentFragment
from pytestqt.qtbot import QtBot
from segmark.core.label import LabelSet
from segmark.gui.base.message_box import MessageBox
from segmark.gui.base.plain_words import plain_words
from segmark.gui.base.row_table import RowTable
from segmark.gui.page.text import PageText
from segmark.store.errors import StoreError
from segmark.store.store import Store

from tests.factories import make_page
from tests.gui.robot import Robot
from tests.places import ROOT

_HTML = """<!DOCTYPE html [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c SYSTEM "file:///etc/hostname">]>
<html><head><title>&lt;img src="http://192.0.2.1/title.png"&gt;</title>
<meta http-equiv="refresh" content="0; url=http://192.0.2.1/">
<base href="http://192.0.2.1/"><link rel="stylesheet" href="http://192.0.2.1/style.css">
<script src="http://192.0.2.1/run.js"></script><script>document.body.innerHTML = "ran"</script>
<style>@import url(http://192.0.2.1/more.css);</style></head>
<body onload="ran()"><h1>Headline &b; &c;</h1>
<p>See <a href="javascript:ran()">this</a> and <a href="file:///etc/hostname">that</a>.</p>
<img src="http://192.0.2.1/pixel.png" onerror="ran()" alt=""><iframe src="http://192.0.2.1/"></iframe>
<object data="http://192.0.2.1/o"></object><svg><image href="http://192.0.2.1/i.png"/></svg>
<p>&lt;b&gt;not bold&lt;/b&gt; &lt;img src="http://192.0.2.1/text.png"&gt;</p>
<video src="http://192.0.2.1/v.mp4" autoplay></video></body></html>
"""


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The attempts to connect or to resolve a name; Qt's network module is not installed."""
    tried: list[object] = []

    def refuse(*place: object, **_: object) -> None:
        tried.append(place)
        raise OSError("no network in this test")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    return tried


def test_nothing_in_a_page_runs_loads_or_connects(
    qtbot: QtBot, project: Path, tmp_path: Path, label_set: LabelSet, no_network: list[object]
) -> None:
    page = tmp_path / "hostile.html"
    page.write_text(_HTML, "utf-8")
    robot = Robot(qtbot).create(project, label_set).load(page, show_first=True)
    text = robot.page.text
    assert "<b>not bold</b>" in text
    assert "ran" not in text.replace("brand", "")
    host = Path("/etc/hostname")
    assert not (host.exists() and host.read_text().strip() in text)
    assert text.count("ha") < 100
    robot.press("H B Down B Return")
    assert no_network == []


def _can_trace() -> bool:
    strace = shutil.which("strace")
    return strace is not None and subprocess.run(
        [strace, "-o", "/dev/null", "true"], capture_output=True, check=False
    ).returncode == 0  # fmt: skip


@pytest.mark.skipif(sys.platform != "linux" or not _can_trace(), reason="strace is not there")
def test_the_system_sees_no_connection_while_a_hostile_page_is_open(
    project: Path, tmp_path: Path
) -> None:
    page, log = tmp_path / "hostile.html", tmp_path / "calls.log"
    page.write_text(_HTML, "utf-8")
    watched = [sys.executable, "-m", "tests.gui.page.opened_page", str(page), str(project)]
    calls = "trace=socket,connect,sendto,sendmsg,execve"
    done = subprocess.run(
        ["strace", "-f", "-qq", "-e", calls, "-o", str(log), *watched],
        capture_output=True, text=True, cwd=ROOT, check=True, timeout=120,
    )  # fmt: skip
    assert done.stdout == "3\n"
    told = log.read_text("utf-8").splitlines()
    assert any("execve" in line for line in told)
    assert [line for line in told if "AF_INET" in line] == []
    # No program was started either, such as a browser.
    assert [line for line in told[1:] if "execve" in line and "= 0" in line] == []


def test_text_in_titles_and_panels_is_never_taken_for_markup(
    qtbot: QtBot, project: Path, tmp_path: Path, label_set: LabelSet, no_network: list[object]
) -> None:
    page = tmp_path / "markup.txt"
    page.write_text('<img src="http://192.0.2.1/x.png"><b>bold</b>\nline\n', "utf-8")
    robot = Robot(qtbot).create(project, label_set).load(page, show_first=True)
    robot.press("H")
    assert robot.labelled[0][1].startswith("<img src=")
    assert no_network == []


def test_names_that_look_like_html_or_reorder_are_shown_as_they_are_written(
    qtbot: QtBot, project: Path, label_set: LabelSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    title = '<img src="file://host/share/a.png"> gnp\u202e.exe'
    with Store.create(project, label_set) as store, store.write():
        store.pages.add(make_page("Text", source="a\u202eb/<b>c</b>", title=title), b"Text")
    robot = Robot(qtbot).open(project)
    row = robot.window.panels.pages.view.model().index(0, 0)
    tip = row.data(Qt.ItemDataRole.ToolTipRole)
    shown = QTextDocumentFragment.fromHtml(tip).toPlainText()
    assert shown == '<img src="file://host/share/a.png"> gnp⇚.exe\na⇚b/<b>c</b>: new, 0 spans'
    assert "<img" not in tip
    assert "⇚" in robot.window.windowTitle()
    assert "\u202e" not in robot.window.windowTitle()
    told: list[str] = []
    monkeypatch.setattr(MessageBox, "show_words", lambda *words: told.append(words[2]))

    def fail() -> None:
        raise StoreError(f"{title}: it is damaged")

    robot.window.attempt(fail)
    assert "&lt;img src=" in told[0]
    assert "\u202e" not in told[0]


def test_ordinary_names_are_left_as_they_are() -> None:
    for words in ("news/a.html: new, 1 span", "a < b", "Ship & sails\nsecond line", "שלום"):
        assert plain_words(words) == words


@pytest.mark.parametrize("sign", [*"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"])
def test_what_would_reorder_the_text_is_shown_as_a_mark_in_its_place(sign: str) -> None:
    text = f"safe{sign}txt.exe"
    shown = PageText(text)
    assert sign not in shown.display
    assert shown.display[:4] == "safe"
    assert shown.display[4] in "⇒⇐⇔⇛⇚↦↤↔⊣"
    assert shown.display[5:] == "txt.exe"
    assert shown.to_qt(len(text)) == len(text)


def test_labels_on_a_page_with_overrides_are_on_the_text_as_stored(
    qtbot: QtBot, project: Path, tmp_path: Path, label_set: LabelSet
) -> None:
    page = tmp_path / "override.txt"
    page.write_text("The \u202egnp.exe\u202c file\nnext\n", "utf-8")
    robot = Robot(qtbot).create(project, label_set).load(page, show_first=True)
    robot.press("H")
    assert robot.labelled == [("headline", "The \u202egnp.exe\u202c file")]
    assert robot.view.toPlainText().startswith("The ⇚gnp.exe⇔ file")
    [outline] = robot.window.panels.spans.findChildren(RowTable)
    assert outline.model().index(0, 0).data() == "headline  The ⇚gnp.exe⇔ file"
