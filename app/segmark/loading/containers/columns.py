"""The columns of records that hold a page and its metadata, and the page of a record."""

import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from segmark.core.text.normalise import REPLACEMENT, normalise
from segmark.environment.language import language_tag
from segmark.loading.options import RecordFields
from segmark.loading.raw import RawPage
from segmark.loading.rejection import NotAPageError

# The first of these that exists is used.
_TEXT = ("text",)
_HTML = ("html", "raw_html", "content")
_URL = ("url",)
_TITLE = ("title",)
_LANGUAGE = ("lang", "language")
_SITE = ("site",)

#: Datasets use this name for HTML and for text.
_EITHER = "content"
_TAG = re.compile(r"<(?:!doctype|/?[a-z][a-z0-9]*)[^<>]*>", re.IGNORECASE)
_SURROGATE = re.compile("[\\ud800-\\udfff]")
_SHOWN_COLUMNS = 20
_DEEPEST = 100
#: The metadata that every format of an export has of a page.
_EXPORTED = ("source", "url", "site", "sha256")
_CHECKSUM = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Columns:
    """The names of the columns that are used, as they are in the records; ``""`` for none."""

    text: str
    html: str
    url: str
    title: str
    language: str
    site: str

    @classmethod
    def among(cls, records: Iterable[Mapping[str, Any]], fields: RecordFields) -> "Columns":
        """Find the columns of these records; names in ``fields`` replace the usual names.

        Raises:
            NotAPageError: no column is known to hold a page, or a named column does not exist.
        """
        there = list(dict.fromkeys(column for record in records for column in record))
        for named in (fields.text, fields.html, fields.url):
            if named and named not in there:
                raise NotAPageError(f"there is no column {named!r}; {_have(there)}")
        # If the user names one of the two columns, the other is not used.
        text = fields.text or ("" if fields.html else _first(_TEXT, there))
        html = fields.html or ("" if fields.text else _first(_HTML, there))
        if not text and not html and _has_tokens(there):
            raise NotAPageError(
                "it has one token in each row, with its tag; write each on a line of its own, with "
                "the tag last and a blank line between sentences, and load that as .conll"
            )
        if not text and not html:
            raise NotAPageError(
                "none of its columns is known to hold a page; name it with --text-field or "
                f"--html-field; {_have(there)}"
            )
        url = fields.url or _first(_URL, there)
        others = (_first(names, there) for names in (_TITLE, _LANGUAGE, _SITE))
        return cls(text, html, url, *others)


def raw_page(record: Mapping[str, Any], columns: Columns, name: str, folder: str) -> RawPage:
    """Return the page in a record.

    Raises:
        NotAPageError: the record has no text, or a value that is not text.
    """
    for column, media in ((columns.text, "text"), (columns.html, "html")):
        value = record.get(column) if column else None
        if value is None:
            continue
        if not isinstance(value, str | bytes):
            raise NotAPageError(f"its {column!r} is {_kind(value)}, not text")
        if column == _EITHER and isinstance(value, str) and not _TAG.search(value):
            media = "text"
        is_text = isinstance(value, str)
        source = value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
        page = RawPage(source, name, folder, media=media, characters=is_text)
        return _with_metadata(page, record, columns, column)
    wanted = " or ".join(repr(column) for column in (columns.text, columns.html) if column)
    raise NotAPageError(f"it has no {wanted}")


def _with_metadata(
    page: RawPage, record: Mapping[str, Any], columns: Columns, source: str
) -> RawPage:
    """Add what a record says about its page; ``source`` is the column of the page's source."""
    used = {columns.url, columns.title, columns.language, columns.site, source}
    meta = record.get("meta")
    nested = meta if isinstance(meta, Mapping) else {}

    def line(column: str, *names: str) -> str:
        value = record.get(column) if column else None
        nested_values = (nested.get(name) for name in names)
        written = next((v for v in (value, *nested_values) if isinstance(v, str)), "")
        return " ".join(normalise(written).split())

    language = line(columns.language, *_LANGUAGE)
    tag = language_tag(language)
    if language and not tag:
        used.discard(columns.language)
    first_source = _first_source(record) or _first_source(nested)
    return replace(
        page,
        first_source=first_source,
        folder="" if first_source else page.folder,
        url=line(columns.url, *_URL),
        title=line(columns.title, *_TITLE),
        language=tag,
        site=line(columns.site, *_SITE),
        extra={_plain(key): _plain(value) for key, value in record.items() if key not in used},
    )


def _first_source(about: Mapping[str, Any]) -> str:
    """Return where a page came from that Segmark exported; ``""`` if this is no such metadata."""
    if not all(isinstance(about.get(key), str) for key in _EXPORTED):
        return ""
    checksum = _CHECKSUM.fullmatch(about["sha256"])
    return " ".join(normalise(about["source"]).split()) if checksum else ""


def _plain(value: Any, depth: int = 0) -> Any:  # noqa: ANN401 - whatever a record may hold
    """Return a value as JSON can represent it and a database can store it.

    Raises:
        NotAPageError: it is nested so deeply that other programs could not read it.
    """
    if depth > _DEEPEST:
        raise NotAPageError("it is nested too deeply to be read")
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
            return {_plain(str(key)): _plain(each, depth + 1) for key, each in value.items()}
        case list() | tuple():
            return [_plain(each, depth + 1) for each in value]
        case _:
            return str(value)


def _first(names: Iterable[str], there: Iterable[str]) -> str:
    """Return the first of the names that exists, ignoring case, as it is spelt there."""
    written = {column.lower(): column for column in reversed(list(there))}
    return next((written[name] for name in names if name in written), "")


def _has_tokens(there: Iterable[str]) -> bool:
    written = {column.lower() for column in there}
    return bool(written & {"word", "token"} and written & {"tag", "ner", "ner_tag", "label"})


def _have(there: list[str]) -> str:
    lines = (" ".join(normalise(column).split()) for column in there[:_SHOWN_COLUMNS])
    shown = ", ".join(line[:40] for line in lines)
    more = len(there) - _SHOWN_COLUMNS
    return f"it has {shown}{f' and {more} more' if more > 0 else ''}" if there else "it has none"


def _kind(value: object) -> str:
    match value:
        case bool():
            return "a boolean"
        case int() | float():
            return "a number"
        case list() | tuple():
            return "a list"
        case Mapping():
            return "an object"
        case _:
            return f"a {type(value).__name__}"
