"""F1 over spans and kappa over characters, against what others compute."""

from hypothesis import given
from hypothesis import strategies as st
from segmark.core.agreement import Agreement, agreements
from segmark.core.span import Span

LENGTH = 12


@st.composite
def _spans(draw: st.DrawFn) -> list[Span]:
    edges = sorted(draw(st.sets(st.integers(0, LENGTH), max_size=6)))
    pairs = zip(edges[::2], edges[1::2], strict=False)
    return [Span(*pair, draw(st.sampled_from(["body", "ticker"]))) for pair in pairs]


def agreement(one: list[Span], other: list[Span]) -> Agreement:
    return agreements([(LENGTH, [("ann", one), ("bo", other)])])["ann", "bo"]


def _characters(spans: list[Span]) -> list[str]:
    return [
        next((span.label for span in spans if span.start <= at < span.end), "")
        for at in range(LENGTH)
    ]


@given(_spans(), _spans())
def test_kappa_is_that_of_the_labels_of_all_characters(one: list[Span], other: list[Span]) -> None:
    mine, theirs = _characters(one), _characters(other)
    observed = sum(a == b for a, b in zip(mine, theirs, strict=True)) / LENGTH
    expected = sum(mine.count(label) * theirs.count(label) for label in set(mine)) / LENGTH**2
    kappa = agreement(one, other).kappa
    if expected == 1:
        assert kappa is None
    else:
        assert kappa is not None
        assert abs(kappa - (observed - expected) / (1 - expected)) < 1e-9


@given(_spans(), _spans())
def test_f1_counts_spans_that_are_the_same_to_the_character(
    one: list[Span], other: list[Span]
) -> None:
    same, total = sum(span in other for span in one), len(one) + len(other)
    assert agreement(one, other).f1 == (2 * same / total if total else None)


def test_an_edge_that_is_off_by_one_is_a_miss_for_f1_and_hardly_one_for_kappa() -> None:
    found = agreement([Span(0, 6, "body")], [Span(0, 5, "body")])
    assert found.f1 == 0
    assert round(found.kappa or 0, 2) == 0.83


def test_pages_add_up() -> None:
    same = [Span(0, 6, "body")]
    pages: list[tuple[int, list[tuple[str, list[Span]]]]] = [
        (LENGTH, [("ann", same), ("bo", same)]),
        (LENGTH, [("bo", []), ("ann", [])]),
    ]
    (found,) = agreements(pages).values()
    assert (found.pages, found.f1, found.kappa) == (2, 1.0, 1.0)


@given(st.lists(st.lists(_spans(), min_size=3, max_size=3), max_size=3))
def test_each_pair_of_several_annotators_agrees_as_it_does_alone(
    pages: list[list[list[Span]]],
) -> None:
    names = ("cy", "ann", "bo")
    views = [(LENGTH, list(zip(names, page, strict=True))) for page in pages]
    alone = {
        pair: agreements([(n, [v for v in page if v[0] in pair]) for n, page in views]).get(pair)
        for pair in (("ann", "bo"), ("ann", "cy"), ("bo", "cy"))
    }
    together = agreements(views)
    assert together == {pair: found for pair, found in alone.items() if found}
