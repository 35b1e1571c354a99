"""Watches feeds, gateways and cameras, and opens operations work orders about those that stay down. Run by jobs.py, by one or by two
leaders at once, through any kill: every step is a conditional write, and is made again from what is stored."""

import logging
from collections.abc import Mapping, Sequence

from domain.clocks import WorkingTime, start
from domain.event_time import to_datetime
from domain.identity import uuid7
from domain.upkeep import CLOSED, DOWN, OPEN, PENDING, UP, Order, Standing, UpkeepRule, rule_for, seen
from services.notices import Notices
from services.reactions import People
from services.upkeep_ports import OrderStore, StandingStore, Thing, Told, Watched

log = logging.getLogger("citydeck.upkeep")
RULE = "rule:upkeep"
TOLD = ("opened", "recovered", "relapsed", "reopened", "overdue", "return")
"""Of these the owner is told."""


class UpkeepWatch:
    """One a city. Loss and recovery are logged here, once each."""

    def __init__(
        self,
        watched: Sequence[Watched],
        standings: StandingStore,
        orders: OrderStore,
        rules: Sequence[UpkeepRule],
        working: WorkingTime,
        notices: Notices,
        people: People,
    ) -> None:
        self._watched, self._standings, self._orders, self._rules = watched, standings, orders, rules
        self._working, self._notices, self._people = working, notices, people

    def round(self, now: int) -> None:
        """Look at everything once."""
        for one in self._watched:
            things = one.things(now)
            for before, after in self._standings.observe(one.kind, things, now):
                _say(before, after)
            self._orders_of(one.kind, {thing.thing: thing for thing in things}, now)
        self.tell(now)

    def _orders_of(self, kind: str, things: Mapping[str, Thing], now: int) -> None:
        standings, held = self._standings.now_of(kind), self._orders.latest(kind)
        for name, thing in things.items():
            rule, standing, order = rule_for(self._rules, kind, name, thing.group), standings.get(name), held.get(name)
            if rule is None or standing is None:
                continue
            if order is not None:
                order = self._noted(order, standing, rule, now)
            if order is None or order.state == CLOSED:
                self._open(kind, thing, rule, standing, now)

    def _noted(self, order: Order, standing: Standing, rule: UpkeepRule, now: int) -> Order:
        found = seen(order, standing, rule, now)
        if found is None:
            return self._overdue(order, now) if order.state in OPEN else order
        deed, after = found
        if deed == "reopened":
            after = self._with_deadline(after, rule, now)
        data = {"since": standing.since, "why": standing.why}
        return after if self._save(order, after, deed, data, now) else order._replace(state=PENDING)

    def _overdue(self, order: Order, now: int) -> Order:
        """Say once for each deadline that it has passed."""
        if order.due_at is None or now <= order.due_at or order.recovered_at is not None:
            return order
        if any(one.deed == "overdue" and one.data.get("due_at") == order.due_at for one in self._orders.events(order.order_id, now)):
            return order
        after = order._replace(version=order.version + 1)
        return after if self._save(order, after, "overdue", {"due_at": order.due_at}, now) else order

    def _open(self, kind: str, thing: Thing, rule: UpkeepRule, standing: Standing, now: int) -> None:
        if standing.state != DOWN or now - standing.since < rule.down_for_s * 1000:
            return
        order = Order(
            str(uuid7(now)), "", 1, kind, thing.thing, thing.name, thing.region, thing.department, rule.name, rule.owner, rule.vendor,
            standing.why, PENDING, standing.since, now, None, "",
        )  # fmt: skip
        self._orders.open(self._with_deadline(order, rule, now), now)

    def _with_deadline(self, order: Order, rule: UpkeepRule, now: int) -> Order:
        clock = start("upkeep", rule.deadline, now, self._working)
        return order._replace(due_at=clock.due_at, due_note=clock.note)

    def _save(self, before: Order, after: Order, deed: str, data: Mapping[str, object], now: int) -> bool:
        return self._orders.save(before, after, Told(before.order_id, after.version, now, RULE, deed, after.state, data))

    def tell(self, now: int) -> int:
        """Tell the owners what they have not been told; returns how many notices were new. Told twice by two leaders it is one notice."""
        said = 0
        for order, events in self._orders.untold():
            for event in events:
                if event.deed in TOLD:
                    said += self._notices.tell(self._owners(order), *_notice(order, event), now)
            self._orders.was_told(order.order_id, events[-1].version)
        return said

    def _owners(self, order: Order) -> Sequence[str]:
        kind, _, name = order.owner.partition(":")
        if kind == "user":
            return [name]
        return self._people.of(name, [order.department] if order.department else [], order.region)


def _notice(order: Order, event: Told) -> tuple[str, str, dict[str, object], str]:
    """Thing, template, params and link."""
    params: dict[str, object] = {"number": order.number, "name": order.name, "why": order.why, "vendor": order.vendor}
    return f"upkeep:{order.order_id}:{event.version}", f"upkeep_{event.deed}", params, f"/upkeep?order={order.order_id}"


def _say(before: Standing | None, after: Standing) -> None:
    """A loss and a recovery are logged once each: the row that was written is the memory of it."""
    if after.state == DOWN:
        log.warning("%s %s is down since %s: %s", after.kind, after.thing, to_datetime(after.since).isoformat(), after.why)
    elif after.state == UP and before is not None and before.state == DOWN:
        log.info("%s %s is up again, after %.0f s", after.kind, after.thing, (after.since - before.since) / 1000)
