"""Programs that people use to get the body of a news page, and how their text is compared."""

from collections import Counter
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec

from segmark.core.page import Page
from segmark.core.span import Span

from tests.benchmarks.gold_pages import squeeze

_GRAM = 8
#: The text of the body in a page's HTML, as a program finds it.
Extract = Callable[[bytes], str]


def body_text(page: Page, spans: Sequence[Span]) -> str:
    """The text of the spans with the label body."""
    return "\n".join(page.text[span.start : span.end] for span in spans if span.label == "body")


def _grams(text: str) -> Counter[str]:
    plain = squeeze(text)[0]
    return Counter(plain[at : at + _GRAM] for at in range(max(1, len(plain) - _GRAM + 1)))


def body_f1(found: str, gold: str) -> float:
    """F1 of the runs of eight characters, white space and case aside."""
    if not gold.strip() or not found.strip():
        return float(gold.strip() == found.strip())
    ours, theirs = _grams(found), _grams(gold)
    return 2 * (ours & theirs).total() / (ours.total() + theirs.total())


def _trafilatura(source: bytes) -> str:
    return import_module("trafilatura").extract(source, include_comments=False) or ""


def _resiliparse(source: bytes) -> str:
    encoding = import_module("resiliparse.parse.encoding")
    html = encoding.bytes_to_str(source, encoding.detect_encoding(source))
    plain: str = import_module("resiliparse.extract.html2text").extract_plain_text(
        html, main_content=True
    )
    return plain


def _readability(source: bytes) -> str:
    encoding = import_module("charset_normalizer").from_bytes(source[:200_000]).best()
    html = source.decode(encoding.encoding if encoding else "utf-8", "replace")
    try:
        found = import_module("readability").Document(html).summary()
    except import_module("readability.readability").Unparseable:
        return ""
    return str(import_module("lxml.html").fromstring(found).text_content())


def extractors() -> list[tuple[str, Extract]]:
    """Those of the programs that are installed, by name."""
    known: dict[str, Extract] = {
        "trafilatura": _trafilatura,
        "resiliparse": _resiliparse,
        "readability": _readability,
    }
    return [(name, extract) for name, extract in known.items() if find_spec(name)]
