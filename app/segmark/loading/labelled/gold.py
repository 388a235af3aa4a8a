"""Gold of benchmarks for extractors: the text of the article, beside the HTML of its page.

- scrapinghub's benchmark: ``ground-truth.json`` with ``articleBody`` by the page's id, and
  ``html/ID.html.gz``. https://github.com/scrapinghub/article-extraction-benchmark
- WCEB: JSON or JSON Lines of ``page_id`` and ``plaintext``, and ``html/…/ID.html``.
  https://github.com/chatnoir-eu/web-content-extraction-benchmark
- dragnet: ``Corrected/ID.html.corrected.txt`` and ``HTML/ID.html``; comments follow a mark.
  https://github.com/seomoz/dragnet_data
- CleanEval: ``ID.txt`` that begins with ``URL:``, and ``ID.html`` beside it or in a folder beside.
  https://cleaneval.sigwac.org.uk
- L3S-GN1: HTML with ``<span class="x-nc-sel1">`` around the headline, ``sel2`` around the article,
  and so on. https://www.l3s.de/~kohlschuetter/boilerplate

The text was made by people or from another rendering, so it is aligned with the page.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from segmark.loading.encoding import declared_encoding, decode
from segmark.loading.media import suffix_of
from segmark.loading.raw import RawAnnotation, RawLabels, RawSpan

#: The name of the label of articles.
_ARTICLE = "body"
_BODIES = ("articleBody", "plaintext")
_OBJECT = re.compile(
    rb'\s*\{\s*"[^"\n]{1,200}"\s*:\s*\{[^{}\[\]]{0,300}?"(?:articleBody|plaintext)"\s*:'
)
_LINE = re.compile(rb'\s*\[?\s*\{[^{}\[\]]{0,300}?"page_id"\s*:[^{}\[\]]{0,300}?"plaintext"\s*:')
_CORRECTED = ".html.corrected.txt"
_COMMENTS = re.compile(r"^.*!@#\$%\^&\*\(\).*$", re.MULTILINE)
_URL = re.compile(r"URL: ?(https?://\S+)[ \t]*\n")
_MARK = re.compile(r"</?(?:p|h|l)>", re.IGNORECASE)
# The levels of L3S-GN1 by the end of their class.
_LEVELS = {
    "1": "headline", "2": _ARTICLE, "3": "supplemental text", "4": "related content",
    "5": "comment",
}  # fmt: skip
_LEVEL = re.compile(r"(?:^|\s)x-nc-sel([0-5])(?:$|\s)")
#: What shows that HTML is a page of L3S-GN1 with its labels.
LEVEL_MARK = b"x-nc-sel"
_SUFFIXES = (".html", ".html.gz", ".htm")


@dataclass(frozen=True, slots=True)
class GoldPage:
    """The HTML of a page, and its article.

    Attributes:
        name: what the gold calls the page.
        html: the file with the HTML; None if it is not there.
    """

    name: str
    html: Path | None
    labels: RawLabels
    url: str = ""


def is_listed_gold(head: bytes) -> bool:
    """Whether a file that begins like this lists the articles of many pages."""
    return bool(_OBJECT.match(head) or _LINE.match(head))


def is_gold_text(name: str, head: bytes) -> bool:
    """Whether a file is a text that is the article of a page in another file."""
    if suffix_of(name) != ".txt":
        return False
    return name.endswith(_CORRECTED) or head.startswith((b"URL: http", b"URL:http"))


def listed_gold(content: bytes, path: Path | None, origin: str) -> Iterator[GoldPage]:
    """Yield the pages that a file lists; without a path, their HTML is not searched.

    Raises:
        ValueError: it is not valid JSON.
    """
    for name, about in _listed(content):
        body = next((about[key] for key in _BODIES if isinstance(about.get(key), str)), "")
        if body.strip():
            url = about.get("url")
            html = _html_of(name, path) if path else None
            yield GoldPage(name, html, _labels(body, origin), url if isinstance(url, str) else "")


def _listed(content: bytes) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if _OBJECT.match(content):
        for name, about in json.loads(content).items():
            if isinstance(about, dict):
                yield name, about
        return
    lines = content.splitlines() if content.lstrip()[:1] == b"{" else [content]
    for line in lines:
        found = json.loads(line) if line.strip() else []
        for about in found if isinstance(found, list) else [found]:
            if isinstance(about, dict) and isinstance(about.get("page_id"), str):
                yield about["page_id"], about


def _html_of(name: str, path: Path) -> Path | None:
    """Return the HTML of a page that a list names: in ``html`` beside the list, or above it."""
    if "/" in name or "\\" in name or name.startswith("."):
        return None
    for top in (path.parent, path.parent.parent):
        for folder in (top / "html", top / "html" / path.stem, top):
            for suffix in _SUFFIXES:
                if (found := folder / f"{name}{suffix}").is_file():
                    return found
    return None


def gold_text(content: bytes, path: Path, origin: str) -> GoldPage:
    """Return the page of one text."""
    page = article_in(content, path.name, origin)
    folders = [path.parent]
    if path.parent.parent.is_dir():
        folders += sorted(each for each in path.parent.parent.iterdir() if each.is_dir())
    places = (folder / f"{page.name}{suffix}" for folder in folders for suffix in _SUFFIXES)
    return replace(page, html=next((place for place in places if place.is_file()), None))


def article_in(content: bytes, name: str, origin: str) -> GoldPage:
    """Return the page of one text, whose HTML is not searched; ``name`` is that of the file."""
    text = decode(content, "utf-8")[0].replace("\r\n", "\n")
    address = _URL.match(text)
    url = address[1] if address else ""
    text = _COMMENTS.split(_MARK.sub("\n", text[address.end() if address else 0 :]))[0]
    name = name.removesuffix(".corrected.txt").removesuffix(".txt").removesuffix("-cleaned")
    return GoldPage(name.removesuffix(".html"), None, _labels(text, origin), url)


def levels_in(source: bytes, origin: str) -> RawLabels | None:
    """Return the labels in a page of L3S-GN1; None if there are none."""
    from segmark.html_tree import parse, walk

    root = parse(decode(source, declared_encoding(source))[0])
    inside, found = list[str](), dict[str, list[str]]()
    for event, element, node in walk(root) if root is not None else ():
        level = _LEVEL.search(str(element.get("class") or ""))
        if event == "start" and level:
            inside.append(level[1])
        elif event == "end" and level and inside:
            inside.pop()
        elif node and inside and inside[-1] in _LEVELS and node.text.strip():
            found.setdefault(_LEVELS[inside[-1]], []).append(" ".join(node.text.split()))
    made = (
        RawAnnotation((RawSpan(None, None, label, "\n".join(pieces)),), aligned=True)
        for label, pieces in found.items()
    )
    return RawLabels(origin, tuple(made)) if found else None


def _labels(text: str, origin: str) -> RawLabels:
    span = RawSpan(None, None, _ARTICLE, text)
    return RawLabels(origin, (RawAnnotation((span,), aligned=True),))
