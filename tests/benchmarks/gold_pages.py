"""Real pages with gold spans, from a folder with ``pages/*.html.gz`` and ``gold.jsonl.gz``."""

import gzip
import json
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from segmark.core.page import Page
from segmark.core.span import Span, overlapping
from segmark.core.text.normalise import REPLACEMENT, trim
from segmark.loading.html.declared import declared
from segmark.loading.loader import load_bytes

#: The label of a line that has none.
NONE = "-"
_SAME = str.maketrans({**dict.fromkeys("’‘`´", "'"), **dict.fromkeys("“”„«»", '"')})
_DASHES = str.maketrans(dict.fromkeys("–—−‐‑", "-"))
#: A gold text that is not there in one piece is looked for in pieces of this many characters.
_PIECE, _LEAST_PIECE = 24, 12
_JOINING = frozenset({"body", "ticker", "comment"})
#: Pieces no farther apart than this are one span.
_BRIDGE = 40


@dataclass(frozen=True, slots=True)
class GoldPage:
    """A page with its gold.

    Attributes:
        host: of the site; pages of one host never teach what is tested on another's.
        source: the page's HTML.
        spans: the gold in the page's own text.
        sure: the same without spans that a rule made.
        share: of the gold's characters, how many were found.
    """

    corpus: str
    host: str
    source: bytes
    page: Page
    spans: tuple[Span, ...]
    sure: tuple[Span, ...]
    share: float

    @property
    def site(self) -> str:
        return self.page.info.site

    def plain(self) -> "GoldPage":
        """The page as if it had been loaded from a text file."""
        info = replace(self.page.info, title="", media="text")
        return replace(self, page=Page.of(self.page.id, self.page.text, info))


@cache
def _plain(char: str) -> str:
    """What is left of a character when white space, case and variants do not count."""
    folded = unicodedata.normalize("NFKC", char).lower().translate(_SAME).translate(_DASHES)
    return "".join(
        c
        for c in folded
        if not c.isspace() and c != REPLACEMENT and unicodedata.category(c) != "Cf"
    )


def squeeze(text: str) -> tuple[str, list[int]]:
    """The text without white space, case and variants, and the offset each character came from."""
    chars, offsets = [], []
    for offset, char in enumerate(text):
        for plain in _plain(char):
            chars.append(plain)
            offsets.append(offset)
    return "".join(chars), offsets


def _pieces(page: str, gold: str, cursor: int) -> list[tuple[int, int]]:
    """Where the gold is in the page, from the cursor on if it can; in pieces if it must."""
    for first in (cursor, 0):
        if (at := page.find(gold, first)) >= 0:
            return [(at, at + len(gold))]
    found: list[tuple[int, int]] = []
    index = 0
    while index + _LEAST_PIECE <= len(gold):
        at = page.find(gold[index : index + _PIECE], cursor)
        if at < 0:
            index += _LEAST_PIECE // 2
            continue
        size = min(_PIECE, len(gold) - index)
        while gold[index + size : index + size + 1] == page[at + size : at + size + 1] != "":
            size += 1
        if found and at - found[-1][1] <= _BRIDGE:
            found[-1] = found[-1][0], at + size
        else:
            found.append((at, at + size))
        cursor, index = at + size, index + size
    return found


def _located(text: str, wanted: Sequence[dict[str, Any]]) -> tuple[list[tuple[Span, bool]], float]:
    page, offsets = squeeze(text)
    spans, cursor, there, sought = [], 0, 0, 0
    for given in wanted:
        gold = squeeze(given["text"])[0]
        pieces = _pieces(page, gold, cursor) if gold else []
        sought += len(gold)
        there += min(len(gold), sum(end - start for start, end in pieces))
        cursor = pieces[-1][1] if pieces else cursor
        for start, end in pieces:
            span = Span(offsets[start], offsets[end - 1] + 1, given["label"])
            spans.append((span, given.get("gold", True)))
    return sorted(spans), there / sought if sought else 1.0


def _disjoint(text: str, spans: Sequence[tuple[Span, bool]]) -> Iterator[tuple[Span, bool]]:
    last = 0
    for span, sure in spans:
        start, end = trim(text, max(span.start, last), span.end)
        if start < end:
            yield Span(start, end, span.label), sure
            last = end


def _joined(text: str, spans: Sequence[tuple[Span, bool]]) -> list[tuple[Span, bool]]:
    """The spans as an annotator has them: what touches and may join is one."""
    joined: list[tuple[Span, bool]] = []
    for span, sure in spans:
        if joined and span.label in _JOINING:
            last, was_sure = joined[-1]
            if last.label == span.label and not text[last.end : span.start].strip():
                joined[-1] = Span(last.start, span.end, span.label), sure and was_sure
                continue
        joined.append((span, sure))
    return joined


def read_corpus(folder: Path) -> list[GoldPage]:
    """All pages of a folder that can be loaded, in the order of its gold."""
    pages = []
    with gzip.open(folder / "gold.jsonl.gz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            source = gzip.decompress((folder / "pages" / row["file"]).read_bytes())
            loaded = load_bytes(source, row["file"].removesuffix(".gz")).page
            info = replace(loaded.info, site=f"{row['corpus']}:{row['site']}")
            bare = Page.of(loaded.id, loaded.text, info, loaded.anchors)
            page = replace(bare, declared=declared(source, info.encoding))
            found, share = _located(page.text, row["spans"])
            spans = _joined(page.text, list(_disjoint(page.text, found)))
            pages.append(
                GoldPage(
                    row["corpus"],
                    row["site"].partition("/")[0],
                    source,
                    page,
                    tuple(span for span, _ in spans),
                    tuple(span for span, sure in spans if sure),
                    share,
                )
            )
    return pages


def line_labels(page: Page, spans: Sequence[Span]) -> list[str]:
    """For each block the label that covers at least half of it."""
    labels = []
    for block in page.blocks:
        covered: Counter[str] = Counter()
        for span in overlapping(spans, block.start, block.end):
            covered[span.label] += min(span.end, block.end) - max(span.start, block.start)
        label, width = covered.most_common(1)[0] if covered else (NONE, 0)
        labels.append(label if 2 * width >= block.end - block.start else NONE)
    return labels


def edits(suggested: Sequence[str], right: Sequence[str]) -> int:
    """Runs of consecutive wrong lines with one right label: one select-and-label each."""
    count, last = 0, None
    for line, gold in zip(suggested, right, strict=True):
        if line != gold and gold != last:
            count += 1
        last = gold if line != gold else None
    return count
