r"""WebAnno TSV 3 and 2, which INCEpTION writes too: tokens with offsets, and layers in columns.

Offsets count UTF-16 units. ``label[3]`` on several tokens is one span, also across sentences; bars
separate stacked annotations. Version 2 has no offsets, and tags in IOB2.
https://inception-project.github.io/releases/36.0/docs/user-guide.html#sect_formats_webannotsv3.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from segmark.loading.encoding import decode
from segmark.loading.labelled.layers import chosen_feature, label_in
from segmark.loading.labels.tags import tagged_spans
from segmark.loading.raw import OffsetUnit, RawAnnotation, RawLabels, RawPage, RawSpan
from segmark.loading.rejection import NotAPageError

#: The first bytes of a file in version 3.
START = b"#FORMAT=WebAnno TSV"
_SECOND = re.compile(rb"(?:\s*#[ \w.]+\|[^\n]*\n)*\s*#id=1\r?\n#text=")
_TOKEN = re.compile(r"(\d+)-(\d+)(?:\.\d+)?\t(\d{1,9})-(\d{1,9})\t([^\t]*)(?:\t(.*))?")
_OLD_TOKEN = re.compile(r"\d+-\d+\t([^\t]*)(?:\t(.*))?")
_VALUE = re.compile(r"(.*?)(?:\[(\d+)\])?", re.DOTALL)
_BAR = re.compile(r"(?<!\\)\|")
_ESCAPED = re.compile(r"\\(.)")
_SIGNS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_LARGEST = 50_000_000  # an offset, in UTF-16 units
_SLOT, _TARGET = "ROLE_", "BT_"


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of values: of a span layer's feature, or of something else, without a name."""

    layer: str = ""
    feature: str = ""


@dataclass(slots=True)
class _Found:
    """An annotation while its tokens are read; offsets in UTF-16 units."""

    start: int
    end: int
    features: dict[str, object] = field(default_factory=dict)


def is_second(head: bytes) -> bool:
    """Whether a file that begins like this is in version 2."""
    return bool(_SECOND.match(head))


def read(source: bytes, name: str, folder: str, layer: str = "") -> RawPage:
    """Return the page in a file of either version, with the labels in its layers.

    Raises:
        NotAPageError: it has no token, or a line that is none.
    """
    lines = decode(source, "utf-8")[0].replace("\r\n", "\n").split("\n")
    if not source.startswith((START, b"\xef\xbb\xbf" + START)):
        return _read_second(lines, name, folder, layer)
    columns, notes = _columns(lines)
    text, sentence = bytearray(), ""
    known = dict[tuple[str, str], _Found]()
    fresh = False
    for number, line in enumerate(lines, start=1):
        if line.startswith("#Text="):
            more = _unescaped(line.removeprefix("#Text="))
            sentence = more if not fresh else f"{sentence}\n{more}"
            fresh = True
        elif line and not line.startswith("#"):
            token = _TOKEN.fullmatch(line)
            if not token or int(token[4]) > _LARGEST:
                raise NotAPageError(f"line {number} is not a token of WebAnno TSV 3")
            start, end = int(token[3]), int(token[4])
            if fresh:
                _place(text, sentence, start, _unescaped(token[5]))
            fresh = False
            _add(known, columns, (token[6] or "").split("\t"), (start, end, line.split("\t")[0]))
    if not text:
        raise NotAPageError("it has no token in it")
    spans = tuple(_spans(known, layer))
    made = RawAnnotation(spans, units=(OffsetUnit.UTF_16,))
    labels = RawLabels(name, (made,) if spans else (), notes)
    whole = text.decode("utf-16-le", "replace").encode()
    return RawPage(whole, name, folder, media="text", characters=True, labels=labels)


def _columns(lines: Sequence[str]) -> tuple[list[_Column], tuple[str, ...]]:
    """Return the columns that the head of a file declares, and what is left out of them."""
    columns, notes = list[_Column](), list[str]()
    for line in lines:
        kind, _, declared = line.partition("=")
        if kind not in ("#T_SP", "#T_RL", "#T_CH"):
            if line.startswith("#Text="):
                break
            continue
        layer, *features = declared.split("|")
        if kind != "#T_SP":
            notes.append("layers of relations" if kind == "#T_RL" else "layers of chains")
            columns += [_Column()] * max(1, len(features))
            continue
        for feature in features or [""]:
            if feature.startswith(_SLOT):
                columns += [_Column(), _Column()]
            else:
                columns.append(_Column(layer, feature))
    return columns, tuple(notes)


def _place(text: bytearray, sentence: str, start: int, token: str) -> None:
    """Put a sentence into the text so that its first token is where its offset says."""
    before = max(0, sentence.find(token))
    at = start - len(sentence[:before].encode("utf-16-le")) // 2
    gap = at - len(text) // 2
    text += ("\n" * max(0, gap)).encode("utf-16-le")
    text += sentence.encode("utf-16-le", "surrogatepass")[2 * max(0, -gap) :]


def _add(
    known: dict[tuple[str, str], _Found],
    columns: Sequence[_Column],
    cells: Sequence[str],
    token: tuple[int, int, str],
) -> None:
    """Add the values of a token; what has no number ends with the token."""
    start, end, place = token
    for column, cell in zip(columns, cells, strict=False):
        if not column.layer or cell in ("", "_"):
            continue
        for nth, value in enumerate(_BAR.split(cell)):
            found = _VALUE.fullmatch(value)
            text, number = (found[1], found[2]) if found else (value, None)
            key = (column.layer, number or f"{place}/{nth}")
            one = known.setdefault(key, _Found(start, end))
            one.start, one.end = min(one.start, start), max(one.end, end)
            if column.feature and text not in ("*", "_"):
                one.features.setdefault(column.feature, _unescaped(text))


def _spans(known: dict[tuple[str, str], _Found], layer: str) -> Iterator[RawSpan]:
    for (name, _), one in known.items():
        feature = chosen_feature(name, layer)
        if feature is not None:
            yield RawSpan(one.start, one.end, label_in(name, feature, one.features))


def _read_second(lines: Sequence[str], name: str, folder: str, layer: str) -> RawPage:
    """Read version 2: sentences with their texts, and a column of tags for each feature."""
    layers = [line[1:].split("|") for line in lines if line.startswith("#") and "|" in line]
    columns = [
        (each[0].strip(), feature.strip()) for each in layers for feature in each[1:] or [""]
    ]
    text, spans = "", list[RawSpan]()
    sentence = list[tuple[int, int, list[str]]]()
    at = 0
    for line in (*lines, "#end"):
        if line.startswith("#text="):
            text += f"\n{line.removeprefix('#text=')}" if text else line.removeprefix("#text=")
            at = len(text) - len(line.removeprefix("#text="))
        elif token := _OLD_TOKEN.fullmatch(line):
            start = text.find(token[1], at)
            if start < 0:
                raise NotAPageError(f"the token {token[1]:.40} is not in its sentence")
            at = start + len(token[1])
            sentence.append((start, at, (token[2] or "").split("\t")))
        elif sentence and (not line.strip() or line.startswith("#")):
            for place, (each, _) in enumerate(columns):
                if chosen_feature(each, layer) is not None:
                    tags = ((s, e, _old_tag(cells, place)) for s, e, cells in sentence)
                    spans += tagged_spans(tags)
            sentence = []
    if not text:
        raise NotAPageError("it has no token in it")
    made = RawAnnotation(tuple(spans))
    labels = RawLabels(name, (made,) if spans else ())
    return RawPage(text.encode(), name, folder, media="text", characters=True, labels=labels)


def _old_tag(cells: Sequence[str], place: int) -> str:
    tag = cells[place].partition("|")[0] if place < len(cells) else "O"
    return "O" if tag in ("", "_", "O-_") else tag


def _unescaped(value: str) -> str:
    return _ESCAPED.sub(lambda found: _SIGNS.get(found[1], found[1]), value)
