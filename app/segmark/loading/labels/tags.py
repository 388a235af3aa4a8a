"""Tags of tokens in all usual schemes: IOB1, IOB2, BIOES, BILUO, BMES, and bare label names.

A span begins with ``B-``, ``S-``, ``U-``, or a tag that continues none, as in IOB1. It ends with
``E-``, ``L-``, ``S-`` or ``U-``, or where its label ends. Bare names are a span as long as they
last. The schemes: https://aclanthology.org/E99-1023/.
"""

import re
from collections.abc import Iterable, Iterator

from segmark.loading.raw import RawSpan

#: A tag in a file of tokens.
TAG = re.compile(r"O|[BIESLUM]-(.+)")
_GOES_ON, _ENDS = frozenset("IELM"), frozenset("ESLU")


def tagged_spans(tokens: Iterable[tuple[int, int, object]]) -> Iterator[RawSpan]:
    """Yield the spans of a sentence, given start, end and tag of each token.

    A tag that is not a string becomes an invalid span, to be reported.
    """
    label, begun, last = "", 0, 0
    for start, end, tag in tokens:
        kind, named = _parts(tag)
        if label and (kind not in _GOES_ON or named != label):
            yield RawSpan(begun, last, label)
            label = ""
        if not isinstance(tag, str):
            yield RawSpan(start, end, tag)
        elif named and not label:
            label, begun = named, start
        last = end
        if label and kind in _ENDS:
            yield RawSpan(begun, last, label)
            label = ""
    if label:
        yield RawSpan(begun, last, label)


def _parts(tag: object) -> tuple[str, str]:
    """Return the position in a span and the label that a tag names; ``""`` for none."""
    if not isinstance(tag, str) or tag in ("", "O"):
        return "O", ""
    found = TAG.fullmatch(tag)
    return (tag[0], found[1]) if found else ("I", tag)
