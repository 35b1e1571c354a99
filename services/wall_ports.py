"""What steering a wall needs from outside. Times are epoch milliseconds."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from domain.wall_state import WallState
from services.account_ports import AuditEntry


class Asked(NamedTuple):
    """What is asked of a wall, by whom and since when."""

    state: WallState
    by: str = ""
    at: int = 0


class Shown(NamedTuple):
    """What a browser says it shows: `screen` is its paired screen's id, or `user:<username>` of somebody signed in."""

    screen: str
    wall: str
    shown: Mapping[str, Any]
    at: int


class WallStore(Protocol):
    """What is asked of walls and what they show (data_adapters/sql/wall_repository.py)."""

    def asked(self, wall: str) -> Asked:
        """The state of now; version 0 while nobody has asked for anything."""

    def change(self, wall: str, to: Callable[[WallState], WallState], entry: Callable[[WallState], AuditEntry]) -> WallState:
        """Replace the state by `to(state)` and write the entry, one transaction; two at once come one after the other."""

    def report(self, shown: Shown) -> None:
        """Keep what a browser shows; what was not renewed for a day is forgotten."""

    def shown(self, wall: str, since: int) -> Sequence[Shown]:
        """What was reported of this wall since then, by screen."""


class Nudge(Protocol):
    """Tells every browser that something about a wall has changed, within a fraction of a second (data_adapters/wall_news.py)."""

    def __call__(self, wall: str, version: int) -> None: ...
