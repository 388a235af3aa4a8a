"""An audit as lines for people, and as the data that ``segmark audit --json`` prints."""

from collections.abc import Iterator
from typing import Any

from segmark.jobs.scoring.audits import AuditState
from segmark.jobs.scoring.binomial import CONFIDENCE, clopper_pearson, floor_words


def audit_lines(state: AuditState) -> Iterator[str]:
    """What was drawn, what is left to do, and what may be concluded."""
    audit, shares = state.audit, state.spans
    yield (
        f"audit {audit.number} of {audit.site}: {len(audit.pages):,} pages drawn at random for "
        f"{audit.annotator} on {audit.made_at[:10]}, from {audit.population:,} that nobody had "
        f"started; seed {audit.seed!r}"
    )
    if state.open:
        yield (
            f"{state.settled:,} of {len(audit.pages):,} pages are checked; nothing may be "
            "concluded before all of them are"
        )
        yield 'label them without seeing the suggestions: in the window, "Show the pages to audit"'
        yield f"to check: {' '.join(state.open)}"
        return
    if state.skipped:
        yield (
            f"skipped or removed pages: {state.skipped:,}; what was suggested on them counts as "
            "wrong"
        )
    if shares.share is None:
        yield "nothing was suggested on these pages, so nothing may be concluded"
        return
    low, high = shares.interval()
    yield (
        f"suggested spans: {shares.right:,} of {shares.total:,} right, {shares.share:.1%} (95% "
        f"interval {low:.1%} to {high:.1%}; pages are the sample, so the spans are worth "
        f"{shares.worth:,.0f} drawn one by one)"
    )
    low, high = clopper_pearson(state.right_pages, len(audit.pages))
    yield (
        f"pages: {state.right_pages:,} of {len(audit.pages):,} with every suggested span right "
        f"(95% interval {low:.1%} to {high:.1%}, Clopper–Pearson)"
    )
    missed = state.labelled - shares.right
    yield f"not suggested, or otherwise: {missed:,} of {state.labelled:,} labelled spans"
    yield conclusion(state)


def conclusion(state: AuditState) -> str:
    """The sentence that the sample supports, and how far it goes."""
    audit, shares = state.audit, state.spans
    if len(audit.pages) == audit.population:
        return (
            f"conclusion: these are all pages, not a sample: {shares.right:,} of {shares.total:,} "
            "suggested spans are right"
        )
    return (
        f"conclusion: with {CONFIDENCE:.0%} confidence, at least "
        f"{floor_words(shares.at_least())} of all spans suggested on the "
        f"{audit.population:,} pages are right to the character. It holds for the suggestions of "
        f"{audit.made_at[:10]}; nothing follows for other sites or for spans that were not "
        "suggested"
    )


def audit_json(state: AuditState) -> dict[str, Any]:
    """The same for programs; what may not be concluded yet is null."""
    audit, shares = state.audit, state.spans
    done = not state.open
    known = done and shares.share is not None
    return {
        "audit": audit.number,
        "site": audit.site,
        "made_at": audit.made_at,
        "annotator": audit.annotator,
        "seed": audit.seed,
        "population": audit.population,
        "pages": list(audit.pages),
        "open": list(state.open),
        "skipped": state.skipped,
        "spans": {
            "right": shares.right,
            "suggested": shares.total,
            "worth": shares.worth,
            "interval": list(shares.interval()) if known else None,
            "at_least": shares.at_least() if known else None,
        },
        "right_pages": {
            "right": state.right_pages,
            "interval": list(clopper_pearson(state.right_pages, len(audit.pages)))
            if done
            else None,
        },
        "labelled": state.labelled,
        "confidence": CONFIDENCE,
        "conclusion": conclusion(state) if known else None,
    }
