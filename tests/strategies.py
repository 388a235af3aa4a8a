"""What Hypothesis makes of the domain: texts of all of Unicode, ranges in them."""

from hypothesis import strategies as st
from segmark.core.text.normalise import normalise

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
