"""HTML whose tags mean the same to lxml as to a browser.

WHATWG HTML, 13.2.5 and 13.2.6. Only elements of SVG and MathML close themselves. ``</br>`` is a
line break, and ``</p>`` without an open paragraph is an empty one.
"""

import re

#: The target of the processing instruction that stands before the end of each paragraph.
PARAGRAPH_END = "segmark-p"
#: The instruction itself.
PARAGRAPH_MARK = f"<?{PARAGRAPH_END}>"
_MARKED_END = f"{PARAGRAPH_MARK}</p>".encode()

_VOID = frozenset(
    """
    area base basefont bgsound br col embed frame hr image img input keygen link meta param source
    track wbr
    """.split()  # noqa: SIM905
)
# The self-closing elements of drawings that are by far the most common.
_DRAWN = frozenset(
    """
    animate animatetransform circle clippath defs ellipse feblend fecolormatrix fecomposite
    feflood fegaussianblur feoffset g image line lineargradient mask mpath path polygon polyline
    radialgradient rect stop symbol svg use
    """.split()  # noqa: SIM905
)
_FOREIGN = frozenset({"svg", "math"})
_RAW = frozenset({"script", "style", "iframe", "noembed", "noframes", "textarea", "title", "xmp"})
_NAME = re.compile(r"([a-zA-Z][^\s/<>]*)")
# The last part is a tag whose quotes do not end.
_TAG = re.compile(
    r"""<!--.*?(?:--!?>|$)|<(/?)([a-zA-Z][^\s/>]*)((?:[^>"']|"[^"]*"|'[^']*')*)>"""
    r"""|<[a-zA-Z!?/][^>]*>""",
    re.DOTALL,
)
_UNQUOTED = re.compile(r"=\s*[^\s\"'>]*/$")
_END = re.compile(rb"</(?:([pP])>|[bB][rR]\s*/?>)")
# The first letters, without the slash, of the tags that most often close themselves.
_USUAL = frozenset(
    {"br", "br ", "hr", "hr ", "img", "inp", "lin", "met", "pat", "pol", "rec", "use"}
)


def open_self_closed(markup: str) -> str:
    """Return the page with a space for the slash of each tag that is not self-closing in HTML.

    All offsets stay as they are.
    """
    last = _last_self_closed(markup)
    parts, done, at, foreign = list[str](), 0, 0, 0
    while at < last and (tag := _TAG.search(markup, at)):
        at = tag.end()
        if tag[2] is None:
            continue
        name, closed = tag[2].lower(), markup[at - 2] == "/"
        if name in _FOREIGN and not (closed and not tag[1]):
            foreign = max(0, foreign - 1) if tag[1] else foreign + 1
        if foreign or tag[1]:
            continue
        if closed and _is_opened(name) and not _UNQUOTED.search(tag[3]):
            parts += (markup[done : at - 2], " ")
            done = at - 1
        if name in _RAW:
            end = re.compile(f"</{name}", re.IGNORECASE).search(markup, at)
            at = end.start() if end else len(markup)
    return "".join((*parts, markup[done:])) if parts else markup


def _last_self_closed(markup: str) -> int:
    """Return where the last tag stands that may have to be opened; 0 if there is none, as mostly.

    What looks like a tag in a script counts.
    """
    *parts, rest = markup.split("/>")
    end = len(markup) - len(rest)
    for part in reversed(parts):
        start = part.rfind("<") + 1
        if start and part[start : start + 3] not in _USUAL:
            name = _NAME.match(f"{part[start:]}/")
            if name and _is_opened(name[1]):
                return end
        end -= len(part) + len("/>")
    return 0


def _is_opened(name: str) -> bool:
    name = name.lower()
    return name not in _VOID and name not in _DRAWN


def mark_ends(page: bytes) -> bytes:
    """Return the page with ``<br>`` for ``</br>``, and a mark before the end of each paragraph."""
    return _END.sub(lambda end: _MARKED_END if end[1] else b"<br>", page)
