"""The metadata of an HTML page: title, address, language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from segmark.core.text.normalise import normalise
from segmark.environment.language import language_tag
from segmark.loading.html.mending import PARAGRAPH_MARK

# Programs that save pages write these comments into them: browsers, SingleFile, HTTrack.
_SAVED_FROM = re.compile(
    r"<!-- saved from url=\(\d+\)(\S+) -->|<!--\s+Page saved with SingleFile\s+url: (\S+)"
    r"|<!-- Mirrored from (\S+) by HTTrack"
)
_SAVED_FROM_WITHIN = 4096


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says about itself; ``""`` where it says nothing."""

    title: str = ""
    url: str = ""
    language: str = ""


class MetadataReader:
    """Collects the metadata from the elements of a page as they are parsed."""

    def __init__(self, markup: str) -> None:
        saved_from = _SAVED_FROM.search(markup, 0, _SAVED_FROM_WITHIN)
        self._saved_from = ""
        if saved_from:
            browser, single_file, mirrored = saved_from.groups()
            self._saved_from = browser or single_file or f"http://{mirrored}"
        self._title: list[str] = []
        self._in_title = False
        self._values: dict[str, str] = {}

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Process the start of an element."""
        # Only the first title is the page's.
        self._in_title = tag == "title" and not self._title
        if tag == "html":
            self._note("lang", attributes.get("lang") or attributes.get("xml:lang"))
        elif tag == "base":
            self._note("base", attributes.get("href"))
        elif tag == "link":
            if "canonical" in attributes.get("rel", "").lower().split():
                self._note("canonical", attributes.get("href"))
        elif tag == "meta":
            name = attributes.get("property") or attributes.get("name")
            name = name or attributes.get("http-equiv") or ""
            self._note(name.strip().lower(), attributes.get("content"))

    def data(self, text: str) -> None:
        """Process a piece of text inside the latest element."""
        if self._in_title:
            self._title.append(text)

    def _note(self, key: str, value: str | None) -> None:
        if value and value.strip():
            self._values.setdefault(key, value.strip())

    def metadata(self) -> Metadata:
        """Return the metadata collected so far."""
        return Metadata(
            _line("".join(self._title).replace(PARAGRAPH_MARK, "")), self._url(), self._language()
        )

    def _url(self) -> str:
        """Return the page's address: canonical link, Open Graph, or where it was saved from."""
        base = self._values.get("base", "")
        for address in (
            self._values.get("canonical", ""),
            self._values.get("og:url", ""),
            self._saved_from,
        ):
            try:
                url = urljoin(base, address) if address else ""
            except ValueError:
                continue
            if host_of(url):
                return _line(url)
        return ""

    def _language(self) -> str:
        for key in ("lang", "content-language", "og:locale"):
            if language := language_tag(self._values.get(key, "").partition(",")[0]):
                return language
        return ""


def host_of(url: str) -> str:
    """Return the host of a web address in lower case, without ``www.`` and port; ``""`` if none."""
    try:
        parts = urlsplit(url)
        host = parts.hostname if parts.scheme in ("http", "https") else None
    except ValueError:
        return ""
    return _line(host or "").rstrip(".").removeprefix("www.")


def _line(text: str) -> str:
    return " ".join(normalise(text).split())
