"""Mails as pages, such as newsletters: RFC 5322, and mailboxes as in RFC 4155."""

import io
import re
from collections.abc import Iterator
from contextlib import suppress
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message

from segmark.loading.containers.mhtml import LimitedPolicy
from segmark.loading.raw import RawPage
from segmark.loading.rejection import LoadError, NotAPageError
from segmark.loading.sources import one_line
from segmark.loading.unpacking import SIZE_LIMIT, refuse_larger

_KINDS = {"text/html": "html", "text/plain": "text"}
_KEPT = ("From", "Date")
# What mailboxes put before a line that begins like this.
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)


def read_mail(data: bytes, name: str, folder: str) -> RawPage:
    """Return a mail as a page: its HTML, else its text, with the subject as the title.

    Raises:
        NotAPageError: it has neither.
    """
    try:
        message = message_from_bytes(data, policy=LimitedPolicy())
        part, media = _body(message)
        source = part.get_payload(decode=True) if part else None
    except (ValueError, LookupError, RecursionError, AttributeError):
        part = source = None
    if part is None or not isinstance(source, bytes):
        raise NotAPageError("it is a mail without text")
    return RawPage(
        source,
        name,
        folder,
        title=_header(message, "Subject"),
        encoding=part.get_content_charset("") or "",
        media=media,
        extra={key.lower(): value for key in _KEPT if (value := _header(message, key))},
    )


def read_mailbox(
    stream: io.BufferedReader, name: str, folder: str
) -> Iterator[RawPage | LoadError]:
    """Yield each mail of a mailbox; an error takes the place of one without text."""
    for number, data in enumerate(_mails(stream), start=1):
        place = f"{name}:{number}"
        try:
            refuse_larger(len(data))
            yield read_mail(_QUOTED.sub(rb"\1", data), place, folder)
        except NotAPageError as error:
            yield LoadError(place, str(error))


def _mails(stream: io.BufferedReader) -> Iterator[bytes]:
    """Yield the mails; of one that is too large, only so much that it is recognised as such."""
    lines, size, blank = list[bytes](), 0, True
    while line := stream.readline(SIZE_LIMIT):
        if blank and line.startswith(b"From "):
            if lines:
                yield b"".join(lines)
            lines, size, blank = [], 0, False
            continue
        blank = not line.strip()
        size += len(line)
        if size - len(line) <= SIZE_LIMIT:
            lines.append(line)
    if lines:
        yield b"".join(lines)


def _body(message: Message) -> tuple[Message | None, str]:
    parts = [part for part in message.walk() if not part.get_filename()]
    for kind, media in _KINDS.items():
        for part in parts:
            if part.get_content_type() == kind:
                return part, media
    return None, ""


def _header(message: Message, name: str) -> str:
    value = str(message.get(name, ""))
    with suppress(ValueError, LookupError):
        value = str(make_header(decode_header(value)))
    return one_line(" ".join(value.split()))
