"""Records of labels that name a page of the project, and leave out its text."""

from collections.abc import Mapping
from typing import Any

from segmark.loading.raw import Fields
from segmark.loading.rejection import NotAPageError

_TEXTS = frozenset({"text", "html", "raw_html", "content"})


def with_stored_text(
    row: tuple[int, dict[str, Any] | NotAPageError], fields: Fields
) -> tuple[int, dict[str, Any] | NotAPageError]:
    """A numbered record with its page's text, if it has spans and no text but names the page.

    It does so by ``id``, by ``sha256``, also in ``meta``, or by both, which must agree.
    """
    number, record = row
    if fields.stored is None or isinstance(record, NotAPageError) or _has_text(record, fields):
        return row
    name, checksum = _word(record, "id"), _word(record, "sha256")
    if not isinstance(record.get("spans"), list) or not (name or checksum):
        return row
    try:
        return number, {**record, fields.text or "text": fields.stored(name, checksum)}
    except NotAPageError as error:
        return number, error


def _has_text(record: Mapping[str, Any], fields: Fields) -> bool:
    return any(name.lower() in _TEXTS or name in (fields.text, fields.html) for name in record)


def _word(record: Mapping[str, Any], name: str) -> str:
    meta = record.get("meta")
    found = record.get(name) or (meta.get(name) if isinstance(meta, Mapping) else "")
    return found if isinstance(found, str) else ""
