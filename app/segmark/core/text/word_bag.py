"""Compare two texts by their words, as extractors of articles are compared."""

import re
from collections import Counter

# An ideograph, kana or hangul syllable is a word by itself.
_WORD = re.compile(r"[\u2e80-\u9fff\uac00-\ud7ff]|[^\W_\u2e80-\u9fff\uac00-\ud7ff]+")


def word_f1(found: str, gold: str) -> float:
    """F1 of the words of two texts, whatever their order; case does not count."""
    ours, theirs = Counter(_WORD.findall(found.lower())), Counter(_WORD.findall(gold.lower()))
    total = ours.total() + theirs.total()
    return 2 * (ours & theirs).total() / total if total else 1.0
