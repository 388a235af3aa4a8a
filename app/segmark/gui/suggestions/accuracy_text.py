"""The accuracy of suggestions in words."""

from collections.abc import Iterator

from segmark.store.figures.accuracy import Accuracy, Stamps, Tally

#: The least number of suggestions on blind pages for a comparison.
ENOUGH = 30


def sentences(accuracy: Accuracy, stamps: dict[str, Stamps]) -> Iterator[str]:
    """The accuracy of suggestions and how annotators handled them, in paragraphs."""
    blind, shown = accuracy.part(blind=True), accuracy.part(blind=False)
    if not accuracy.pages:
        yield "No finished page has had suggestions yet. They appear after a page or two of a site."
        return
    if blind.pages:
        low, high = blind.total.bounds
        yield (
            f"Measured on {_pages(blind)} where none was shown: {_right(blind.total)}, "
            f"with 95 % confidence between {low:.0%} and {high:.0%}; {_found(blind.total)}."
        )
    else:
        yield "No blind page is finished yet, so there is no unbiased measure so far."
    if shown.pages:
        yield (
            f"Where they were shown, on {_pages(shown)}: {_right(shown.total)}; "
            f"{_found(shown.total)}."
        )
        yield _comparison(blind.total, shown.total)
    for name, stamp in stamps.items():
        if stamp.pages:
            yield f"{name}: {stamp}."


def _comparison(blind: Tally, shown: Tally) -> str:
    """Whether annotators agree with suggestions more often when these are shown."""
    if blind.precision is None or shown.precision is None or blind.suggested < ENOUGH:
        return (
            f"To see whether they are accepted without checking, at least {ENOUGH} suggestions on "
            f"blind pages are needed; so far there are {blind.suggested:,}."
        )
    if shown.bounds[0] > blind.bounds[1]:
        more = round(100 * (shown.precision - blind.precision))
        return (
            f"Warning: annotators agree with them more often where they are shown. About {more} in "
            "100 seem to be accepted although they are wrong."
        )
    return "Annotators agree with them no more often where they are shown than chance explains."


def percent(share: float | None) -> str:
    """A share in per cent, or a dash if there is none."""
    return "–" if share is None else f"{share:.0%}"


def _pages(part: Accuracy) -> str:
    count = len(part.pages)
    return "1 page" if count == 1 else f"{count:,} pages"


def _right(tally: Tally) -> str:
    share = percent(tally.precision)
    return f"{tally.right:,} of {tally.suggested:,} suggestions were right ({share})"


def _found(tally: Tally) -> str:
    return (
        f"{tally.right:,} of {tally.labelled:,} labelled spans had been suggested "
        f"({percent(tally.recall)})"
    )
