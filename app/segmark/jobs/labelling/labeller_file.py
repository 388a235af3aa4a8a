"""The file of a labeller, with its models as checked plain values: docs/labeller_format.md."""

import hashlib
import json
import os
import secrets
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from segmark.jobs.labelling.facts import LabellerFacts
from segmark.suggestion.background import Background
from segmark.suggestion.cross_site import CrossSiteModel
from segmark.suggestion.model import Model
from segmark.suggestion.portable.checked import name, names, part, whole
from segmark.suggestion.portable.models import (
    cross_site_from,
    model_from,
    plain_cross_site,
    plain_model,
    plain_prior,
    prior_from,
)
from segmark.suggestion.serialisation import VERSION, ModelError

SUFFIX = ".labeller"
MAGIC = b"segmark labeller 1\n"
_DIGEST = 64  # hexadecimal digits of SHA-256
_LINE_END = b"\n"
#: The most bytes of a file, of one line of its content, and of all its lines.
MOST_BYTES, _LONGEST_LINE, _MOST_CONTENT = 256 << 20, 32 << 20, 2 << 30
_CHUNK = 1 << 20  # bytes that are decompressed at a time
_MOST_SITES, _MOST_CROSS_SITE = 1_000_000, 1_000
#: The last line.
_END = {"end": True}


class LabellerError(Exception):
    """The file can't be used as a labeller, or not be written; the message is one line."""


@dataclass(frozen=True, slots=True)
class Learnt:
    """All models of a project, for a labeller.

    Attributes:
        labels: the names of its labels, in order.
        ids: what the models call them, in the same order.
        facts: for the card.
        sites: the models of its sites, by site.
        others: the model for pages of other sites.
    """

    labels: tuple[str, ...]
    ids: tuple[str, ...]
    facts: LabellerFacts
    sites: Mapping[str, Model]
    others: Model

    @property
    def names(self) -> dict[str, str]:
        """The names of the labels that the models call otherwise."""
        pairs = zip(self.ids, self.labels, strict=True)
        return {label: name for label, name in pairs if label != name}


def write_beside(path: Path, data: bytes) -> None:
    """Write a file beside its place and rename it, so that no half of it is ever there.

    Raises:
        LabellerError: it could not be written.
    """
    beside = path.with_name(f".segmark-{secrets.token_hex(8)}.tmp")
    try:
        with beside.open("xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(beside, path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        raise LabellerError(f"{path}: it could not be written: {error.strerror}") from None


def written(learnt: Learnt) -> bytes:
    """The bytes of a file with these models; equal models give equal bytes."""
    models = [*learnt.sites.values(), learnt.others]
    prior = next((model.background.prior for model in models if model.background.prior), None)
    cross_site = list(
        dict.fromkeys(m.background.cross_site for m in models if m.background.cross_site)
    )

    def line(site: str | None, model: Model) -> dict[str, Any]:
        background = model.background.cross_site
        number = cross_site.index(background) if background else None
        return {"site": site, "cross_site": number, **plain_model(model)}

    lines: list[Mapping[str, Any]] = [
        {
            "models": VERSION.decode().strip(),
            "labels": list(learnt.labels),
            **({"ids": list(learnt.ids)} if learnt.ids != learnt.labels else {}),
            "facts": learnt.facts.to_json(),
            "prior": plain_prior(prior) if prior else None,
            "cross_site": len(cross_site),
            "sites": len(learnt.sites),
        },
        *map(plain_cross_site, cross_site),
        line(None, learnt.others),
        *(line(site, model) for site, model in sorted(learnt.sites.items())),
        _END,
    ]
    content = "".join(
        f"{json.dumps(one, sort_keys=True, separators=(',', ':'))}\n" for one in lines
    )
    packed = zlib.compress(content.encode(), 9)
    return MAGIC + hashlib.sha256(packed).hexdigest().encode() + _LINE_END + packed


def read(data: bytes) -> Learnt:
    """Read the bytes of a file.

    Raises:
        ModelError: they are not those of a labeller of this version.
    """
    lines = _lines(data)
    head = next(lines)
    if part(head, "models") != VERSION.decode().strip():
        raise ModelError("another version of Segmark learnt it; learn it again from its project")
    labels = tuple(names(part(head, "labels")))
    ids = tuple(names(head["ids"])) if "ids" in head else labels
    if len(ids) != len(labels):
        raise ModelError("it has another number of labels than of their ids")
    try:
        facts = LabellerFacts.from_json(part(head, "facts"))
    except (KeyError, TypeError, ValueError, AttributeError):
        raise ModelError("its facts are damaged") from None
    prior = None if (plain := part(head, "prior")) is None else prior_from(plain)
    count = whole(part(head, "cross_site"), _MOST_CROSS_SITE)
    cross_site = [cross_site_from(next(lines)) for _ in range(count)]

    def model(line: object) -> Model:
        number = part(line, "cross_site")
        others: CrossSiteModel | None = None
        if number is not None:
            if not cross_site:
                raise ModelError("a model has a background that is not there")
            others = cross_site[whole(number, len(cross_site) - 1)]
        return model_from(line, Background(prior, others))

    others = model(next(lines))
    sites = {}
    for _ in range(whole(part(head, "sites"), _MOST_SITES)):
        line = next(lines)
        sites[name(part(line, "site"))] = model(line)
    if next(lines) != _END:
        raise ModelError("it has more lines than it says")
    return Learnt(labels, ids, facts, sites, others)


def _lines(data: bytes) -> Iterator[Any]:
    """Yield the JSON values of a file.

    Raises:
        ModelError: it is damaged, or there is no further value.
    """
    head = len(MAGIC) + _DIGEST + len(_LINE_END)
    if not data.startswith(MAGIC):
        raise ModelError("it is neither a project nor a labeller of this version of Segmark")
    if len(data) > MOST_BYTES:
        raise ModelError("it is too large for a labeller")
    packed = data[head:]
    digest = hashlib.sha256(packed).hexdigest().encode() + _LINE_END
    if data[len(MAGIC) : head] != digest:
        raise ModelError("its checksum is wrong: it is damaged or was not copied completely")
    try:
        for line in _decompressed(packed):
            yield json.loads(line, parse_constant=_refuse)
    except ModelError:
        raise
    except (zlib.error, ValueError, RecursionError):
        raise ModelError("it holds something else than JSON") from None
    raise ModelError("it has fewer lines than it says")


def _decompressed(packed: bytes) -> Iterator[bytes]:
    """Yield the lines of the content; none of them, nor all together, is too long."""
    decompressor = zlib.decompressobj()
    held, total, waiting = b"", 0, packed
    while not decompressor.eof:
        chunk = decompressor.decompress(waiting, _CHUNK)
        waiting = decompressor.unconsumed_tail
        total += len(chunk)
        if not chunk and not decompressor.eof:
            raise ModelError("it is cut short")
        *lines, held = (held + chunk).split(_LINE_END)
        if len(held) > _LONGEST_LINE or total > _MOST_CONTENT:
            raise ModelError("it is too large for a labeller")
        yield from lines
    if held or decompressor.unused_data:
        raise ModelError("it has something after its end")


def _refuse(constant: str) -> None:
    raise ValueError(constant)
