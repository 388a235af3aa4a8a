"""The visible text of HTML pages as headless Chromium shows it, over its debugging pipe.

https://chromedevtools.github.io/devtools-protocol/
"""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe",
    "--no-first-run", "--disable-extensions", "--disable-background-networking",
    "--proxy-server=127.0.0.1:9",
)  # fmt: skip
# Scripts are on, so that <noscript> is not shown, and none of them runs. Nothing is fetched.
_POLICY = (
    "<meta http-equiv='Content-Security-Policy' "
    "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
)
_DOCTYPE = re.compile(r"<!doctype[^>]*>", re.IGNORECASE)
_DOCTYPE_WITHIN = 2000  # characters
# The program leaves options and drawings out on purpose; the box of a list breaks the line.
_OPTION = "\u2063"
_TEXT = """(() => {
    for (const each of document.querySelectorAll('select')) each.innerHTML = '<option>\u2063';
    for (const each of document.querySelectorAll('svg, object, video, audio, canvas'))
        each.innerHTML = '';
    const text = () => document.documentElement.innerText;
    const styled = text();
    for (const sheet of document.styleSheets) sheet.disabled = true;
    return [styled, text()];
})()"""


@dataclass(frozen=True, slots=True)
class BrowserText:
    """What a browser shows of a page, with its style sheets and without."""

    styled: str
    plain: str


def find_browser() -> str | None:
    """The path of Chromium; None if it is not installed."""
    return next(filter(None, map(shutil.which, _NAMES)), None)


class Browser:
    """A running browser with one page."""

    def __init__(self, process: "subprocess.Popen[bytes]", write: int, read: int) -> None:
        self._process = process
        self._out = os.fdopen(write, "wb", buffering=0)
        self._in = os.fdopen(read, "rb")
        self._number = 0
        self._pending = b""
        self._events: list[str] = []
        self._session = ""
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        attached = self._call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        self._call("Page.enable")
        screen = {"width": 1280, "height": 800, "deviceScaleFactor": 1, "mobile": False}
        self._call("Emulation.setDeviceMetricsOverride", **screen)

    def text(self, place: Path) -> BrowserText:
        """The text of the HTML file at an absolute path."""
        self._events.clear()
        self._call("Page.navigate", url=place.as_uri())
        self._wait_for("Page.domContentEventFired")
        found = self._call("Runtime.evaluate", expression=_TEXT, returnByValue=True)
        return BrowserText(*(text.replace(_OPTION, "") for text in found["result"]["value"]))

    def _call(self, method: str, **params: object) -> dict[str, Any]:
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        self._out.write(json.dumps(message).encode() + b"\0")
        while (answer := self._next()).get("id") != self._number:
            self._events.append(answer.get("method", ""))
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']['message']}")
        result: dict[str, Any] = answer["result"]
        return result

    def _wait_for(self, event: str) -> None:
        while event not in self._events:
            self._events.append(self._next().get("method", ""))

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._pending:
            data = os.read(self._in.fileno(), 1 << 16)
            if not data:
                raise RuntimeError("the browser has ended")
            self._pending += data
        message, _, self._pending = self._pending.partition(b"\0")
        decoded: dict[str, Any] = json.loads(message)
        return decoded


@contextmanager
def running(program: str) -> Iterator[Browser]:
    """Start a browser, and end it afterwards."""
    to_browser, from_us = os.pipe()
    from_browser, to_us = os.pipe()
    with TemporaryDirectory(prefix="segmark-browser-", ignore_cleanup_errors=True) as folder:
        command = [program, *_FLAGS, f"--user-data-dir={folder}", "about:blank"]
        # The browser reads from descriptor 3 and writes to descriptor 4.
        script = 'exec 3<&"$0" 4>&"$1"; shift; exec "$@"'
        descriptors = (str(to_browser), str(to_us))
        process = subprocess.Popen(
            ["bash", "-c", script, *descriptors, *command],
            pass_fds=(to_browser, to_us),
            stderr=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        os.close(to_browser)
        os.close(to_us)
        try:
            yield Browser(process, from_us, from_browser)
        finally:
            process.kill()
            process.wait()


def page_texts(browser: Browser, markups: list[str], folder: Path) -> Iterator[BrowserText]:
    """The texts of pages; each is written to the folder for the browser to open."""
    place = folder.resolve() / "page.html"
    for markup in markups:
        doctype = _DOCTYPE.search(markup, 0, _DOCTYPE_WITHIN)
        at = doctype.end() if doctype else 0
        head, body = markup[:at].removeprefix("\ufeff"), markup[at:].removeprefix("\ufeff")
        page = f"\ufeff{head}{_POLICY}{body}"
        place.write_bytes(page.encode("utf-8", "replace"))
        yield browser.text(place)
