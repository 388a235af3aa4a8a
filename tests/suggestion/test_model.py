import os
import random
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from segmark.core.label import LabelSet
from segmark.core.page import Anchor, Page, PageInfo
from segmark.core.span import Span, faults
from segmark.core.text.normalise import normalise
from segmark.suggestion.background import Background
from segmark.suggestion.crf import ConditionalRandomField
from segmark.suggestion.cross_site import CrossSiteModel, train_cross_site_model
from segmark.suggestion.example import TrainingExample
from segmark.suggestion.features import features_of
from segmark.suggestion.model import Model
from segmark.suggestion.serialisation import ModelError
from segmark.suggestion.tags import LabelRules, training_sequence

from tests.places import ROOT
from tests.suggestion.pages import LABELS, credited, glued, news, trained


def spans_for(model: Model, page: Page) -> tuple[Span, ...]:
    return tuple(suggestion.span for suggestion in model.suggest(page))


@pytest.mark.parametrize("html", [True, False])
def test_after_two_pages_of_a_site_the_third_is_right(html: bool) -> None:
    model = trained([news(1, html=html), news(2, html=html)], LABELS)
    third = news(3, html=html)
    assert spans_for(model, third.page) == third.spans


def test_a_ticker_glued_to_the_headline_is_cut_where_the_examples_cut_it() -> None:
    model = trained([glued(1), glued(2), glued(3)], LABELS)
    for number in (4, 5, 6):
        page = glued(number)
        assert spans_for(model, page.page) == page.spans


def test_a_caption_that_runs_into_the_body_is_cut_behind_its_credit() -> None:
    model = trained([credited(1), credited(2), credited(3)], LABELS)
    for number in (4, 5, 6):
        page = credited(number)
        assert spans_for(model, page.page) == page.spans


def test_two_captions_in_a_row_stay_two_and_a_caption_of_two_lines_stays_one() -> None:
    def captioned(number: int) -> TrainingExample:
        rng = random.Random(number)
        colour = rng.choice(["red", "blue", "green"])
        lines = [
            f"The {colour} boat in the harbour",
            "Photo: Ada Brent",
            f"The {colour} boat at the quay",
            "Photo: Ada Brent",
            f"Prices of {colour} boats rose again on Monday, the council said in a long letter.",
        ]
        text = "\n".join(lines)
        first = len(lines[0]) + 1 + len(lines[1])
        second = first + 1 + len(lines[2]) + 1 + len(lines[3])
        spans = (
            Span(0, first, "caption"),
            Span(first + 1, second, "caption"),
            Span(second + 1, len(text), "body"),
        )
        return TrainingExample(
            Page.of(str(number), text, PageInfo(str(number), "boats.example")), spans
        )

    model = trained([captioned(1), captioned(2), captioned(3)], LABELS)
    page = captioned(4)
    assert spans_for(model, page.page) == page.spans


def test_a_page_is_given_one_headline() -> None:
    model = trained([news(number) for number in range(1, 6)], LABELS)
    twice = news(7)
    headline = next(span for span in twice.spans if span.label == "headline")
    line = twice.page.text[headline.start : headline.end]
    text = f"{twice.page.text}\n{line}"
    anchors = {**twice.page.anchors, len(text) - len(line): Anchor("/html/body/main/article/h1")}
    page = Page.of("twice", text, twice.page.info, anchors)
    assert [s.label for s in spans_for(model, page)].count("headline") == 1


def test_without_examples_nothing_is_suggested() -> None:
    assert trained([], LABELS).suggest(news(1).page) == ()


def test_a_page_without_text_has_no_suggestions_and_teaches_nothing() -> None:
    empty = Page.of("empty", "", PageInfo("empty"))
    assert trained([news(1)], LABELS).suggest(empty) == ()
    assert trained([TrainingExample(empty, ())], LABELS).suggest(news(1).page) == ()


def test_a_page_of_one_block_can_teach_and_be_suggested_for() -> None:
    text = "Ferry sails again"
    page = Page.of("one", text, PageInfo("one"))
    model = trained([TrainingExample(page, (Span(0, len(text), "headline"),))], LABELS)
    assert spans_for(model, page) == (Span(0, len(text), "headline"),)


def test_pages_without_any_label_teach_that_there_is_none() -> None:
    model = trained([replace(news(1), spans=()), replace(news(2), spans=())], LABELS)
    assert model.suggest(news(3).page) == ()


def test_no_label_outside_the_label_set_is_learnt() -> None:
    few = LabelSet("few", tuple(label for label in LABELS if label.name != "body"))
    model = trained([news(1), news(2)], few)
    labels = {span.label for span in spans_for(model, news(3).page)}
    assert labels
    assert "body" not in labels
    tags = training_sequence(
        news(1), features_of(news(1).page), LabelRules.learn(few, [news(1)])
    ).tags
    assert "headline" in tags
    assert "body" not in tags


def test_other_sites_help_a_site_that_has_no_page_yet() -> None:
    others = [
        replace(example, page=replace(example.page, info=replace(example.page.info, site=site)))
        for site in ("a.example", "b.example")
        for example in (news(1), news(2), news(3))
    ]
    cross_site = train_cross_site_model(others, LABELS)
    page = news(9)
    assert (
        spans_for(trained([], LABELS, Background(cross_site=cross_site)), page.page) == page.spans
    )


def test_other_sites_without_pages_give_no_background() -> None:
    assert train_cross_site_model([], LABELS) is None


def test_a_suggestion_says_how_sure_it_is_and_why() -> None:
    model = trained([news(number) for number in range(1, 6)], LABELS)
    by_label = {s.span.label: s for s in model.suggest(news(8).page)}
    assert all(0 < s.confidence <= 1.000001 for s in by_label.values())
    assert by_label["comment"].reason.startswith("seen on 5 pages of this site; model ")
    assert by_label["headline"].reason.startswith("rule: like the <title>; model ")
    assert by_label["body"].reason.startswith("at the same place on 5 pages of this site")


def test_a_headline_that_only_the_rule_of_one_on_a_page_chose_says_so() -> None:
    model = trained([news(number, html=False) for number in (1, 2)], LABELS)
    told = {True: 0, False: 0}
    for number in range(6, 30):
        lines = news(number, html=False).page.text.split("\n")
        for left_out in range(5):
            text = "\n".join([*lines[:left_out], *lines[left_out + 1 :]])
            for one in model.suggest(Page.of("other", text, PageInfo("other"))):
                if one.span.label == "headline":
                    by_rule = one.reason.startswith("rule: one on a page")
                    assert by_rule == (one.confidence < 0.5)
                    told[by_rule] += 1
    assert all(told.values())


def test_a_model_is_the_same_after_a_round_trip_through_bytes() -> None:
    cross_site = train_cross_site_model([news(11), news(12)], LABELS)
    assert cross_site
    model = trained([news(1), glued(2)], LABELS, Background(cross_site=cross_site))
    assert model.crf
    crf = ConditionalRandomField.from_bytes(model.crf.to_bytes())
    again = Model.from_bytes(
        model.to_bytes(), crf, Background(None, CrossSiteModel.from_bytes(cross_site.to_bytes()))
    )
    assert again.to_bytes() == model.to_bytes()
    assert again.suggest(news(3).page) == model.suggest(news(3).page)


@pytest.mark.parametrize("damage", [b"", b"other", b"cut"])
def test_bytes_that_hold_no_model_are_refused(damage: bytes) -> None:
    model = trained([news(1)], LABELS)
    assert model.crf
    for data, read in (
        (model.to_bytes(), Model.from_bytes),
        (model.crf.to_bytes(), ConditionalRandomField.from_bytes),
    ):
        with pytest.raises(ModelError, match="trained again"):
            read(data[:-9] if damage == b"cut" else damage)


def test_every_run_of_the_program_learns_the_same_bytes() -> None:
    program = (
        "import sys, hashlib\n"
        "from tests.suggestion.pages import LABELS, glued, news, trained\n"
        "from segmark.suggestion.background import Background\n"
        "from segmark.suggestion.cross_site import train_cross_site_model\n"
        "cross_site = train_cross_site_model([news(5), news(6), glued(7)], LABELS)\n"
        "model = trained([news(1), news(2), glued(3)], LABELS, Background(None, cross_site))\n"
        "said = repr(model.suggest(news(4).page)).encode()\n"
        "kept = model.to_bytes() + model.crf.to_bytes() + cross_site.to_bytes()\n"
        "print(hashlib.sha256(kept + said).hexdigest())\n"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(printed) == 1


_MODELS = {
    "site": trained([news(1), glued(2), glued(3), credited(4), credited(5)], LABELS),
    "background": trained(
        [], LABELS, Background(None, train_cross_site_model([news(1), news(2)], LABELS))
    ),
}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.one_of(st.text(max_size=60), st.sampled_from(["Read more", "./Tidewire A"]))),
    st.text(max_size=30),
    st.sampled_from(sorted(_MODELS)),
    st.booleans(),
)
def test_suggestions_for_any_text_are_spans_as_an_annotation_may_have_them(
    lines: list[str], title: str, which: str, anchored: bool
) -> None:
    text = normalise("\n".join(lines))
    plain = Page.of("any", text, PageInfo("any", title=title))
    anchors = {block.start: Anchor(f"/html/p[{n}]") for n, block in enumerate(plain.blocks)}
    page = Page.of("any", text, plain.info, anchors) if anchored else plain
    found = spans_for(_MODELS[which], page)
    assert faults(text, found, LABELS.names) == []
    for before, after in pairwise(found):
        touching = not text[before.end : after.start].strip()
        assert not (touching and before.label == after.label and LABELS[before.label].joins)


def test_a_model_doubts_the_lines_that_it_has_not_seen_before() -> None:
    model = trained([news(1), news(2), news(3)], LABELS)
    known = news(4).page
    _, few = model.suggest_with_doubts(known)
    text = (
        known.text + "\n" + "\n".join(f"Something else {n} that may be a story." for n in range(4))
    )
    suggested, more = model.suggest_with_doubts(Page.of("other", text, known.info, known.anchors))
    assert suggested == model.suggest(Page.of("other", text, known.info, known.anchors))
    assert sum(more.values()) > sum(few.values())
    assert all(0.02 <= doubt <= 1 for doubt in more.values())
    assert set(more) <= set(range(len(known.blocks) + 4))
