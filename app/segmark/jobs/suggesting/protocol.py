"""The messages between the window and the worker process that makes suggestions."""

from dataclasses import dataclass

from segmark.store.suggestions import Offer


@dataclass(frozen=True, slots=True)
class SuggestNow:
    """Asks for the suggestions of a page; ``turn`` tells requests for the same page apart."""

    page: int
    turn: int


@dataclass(frozen=True, slots=True)
class Prefetch:
    """A page is shown: prepare what will be needed when it is finished, however it is labelled."""

    page: int
    following: int


@dataclass(frozen=True, slots=True)
class LookAhead:
    """A page is being labelled: prepare the suggestions of the page after it."""

    page: int
    following: int


@dataclass(frozen=True, slots=True)
class Suggested:
    """The suggestions that a request asked for."""

    request: SuggestNow
    offer: Offer


@dataclass(frozen=True, slots=True)
class GaveUp:
    """The worker process has ended by itself too often; no more suggestions will come."""


WorkerRequest = SuggestNow | Prefetch | LookAhead
WorkerReply = Suggested | GaveUp
