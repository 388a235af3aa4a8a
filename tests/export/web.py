"""Records of pages from HTML, with their markup, as the program makes them."""

from dataclasses import replace
from html import escape

from segmark.core.record import Record
from segmark.core.span import Span
from segmark.core.text.normalise import trim
from segmark.loading.html.trace import trace
from segmark.loading.loader import load_bytes


def web_record(source: str | bytes, *labels: str, page: str = "") -> Record:
    """The record of a page from HTML; its first lines bear the labels, "" for none."""
    data = source.encode() if isinstance(source, str) else source
    loaded = load_bytes(data, "web/page.html")
    made, info = loaded.page, loaded.page.info
    lines = [trim(made.text, block.start, block.end) for block in made.blocks]
    spans = tuple(Span(*line, label) for line, label in zip(lines, labels, strict=False) if label)
    return Record(
        page or made.id, made.text, spans, info.source, "", "varn.example", "mira", "done",
        made.sha256, markup=trace(loaded.source, info.encoding, made.text),
    )  # fmt: skip


def every_line(source: bytes) -> Record:
    """The record of a page from HTML whose every line is a caption."""
    record = web_record(source)
    return web_record(source, *["caption"] * (record.text.count("\n") + 1))


def in_html(page: Record) -> Record:
    """The record as if its text had come from HTML that keeps its white space."""
    source = f"<!doctype html><body><pre>\n{escape(page.text)}</pre></body>".encode()
    return replace(page, markup=trace(source, "utf-8", page.text))
