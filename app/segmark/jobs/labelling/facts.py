"""What a labeller was learnt from and how good it is: the facts of its card."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from segmark.jobs.evaluation import Evaluation, LabelScores
from segmark.jobs.scoring.expectation import NOTHING_KNOWN, Expectation, band_rows
from segmark.store.figures.accuracy import Tally


@dataclass(frozen=True, slots=True)
class HeldOut:
    """How a labeller does on finished pages of sites that were left out of its training.

    Attributes:
        pages: the number of pages.
        sites: the number of their sites.
        labels: for each label, F1 of exact spans and of characters; None without any.
    """

    pages: int
    sites: int
    labels: Mapping[str, tuple[float | None, float | None]]

    @classmethod
    def of(cls, found: Evaluation, sites: int) -> "HeldOut":
        """Shorten an evaluation on pages of so many sites."""
        return cls(found.pages, sites, {name: _f1(one) for name, one in found.labels.items()})


def _f1(scores: LabelScores) -> tuple[float | None, float | None]:
    return tuple(  # type: ignore[return-value]  # of two values
        None if f1 is None else round(f1, 4) for f1 in (scores.exact.f1, scores.characters.f1)
    )


@dataclass(frozen=True, slots=True)
class LabellerFacts:
    """What a labeller was learnt from, and how good it is.

    Attributes:
        program: the version of Segmark that learnt it.
        pages: the finished pages of the annotator.
        sites: their sites.
        prior: whether it has the prior that ships with the program.
        blind: suggestions on pages where they were kept back, while the project was labelled; None
            if they were not counted.
        held_out: measured when the file was written; None if it was not.
        expected: the same blind pages by bands of confidence.
    """

    program: str
    pages: int
    sites: int
    prior: bool
    blind: Tally | None = None
    held_out: HeldOut | None = None
    expected: Expectation = NOTHING_KNOWN

    def to_json(self) -> dict[str, Any]:
        """The facts as JSON represents them."""
        blind, held_out = self.blind, self.held_out
        return {
            "program": self.program,
            "pages": self.pages,
            "sites": self.sites,
            "prior": self.prior,
            "blind": blind and [blind.suggested, blind.right, blind.labelled],
            "held_out": held_out
            and {
                "pages": held_out.pages,
                "sites": held_out.sites,
                "labels": {name: list(pair) for name, pair in sorted(held_out.labels.items())},
            },
            "expected": self.expected.to_json(),
        }

    @classmethod
    def from_json(cls, data: Any) -> "LabellerFacts":  # noqa: ANN401 - checked here
        """Read what ``to_json`` returned.

        Raises:
            KeyError, TypeError, ValueError: it is something else.
        """
        counts = [data["pages"], data["sites"]]
        blind, held_out = data["blind"], None
        if blind is not None:
            suggested, right, labelled = blind
            counts += blind
            blind = Tally(suggested, right, labelled)
        if (found := data["held_out"]) is not None:
            counts += [found["pages"], found["sites"]]
            labels = {
                str(name): (_share(exact), _share(letters))
                for name, (exact, letters) in found["labels"].items()
            }
            held_out = HeldOut(found["pages"], found["sites"], labels)
        if any(type(count) is not int or count < 0 for count in counts):
            raise ValueError("a count is no number")
        program = str(data["program"])
        expected = Expectation.from_json(data["expected"])
        return cls(program, counts[0], counts[1], bool(data["prior"]), blind, held_out, expected)


def _share(value: object) -> float | None:
    if value is None:
        return None
    if not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ValueError(f"{value!r:.40} is no share")
    return float(value)


def card_text(title: str, version: str, facts: LabellerFacts, labels: tuple[str, ...]) -> str:
    """The card of a labeller, as Markdown."""
    return "\n".join(_lines(title, version, facts, labels)) + "\n"


def _lines(
    title: str, version: str, facts: LabellerFacts, labels: tuple[str, ...]
) -> Iterator[str]:
    yield f"# {title}"
    yield ""
    yield f"A labeller of Segmark {facts.program}, version `{version}`. It finds spans of these"
    yield f"labels in pages: {', '.join(f'`{label}`' for label in labels)}."
    yield ""
    yield "## Learnt from"
    yield ""
    yield f"- {facts.pages:,} finished pages of {facts.sites:,} sites, by one annotator. The file"
    yield "  has no text of these pages; it has the names of the sites, and digests of lines and"
    yield "  places in the HTML that recur on their pages."
    if facts.prior:
        yield "- The prior that ships with Segmark, learnt from news pages of other sites."
    yield ""
    yield "## How good it is"
    yield ""
    yield from _blind(facts.blind)
    yield ""
    yield from _bands(facts.expected)
    yield from _held_out(facts.held_out)


def _blind(tally: Tally | None) -> Iterator[str]:
    if tally is None or tally.precision is None:
        yield "No page with suggestions was labelled blind, so the labelling gives no figure."
        return
    low, high = tally.bounds
    yield f"On blind pages, where suggestions were kept back, {tally.right:,} of the"
    yield f"{tally.suggested:,} suggested spans were right ({tally.precision:.0%}; 95% interval"
    recall = "" if tally.recall is None else f", and {tally.recall:.0%} of the labelled spans found"
    yield f"{low:.0%} to {high:.0%}){recall}. Models of that time had learnt from fewer pages."


def _bands(expected: Expectation) -> Iterator[str]:
    """The shares that were right by confidence, as a table."""
    if not expected.pages:
        return
    sample = f"{expected.units:,} {expected.unit}s"
    yield f"By confidence, with 95% intervals; the {sample} are the sample:"
    yield ""
    head, *rows = band_rows(expected)
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


def _held_out(found: HeldOut | None) -> Iterator[str]:
    if found is None or not found.pages:
        yield "It was not measured on sites that were left out of the training."
        return
    yield f"On {found.pages:,} pages of {found.sites:,} sites, each labelled by models that knew no"
    yield "page of its site, F1 by label was:"
    yield ""
    yield "| label | exact spans | characters |"
    yield "|---|---|---|"
    for name, (exact, letters) in sorted(found.labels.items()):
        yield f"| {name} | {_shown(exact)} | {_shown(letters)} |"


def _shown(f1: float | None) -> str:
    return "–" if f1 is None else f"{f1:.3f}"
