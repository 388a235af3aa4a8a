"""The edges of the span at the caret, moved word by word."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from segmark.core.caret import moved_end, moved_start
from segmark.core.edit import apply, resize
from segmark.core.span import Span
from segmark.core.text.normalise import trim
from segmark.core.text.words import words

from tests.factories import LABELS, WHOLE_BLOCKS, draw, drawn, make_page
from tests.strategies import TEXTS


def _moved(marked: str, *, start: int = 0, end: int = 0, inside: bool = True) -> str:
    """The page after the edge of its first span is moved by a word, or else by a block."""
    page, labels = drawn(marked), LABELS if inside else WHOLE_BLOCKS
    span = page.spans[0]
    first = moved_start(page.page, span, start, inside=inside) if start else span.start
    last = moved_end(page.page, span, end, inside=inside) if end else span.end
    edit = resize(page.text, page.annotation, labels, span, first, last)
    return draw(page.text, (apply(page.annotation, edit) if edit else page.annotation).spans)


@pytest.mark.parametrize(
    ("marked", "after"),
    [
        ("one two [three|body]", "one [two three|body]"),
        ("one  two, [three|body]", "one  two[, three|body]"),
        ("one two thr[ee|body]", "one two [three|body]"),
        ("one two\n\n [three|body]", "one [two\n\n three|body]"),
        ("[one|body] two", "[one|body] two"),
        (" [one|body]", " [one|body]"),
        ("don't [stop|body]", "[don't stop|body]"),
    ],
)
def test_the_start_moves_back_by_a_word(marked: str, after: str) -> None:
    assert _moved(marked, start=-1) == after


@pytest.mark.parametrize(
    ("marked", "after"),
    [
        ("[one two three|body]", "one [two three|body]"),
        ("[one, two|body]", "one[, two|body]"),
        ("[one\n\n two|body]", "one\n\n [two|body]"),
        ("[one|body] two", "[one|body] two"),
        ("o[ne two|body]", "one [two|body]"),
    ],
)
def test_the_start_moves_on_by_a_word_and_never_past_the_end(marked: str, after: str) -> None:
    assert _moved(marked, start=1) == after


@pytest.mark.parametrize(
    ("marked", "after"),
    [
        ("[one|body] two three", "[one two|body] three"),
        ("[one|body], two", "[one,|body] two"),
        ("[o|body]ne two", "[one|body] two"),
        ("[one|body]\n\n two three", "[one\n\n two|body] three"),
        ("one [two|body]", "one [two|body]"),
        ("[one|body] [two|caption] three", "[one two|body] three"),
    ],
)
def test_the_end_moves_on_by_a_word(marked: str, after: str) -> None:
    assert _moved(marked, end=1) == after


@pytest.mark.parametrize(
    ("marked", "after"),
    [
        ("[one two three|body]", "[one two|body] three"),
        ("[one two,|body]", "[one two|body],"),
        ("[one two\n\n three|body] four", "[one two|body]\n\n three four"),
        ("[one|body] two", "[one|body] two"),
        ("[one tw|body]o", "[one|body] two"),
        ("[one ..|body]2", "[one .|body].2"),
    ],
)
def test_the_end_moves_back_by_a_word_and_never_past_the_start(marked: str, after: str) -> None:
    assert _moved(marked, end=-1) == after


@given(TEXTS.filter(lambda text: bool(text.strip())), st.data())
def test_an_edge_moves_outwards_until_the_span_is_the_whole_page(
    text: str, data: st.DataObject
) -> None:
    page = make_page(text)
    block = data.draw(st.sampled_from(page.blocks))
    span = Span(*trim(page.text, block.start, block.end), "body")
    while (end := moved_end(page, span, 1)) != span.end:
        assert end > span.end
        span = span._replace(end=end)
    while (start := moved_start(page, span, -1)) != span.start:
        assert start < span.start
        span = span._replace(start=start)
    assert (span.start, span.end) == trim(page.text, 0, len(page.text))


@example("..0")
@given(TEXTS.filter(lambda text: bool(text.strip())))
def test_an_edge_moves_inwards_until_one_word_is_left(text: str) -> None:
    page = make_page(text)
    whole = Span(*trim(page.text, 0, len(page.text)), "body")
    first = last = whole
    while (end := moved_end(page, first, -1)) != first.end:
        assert first.start < end < first.end
        first = first._replace(end=end)
    while (start := moved_start(page, last, 1)) != last.start:
        assert last.start < start < last.end
        last = last._replace(start=start)
    found = list(words(page.text, whole.start, whole.end))
    assert (first.start, first.end) == found[0]
    assert (last.start, last.end) == found[-1]


@pytest.mark.parametrize(
    ("marked", "start", "end", "after"),
    [
        ("a b\n\n  c d\n[e f|headline]", -1, 0, "a b\n\n  [c d\ne f|headline]"),
        ("[a b|headline]\nc", -1, 0, "[a b|headline]\nc"),
        ("a [b\nc|headline]", -1, 0, "[a b\nc|headline]"),
        ("[a b\nc d|headline]", 1, 0, "a b\n[c d|headline]"),
        ("[a b|headline]\nc d", 1, 0, "[a b|headline]\nc d"),
        ("[a b|headline]\n\n c d ", 0, 1, "[a b\n\n c d|headline] "),
        ("a\n[b|headline] c\nd", 0, 1, "a\n[b c|headline]\nd"),
        ("a\n[b|headline]", 0, 1, "a\n[b|headline]"),
        ("[a b\nc d|headline]", 0, -1, "[a b|headline]\nc d"),
        ("a\n[b c|headline]", 0, -1, "a\n[b c|headline]"),
        ("[a|headline]\n[b|body]\nc", 0, 1, "[a\nb|headline]\nc"),
    ],
)
def test_an_edge_that_may_not_lie_inside_a_block_moves_by_a_block(
    marked: str, start: int, end: int, after: str
) -> None:
    assert _moved(marked, start=start, end=end, inside=False) == after
