"""Operations work orders 运维工单: how long a thing was up, and the life of an order about one that stays down. Pure.

An order is opened, sees its thing recover and fall ill again by itself; a person takes it, says it is mended, and another one closes it.
Deadlines count by the city's working time (domain/clocks.py).
"""

from collections.abc import Sequence
from typing import NamedTuple

from domain.clocks import Allowance

KINDS = ("feed", "gateway", "camera")
UP, DOWN, UNKNOWN = "up", "down", "unknown"
GONE = "gone"
"""Why nothing is known of a thing that the city does not have any more."""
PENDING, WORKING, CONFIRMING, CLOSED = "pending", "working", "confirming", "closed"
STATES = (PENDING, WORKING, CONFIRMING, CLOSED)
"""待处理, 处理中, 待确认, 已关闭."""
OPEN = (PENDING, WORKING, CONFIRMING)


class Standing(NamedTuple):
    """A thing was so from `since` to `until` (epoch ms; None: it still is), and why."""

    kind: str
    thing: str
    state: str
    since: int
    until: int | None
    why: str = ""


class Rate(NamedTuple):
    """For how long (ms) of a period a thing was up and down; the rest of it nobody knows."""

    up_ms: int
    down_ms: int
    period_ms: int

    @property
    def share(self) -> float | None:
        """The online rate of the time that is known, 0 to 1; None where nothing is."""
        known = self.up_ms + self.down_ms
        return self.up_ms / known if known else None

    @property
    def unknown_share(self) -> float:
        """The part of the period of which nothing is known."""
        return 1 - (self.up_ms + self.down_ms) / self.period_ms if self.period_ms else 1.0


def rate(standings: Sequence[Standing], watched: Sequence[tuple[int, int]], since: int, until: int) -> Rate:
    """The online rate from `since` to `until`; only what lies in a span in which somebody watched is known."""
    spent = {UP: 0, DOWN: 0}
    for one in standings:
        for begins, ends in watched if one.state in spent else ():
            end = until if one.until is None else min(one.until, until)
            spent[one.state] += max(0, min(end, ends) - max(one.since, begins, since))
    return Rate(spent[UP], spent[DOWN], until - since)


class UpkeepRule(NamedTuple):
    """When an order is opened, and about what (config/upkeep.yaml). `of`: adapters, device kinds or platforms; `things`: single ones;
    both empty: all of the kind. `owner`: `role:NAME` or `user:NAME`."""

    name: str
    kind: str
    of: tuple[str, ...]
    things: tuple[str, ...]
    down_for_s: float
    owner: str
    vendor: str
    deadline: Allowance
    reopen_within_s: float

    def fit(self, kind: str, thing: str, group: str) -> int:
        """How exactly the rule is about this thing: 0 not at all, 1 by its kind, 2 by its group, 3 by its name."""
        if kind != self.kind or (self.things and thing not in self.things) or (self.of and group not in self.of):
            return 0
        return 3 if self.things else 2 if self.of else 1


def rule_for(rules: Sequence[UpkeepRule], kind: str, thing: str, group: str) -> UpkeepRule | None:
    """The rule that is most exactly about the thing."""
    fitting = [(fit, rule) for rule in rules if (fit := rule.fit(kind, thing, group))]
    return max(fitting, key=lambda one: one[0])[1] if fitting else None


class Order(NamedTuple):
    """An operations work order as it is. Times are epoch ms; `due_note`: why the deadline could not be counted."""

    order_id: str
    number: str
    version: int
    kind: str
    thing: str
    name: str
    region: str
    department: str
    rule: str
    owner: str
    vendor: str
    why: str
    state: str
    down_since: int
    opened_at: int
    due_at: int | None
    due_note: str
    recovered_at: int | None = None
    closed_at: int | None = None
    closed_by: str = ""
    handled_by: tuple[str, ...] = ()
    relapses: int = 0


class NotPossible(ValueError):
    """The deed does not fit; the text is a code that the screens have words for."""


class Move(NamedTuple):
    """What a person may do: from which states to which (empty: it stays), by which right; `note`: words are needed."""

    deed: str
    before: tuple[str, ...]
    after: str
    right: str
    note: bool = False


MOVES = (
    Move("take", (PENDING,), WORKING, "handle_upkeep"),
    Move("mended", (WORKING,), CONFIRMING, "handle_upkeep", note=True),
    Move("note", OPEN, "", "handle_upkeep", note=True),
    Move("return", (CONFIRMING,), WORKING, "close_upkeep", note=True),
    Move("close", (CONFIRMING,), CLOSED, "close_upkeep"),
    Move("void", OPEN, CLOSED, "close_upkeep", note=True),
)
BY_ITSELF = ("opened", "recovered", "relapsed", "reopened", "overdue")
HANDLING = frozenset({"take", "mended"})


def done(order: Order, deed: str, actor: str, note: str, standing: Standing | None, now: int) -> Order:
    """The order after a person's deed. Raises NotPossible.

    Nobody closes what they handled, nor while it is down; `void` is for a thing that the city does not have any more.
    """
    move = next((one for one in MOVES if one.deed == deed), None)
    if move is None or order.state not in move.before:
        raise NotPossible("not_now")
    if move.note and not note.strip():
        raise NotPossible("needs_note")
    for code, holds in _guards(order, actor, standing).items():
        if holds and deed in GUARDED[code]:
            raise NotPossible(code)
    after = order._replace(version=order.version + 1, state=move.after or order.state)
    if deed in HANDLING:
        after = after._replace(handled_by=tuple(dict.fromkeys((*order.handled_by, actor))))
    return after._replace(closed_at=now, closed_by=actor) if after.state == CLOSED else after


GUARDED = {
    "not_recovered": frozenset({"close"}),
    "own_work": frozenset({"close"}),
    "still_there": frozenset({"void"}),
}
"""What stands in the way of which deed."""


def _guards(order: Order, actor: str, standing: Standing | None) -> dict[str, bool]:
    return {
        "not_recovered": order.recovered_at is None or (standing is not None and standing.state == DOWN),
        "own_work": actor in order.handled_by,
        "still_there": standing is not None and standing.why != GONE,
    }


def seen(order: Order, standing: Standing, rule: UpkeepRule, now: int) -> tuple[str, Order] | None:
    """What an order notes by itself about its thing: the deed and the order after it; None when there is nothing new."""
    again = order._replace(
        version=order.version + 1,
        state=PENDING,
        recovered_at=None,
        relapses=order.relapses + 1,
        down_since=standing.since,
        why=standing.why,
    )
    if order.state == CLOSED:
        if standing.state != DOWN or now - standing.since < rule.down_for_s * 1000 or not _recent(order, standing, rule):
            return None
        return "reopened", again._replace(closed_at=None, closed_by="")
    if standing.state == UP and order.recovered_at is None:
        return "recovered", order._replace(version=order.version + 1, state=CONFIRMING, recovered_at=max(standing.since, order.down_since))
    if standing.state == DOWN and order.recovered_at is not None:
        return "relapsed", again
    return None


def _recent(order: Order, standing: Standing, rule: UpkeepRule) -> bool:
    return order.closed_at is not None and standing.since - order.closed_at <= rule.reopen_within_s * 1000
