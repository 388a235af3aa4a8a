"""Which annotations of a layered format are labels: its layers, and the features that name labels.

WebAnno, INCEpTION and other UIMA tools keep tokens, sentences and parts of speech beside labels.
"""

import re
from collections.abc import Mapping

_LINGUISTIC = re.compile(
    r"^uima\.|\.DocumentAnnotation$|\.(?:segmentation|lexmorph|morph|syntax|semantics|metadata)\."
    r"|\.(?:Token|Sentence|POS|Lemma|Stem|Dependency|Paragraph|TagsetDescription)$"
)
_NAMES = ("value", "label", "category", "type", "name", "tag")
_NO_NAMES = frozenset({"identifier", "id", "sofa", "begin", "end", "order", "uiOrder", "note"})


def chosen_feature(layer: str, wanted: str) -> str | None:
    """Return the feature to read of a layer; ``""`` for the usual one, None if it is not wanted.

    Args:
        layer: the full name of its type.
        wanted: the user's choice: a name, or its last part, and perhaps a feature after another
            dot; ``""`` for all layers that are not linguistic.
    """
    if not wanted:
        return None if _LINGUISTIC.search(layer) else ""
    head, _, tail = wanted.rpartition(".")
    for name, feature in ((wanted, ""), (head, tail)):
        if name and (layer == name or layer.endswith(f".{name}")):
            return feature
    return None


def label_in(layer: str, feature: str, features: Mapping[str, object]) -> object:
    """Return the label of an annotation: the value of a feature, or the name of its layer."""
    if feature:
        return features.get(feature)
    named = [features[name] for name in _NAMES if isinstance(features.get(name), str)]
    others = (
        each
        for name, each in features.items()
        if name not in _NO_NAMES and isinstance(each, str) and not each.isdecimal()
    )
    return next(iter((*named, *others)), layer.rpartition(".")[2])
