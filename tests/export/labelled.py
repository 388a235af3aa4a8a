"""Pages that can be labelled, as Hypothesis makes them, and one that breaks careless programs."""

from hypothesis import strategies as st
from segmark.core.record import Record
from segmark.core.span import Span
from segmark.core.text.normalise import normalise, trim

from tests.export.formats.test_jsonl import NASTY
from tests.export.made import LABELS, record
from tests.strategies import TEXTS


@st.composite
def labelled_pages(draw: st.DrawFn) -> Record:
    """A record of any text with any spans, many of which begin or end inside a word."""
    text = normalise(draw(TEXTS | st.text(min_size=1, max_size=60))) or "x"
    edges = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    pairs = [trim(text, *pair) for pair in zip(edges[::2], edges[1::2], strict=False)]
    names = st.sampled_from(sorted(LABELS.names))
    spans = tuple(Span(start, end, draw(names)) for start, end in pairs if start < end)
    return record("p", text, spans)


def nasty_record() -> Record:
    """A span on every eighth character of a page of nasty Unicode, seven characters long."""
    ranges = [trim(NASTY, start, start + 7) for start in range(0, len(NASTY) - 7, 8)]
    return record("nasty", NASTY, tuple(Span(*pair, "caption") for pair in ranges))
