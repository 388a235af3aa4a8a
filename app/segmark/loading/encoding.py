"""From bytes to characters, and the name of the encoding that did it."""

import codecs
import re

from segmark.core.text.normalise import REPLACEMENT
from segmark.loading.rejection import NotAPageError

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# The encodings of the web, from https://encoding.spec.whatwg.org/#names-and-labels: Python's name
# of a codec, and the codec that browsers use for it (mostly a superset). UTF-16 is missing, because
# bytes in which a declaration can be read are not UTF-16.
_CODECS = {
    **{f"iso8859-{part}": f"iso-8859-{part}" for part in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)},
    **{f"cp{page}": f"windows-{page}" for page in range(1250, 1259)},
    **{name: name for name in ("utf-8", "koi8-r", "koi8-u", "mac-roman", "mac-cyrillic")},
    **{name: name for name in ("cp866", "cp874", "cp932", "cp949", "gb18030", "big5hkscs")},
    "ascii": "windows-1252",
    "iso8859-1": "windows-1252",
    "iso8859-9": "windows-1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "cp950": "big5hkscs",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "euc_jp": "euc_jp",
    "iso2022_jp": "iso2022_jp",
}
# Labels of the web that Python does not know.
_UNKNOWN_LABELS = {"windows-31j": "cp932", "windows-874": "cp874", "windows-949": "cp949"}
_MULTIBYTE = frozenset({"cp932", "cp949", "gb18030", "big5hkscs", "euc_jp", "iso2022_jp"})

# The encodings to detect if none is declared. Others are rare on pages or differ little from these
# and would only be mistaken for them: of 324 texts in 14 languages, 98 % are decoded correctly with
# this list and the margin below, 83 % with all encodings that the detector knows.
_DETECTABLE = [
    *(f"cp{page}" for page in range(1250, 1259)),
    *("cp874", "koi8_r", "koi8_u", "cp932", "euc_jp", "cp949", "gb18030", "big5hkscs"),
]
_COHERENCE_MARGIN = 0.02

# The letters of languages in Latin script, by the encodings for them; the likeliest first. A text
# in which they stand among ASCII letters is decoded by them: the detector needs longer texts.
_LETTERS = {
    "windows-1252": ("äöüß", "àâæçéèêëîïôœùûü", "áéíñóúü", "àèéìíòóù", "ãáàâçéêíóôõú", "ëïéèöü",
                     "åäöé", "æøåé", "áðéíóúýþæö"),
    "windows-1250": ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "čćđšž",
                     "ăâîşţ"),
    "iso-8859-2": ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "čćđšž"),
    "windows-1254": ("çğıöşüâîûi̇",),
    "windows-1257": ("ąčęėįšųūž", "āčēģīķļņšūž", "äõöüšž"),
}  # fmt: skip
_MIXED = re.compile(
    rb"(?<=[A-Za-z])[\x80-\xff]{1,2}(?![\x80-\xff])"
    rb"|(?<![\x80-\xff])[\x80-\xff]{1,2}(?=[A-Za-z])"
)
_HIGH = re.compile(rb"[\x80-\xff]+")
_JAPANESE = b"\x1b$"
_BELOW_SPACE = bytes(set(range(0x20)) - set(b"\n\r"))
_WIDE_SHARE = 0.35
_MOST_SCORED = 20_000  # bytes
_SAMPLE = 4096  # bytes
_WRITTEN = frozenset("\t\n\r\f\u00a0\u00ad\u200b\u2009\u202f\u3000\ufeff")
_MARKS = frozenset("“”„‚‘’«»‹›–—…•·°§€£©®™\u00a0¿¡")
_CERTAIN = 0.85
_EAST_ASIAN = re.compile("[\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff00-\uffef]")
_EAST_ASIAN_MARK = re.compile("[\u3001\u3002\u3040-\u30ff\uff0c]")

_DECLARATION_WITHIN = 8192
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_DECLARATION = re.compile(
    rb"""<meta\s[^>]*?charset\s*=\s*["']?\s*([\w.:-]+)"""
    rb"""|<\?xml\s[^>]*?encoding\s*=\s*["']([\w.:-]+)""",
    re.IGNORECASE,
)


def declared_encoding(data: bytes) -> str:
    """Return the encoding that an HTML page declares, as it is written; ``""`` if it has none."""
    head = _COMMENT.sub(b"", data[:_DECLARATION_WITHIN])
    found = _DECLARATION.search(head)
    return (found[1] or found[2]).decode("ascii", "replace") if found else ""


def decode(data: bytes, declared: str = "") -> tuple[str, str]:
    """Decode a source and return the text and Python's name of the encoding.

    The byte order mark decides, else the declared encoding, else UTF-8, else detection. Since any
    bytes are valid in a single-byte encoding, UTF-8 is tried before a declared one: bytes that are
    valid UTF-8 and not ASCII were saved as UTF-8, whatever is declared. A byte order mark stays in
    the text. Bytes that can't be decoded become U+FFFD, one for each lone surrogate in UTF-8.

    Raises:
        NotAPageError: the bytes are not text in any encoding.
    """
    for mark, name in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _checked(data.decode(name, _MENDING)), name
    codec = _codec(declared)
    if codec != "utf-8":
        if _JAPANESE in data and data.isascii():
            try:
                return data.decode("iso2022_jp"), "iso2022_jp"
            except UnicodeDecodeError:
                pass
        if _has_wide_characters(data[:_SAMPLE]) and (name := unmarked_utf16(data)):
            return _checked(data.decode(name, _MENDING)), name
    if codec in _MULTIBYTE:
        try:
            return data.decode(codec), codec
        except UnicodeDecodeError:
            pass
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    if codec and codec != "utf-8":
        return _checked(data.decode(codec, "replace")), codec
    mended = data.decode("utf-8", _MENDING)
    if _is_mostly_utf8(mended):
        return mended, "utf-8"
    if name := unmarked_utf16(data):
        return _checked(data.decode(name, _MENDING)), name
    if b"\0" in data:
        raise NotAPageError("it is binary data, not text")
    codec = _detected(data)
    return _checked(data.decode(codec, "replace")), codec


def _codec(label: str) -> str:
    """Return the codec for a label of an encoding; ``""`` for a label invalid on the web."""
    label = label.lower().removeprefix("x-").removesuffix("-i")
    try:
        return _CODECS.get(codecs.lookup(_UNKNOWN_LABELS.get(label, label)).name, "")
    except (LookupError, ValueError):
        return ""


def _mend(error: UnicodeError) -> tuple[str | bytes, int]:
    try:
        return codecs.lookup_error("surrogatepass")(error)
    except UnicodeError:
        if not isinstance(error, UnicodeDecodeError):
            raise
        return REPLACEMENT, error.end


_MENDING = "segmark.mend"
codecs.register_error(_MENDING, _mend)


def _is_mostly_utf8(mended: str) -> bool:
    """Whether more non-ASCII characters could be decoded as UTF-8 than could not."""
    foreign = len(mended) - len(mended.encode("ascii", "ignore"))
    return foreign > 2 * mended.count(REPLACEMENT)


def _has_wide_characters(sample: bytes) -> bool:
    """Whether so many bytes are below a space as in UTF-16, where half of an alphabet's are."""
    written = sample.translate(None, _BELOW_SPACE)
    return b"\0" in sample and len(sample) - len(written) >= _WIDE_SHARE * len(sample)


def unmarked_utf16(data: bytes) -> str:
    """Return the name of the codec of UTF-16 without a byte order mark; ``""`` for anything else.

    White space, digits and punctuation have one byte of zero, mostly in the same place. Without
    them, it is recognised if it is Chinese, Japanese or Korean.
    """
    sample = data[:_SAMPLE]
    if len(data) % 2 or len(sample) < 4:
        return ""
    for name in ("utf-16-le", "utf-16-be"):
        # The sample may end within a character.
        text = sample.decode(name, "ignore")
        east_asian = len(_EAST_ASIAN.findall(text))
        if east_asian >= _CERTAIN * len(text) and _EAST_ASIAN_MARK.search(text):
            return name
    first, second = sample[::2].count(0), sample[1::2].count(0)
    if 3 * min(first, second) > max(first, second) or first == second:
        return ""
    name = "utf-16-le" if second > first else "utf-16-be"
    text = sample.decode(name, "ignore")
    printed = sum(char.isprintable() or char in _WRITTEN for char in text)
    return name if printed >= 0.98 * len(text) else ""


def _latin(data: bytes) -> str:
    """Return the encoding of a text in Latin script; ``""`` if it is another script."""
    data = data[:_MOST_SCORED]
    runs = len(_HIGH.findall(data))
    if 10 * len(_MIXED.findall(data)) < 7 * runs:
        return ""
    best, chosen = 0.0, ""
    for codec, languages in _LETTERS.items():
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        letters = [char for char in text.lower() if char > "\x7f" and char not in _MARKS]
        share = max(sum(char in known for char in letters) for known in languages)
        if letters and share / len(letters) > best:
            best, chosen = share / len(letters), codec
    return chosen if best > _CERTAIN else ""


def _detected(data: bytes) -> str:
    if codec := _latin(data):
        return codec
    # Imported here: it is slow to import and few sources need it.
    from charset_normalizer import from_bytes

    matches = from_bytes(data, cp_isolation=_DETECTABLE)
    best = matches.best()
    if best is None:
        return _fallback(data)
    # Many encodings fit a Western text about equally well; this one is by far the likeliest.
    for match in matches:
        as_likely = match.coherence >= best.coherence - _COHERENCE_MARGIN
        if "cp1252" in match.could_be_from_charset and match.chaos <= best.chaos and as_likely:
            return "windows-1252"
    return _codec(best.encoding)


def _fallback(data: bytes) -> str:
    try:
        data.decode("windows-1252")
    except UnicodeDecodeError:
        raise NotAPageError("its encoding is unknown; save it as UTF-8") from None
    return "windows-1252"


def _checked(text: str) -> str:
    if text.count(REPLACEMENT) > 2 + len(text) // 10:
        raise NotAPageError("too much of it can't be decoded; save it as UTF-8")
    return text
