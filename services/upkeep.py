"""Operations work orders for people: listed, looked at, taken, mended, closed. Every deed is audited, the history only grows."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from domain.access import Actor, Forbidden
from domain.registry import Region, ancestors
from domain.upkeep import MOVES, OPEN, NotPossible, Order, Rate, Standing, done
from services.audit import Audit
from services.feed_health import PERIODS_MS
from services.upkeep_ports import OrderStore, StandingStore, Told

SEEN_MS = 7 * 86_400_000
"""A closed order is listed for a week."""
LONGEST_NOTE = 1_000


class Seen(NamedTuple):
    """An order in full: its history, how its thing does now, its online rates by period, and what the actor may do."""

    order: Order
    events: Sequence[Told]
    standing: Standing | None
    rates: Mapping[str, Rate]
    deeds: Sequence[str]


class Upkeep:
    """Of one city."""

    def __init__(self, orders: OrderStore, standings: StandingStore, audit: Audit, regions: Callable[[], Mapping[str, Region]]) -> None:
        self._orders, self._standings, self._audit, self._regions = orders, standings, audit, regions

    def listed(self, actor: Actor, at: int) -> list[Order]:
        """Open orders, and those closed within a week, in the actor's scope; those that wait first, then by deadline. Raises Forbidden."""
        _may_read(actor)
        found = [one for one in self._orders.listed(at, at - SEEN_MS) if self._sees(actor, one)]
        return sorted(found, key=lambda one: (ORDER.index(one.state), one.due_at or one.opened_at, one.order_id))

    def open_by_state(self, at: int) -> dict[str, int]:
        """Open orders by state: for the program itself."""
        found = Counter(one.state for one in self._orders.listed(at, at))
        return {state: found[state] for state in OPEN}

    def one(self, actor: Actor, order_id: str, at: int) -> Seen:
        """An order as it was known then. Raises Forbidden, LookupError for none or one outside the scope."""
        _may_read(actor)
        order = next((one for one in self._orders.listed(at, 0) if one.order_id == order_id and self._sees(actor, one)), None)
        if order is None:
            raise LookupError(order_id)
        standing = next(iter(reversed(self._standings.of(order.kind, order.thing, order.down_since, at))), None)
        rates = {name: self._standings.rate(order.kind, order.thing, at - span, at) for name, span in PERIODS_MS.items()}
        return Seen(order, self._orders.events(order_id, at), standing, rates, self._deeds(actor, order, standing, at))

    def act(self, actor: Actor, order_id: str, deed: str, note: str, now: int) -> Order:
        """Do something with an order. Raises Forbidden, LookupError, NotPossible with a code."""
        _may_read(actor)
        order = self._orders.find(order_id)
        if order is None or not self._sees(actor, order):
            raise LookupError(order_id)
        move = next((one for one in MOVES if one.deed == deed), None)
        if move is None or not actor.may(move.right) or not self._owns(actor, order):
            self._audit.record(actor.username, "upkeep", now, object=order_id, outcome="refused", detail={"deed": deed})
            raise Forbidden("no role of yours has this right, or the order is the whole city's and your scope is limited")
        after = done(order, deed, actor.username, note, self._standings.now_of(order.kind).get(order.thing), now)
        data = {"note": note.strip()[:LONGEST_NOTE]} if note.strip() else {}
        if not self._orders.save(order, after, Told(order_id, after.version, now, actor.username, deed, after.state, data)):
            raise NotPossible("changed")
        self._audit.record(actor.username, "upkeep", now, object=order_id, detail={"deed": deed, **data})
        return after

    def _deeds(self, actor: Actor, order: Order, standing: Standing | None, at: int) -> list[str]:
        return [
            one.deed for one in MOVES if actor.may(one.right) and self._owns(actor, order) and _fits(order, one.deed, actor, standing, at)
        ]

    def _sees(self, actor: Actor, order: Order) -> bool:
        """One without a place is the whole city's, and everybody's who reads operations."""
        if actor.departments and order.department and order.department not in actor.departments:
            return False
        place = ancestors(order.region, dict(self._regions())) if order.region else ()
        return not actor.regions or not order.region or bool(actor.regions.intersection(place))

    def _owns(self, actor: Actor, order: Order) -> bool:
        """Whether all that the order is about lies in the scope: nobody of one town works on what is the whole city's."""
        return (bool(order.region) or not actor.regions) and (bool(order.department) or not actor.departments)


ORDER = ("pending", "confirming", "working", "closed")
"""What waits for somebody first."""


def _fits(order: Order, deed: str, actor: Actor, standing: Standing | None, at: int) -> bool:
    try:
        done(order, deed, actor.username, "-", standing, at)
    except NotPossible:
        return False
    return True


def _may_read(actor: Actor) -> None:
    if not actor.may("read_operations"):
        raise Forbidden("read_operations")
