"""What other systems stated, dealt with by those whom it concerns: every event once, soon after it was stored, whoever is killed.

A consumer writes what it makes of an event in the transaction that moves its cursor: both happen, or neither does.
"""

from collections.abc import Callable, Collection, Sequence
from typing import Any, Protocol

from services.ports import FeedEvent

AT_ONCE = 200

Deal = Callable[[Any, Sequence[FeedEvent]], object]
"""Writes what is made of the events in the transaction that it is given. What it raises leaves everything as it was, for the next round."""


class EventQueue(Protocol):
    """The stored events in an order that no late commit can disturb (data_adapters/sql/event_queue.py)."""

    def deal(self, consumer: str, kinds: Collection[str], most: int, deal: Deal) -> int:
        """Give the next events of `kinds` (at most `most`) that `consumer` has not dealt with; returns how many. A consumer never seen
        before begins with the oldest that is kept."""


class Consumer:
    """One consumer's turn, for jobs.py: `Consumer(queue, "appeals", {"order"}, deal).round(now)`."""

    def __init__(self, queue: EventQueue, name: str, kinds: Collection[str], deal: Deal) -> None:
        self._queue, self._name, self._kinds, self._deal = queue, name, frozenset(kinds), deal

    def round(self, now: int) -> int:
        """Deal with all that has come; returns how many events there were."""
        dealt = 0
        while found := self._queue.deal(self._name, self._kinds, AT_ONCE, self._deal):
            dealt += found
            if found < AT_ONCE:
                break
        return dealt
