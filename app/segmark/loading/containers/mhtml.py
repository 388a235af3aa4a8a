"""Pages that a browser saved together with their resources: MHTML, RFC 2557."""

from email import message_from_bytes
from email.message import Message
from email.policy import Compat32

from segmark.loading.raw import RawPage
from segmark.loading.rejection import NotAPageError

_HTML = frozenset({"text/html", "application/xhtml+xml"})
_LONGEST_HEADER = 1 << 16
_MOST_MULTIPARTS = 50


class LimitedPolicy(Compat32):
    """A policy that refuses what costs the parser of Python quadratic time.

    It searches long headers again and again, and compares each line with the end of every part
    that the line is in.
    """

    _multiparts = 0

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """Return the name and the value of a header."""
        if sum(map(len, sourcelines)) > _LONGEST_HEADER:
            raise NotAPageError("a header in it is too long")
        name, value = super().header_source_parse(sourcelines)
        if name.lower() == "content-type" and value.lstrip().lower().startswith("multipart/"):
            multiparts = self._multiparts + 1
            if multiparts > _MOST_MULTIPARTS:
                raise NotAPageError("its parts are nested too deeply")
            object.__setattr__(self, "_multiparts", multiparts)
        return name, value


def read_mhtml(data: bytes, name: str, folder: str) -> RawPage:
    """Return the page: the first HTML part, with the address that it was saved from.

    Raises:
        NotAPageError: there is no HTML part.
    """
    try:
        message = message_from_bytes(data, policy=LimitedPolicy())
        page = next((part for part in message.walk() if part.get_content_type() in _HTML), None)
        source = page.get_payload(decode=True) if page else None
    except (ValueError, LookupError, RecursionError, AttributeError):
        page = source = None
    if page is None or not isinstance(source, bytes):
        raise NotAPageError("it has no HTML part, unlike a page that a browser saved")
    address = _header(page, "Content-Location") or _header(message, "Snapshot-Content-Location")
    url = address if address.startswith(("http://", "https://")) else ""
    encoding = page.get_content_charset("") or ""
    return RawPage(source, name, folder, url, encoding=encoding, media="html")


def _header(message: Message, name: str) -> str:
    return "".join(str(message.get(name, "")).split())
