"""Work: labels that came with a page from some other tool, as that tool wrote them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from segmark.core.annotation import Status


class OffsetUnit(StrEnum):
    """What an offset into a text counts."""

    CODE_POINT = "codepoint"
    UTF_16 = "utf-16"
    GRAPHEME = "grapheme"


@dataclass(frozen=True, slots=True)
class Mark:
    """A labelled range as a file has it: nothing of it is checked, it may be of any type.

    Attributes:
        quote: the labelled text; ``""`` where the file does not quote it.
        score: how sure the program was that predicted it; None where it was no program.
    """

    start: Any
    end: Any
    label: Any
    quote: str = ""
    score: Any = None


@dataclass(frozen=True, slots=True)
class LabelWork:
    """What one person, or one program, said of a page.

    Attributes:
        annotator: who; ``""`` where the file does not say.
        status: how far the page was; None where the file does not say.
        predicted: whether it is a program's prediction.
        units: what the offsets may count, the likeliest first.
        asks: whether the likeliest is not to be taken where the spans do not tell.
        checksum: SHA-256 of the text that was labelled; ``""`` where the file does not have it.
    """

    marks: tuple[Mark, ...]
    annotator: str = ""
    status: Status | None = None
    predicted: bool = False
    units: tuple[OffsetUnit, ...] = (OffsetUnit.CODE_POINT,)
    asks: bool = False
    checksum: str = ""


@dataclass(frozen=True, slots=True)
class LabelledPage:
    """The work that came with a page.

    Attributes:
        origin: short name of the file that it is in.
        notes: what of it is left out on purpose, such as ``relations between labels``.
    """

    origin: str
    works: tuple[LabelWork, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LabelChoice:
    """How the labels of other tools are taken.

    Attributes:
        names: pairs of their label and ours; ``""`` for one that is to be left out.
        drop_unknown: whether labels that nothing is known of are left out; else they are refused.
        offsets: what offsets count, where a file leaves it open; None to find out.
        annotator: whose work it is where the file does not say.
        done: whether work that does not say how far it is counts as finished.
    """

    names: tuple[tuple[str, str], ...] = ()
    drop_unknown: bool = False
    offsets: OffsetUnit | None = None
    annotator: str = ""
    done: bool = False


#: What is taken when nobody says anything.
AS_THEY_ARE = LabelChoice()
