"""Which columns of records hold a page's text and what is known of it, and the page they make."""

import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from segmark.core.text.normalise import REPLACEMENT, normalise
from segmark.loading.raw import Fields, Known, Raw
from segmark.loading.rejection import NotAPageError

# In each, the first that is there counts.
_TEXT = ("text",)
_HTML = ("html", "raw_html", "content")
_URL = ("url",)
_TITLE = ("title",)
_LANGUAGE = ("lang", "language")
_SITE = ("site",)

#: Datasets call it content whether it is HTML or not.
_EITHER = "content"
_TAG = re.compile(r"<(?:!doctype|/?[a-z][a-z0-9]*)[^<>]*>", re.IGNORECASE)
_SURROGATE = re.compile("[\\ud800-\\udfff]")
_SHOWN_COLUMNS = 20


@dataclass(frozen=True, slots=True)
class Columns:
    """The names of the columns that mean something, as the records write them; ``""`` for none."""

    text: str
    html: str
    url: str
    title: str
    language: str
    site: str

    @classmethod
    def among(cls, records: Iterable[Mapping[str, Any]], fields: Fields) -> "Columns":
        """The columns of these records; what ``fields`` names goes before the usual names.

        Raises:
            NotAPageError: none is a page's text, or one that was named is not there.
        """
        there = list(dict.fromkeys(column for record in records for column in record))
        for named in (fields.text, fields.html, fields.url):
            if named and named not in there:
                raise NotAPageError(f"there is no column {named!r}; {_have(there)}")
        # One column that is named leaves the choice of the other no longer open.
        text = fields.text or ("" if fields.html else _first(_TEXT, there))
        html = fields.html or ("" if fields.text else _first(_HTML, there))
        if not text and not html:
            raise NotAPageError(
                "none of its columns is known to hold a page; name it by --text-field or "
                f"--html-field; {_have(there)}"
            )
        url = fields.url or _first(_URL, there)
        others = (_first(names, there) for names in (_TITLE, _LANGUAGE, _SITE))
        return cls(text, html, url, *others)


def raw_of(record: Mapping[str, Any], columns: Columns, name: str, folder: str) -> Raw:
    """The source of the page in a record.

    Raises:
        NotAPageError: the record has no text, or something else in its place.
    """
    for column, media in ((columns.text, "text"), (columns.html, "html")):
        value = record.get(column) if column else None
        if value is None:
            continue
        if not isinstance(value, str | bytes):
            raise NotAPageError(f"its {column!r} is {_kind(value)}, not text")
        if column == _EITHER and isinstance(value, str) and not _TAG.search(value):
            media = "text"
        known = _known(record, columns, media, column)
        if isinstance(value, bytes):
            return Raw(value, name, folder, known)
        source = value.encode("utf-8", "surrogatepass")
        return Raw(source, name, folder, known, characters=True)
    wanted = " or ".join(repr(column) for column in (columns.text, columns.html) if column)
    raise NotAPageError(f"it has no {wanted}")


def _known(record: Mapping[str, Any], columns: Columns, media: str, page: str) -> Known:
    used = {columns.url, columns.title, columns.language, columns.site, page}
    about = record.get("meta")
    nested = about if isinstance(about, Mapping) else {}
    rest = {_plain(key): _plain(value) for key, value in record.items() if key not in used}

    def said(column: str, *names: str) -> str:
        value = record.get(column) if column else None
        nested_values = (nested.get(name) for name in names)
        written = next((v for v in (value, *nested_values) if isinstance(v, str)), "")
        return " ".join(normalise(written).split())

    return Known(
        url=said(columns.url, *_URL),
        title=said(columns.title, *_TITLE),
        language=said(columns.language, *_LANGUAGE),
        site=said(columns.site, *_SITE),
        media=media,
        rest=rest,
    )


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever a record may hold
    """The value as JSON can have it and a database can store it."""
    match value:
        case str():
            return _SURROGATE.sub(REPLACEMENT, value)
        case None | bool() | int() | float():
            return value
        case bytes():
            return value.decode("utf-8", "replace")
        case datetime.date() | datetime.time():
            return value.isoformat()
        case Mapping():
            return {_plain(str(key)): _plain(each) for key, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
        case _:
            return str(value)


def _first(names: Iterable[str], there: Iterable[str]) -> str:
    """The first of the names that is there, in capitals or not, as it is written there."""
    written = {column.lower(): column for column in reversed(list(there))}
    return next((written[name] for name in names if name in written), "")


def _have(there: list[str]) -> str:
    lines = (" ".join(normalise(column).split()) for column in there[:_SHOWN_COLUMNS])
    shown = ", ".join(line[:40] for line in lines)
    more = len(there) - _SHOWN_COLUMNS
    return f"it has {shown}{f' and {more} more' if more > 0 else ''}" if there else "it has none"


def _kind(value: object) -> str:
    match value:
        case bool():
            return "a truth value"
        case int() | float():
            return "a number"
        case list() | tuple():
            return "a list"
        case Mapping():
            return "an object"
        case _:
            return f"a {type(value).__name__}"
