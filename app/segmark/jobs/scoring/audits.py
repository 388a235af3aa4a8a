"""Audits: draw pages whose suggestions nobody checked, and conclude from those that somebody did.

The pages are labelled blind: their suggestions are made and kept at the draw, and are not shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from segmark.core.annotation import Status
from segmark.core.progress import Progress
from segmark.core.queue import ListedPages
from segmark.jobs.scoring.binomial import ClusterShare, cluster_share
from segmark.jobs.scoring.predictions import ScoringError
from segmark.jobs.suggesting.learner import Learner
from segmark.store.audits import Audit
from segmark.store.file.project_file import now
from segmark.store.store import Store
from segmark.store.suggestions import Offer

#: The pages of a sample: if everything on all of them is right, at least 95 % is.
SAMPLE = 60


def draw_audit(
    store: Store,
    site: str,
    annotator: str,
    sample: int,
    seed: str,
    progress: Progress | None = None,
) -> Audit:
    """Draw pages of a site that nobody has started, for the annotator to label blind.

    The same seed draws the same pages from the same ones. Their suggestions are made now, as
    ``segmark suggest`` makes them, and kept.

    Raises:
        ScoringError: there is no such page.
        StoreError: the project can't be written.
    """
    waiting = store.audits.unchecked_pages(site)
    if not waiting:
        raise ScoringError(
            f"{store.path}: somebody has started every page of {site!r}; nothing is left to audit"
        )
    drawn = sorted(waiting, key=lambda page: _place(seed, page[1]))[:sample]
    learner = Learner(store, store.suggestions.best_teacher or "")
    offers = list[tuple[int, Offer]]()
    for done, (number, _) in enumerate(drawn, 1):
        offers.append((number, Offer(learner.suggest(number), blind=True)))
        if progress:
            progress(done, len(drawn), "suggesting")
    if not any(offer.suggestions for _, offer in offers):
        raise ScoringError(f"{store.path}: nothing is suggested on pages of {site!r}")
    names = tuple(name for _, name in drawn)
    made = Audit(len(store.audits.all()) + 1, site, now(), annotator, seed, len(waiting), names)
    with store.write("the audit was not kept"):
        for number, offer in offers:
            store.suggestions.keep_offer(number, annotator, offer)
        store.audits.keep(made)
    return made


def _place(seed: str, page: str) -> bytes:
    return sha256(f"audit\0{seed}\0{page}".encode()).digest()


@dataclass(frozen=True, slots=True)
class AuditState:
    """How far an audit is, and what the checked pages show.

    Attributes:
        audit: the audit.
        open: the ids of the pages that are still to be checked, in the order of the draw.
        skipped: how many pages were skipped or removed; what is suggested on them counts as wrong.
        spans: the suggested spans that are right, with pages as the sample.
        right_pages: on how many pages every suggested span is right.
        labelled: the number of spans that were labelled on the checked pages.
    """

    audit: Audit
    open: Sequence[str]
    skipped: int
    spans: ClusterShare
    right_pages: int
    labelled: int

    @property
    def settled(self) -> int:
        """How many pages are checked, skipped or removed."""
        return len(self.audit.pages) - len(self.open)


def audit_state(store: Store, audit: Audit, threshold: float = 0.0) -> AuditState:
    """Hold the labels of the checked pages against the suggestions of the draw.

    Suggestions with less confidence than ``threshold`` are left out.
    """
    waiting, skipped, labelled = list[str](), 0, 0
    pages = list[tuple[int, int]]()
    annotations = store.annotations(audit.annotator)
    for name in audit.pages:
        number = store.pages.number_of(name)
        if number is None:
            skipped += 1
            continue
        gone = store.pages.is_removed(number)
        annotation = annotations.get(number)
        status = annotation.state.status
        if not gone and not status.finished:
            waiting.append(name)
            continue
        offered = store.suggestions.offered(number, audit.annotator)
        suggested = [
            one.span for one in (offered.suggestions if offered else ())
            if one.confidence >= threshold
        ]  # fmt: skip
        done = status is Status.DONE and not gone
        skipped += not done
        spans = annotation.spans if done else ()
        labelled += len(spans)
        pages.append((len(set(suggested) & set(spans)), len(suggested)))
    return AuditState(
        audit,
        waiting,
        skipped,
        cluster_share(pages),
        sum(right == total for right, total in pages),
        labelled,
    )


def pages_to_audit(store: Store, annotator: str) -> ListedPages | None:
    """The pages of all audits that wait for this annotator; None if there are none."""
    states = [
        audit_state(store, audit) for audit in store.audits.all() if audit.annotator == annotator
    ]
    waiting = [state for state in states if state.open]
    if not waiting:
        return None
    name = f"audit of {', '.join(dict.fromkeys(state.audit.site for state in waiting))}"
    return ListedPages(name, tuple(page for state in waiting for page in state.open))
