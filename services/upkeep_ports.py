"""What operations work orders need from outside. Times are epoch milliseconds."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from domain.registry import Region
from domain.upkeep import Order, Rate, Standing


class Thing(NamedTuple):
    """Something that is watched, as it is now: `up`, `down` or `unknown`, since when its source says so (None: it doesn't), and why.

    `group`: what a rule's `of` may name. `region` and `department` are empty for what is the whole city's.
    """

    thing: str
    name: str
    group: str
    state: str
    since: int | None = None
    why: str = ""
    region: str = ""
    department: str = ""


class Watched(Protocol):
    """The things of one kind. A new kind joins by one of these in data_adapters/upkeep_wiring.py."""

    kind: str

    def things(self, now: int) -> Sequence[Thing]:
        """All that the city has. Raises what its store raises: then nothing is known this time."""


class StandingStore(Protocol):
    """Since when things were up or down, and when anybody watched (data_adapters/sql/standing_repository.py)."""

    def observe(self, kind: str, things: Sequence[Thing], now: int) -> Sequence[tuple[Standing | None, Standing]]:
        """Keep what is seen now, things that are no more as unknown; what changed: before (None: never seen) and now."""

    def now_of(self, kind: str) -> Mapping[str, Standing]:
        """Thing -> how it is."""

    def of(self, kind: str, thing: str, since: int, until: int) -> Sequence[Standing]:
        """How it was, oldest first, as known at `until`."""

    def rate(self, kind: str, thing: str, since: int, until: int) -> Rate:
        """Its online rate."""


class Told(NamedTuple):
    """One event of an order's history, append-only."""

    order_id: str
    version: int
    at: int
    actor: str
    deed: str
    state: str
    data: Mapping[str, Any]


class OrderStore(Protocol):
    """The orders and their history (data_adapters/sql/upkeep_repository.py)."""

    def open(self, order: Order, at: int) -> bool:
        """A new order without number and its first event; False when its thing has an open one."""

    def save(self, before: Order, after: Order, event: Told) -> bool:
        """The order's next version and its event; False when it has gone on meanwhile, or its thing has another open one."""

    def latest(self, kind: str) -> Mapping[str, Order]:
        """Thing -> its open order, or the one that was closed last."""

    def find(self, order_id: str) -> Order | None:
        """One by its id; None too for what is no id."""

    def listed(self, at: int, closed_since: int) -> Sequence[Order]:
        """Those open at that moment, and those closed after `closed_since`, newest first, as they were known then."""

    def events(self, order_id: str, at: int) -> Sequence[Told]:
        """An order's history until then, oldest first."""

    def untold(self) -> Sequence[tuple[Order, Sequence[Told]]]:
        """Orders of whose newer events nobody was told yet, with these events."""

    def was_told(self, order_id: str, version: int) -> None:
        """The owner was told of all up to this version."""


class Places(Protocol):
    """The regions of the city (services/register.py)."""

    def regions(self, at: int | None = None) -> Mapping[str, Region]: ...
