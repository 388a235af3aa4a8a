"""What Hypothesis makes of the domain: texts of all of Unicode, ranges in them."""

from hypothesis import strategies as st
from segmark.core.fold import Folding
from segmark.core.span import Span
from segmark.core.text.normalise import normalise, trim

from tests.factories import make_page

#: Characters that break careless programs: white space of every kind, line ends, astral letters
#: and emoji, marks, joiners, right-to-left, controls, surrogates, noncharacters, byte order marks.
AWKWARD = (
    "ab9.-'’ \t\n\r\x85\u2028\u2029\v\f\x1c\x00\x7f\u00a0\u3000\u200b\u200d\u200e\u202e\u0301\ufe0f"
    "é漢かשم🙂🏽🇻𝒳\ufeff\ufffd\ufffe\uffff\ufdd0\ufdd1\ud800\udfff"
)

#: Strings as they may come from a decoder or a clipboard; surrogates among them.
RAW = st.text(
    st.sampled_from(AWKWARD) | st.characters(exclude_categories=()), max_size=60
) | st.lists(st.sampled_from(["Ships", " ", "\n", "\r\n", "\n\n", "\u00a0", "🙂 "])).map("".join)

#: Texts of pages, with enough white space in them that spans touch and edges are trimmed.
TEXTS = RAW.map(normalise) | st.text("xy \n\u00a0🙂", max_size=40)


def ranges(text: str) -> st.SearchStrategy[tuple[int, int]]:
    """Half-open ranges of the text, empty ones among them."""
    offset = st.integers(0, len(text))
    return st.tuples(offset, offset).map(lambda pair: (min(pair), max(pair)))


@st.composite
def foldings(draw: st.DrawFn) -> Folding:
    """A page with labels and suggestions that are disjoint, and blocks that are shown."""
    lines = draw(
        st.lists(st.sampled_from(["Menu", "A longer line of text.", "", " "]), max_size=40)
    )
    page = make_page("\n".join(lines))
    edges = sorted(draw(st.sets(st.integers(0, len(page.text)), max_size=16)))
    spans, suggested = list[Span](), list[Span]()
    for start, end in zip(edges[::2], edges[1::2], strict=False):
        start, end = trim(page.text, start, end)
        if start < end:
            one = Span(start, end, draw(st.sampled_from(["headline", "body", "caption"])))
            (spans if draw(st.booleans()) else suggested).append(one)
    blocks = st.frozensets(st.integers(0, max(0, len(page.blocks) - 1)), max_size=6)
    return Folding(page, spans, suggested, draw(blocks), draw(blocks))
