"""Texts with labels in them, as YEDDA writes them: ``[@Storm hits Varn#headline*]``.

What YEDDA only recommends is ``[$…#headline*]``. https://github.com/jiesutd/YEDDA.
"""

import re

from segmark.loading.encoding import decode
from segmark.loading.raw import RawAnnotation, RawLabels, RawPage, RawSpan

_MARK = re.compile(r"\[([@$])|#([^#*\[\]\n]{1,60})\*\](?!#)")
_WHOLE = re.compile(rb"\[@[^\0]{1,4000}?#[^#*\[\]\n]{1,60}\*\]")


def is_marked(head: bytes) -> bool:
    """Whether a file that begins like this has labels of YEDDA in it."""
    return bool(_WHOLE.search(head))


def read(source: bytes, name: str, folder: str) -> RawPage:
    """Return the page, without the marks; a mark that is not closed stays in the text."""
    marked = decode(source, "utf-8")[0]
    pieces, spans = list[str](), list[RawSpan]()
    opened: tuple[int, str, int] | None = None  # piece, kind of the mark, offset in the text
    at = end = 0
    for mark in _MARK.finditer(marked):
        before = marked[end : mark.start()]
        if mark[1]:
            pieces += (before, mark[0])
            at += len(before)
            opened = len(pieces) - 1, mark[1], at
            at += len(mark[0])
        elif opened:
            piece, kind, start = opened
            at += len(before) - len(pieces[piece])
            pieces[piece] = ""
            pieces.append(before)
            if kind == "@":
                spans.append(RawSpan(start, at, mark[2]))
            opened = None
        else:
            pieces.append(marked[end : mark.end()])
            at += mark.end() - end
        end = mark.end()
    pieces.append(marked[end:])
    labels = RawLabels(name, (RawAnnotation(tuple(spans)),))
    text = "".join(pieces).encode("utf-8", "surrogatepass")
    return RawPage(text, name, folder, media="text", characters=True, labels=labels)
