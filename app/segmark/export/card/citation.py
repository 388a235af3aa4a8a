"""CITATION.cff: how to cite a data set, in the Citation File Format 1.2.0.

https://github.com/citation-file-format/citation-file-format/blob/main/schema-guide.md
"""

import json
from collections.abc import Iterator

from segmark.export.publication import LICENCES, Publication, person_names

#: The file's name, which other programs look for.
CITATION = "CITATION.cff"


def citation(about: Publication, content: str) -> str:
    """The file as YAML; ``content`` is the checksum of the data files."""
    return "".join(f"{line}\n" for line in _lines(about, content))


def _lines(about: Publication, content: str) -> Iterator[str]:
    yield "cff-version: 1.2.0"
    yield "message: If you use this data set, please cite it as below."
    yield "type: dataset"
    yield f"title: {_quoted(about.title)}"
    yield "authors:"
    for author in about.authors:
        if names := person_names(author):
            family, given = names
            yield f"  - family-names: {_quoted(family)}"
            yield f"    given-names: {_quoted(given)}"
        else:
            yield f"  - name: {_quoted(author)}"
    if about.version:
        yield f"version: {_quoted(about.version)}"
    if about.licence:
        key = "license" if about.licence in LICENCES else "license-url"
        yield f"{key}: {_quoted(about.licence)}"
    if about.released:
        yield f"date-released: {_quoted(about.released)}"
    if about.url:
        yield f"url: {_quoted(about.url)}"
    yield "identifiers:"
    yield "  - type: other"
    yield f"    value: {_quoted(f'sha256:{content}')}"
    yield "    description: The checksum of the data files, as the card explains it"


def _quoted(text: str) -> str:
    """The text as YAML reads it; every JSON string is one."""
    return json.dumps(text, ensure_ascii=False)
