from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from segmark.core.page import Page, PageInfo
from segmark.core.span import Span
from segmark.core.text.normalise import normalise
from segmark.suggestion.example import TrainingExample
from segmark.suggestion.units import NO_CUES, Cues, learn_cues, units_of

from tests.suggestion.pages import credited, glued, news


def texts(page: Page, cuts: Cues = NO_CUES) -> list[str]:
    return [page.text[unit.start : unit.end] for unit in units_of(page, cuts)]


def plain(text: str, title: str = "") -> Page:
    return Page.of("page", text, PageInfo("page", title=title))


def test_without_cuts_a_unit_is_a_block_without_its_outer_white_space() -> None:
    assert texts(plain("  One line \n\n\tTwo")) == ["One line", "Two"]


def test_pages_whose_labels_cover_whole_lines_teach_no_cuts() -> None:
    assert learn_cues([news(1), news(2), news(3)]) == NO_CUES


def test_what_stands_between_a_ticker_and_a_headline_is_learnt_from_one_page() -> None:
    page = plain("Boats burnRead more Mills openRead more Ferry returns")
    assert texts(page, learn_cues([glued(1)])) == [
        "Boats burnRead more",
        "Mills openRead more",
        "Ferry returns",
    ]


def test_a_chance_word_at_an_edge_is_no_sign_of_a_cut() -> None:
    text = "Where the label ends here the line goes on\nThe second line has no edge"
    example = TrainingExample(plain(text), (Span(0, text.index("here"), "body"),))
    assert learn_cues([example]) == NO_CUES


def test_an_edge_beside_mere_punctuation_is_no_cut() -> None:
    example = TrainingExample(
        plain("• Item one\n• Item two"), (Span(2, 10, "body"), Span(13, 21, "body"))
    )
    assert learn_cues([example, example]) == NO_CUES


def test_the_page_s_title_inside_a_line_shows_where_its_headline_is() -> None:
    def page(title: str) -> Page:
        return plain(f"Local {title} Print", f"{title} - The Selwick Post")

    titles = ("Ferry sails again", "Council opens a mill", "Old bridge closes")
    examples = [
        TrainingExample(page(title), (Span(6, 6 + len(title), "headline"),)) for title in titles[:2]
    ]
    assert titles[2] in texts(page(titles[2]), learn_cues(examples))


@given(st.text(max_size=200), st.text(max_size=40))
def test_units_cover_all_of_a_text_but_white_space(raw: str, title: str) -> None:
    text = normalise(raw)
    page = plain(text, title)
    cuts = learn_cues([glued(1), glued(2), credited(1), credited(2)]) | {"<0", ">0", "<,"}
    units = units_of(page, cuts)
    covered = "".join(text[unit.start : unit.end] for unit in units)
    assert "".join(covered.split()) == "".join(text.split())
    assert all(text[unit.start : unit.end].strip() for unit in units)
    ends = [0, *(edge for unit in units for edge in (unit.start, unit.end))]
    assert ends == sorted(ends)


def test_spans_of_labels_that_touch_nothing_inside_a_line_do_not_matter() -> None:
    example = replace(news(1), spans=())
    assert learn_cues([example]) == NO_CUES
