"""The log of edits as text: a line for people, and the data that ``segmark log --json`` prints."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from segmark.core.annotation import State
from segmark.core.edit import Edit
from segmark.core.history import ActKind, LoggedAct
from segmark.core.label import LabelSet
from segmark.core.page_change import PageChange, PageField
from segmark.core.span import Span, named
from segmark.core.text.counts import count_words

_SPANS = 3  # named in a line, of those removed and of those added; the others are counted
_NOTE = 60  # the most characters of a note, a case or a reason in a line

_CONTROLS = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)], "\N{REPLACEMENT CHARACTER}")


def act_line(act: LoggedAct, labels: LabelSet) -> str:
    """When, by whom, on which page and what, for people; ``labels`` gives labels their names."""
    where = act.page if _is_of_page(act) else count_words(act.pages, "page")
    if act.change and act.change.field is PageField.PERSON:
        where = "people"
    if act.change and act.change.field is PageField.LABELS and not act.pages:
        where = "labels"
    who, what = one_line(act.annotator), act_words(act, labels)
    return f"{time_words(act.made_at)}  {who}  {where}  {what}"


def time_words(made_at: datetime) -> str:
    """A time in the time zone of this computer, to the second."""
    return made_at.astimezone().strftime("%Y-%m-%d %H:%M:%S")


def act_words(act: LoggedAct, labels: LabelSet) -> str:
    """What the act did, such as ``Undo: Label body (−body 10–40)``, in one line.

    An act that is undone at present ends in ``[undone]``. ``labels`` gives labels their names.
    """
    act = _named(act, labels)
    head = "" if act.kind is ActKind.ACT else f"{act.kind.capitalize()}: "
    changes = one_line(", ".join(_changes(act)))
    rest = f" ({changes})" if changes else ""
    return f"{head}{one_line(act.edit.title)}{rest}{' [undone]' if act.undone else ''}"


def act_json(act: LoggedAct, labels: LabelSet) -> dict[str, Any]:
    """The act for programs; the same keys for each, in the same order."""
    act = _named(act, labels)
    edit, change = act.edit, act.change
    return {
        "number": act.number,
        "time": act.made_at.isoformat(timespec="milliseconds"),
        "annotator": act.annotator,
        "page": act.page if _is_of_page(act) else "",
        "pages": act.pages,
        "kind": str(act.kind),
        "act": act.act,
        "undone": act.undone,
        "title": edit.title,
        "removed": [_span_json(span) for span in edit.removed],
        "added": [_span_json(span) for span in edit.added],
        "before": {} if change else _state_json(edit.before),
        "after": {} if change else _state_json(edit.after),
        "field": str(change.field) if change else "",
        "value": _value(change) if change else "",
    }


def _is_of_page(act: LoggedAct) -> bool:
    """Whether it is about one page, and not about many or all that were selected."""
    return act.change is None or act.change.field.of_guideline


def _value(change: PageChange) -> str:
    """The new value; of people the name or colour that is new, or the name of who was joined."""
    if not change.field.of_people:
        return change.value
    about = json.loads(change.value)
    if change.field is PageField.JOIN:
        return str(about["name"])
    new = [about["after"][key] for key in ("name", "colour")
           if about["after"][key] != about["before"][key]]  # fmt: skip
    return str(new[0]) if new else ""


def _named(act: LoggedAct, labels: LabelSet) -> LoggedAct:
    """The act with the names of labels, as they are now, for their ids."""
    names = labels.renamed
    if not names:
        return act
    before, after = (state.with_names(names) for state in (act.edit.before, act.edit.after))
    removed, added = (tuple(named(spans, names)) for spans in (act.edit.removed, act.edit.added))
    return replace(act, edit=Edit(act.edit.title, removed, added, before, after))


def _changes(act: LoggedAct) -> Iterator[str]:
    edit = act.edit
    if edit.removed or edit.added:
        yield from _spans("−", edit.removed)
        yield from _spans("+", edit.added)
    yield from _state_changes(edit.before, edit.after)
    if act.change and edit.before == edit.after:
        yield from _change_words(act.change, undone=act.kind is ActKind.UNDO)


def _spans(sign: str, spans: Sequence[Span]) -> Iterator[str]:
    for span in spans[:_SPANS]:
        yield f"{sign}{span.label} {span.start}–{span.end}"
    if (more := len(spans) - _SPANS) > 0:
        yield f"{sign}{count_words(more, 'more span')}"


def _state_changes(before: State, after: State) -> Iterator[str]:
    if before.status is not after.status:
        yield f"{before.status} → {after.status}"
    if before.flagged is not after.flagged:
        yield "flag set" if after.flagged else "flag removed"
    if before.note != after.note:
        yield f"note “{_short(after.note)}”" if after.note else "note removed"
    for sign, ones, others in (
        ("", after.rejected, before.rejected), ("no longer ", before.rejected, after.rejected),
    ):  # fmt: skip
        if count := len(set(ones).difference(others)):
            yield f"{count_words(count, 'suggestion')} {sign}rejected"
    for sign, names, other in (
        ("really no", after.absent, before.absent),
        ("no longer absent:", before.absent, after.absent),
    ):
        if found := [name for name in names if name not in other]:
            yield f"{sign} {', '.join(found)}"


def _change_words(change: PageChange, *, undone: bool) -> Iterator[str]:
    """What an act on many pages does to each; what a page was before an undo differs by page."""
    if change.field.edits_pages or change.field.of_people:
        return
    if change.field.of_guideline:
        yield from _guideline_words(change)
    elif undone:
        yield f"{'label set' if change.field is PageField.LABELS else change.field} as before"
    elif change.field in (PageField.STATUS, PageField.SITE):
        yield f"{change.field} → {change.value or 'none'}"


def _guideline_words(change: PageChange) -> Iterator[str]:
    """The case of an example and its reason, or the answer to a question."""
    value = json.loads(change.value)
    words = (value.get("text"), value.get("reason"), (value.get("question") or {}).get("answer"))
    for each in filter(None, words):
        yield f"“{_short(each)}”"


def _short(words: str) -> str:
    return words if len(words) <= _NOTE else f"{words[:_NOTE]}…"


def one_line(words: str) -> str:
    """The words without line breaks, and without what a terminal would obey."""
    return " ".join(words.split()).translate(_CONTROLS)


def _span_json(span: Span) -> dict[str, Any]:
    return {"start": span.start, "end": span.end, "label": span.label}


def _state_json(state: State) -> dict[str, Any]:
    return {
        "status": str(state.status),
        "flagged": state.flagged,
        "note": state.note,
        "rejected": [_span_json(span) for span in state.rejected],
        "absent": list(state.absent),
    }
