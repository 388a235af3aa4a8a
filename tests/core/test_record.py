"""Records that break a rule of the data are refused."""

from dataclasses import replace

import pytest
from segmark.core.record import Record, RecordError, check
from segmark.core.span import Span
from segmark.core.text.normalise import sha256_of

from tests.factories import LABELS

_TEXT = "Ship sails\n🙂 It did."
_GOOD = Record(
    id="a1",
    text=_TEXT,
    spans=(Span(0, 10, "headline"), Span(11, 20, "body")),
    source="varn/a1.txt",
    url="",
    site="varn",
    annotator="mira",
    status="done",
    sha256=sha256_of(_TEXT),
)


def test_a_record_that_keeps_the_rules_passes() -> None:
    check(_GOOD, LABELS.names)


def test_a_record_without_spans_passes() -> None:
    check(replace(_GOOD, spans=()), LABELS.names)


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (replace(_GOOD, spans=(Span(0, 11, "headline"),)), "white space"),
        (replace(_GOOD, spans=(Span(0, 10, "headline"), Span(5, 8, "body"))), "overlaps"),
        (replace(_GOOD, spans=(Span(0, 10, "sports"),)), "label set lacks"),
        (replace(_GOOD, spans=(Span(12, 99, "body"),)), "does not lie in the text"),
        (replace(_GOOD, text=_TEXT.replace("did", "Did")), "the checksum differs"),
    ],
)
def test_a_record_that_breaks_a_rule_is_refused_by_name(broken: Record, why: str) -> None:
    with pytest.raises(RecordError, match=why) as refused:
        check(broken, LABELS.names)
    assert str(refused.value).startswith("page a1 (varn/a1.txt): ")
