"""Models as plain values for JSON, and from checked ones: equal models, equal suggestions."""

from collections.abc import Mapping
from typing import Any

from segmark.suggestion.background import Background
from segmark.suggestion.counts import MOST_UNITS, one, unpack
from segmark.suggestion.crf import ConditionalRandomField
from segmark.suggestion.cross_site import CrossSiteModel
from segmark.suggestion.memory import NONE, Memory
from segmark.suggestion.model import MOST_PAGES, Model
from segmark.suggestion.portable.checked import (
    names,
    part,
    plain_weights,
    rows,
    weights,
    whole,
)
from segmark.suggestion.portable.weights import crf_of, weights_of
from segmark.suggestion.prior import Prior
from segmark.suggestion.serialisation import ModelError
from segmark.suggestion.tags import LabelRules

_MOST_KEYS = (1 << 48) - 1  # of a memory: they are hashes of 48 bits
_MOST_RULES = 1_000_000_000  # pages that rules were learnt from
_MOST_CUES = 100_000

#: An object of JSON.
Plain = Mapping[str, Any]


def plain_crf(crf: ConditionalRandomField) -> Plain:
    """A CRF as plain values."""
    return plain_weights(weights_of(crf))


def crf_from(data: object) -> ConditionalRandomField:
    """The CRF of plain values.

    Raises:
        ModelError: they are not those of a CRF.
    """
    return crf_of(weights(data))


def plain_prior(prior: Prior) -> Plain:
    """The prior as plain values, without the hosts that it was learnt from."""
    return {
        "rules": prior.rules.to_json(),
        "marked": plain_crf(prior.marked),
        "plain": plain_crf(prior.plain),
    }


def prior_from(data: object) -> Prior:
    """The prior of plain values.

    Raises:
        ModelError: they are not those of a prior.
    """
    marked, plain = crf_from(part(data, "marked")), crf_from(part(data, "plain"))
    return Prior(_rules(part(data, "rules")), marked, plain, frozenset())


def plain_cross_site(model: CrossSiteModel) -> Plain:
    """A cross-site model as plain values."""
    return {
        "rules": model.rules.to_json(),
        "cold": plain_crf(model.cold),
        "warm": plain_crf(model.warm),
    }


def cross_site_from(data: object) -> CrossSiteModel:
    """The cross-site model of plain values.

    Raises:
        ModelError: they are not those of a cross-site model.
    """
    cold, warm = crf_from(part(data, "cold")), crf_from(part(data, "warm"))
    return CrossSiteModel(_rules(part(data, "rules")), cold, warm)


def plain_model(model: Model) -> Plain:
    """The model of a site as plain values, without its background."""
    return {
        "rules": model.rules.to_json(),
        "cues": sorted(model.cues),
        "memory": _plain_memory(model.memory),
        "crf": plain_crf(model.crf) if model.crf else None,
    }


def model_from(data: object, background: Background) -> Model:
    """The model of a site of plain values, given the background that it had.

    Raises:
        ModelError: they are not those of a model.
    """
    cues = names(part(data, "cues"), _MOST_CUES)
    if not all(cue[:1] in ("<", ">") and len(cue) > 1 for cue in cues):
        raise ModelError("a cue names no side")
    crf = part(data, "crf")
    return Model(
        _rules(part(data, "rules")),
        frozenset(cues),
        _memory(part(data, "memory")),
        None if crf is None else crf_from(crf),
        background,
    )


def _rules(data: object) -> LabelRules:
    known = {key: names(part(data, key)) for key in ("names", "joining", "single")}
    every = set(known["names"])
    if NONE in every or not {*known["joining"], *known["single"]} <= every:
        raise ModelError("the rules name a label that they do not list")
    if set(known["joining"]) & set(known["single"]):
        raise ModelError("a label that joins can't be one on a page")
    return LabelRules.from_json({**known, "pages": whole(part(data, "pages"), _MOST_RULES)})


def _plain_memory(memory: Memory) -> Plain:
    numbers = range(len(memory.order))
    counts = (
        (key, unpack(packed, memory.order)) for key, packed in sorted(memory.tag_counts.items())
    )
    return {
        "pages": memory.pages,
        "tags": list(memory.order),
        "counts": [
            [key, *(found.get(memory.order[n], 0) for n in numbers)] for key, found in counts
        ],
        "spread": sorted(map(list, memory.text_spread.items())),
        "labelled": [
            [key, memory.order.index(tag), pages]
            for key, tags in sorted(memory.labelled_on.items())
            for tag, pages in sorted(tags.items())
        ],
    }


def _memory(data: object) -> Memory:
    pages = whole(part(data, "pages"), MOST_PAGES)
    order = tuple(names(part(data, "tags")))
    tag_counts = {}
    for key, *counts in _numbers(part(data, "counts"), 1 + len(order), MOST_UNITS):
        tag_counts[key] = sum(one(index) * count for index, count in enumerate(counts))
    spread = {row[0]: row[1] for row in _numbers(part(data, "spread"), 2, pages)}
    labelled: dict[int, dict[str, int]] = {}
    for key, tag, on in _numbers(part(data, "labelled"), 3, max(pages, len(order))):
        if tag >= len(order):
            raise ModelError("a memory has a tag that it does not list")
        labelled.setdefault(key, {})[order[tag]] = on
    return Memory(pages, order, tag_counts, spread, labelled)


def _numbers(data: object, length: int, most: int) -> list[list[int]]:
    """Rows of whole numbers: a key, and further ones up to a limit."""
    found = rows(data)
    for row in found:
        if len(rows(row, length)) != length:
            raise ModelError(f"a row has {len(row)} numbers in place of {length}")
        whole(row[0], _MOST_KEYS)
        for number in row[1:]:
            whole(number, most)
    return found
