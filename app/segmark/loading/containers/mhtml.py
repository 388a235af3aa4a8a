"""Pages that a browser saved together with their resources: MHTML, RFC 2557."""

from email import message_from_bytes
from email.message import Message
from email.policy import compat32

from segmark.loading.raw import RawPage
from segmark.loading.rejection import NotAPageError

_HTML = frozenset({"text/html", "application/xhtml+xml"})


def read_mhtml(data: bytes, name: str, folder: str) -> RawPage:
    """Return the page: the first HTML part, with the address that it was saved from.

    Raises:
        NotAPageError: there is no HTML part.
    """
    try:
        message = message_from_bytes(data, policy=compat32)
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
