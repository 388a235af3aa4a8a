"""What the window and the process that makes suggestions say to one another."""

from dataclasses import dataclass

from segmark.store.suggestions import Offer


@dataclass(frozen=True, slots=True)
class SuggestNow:
    """The suggestions of a page are wanted now; ``turn`` tells questions apart."""

    page: int
    turn: int


@dataclass(frozen=True, slots=True)
class Read:
    """A page is shown: what finishing it asks for, however it is labelled, can be made ready."""

    page: int
    following: int


@dataclass(frozen=True, slots=True)
class LookAhead:
    """A page is worked on: once it is finished, those of the following page will be wanted."""

    page: int
    following: int


@dataclass(frozen=True, slots=True)
class Made:
    """The suggestions that were asked for."""

    ask: SuggestNow
    offer: Offer


@dataclass(frozen=True, slots=True)
class GaveUp:
    """The process ended by itself once too often; no suggestions are made any more."""


WorkerRequest = SuggestNow | Read | LookAhead
WorkerReply = Made | GaveUp
