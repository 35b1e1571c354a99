"""What public warnings need from outside, and what they are once they are held."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, Protocol

from domain.warning_rules import Place, Placed
from domain.warnings import Standing, Warned


class Heard(NamedTuple):
    """A statement as it is held: its own id and printed number (empty until it is kept), the feed that brought it, when that was (epoch
    ms), where it holds."""

    warning_id: str
    number: str
    feed: str
    said: Warned
    placed: Placed
    heard_at: int


class Judged(NamedTuple):
    """What a warning is now, and which standing rules it has set off."""

    warning_id: str
    standing: Standing
    rules: tuple[str, ...]
    call: bool


class Reached(NamedTuple):
    """How the calling about a warning goes: its state (domain/notices.py), who is called, who answered and when."""

    state: str
    person: str
    answered_by: str
    answered_at: int | None


class Shelter(NamedTuple):
    """A resource that a standing rule lists: a shelter with its room, a hospital, a store."""

    name: str
    kind: str
    region: str
    phone: str
    capacity: int | None
    free: int | None


class WarningStore(Protocol):
    """Statements in the database (data_adapters/sql/warning_repository.py)."""

    def keep(self, tx: Any, heard: Iterable[Heard]) -> None:
        """Write statements in the transaction of whoever deals with their events. One that is there already stays as it is."""

    def held(self, until: int | None = None) -> Sequence[Heard]:
        """Statements that may still matter: in force, unclear or ahead when last judged, said in the last days, or not yet judged; with
        `until` (epoch ms) those of around that moment that had been heard by then."""

    def judge(self, judged: Iterable[Judged], now: int) -> None:
        """Write what they are. When a rule that calls is set off for the first time, that moment is kept."""

    def reached(self, warning_ids: Iterable[str]) -> dict[str, Reached]:
        """How the callings about these go, by warning."""

    def places(self) -> Sequence[Place]:
        """The city's regions with their outlines."""

    def resources(self, kinds: Iterable[str]) -> Sequence[Shelter]:
        """The city's resources of these kinds as they are now, by name."""


class OwnStore(Protocol):
    """Where the city's own warnings are kept."""

    def add(self, heard: Heard) -> Heard:
        """Write one; returns it with its number."""

    def find(self, warning_id: str) -> Heard | None:
        """One statement, whatever it is now."""

    def held(self, until: int | None = None) -> Sequence[Heard]:
        """As WarningStore.held."""
