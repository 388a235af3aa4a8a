"""croissant.json: the files and columns of an export in the Croissant format 1.0, as JSON-LD.

https://docs.mlcommons.org/croissant/docs/croissant-spec.html
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from segmark.export.features import Feature, ListOf, OneOf, Struct, Value
from segmark.export.publication import Publication, person_names

#: The file's name.
CROISSANT = "croissant.json"

_CONTEXT: Mapping[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
_TYPES = {
    "string": "sc:Text", "int64": "sc:Integer", "bool": "sc:Boolean", "float64": "sc:Float",
}  # fmt: skip
_FORMATS = {
    ".jsonl": "application/jsonlines", ".json": "application/json", ".html": "text/html",
    ".parquet": "application/x-parquet", ".conll": "text/plain", ".cfg": "text/plain",
    ".xml": "text/xml", ".gz": "application/gzip",
}  # fmt: skip
_UNKNOWN = "application/octet-stream"


def croissant(
    about: Publication,
    description: str,
    digests: Mapping[str, str],
    tables: Sequence[str],
    columns: Struct | None,
) -> str:
    """The file as JSON; the same export gives the same bytes.

    Args:
        about: the data set.
        description: what it is, in a sentence.
        digests: the SHA-256 of each file by its name.
        tables: the files whose rows have the columns.
        columns: their types; None if the files are no tables.
    """
    found: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "name": about.title,
        "description": description,
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "creator": [_creator(author) for author in about.authors],
        "license": about.licence_url,
        "url": about.url,
        "citeAs": cited(about),
        "version": about.version,
        "datePublished": about.released,
        "distribution": [_file(name, digest) for name, digest in digests.items()],
        "recordSet": [_records(name, columns) for name in tables] if columns else [],
    }
    kept = {key: value for key, value in found.items() if value}
    return json.dumps(kept, ensure_ascii=False, indent=2) + "\n"


def cited(about: Publication) -> str:
    """The data set as an entry of BibTeX."""
    authors = " and ".join(author if "," in author else f"{{{author}}}" for author in about.authors)
    found = {
        "title": f"{{{about.title}}}",
        "author": authors,
        "year": about.released[:4],
        "version": about.version,
        "url": about.url,
    }
    lines = [f"  {name} = {{{value}}}" for name, value in found.items() if value]
    return "@misc{dataset,\n" + ",\n".join(lines) + "\n}"


def _creator(author: str) -> dict[str, str]:
    if names := person_names(author):
        family, given = names
        return {"@type": "sc:Person", "name": f"{given} {family}"}
    return {"@type": "sc:Organization", "name": author}


def _file(name: str, digest: str) -> dict[str, Any]:
    suffixes = PurePosixPath(name).suffixes
    count = 2 if suffixes[-1:] == [".gz"] else 1
    kinds = [_FORMATS.get(suffix, _UNKNOWN) for suffix in suffixes[-count:]]
    return {
        "@type": "cr:FileObject",
        "@id": name,
        "name": name,
        "contentUrl": name,
        "encodingFormat": kinds if kinds[1:] else (kinds or [_UNKNOWN])[0],
        "sha256": digest,
    }


def _records(name: str, columns: Struct) -> dict[str, Any]:
    records = PurePosixPath(name).name.partition(".")[0]
    return {
        "@type": "cr:RecordSet",
        "@id": records,
        "name": records,
        "field": list(_fields(records, name, columns)),
    }


def _fields(prefix: str, file: str, columns: Struct) -> Iterator[dict[str, Any]]:
    for name, feature in columns.fields.items():
        place = f"{prefix}/{name}"
        source = {"fileObject": {"@id": file}, "extract": {"column": name}}
        yield {"@type": "cr:Field", "@id": place, "name": place, **_typed(place, feature, source)}


def _typed(place: str, feature: Feature, source: Mapping[str, Any]) -> dict[str, Any]:
    """The type of a field, where its values come from, and its fields if it has some."""
    inner = feature.item if isinstance(feature, ListOf) else feature
    repeated = {"repeated": True} if isinstance(feature, ListOf) else {}
    if isinstance(inner, Struct):
        parts = list(_parts(place, inner, source))
        return {**repeated, "subField": parts}
    kind = _TYPES[inner.dtype] if isinstance(inner, Value) else "sc:Text"
    assert isinstance(inner, Value | OneOf)
    return {"dataType": kind, **repeated, "source": source}


def _parts(place: str, columns: Struct, source: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for name, feature in columns.fields.items():
        part = f"{place}/{name}"
        path = f"{source['transform']['jsonPath']}.{name}" if "transform" in source else name
        inner = {**source, "transform": {"jsonPath": path}}
        yield {"@type": "cr:Field", "@id": part, "name": part, **_typed(part, feature, inner)}
