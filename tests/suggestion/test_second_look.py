from dataclasses import replace

import pytest
from segmark.core.annotation import Annotation
from segmark.core.edit import apply, clear, paint
from segmark.core.span import Span
from segmark.suggestion.background import NO_BACKGROUND
from segmark.suggestion.example import TrainingExample
from segmark.suggestion.second_look.consistency import DifferingText, RepeatedTexts
from segmark.suggestion.second_look.finding import Finding, FindingKind, Place, in_groups, walk
from segmark.suggestion.second_look.surprise import look_again

from tests.suggestion.pages import LABELS, news, page_of

PAGES = tuple(news(number) for number in range(12))


def span_of(example: TrainingExample, label: str) -> Span:
    return next(span for span in example.spans if span.label == label)


def painted(example: TrainingExample, span: Span, label: str) -> TrainingExample:
    before = Annotation(example.spans)
    edit = paint(example.page.text, before, LABELS, span.start, span.end, label)
    assert edit
    return replace(example, spans=apply(before, edit).spans)


def cleared(example: TrainingExample, start: int, end: int) -> TrainingExample:
    before = Annotation(example.spans)
    edit = clear(example.page.text, before, LABELS, start, end)
    assert edit
    return replace(example, spans=apply(before, edit).spans)


def blocks_of(example: TrainingExample, span: Span) -> list[tuple[int, int]]:
    page = example.page
    return [page.blocks[at][:2] for at in page.blocks_in(span.start, span.end)]


def findings(pages: tuple[TrainingExample, ...]) -> list[tuple[int, Finding]]:
    return [(at, one) for at, found in look_again(pages, LABELS, NO_BACKGROUND) for one in found]


def with_page(example: TrainingExample, at: int = 5) -> tuple[TrainingExample, ...]:
    return (*PAGES[:at], example, *PAGES[at + 1 :])


def test_pages_that_are_labelled_alike_surprise_nobody() -> None:
    assert findings(PAGES) == []


def test_a_swapped_label_is_found_with_the_label_of_the_other_pages() -> None:
    caption = span_of(PAGES[5], "caption")
    ((at, one),) = findings(with_page(painted(PAGES[5], caption, "body")))
    assert (at, one.kind, one.span, one.likely) == (
        5, FindingKind.SWAPPED, Span(caption.start, caption.end, "body"), "caption",
    )  # fmt: skip
    assert "caption is at this place on" in one.reason


def test_a_lost_paragraph_is_found_in_the_middle_of_a_body() -> None:
    middle = blocks_of(PAGES[5], span_of(PAGES[5], "body"))[1]
    ((_, one),) = findings(with_page(cleared(PAGES[5], *middle)))
    assert (one.kind, one.span, one.likely) == (FindingKind.MISSING, Span(*middle, ""), "body")


def test_a_body_that_ends_too_early_is_an_edge() -> None:
    last = blocks_of(PAGES[5], span_of(PAGES[5], "body"))[-1]
    ((_, one),) = findings(with_page(cleared(PAGES[5], *last)))
    assert (one.kind, one.span, one.likely) == (FindingKind.EDGE, Span(*last, ""), "body")
    assert one.reason.startswith("the body is cut off here")


def test_a_body_that_goes_on_too_far_is_an_edge() -> None:
    body = span_of(PAGES[5], "body")
    share = PAGES[5].page.text.index("Share this story")
    wide = Span(body.start, share + len("Share this story"), "body")
    ((_, one),) = findings(with_page(painted(PAGES[5], wide, "body")))
    assert (one.kind, one.span, one.likely) == (
        FindingKind.EDGE, Span(share, wide.end, "body"), "",
    )  # fmt: skip
    assert one.reason.startswith("the body goes on too far")


@pytest.mark.parametrize("line", ["Sport", "By Ada Brent"])
def test_a_headline_on_a_menu_line_or_a_byline_is_one_finding(line: str) -> None:
    head = span_of(PAGES[5], "headline")
    start = PAGES[5].page.text.index(line)
    moved = cleared(PAGES[5], head.start, head.end)
    end = PAGES[5].page.text.index("\n", start)
    ((_, one),) = findings(with_page(painted(moved, Span(start, end, ""), "headline")))
    assert (one.kind, one.span, one.instead) == (
        FindingKind.ELSEWHERE, Span(start, end, "headline"), head,
    )  # fmt: skip


def test_a_label_where_other_pages_have_none_is_one_too_many() -> None:
    foot = PAGES[5].page.text.index("All rights reserved.")
    span = Span(foot, len(PAGES[5].page.text), "")
    ((_, one),) = findings(with_page(painted(PAGES[5], span, "caption")))
    assert (one.kind, one.likely) == (FindingKind.EXTRA, "")
    assert "the same text has no label on" in one.reason


def test_plain_text_is_looked_at_too() -> None:
    pages = tuple(news(number, html=False) for number in range(12))
    caption = span_of(pages[5], "caption")
    spoilt = (*pages[:5], painted(pages[5], caption, "ticker"), *pages[6:])
    assert (5, "caption", "") in [(at, one.likely, one.template) for at, one in findings(spoilt)]


def test_the_same_pages_give_the_same_findings() -> None:
    pages = with_page(painted(PAGES[5], span_of(PAGES[5], "caption"), "body"))
    assert findings(pages) == findings(pages)


def test_what_was_called_right_is_settled_until_something_else_is_proposed() -> None:
    caption = span_of(PAGES[5], "caption")
    ((_, one),) = findings(with_page(painted(PAGES[5], caption, "body")))
    assert not one.is_settled([])
    assert one.is_settled(one.proposals)
    assert not one.is_settled([Span(caption.start, caption.end, "ticker")])
    assert not one.is_settled([Span(caption.end, caption.end + 5, "caption")])


def finding(surprise: float, template: str) -> Finding:
    return Finding(FindingKind.EXTRA, Span(1, 2, "body"), "", surprise, template, "why")


def test_the_walk_shows_the_first_of_each_group_before_many_of_one() -> None:
    ticker = [Place(page, finding(5.0, "ticker")) for page in range(1, 9)]
    others = [Place(page, finding(4.5 - page / 100, f"p{page}")) for page in range(11, 14)]
    groups = in_groups("site", [*ticker, *others])
    assert len(groups) == 4
    assert [place.page for place in walk(groups)][:5] == [1, 11, 12, 13, 2]
    assert len(walk(groups)) == 11


def differing(*examples: TrainingExample) -> list[DifferingText]:
    texts = RepeatedTexts("news.example")
    for number, example in enumerate(examples, 1):
        texts.add(number, example)
    return texts.differing(lambda page, span: examples[page - 1].page.text[span.start : span.end])


def test_a_text_that_is_labelled_differently_on_two_pages_is_listed() -> None:
    policy = span_of(PAGES[2], "comment")
    (one,) = differing(PAGES[0], PAGES[1], cleared(PAGES[2], policy.start, policy.end))
    assert (one.text, one.labels) == ("Keep your comments civil.", {"comment": 2, "": 1})
    assert one.places[2] == (3, Span(policy.start, policy.end, ""))


def test_texts_that_are_labelled_alike_are_not_listed() -> None:
    assert differing(*PAGES) == []


def test_the_same_words_at_another_place_of_the_template_are_another_text() -> None:
    words = "Ferry of Selwick sails again"
    link = page_of([(words, None, "/html/body/nav/a", "menu")], "link")
    head = page_of([(words, "headline", "/html/body/main/h1", "head")], "head")
    bare = page_of([(words, None, "/html/body/main/h1", "head")], "bare")
    assert differing(link, head) == []
    assert [one.labels for one in differing(link, head, bare)] == [{"": 1, "headline": 1}]
