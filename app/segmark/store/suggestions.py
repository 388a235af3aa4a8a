"""The suggestions of each page and annotator, their verdicts, and the trained models.

The window reads and writes them whenever a page opens or is finished, so they are hand-written SQL.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any

from segmark.core.span import Span
from segmark.core.suggestion import Suggestion, Verdict
from segmark.store.file.connection import Database
from segmark.store.file.label_rows import present_label
from segmark.store.file.project_file import now
from segmark.store.people.people import register
from segmark.store.project_values import (
    LOOKS,
    LOOKS_AT,
    keep_entry,
    keep_value,
    read_dictionary,
    read_value,
)

_POLICY = "suggestions"  # its name among the values of a project
_WHO = "(SELECT number FROM annotator WHERE name = ?)"


@dataclass(frozen=True, slots=True)
class Offer:
    """The suggestions of a page for one annotator.

    Attributes:
        suggestions: all of them, in page order.
        blind: whether they were kept back, to measure how good they are.
        threshold: less confident suggestions were kept back as well.
        doubts: the probability that what is suggested for a block is wrong, by the index of the
            block; blocks without doubt are left out. None if unknown.
    """

    suggestions: tuple[Suggestion, ...]
    blind: bool = False
    threshold: float = 0.0
    doubts: Mapping[int, float] | None = field(default=None, compare=False)

    @property
    def shown(self) -> tuple[Suggestion, ...]:
        """The suggestions that the annotator was shown."""
        if self.blind:
            return ()
        return tuple(one for one in self.suggestions if one.confidence >= self.threshold)


#: The offer of a page without suggestions.
NOTHING = Offer(())


@dataclass(frozen=True, slots=True)
class JudgedSuggestion:
    """The verdict on a suggestion, and how many seconds after it was shown.

    ``seconds`` is None if that is unknown, or if the suggestion was not shown.
    """

    span: Span
    verdict: Verdict
    seconds: float | None


@dataclass(frozen=True, slots=True)
class FinishedPage:
    """A page that an annotator has marked as done.

    Attributes:
        number: the number of the page.
        begun: its place in the order in which the annotator started the pages.
        changed_at: when the annotator last changed it.
    """

    number: int
    site: str
    begun: int
    changed_at: str


@dataclass(frozen=True, slots=True)
class Policy:
    """How a project uses suggestions.

    Attributes:
        on: whether there are any.
        threshold: the least confidence of a suggestion that is shown, 0 to 1.
        blind_share: the share of pages whose suggestions are kept back, 0 to 1.
        least_sure_first: whether Tab goes to the least confident one, or on in page order.
        model: the model whose predictions are shown; ``""`` for the one that was loaded last.
    """

    on: bool = True
    threshold: float = 0.0
    blind_share: float = 0.05
    least_sure_first: bool = False
    model: str = ""


class Suggestions:
    """The suggestions of a project, over one connection. Pages are given by number.

    Call the methods that write inside a write transaction.
    """

    def __init__(self, database: Database) -> None:
        self._db = database

    @property
    def policy(self) -> Policy:
        """How the project uses suggestions."""
        value = read_value(self._db, _POLICY)
        return Policy(**json.loads(value)) if value else Policy()

    def keep_policy(self, policy: Policy) -> None:
        """Set how the project uses suggestions."""
        keep_value(self._db, _POLICY, json.dumps(asdict(policy)))

    def second_look(self, annotator: str) -> tuple[Any, Any]:
        """The walk of the annotator's second look as it was kept, and its place; none: ``[]``."""
        walk, place = (read_dictionary(self._db, name) for name in (LOOKS, LOOKS_AT))
        return walk.get(annotator) or [], place.get(annotator) or []

    def keep_second_look(self, annotator: str, walk: list[Any]) -> None:
        """Keep the walk of a second look, in a form of JSON; call it in a write transaction."""
        keep_entry(self._db, LOOKS, annotator, walk)
        self.keep_place_of_look(annotator, [])

    def keep_place_of_look(self, annotator: str, place: list[int]) -> None:
        """Keep the place at which the walk is; call it in a write transaction."""
        keep_entry(self._db, LOOKS_AT, annotator, place)

    @property
    def seed(self) -> str:
        """The seed of random choices, different for each project."""
        return str(read_value(self._db, "made_at"))

    def offered(self, page: int, annotator: str) -> Offer | None:
        """The offer of a page to this annotator; None if there was none yet."""
        offer = self._db.execute(
            f"""SELECT number, blind, threshold, doubts
            FROM offer WHERE page = ? AND annotator = {_WHO}""",
            [page, annotator],
        ).fetchone()
        if offer is None:
            return None
        rows = self._db.execute(
            f"""SELECT "start", "end", {present_label("suggestion.label")}, confidence, reason
            FROM suggestion WHERE offer = ? ORDER BY "start" """,
            [offer[0]],
        ).fetchall()
        found = (Suggestion(Span(*row[:3]), row[3], row[4]) for row in rows if row[2])
        return Offer(tuple(found), bool(offer[1]), offer[2], _doubts_from(offer[3]))

    def keep_offer(self, page: int, annotator: str, offer: Offer) -> None:
        """Keep the offer of a page to an annotator, in place of an earlier one."""
        who = register(self._db, annotator)
        self._db.execute("DELETE FROM offer WHERE page = ? AND annotator = ?", [page, who])
        added = self._db.execute(
            """INSERT INTO offer (page, annotator, blind, threshold, made_at, doubts)
            VALUES (?, ?, ?, ?, ?, ?)""",
            [page, who, int(offer.blind), offer.threshold, now(), _doubts_to_store(offer.doubts)],
        )
        for one in offer.suggestions:
            span = one.span
            self._db.execute(
                """INSERT INTO suggestion
                    (offer, "start", "end", label, confidence, reason) VALUES (?, ?, ?, ?, ?, ?)""",
                [added.lastrowid, span.start, span.end, span.label, one.confidence, one.reason],
            )

    def judge(self, page: int, annotator: str, judged: Iterable[JudgedSuggestion]) -> None:
        """Keep the verdicts on the suggestions of a page to an annotator."""
        for one in judged:
            self._db.execute(
                f"""UPDATE suggestion SET verdict = ?, seconds = ?
                WHERE "start" = ? AND offer = (
                    SELECT number FROM offer WHERE page = ? AND annotator = {_WHO})""",
                [one.verdict, one.seconds, one.span.start, page, annotator],
            )

    def predicted(self, page: int) -> tuple[Suggestion, ...]:
        """The predictions for a page that are shown, in page order.

        They are those of the model that the policy names, else of the model loaded last.
        """
        models = self.predictions_by_model(page)
        chosen = self.policy.model if models else ""
        if chosen:
            return models.get(chosen, ())
        return next(iter(models.values()), ())

    def predictions_by_model(self, page: int) -> dict[str, tuple[Suggestion, ...]]:
        """All predictions for a page by the name of their model, the model loaded last first."""
        rows = self._db.execute(
            f"""SELECT predictor.name, "start", "end", {present_label("prediction.label")},
                confidence, reason
            FROM prediction JOIN predictor ON number = predictor
            WHERE page = ? ORDER BY loaded DESC, "start" """,
            [page],
        ).fetchall()
        return {
            model: tuple(Suggestion(Span(*row[1:4]), row[4], row[5]) for row in group if row[3])
            for model, group in groupby(rows, key=itemgetter(0))
        }

    def keep_predictions(self, page: int, predicted: Iterable[Suggestion], model: str = "") -> None:
        """Keep the predictions of a model for a page, in place of its earlier ones.

        The spans must be sorted and disjoint, like those of an annotation.
        """
        self._db.execute(
            """INSERT INTO predictor (name, loaded)
            SELECT ?, 1 + coalesce(max(loaded), 0) FROM predictor WHERE true
            ON CONFLICT (name) DO UPDATE SET loaded = excluded.loaded
            WHERE loaded < excluded.loaded - 1""",
            [model],
        )
        number = self._db.execute(
            "SELECT number FROM predictor WHERE name = ?", [model]
        ).fetchone()[0]
        self._db.execute("DELETE FROM prediction WHERE page = ? AND predictor = ?", [page, number])
        for one in predicted:
            span = one.span
            self._db.execute(
                "INSERT INTO prediction VALUES (?, ?, ?, ?, ?, ?, ?)",
                [page, number, span.start, span.end, span.label, one.confidence, one.reason],
            )

    def models(self) -> dict[str, int]:
        """The models with predictions, the one loaded last first, and their numbers of pages."""
        rows = self._db.execute(
            """SELECT name, count(DISTINCT page) FROM prediction
            JOIN predictor ON number = predictor
            WHERE page NOT IN removed_page GROUP BY number ORDER BY loaded DESC"""
        ).fetchall()
        return dict(map(tuple, rows))

    def finished(self, annotator: str, among: Collection[int] | None = None) -> list[FinishedPage]:
        """The pages that the annotator has marked as done, in the order of starting them.

        ``among`` limits them to some pages. Skipped and removed pages are left out.
        """
        chosen = "" if among is None else "AND page IN (SELECT value FROM json_each(:among))"
        rows = self._db.execute(
            f"""SELECT page, site, annotation.rowid, changed_at
            FROM annotation JOIN page ON number = page
            WHERE annotator = (SELECT number FROM annotator WHERE name = :who)
                AND status = 'done' AND page NOT IN removed_page {chosen}
            ORDER BY annotation.rowid""",
            {"who": annotator, "among": json.dumps(sorted(among or ()))},
        ).fetchall()
        return [FinishedPage(*row) for row in rows]

    @property
    def last_line(self) -> int:
        """The number of the last line in the log; 0 if there is none."""
        return self._db.execute("SELECT max(number) FROM edit").fetchone()[0] or 0

    def changed_between(self, annotator: str, first: int, last: int) -> set[int] | None:
        """The pages that the annotator changed after the first line in the log, up to the last.

        None if somebody changed many pages in one act.
        """
        rows = self._db.execute(
            f"""SELECT DISTINCT CASE WHEN field IS NULL THEN page END FROM edit
            WHERE number > ? AND number <= ? AND (annotator = {_WHO} OR field IS NOT NULL)""",
            [first, last, annotator],
        ).fetchall()
        pages = {row[0] for row in rows}
        return None if None in pages else pages

    def has_any_to_make(self, annotator: str) -> bool:
        """Whether there are predictions, or finished pages to learn from."""
        row = self._db.execute(
            f"""SELECT EXISTS (SELECT 1 FROM progress
                    WHERE annotator = {_WHO} AND status = 'done' AND pages > 0)
                OR EXISTS (SELECT 1 FROM prediction)""",
            [annotator],
        ).fetchone()
        return bool(row[0])

    def unfinished_pages(self, annotator: str) -> list[int]:
        """The pages that the annotator has not finished, in load order."""
        rows = self._db.execute(
            f"""SELECT number FROM page WHERE number NOT IN removed_page AND NOT EXISTS (
                SELECT 1 FROM annotation WHERE page = number AND annotator = {_WHO}
                AND status IN ('done', 'skipped'))
            ORDER BY number""",
            [annotator],
        ).fetchall()
        return [row[0] for row in rows]

    def pages_to_learn_for(self, annotator: str) -> list[int]:
        """One unfinished page of each site with finished ones, and one for all other sites."""
        rows = self._db.execute(
            f"""WITH mine AS (SELECT page, status FROM annotation
                    WHERE annotator = {_WHO}),
                known AS (SELECT DISTINCT site FROM mine JOIN page ON number = page
                    WHERE status = 'done' AND page NOT IN removed_page)
            SELECT min(number) FROM page LEFT JOIN mine ON page = number
            WHERE coalesce(status, 'new') NOT IN ('done', 'skipped')
                AND number NOT IN removed_page
            GROUP BY CASE WHEN site IN (SELECT site FROM known) THEN site END
            ORDER BY 1""",
            [annotator],
        ).fetchall()
        return [row[0] for row in rows]

    @property
    def best_teacher(self) -> str | None:
        """The annotator who has finished the most pages; None if nobody has finished any."""
        row = self._db.execute(
            """SELECT name FROM progress JOIN annotator ON number = annotator
            WHERE status = 'done' AND pages > 0 ORDER BY pages DESC, name LIMIT 1"""
        ).fetchone()
        return row[0] if row else None

    def model(self, name: str, version: str) -> bytes | None:
        """The model kept under a name, if it was trained on this version of its pages."""
        row = self._db.execute(
            "SELECT bytes FROM model WHERE name = ? AND version = ?", [name, version]
        ).fetchone()
        return row[0] if row else None

    def forget_models(self, names: Iterable[str]) -> None:
        """Delete these models."""
        self._db.execute(
            "DELETE FROM model WHERE name IN (SELECT value FROM json_each(?))",
            [json.dumps(list(names))],
        )

    def keep_model(self, name: str, version: str, data: bytes) -> None:
        """Keep a model for the next start."""
        self._db.execute(
            "INSERT OR REPLACE INTO model VALUES (?, ?, ?, ?)", [name, version, data, now()]
        )


def _doubts_to_store(doubts: Mapping[int, float] | None) -> str | None:
    return None if doubts is None else json.dumps(dict(doubts))


def _doubts_from(stored: object) -> dict[int, float] | None:
    """The doubts of an offer; None if there are none, or what is stored is damaged."""
    try:
        return {int(block): float(doubt) for block, doubt in json.loads(str(stored)).items()}
    except (AttributeError, TypeError, ValueError, RecursionError):
        return None
