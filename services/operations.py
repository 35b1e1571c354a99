"""How the house itself stands, for the system administrator: parts, feeds, disk, workers, versions, settings as read."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from domain.access import Actor, Forbidden
from services.state_of_affairs import StateOfAffairs


class FeedState(NamedTuple):
    """One feed since the city began; `last_message_at` is epoch ms, None: it has never said anything."""

    feed: str
    last_message_at: int | None
    stored: int
    duplicate: int
    rejected: int


class WorkerState(NamedTuple):
    """One ingest worker: seconds behind, and when it last said so (epoch ms)."""

    worker: int
    lag_s: float
    beat_at: int


class Setting(NamedTuple):
    """A setting as it was read, passwords hidden; `given` when somebody set it."""

    name: str
    value: str
    given: bool


class Sizes(NamedTuple):
    """Bytes: the database, what Redis holds, the disk's free and whole space."""

    database: int
    redis: int
    disk_free: int
    disk_total: int


class HouseFacts(Protocol):
    """data_adapters/house_facts.py. Methods may raise anything when an engine is gone."""

    def feeds(self) -> Sequence[FeedState]: ...

    def workers(self) -> Sequence[WorkerState]: ...

    def sizes(self) -> Sizes: ...

    def versions(self) -> Mapping[str, str]:
        """Name of a part -> its version."""

    def settings(self) -> Sequence[Setting]:
        """What config/settings.py read, in its order."""


class Operations:
    """Reads for one role. Each raises Forbidden for everybody else."""

    def __init__(self, facts: HouseFacts, affairs: StateOfAffairs) -> None:
        self._facts = facts
        self._affairs = affairs

    def failing(self, actor: Actor) -> dict[str, str]:
        """Part -> why it fails; empty when everything works."""
        _system(actor)
        return self._affairs.ready()

    def feeds(self, actor: Actor) -> Sequence[FeedState]:
        """Every feed that ever said something, by name."""
        _system(actor)
        return self._facts.feeds()

    def workers(self, actor: Actor) -> Sequence[WorkerState]:
        """The ingest workers, by number."""
        _system(actor)
        return self._facts.workers()

    def sizes(self, actor: Actor) -> Sizes:
        """What is used of what there is."""
        _system(actor)
        return self._facts.sizes()

    def versions(self, actor: Actor) -> Mapping[str, str]:
        """Of this program, its engines and the libraries that matter."""
        _system(actor)
        return self._facts.versions()

    def settings(self, actor: Actor) -> Sequence[Setting]:
        """As they were read at the start."""
        _system(actor)
        return self._facts.settings()


def _system(actor: Actor) -> None:
    if not actor.may("read_system"):
        raise Forbidden("read_system")
