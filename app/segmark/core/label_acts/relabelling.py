"""What a change of the label set does to an annotation."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

from segmark.core.annotation import Annotation, State, Status
from segmark.core.edit import Edit
from segmark.core.span import Span
from segmark.core.text.normalise import is_blank


def relabel(
    annotation: Annotation,
    moves: Mapping[str, str],
    joining: Collection[str],
    text: Callable[[], str],
    title: str = "",
) -> Edit | None:
    """Give spans other labels, or clear them; None if nothing changes.

    Spans that get a joining label join touching ones of that label. A page that was done and loses
    a span is started again.

    Args:
        annotation: the annotation.
        moves: the new label, or "" for none, by the label that goes; ids.
        joining: ids of the labels that join.
        text: returns the text of the page; only called if something may join.
        title: of the edit.
    """
    spans = [span for span in annotation.spans if moves.get(span.label) != ""]
    cleared = len(spans) < len(annotation.spans)
    spans = [
        Span(span.start, span.end, moves[span.label]) if span.label in moves else span
        for span in spans
    ]
    wanted = {new for new in moves.values() if new in joining}
    if wanted:
        spans = _joined(spans, wanted, text)
    state = _moved_state(annotation.state, moves, spans)
    if cleared and state.status is Status.DONE:
        state = replace(state, status=Status.STARTED)
    before, now = set(annotation.spans), set(spans)
    if before == now and state == annotation.state:
        return None
    removed = tuple(span for span in annotation.spans if span not in now)
    added = tuple(span for span in spans if span not in before)
    return Edit(title, removed, added, annotation.state, state)


def _joined(spans: list[Span], labels: Collection[str], text: Callable[[], str]) -> list[Span]:
    found = list[Span]()
    for span in spans:
        last = found[-1] if found else None
        if (
            last
            and last.label == span.label
            and span.label in labels
            and is_blank(text(), last.end, span.start)
        ):
            found[-1] = Span(last.start, span.end, span.label)
        else:
            found.append(span)
    return found


def _moved_state(state: State, moves: Mapping[str, str], spans: list[Span]) -> State:
    """The state with the labels of rejected suggestions and of absent labels as they are now."""
    if state.rejected:
        rejected = {
            one._replace(label=moves.get(one.label, one.label))
            for one in state.rejected
            if moves.get(one.label) != ""
        }
        state = replace(state, rejected=tuple(sorted(rejected)))
    if state.absent:
        there = {"", *(span.label for span in spans)}
        absent = {moves.get(each, each) for each in state.absent} - there
        state = replace(state, absent=tuple(sorted(absent)))
    return state
