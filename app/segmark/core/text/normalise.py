"""The rules that make any string the text of a page.

Offsets everywhere are Unicode code points, half-open.
"""

import hashlib
import re

#: The character that replaces characters that a text can't contain.
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

_LINE_END = re.compile("\r\n|[\r\u0085\u2028\u2029]")
# Controls except tab and line feed, surrogates, and three noncharacters: Qt's text document uses
# U+FDD0 and U+FDD1 as paragraph ends and swaps the bytes of a string that begins with U+FFFE.
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0\ufdd1\ufffe]")


# White space (``str.isspace``), and characters of no width that show nothing by themselves.
_UNSEEN = (
    "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
    "\xad\u034f\u061c\u180b\u180c\u180d\u180e\u180f\u200b\u200c\u200d\u200e\u200f"
    "\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064"
    "\u2066\u2067\u2068\u2069\u206a\u206b\u206c\u206d\u206e\u206f\ufeff"
    "\ufe00\ufe01\ufe02\ufe03\ufe04\ufe05\ufe06\ufe07"
    "\ufe08\ufe09\ufe0a\ufe0b\ufe0c\ufe0d\ufe0e\ufe0f"
)


def normalise(raw: str) -> str:
    r"""The text of a page made from a decoded string.

    One leading byte order mark is removed, line ends become ``\n``, and each character that a text
    can't contain is replaced by U+FFFD. Nothing else changes. Normalising again changes nothing,
    except that it would remove a second byte order mark.
    """
    # A printable character is neither a line end nor one to replace: most texts end here.
    if raw.replace("\n", " ").isprintable():
        return raw
    text = _LINE_END.sub("\n", raw.removeprefix("\ufeff"))
    return _UNFIT.sub(REPLACEMENT, text)


def sha256_of(text: str) -> str:
    """The SHA-256 of a text in UTF-8, as a hexadecimal string."""
    return hashlib.sha256(text.encode()).hexdigest()


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """The range without white space (``str.isspace``) at its edges; may be empty."""
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end


def is_seen(line: str) -> bool:
    """Whether a line shows anything: it has more than white space and characters of no width."""
    return line.lstrip(_UNSEEN) != ""


def is_blank(text: str, start: int, end: int) -> bool:
    """Whether the range contains only white space."""
    return start >= end or text[start:end].isspace()
