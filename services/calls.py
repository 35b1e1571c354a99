"""Who is called, and until when: critical alarms nobody acknowledges, critical incidents nobody accepts, tasks
nobody answers, warnings whose standing rule calls.

What waits longer than its template's `after_s` starts a calling down the roster; a calling ends when its thing waits no more.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from services.notices import Notices
from services.reactions import People

TEMPLATES = ("critical_alarm", "critical_incident", "task", "warning")
"""What is called about; each is an entry of notices.yaml."""


class Waiting(NamedTuple):
    """Something that waits for a person. `department` is whose roster is called, empty for the center's.

    `giver` is called about it by nobody: who gave an instruction does not wait for themselves.
    `turn`: 1, and one more for each time it was lit again: an acknowledgement expired, a maintenance silence ended.
    """

    thing: str
    template: str
    params: Mapping[str, Any]
    link: str
    department: str = ""
    turn: int = 1
    giver: str = ""


class WaitingStore(Protocol):
    """What waits (data_adapters/sql/waiting_repository.py)."""

    def due(self, template: str, before: int) -> list[Waiting]:
        """What has waited since `before` or longer, and was not called about in this turn; the oldest first, some at a time."""

    def over(self) -> list[str]:
        """Things that are called about and wait no more."""


class Calls:
    """One round after the other, by jobs.py."""

    def __init__(self, notices: Notices, people: People, store: WaitingStore) -> None:
        self._notices, self._people, self._store = notices, people, store

    def round(self, now: int) -> None:
        """End what is over, go on with what is being called, begin what has waited long enough."""
        for thing in self._store.over():
            self._notices.end(thing, now)
        self._notices.go_on(now)
        for template in TEMPLATES:
            since = now - round(self._notices.rule(template).after_s * 1000)
            for one in self._store.due(template, since):
                self._begin(one, now)

    def _begin(self, one: Waiting, now: int) -> None:
        chain, superior = self._chain(one, now)
        self._notices.call(chain, superior, one.thing, one.template, one.params, one.link, now, one.turn)

    def _chain(self, one: Waiting, now: int) -> tuple[Sequence[str], str]:
        chain, superior = self._people.chain(now, one.department)
        others = [name for name in chain if name != one.giver]
        return others, superior if superior != one.giver else ""
