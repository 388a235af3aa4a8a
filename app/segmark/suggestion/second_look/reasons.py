"""Why a label surprises, in a sentence."""

from dataclasses import dataclass

from segmark.suggestion.features import KEY_KINDS, Features
from segmark.suggestion.memory import Memory
from segmark.suggestion.model import Model
from segmark.suggestion.second_look.finding import FindingKind

_TEXT = KEY_KINDS.index("text")


@dataclass(frozen=True, slots=True)
class SiteEvidence:
    """What the other finished pages of the site show about a place.

    Attributes:
        pages: how many other pages were asked.
        same_text: on how many of them the same text has the likely label, or none if none is
            likely.
        same_place: on how many of them the likely label is at the same place of the template.
        own_place: on how many of them the label that the place has is at the same place.
        titled: whether the text resembles the page's title.
        sure: the probability of the likely label, 0 to 1.
    """

    pages: int
    same_text: int
    same_place: int
    own_place: int
    titled: bool
    sure: float

    @classmethod
    def of(
        cls, model: Model, features: Features, unit: int, label: str, likely: str, sure: float
    ) -> "SiteEvidence":
        """Ask the memory of a model about a unit of a page that it has not seen."""
        memory, keys = model.memory, features.keys[unit]
        same_text = memory.text_pages(keys, likely) if likely else _unlabelled(memory, keys)
        return cls(
            memory.pages,
            same_text,
            memory.place_pages(keys, likely) if likely else 0,
            memory.place_pages(keys, label) if label else 0,
            features.titled[unit],
            sure,
        )


def _unlabelled(memory: Memory, keys: tuple[int, ...]) -> int:
    """On how many pages the text is, if it has no label on any."""
    if keys[_TEXT] in memory.labelled_on:
        return 0
    return memory.text_spread.get(keys[_TEXT], 0)


def reason_for(kind: FindingKind, label: str, likely: str, evidence: SiteEvidence) -> str:
    """Say what surprises, and what the other pages show."""
    return f"{_what(kind, label, likely)}: {_why(label, likely, evidence)}"


def _what(kind: FindingKind, label: str, likely: str) -> str:
    match kind:
        case FindingKind.SWAPPED:
            return f"labelled {label}, rather {likely}"
        case FindingKind.MISSING:
            return f"no label, rather {likely}"
        case FindingKind.EDGE if label:
            return f"the {label} goes on too far"
        case FindingKind.EDGE:
            return f"the {likely} is cut off here"
        case FindingKind.ELSEWHERE:
            return f"the {label} is rather elsewhere"
        case FindingKind.EXTRA:
            return f"labelled {label}, rather none"


def _why(label: str, likely: str, evidence: SiteEvidence) -> str:
    pages, wanted = evidence.pages, likely or "no label"
    if evidence.same_text:
        return f"the same text has {wanted} on {_of(evidence.same_text, pages)}"
    if likely and evidence.same_place:
        return f"{likely} is at this place on {_of(evidence.same_place, pages)}"
    if evidence.titled and likely:
        return "it reads like the title of the page"
    if pages and label and not evidence.own_place:
        return f"{label} is at this place on none of {_others(pages)}"
    if pages:
        return f"on pages like it, {wanted} is expected here ({evidence.sure:.0%})"
    return f"on pages of other sites, {wanted} is expected at such a place ({evidence.sure:.0%})"


def _of(count: int, pages: int) -> str:
    return f"{count} of {_others(pages)}"


def _others(pages: int) -> str:
    return "1 other page of the site" if pages == 1 else f"{pages} other pages of the site"
