"""Redaction: pseudonyms for annotators, the same in every export of a project."""

import hmac
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby

from segmark.core.agreement import Agreement
from segmark.core.record import Record

_DIGITS = 10


def pseudonym(name: str, salt: bytes) -> str:
    """The pseudonym of an annotator; "" stays "".

    The salt never leaves the project, so nobody can find the name by trying names.
    """
    if not name:
        return ""
    return f"annotator-{hmac.digest(salt, name.encode(), 'sha256').hex()[:_DIGITS]}"


def redacted(records: Iterable[Record], salt: bytes) -> Iterator[Record]:
    """Replace names by pseudonyms; the records of a page, which are adjacent, are sorted by them.

    The order of the names would reveal something about them.
    """
    known: dict[str, str] = {}
    for _, views in groupby(records, key=lambda record: record.id):
        page = []
        for record in views:
            name = record.annotator
            if name not in known:
                known[name] = pseudonym(name, salt)
            page.append(replace(record, annotator=known[name]))
        yield from sorted(page, key=lambda record: record.annotator)


def redacted_pairs(
    agreement: Mapping[tuple[str, str], Agreement], salt: bytes
) -> dict[tuple[str, str], Agreement]:
    """The agreement of each pair of annotators under their pseudonyms."""
    found = {}
    for names, value in agreement.items():
        one, other = sorted(pseudonym(name, salt) for name in names)
        found[one, other] = value
    return dict(sorted(found.items()))
