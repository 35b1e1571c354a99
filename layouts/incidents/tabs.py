"""The queue's tabs: what is owed, what waits for an approval, what runs out of time, and what is owed by whoever looks."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from domain.access import Actor
from domain.incident_states import SPINES
from domain.incidents import OF_SPINE


class Tab(NamedTuple):
    """`steps` are `spine.state`; none of them means any. `flag` is a field of services.incident_ports.Query that must hold."""

    name: str
    steps: tuple[str, ...] = ()
    flag: str = ""
    open: bool | None = True


def _owing(*owed: str) -> tuple[str, ...]:
    """The steps whose state is owed by one of these names (DOMAIN: states are labelled by what is owed)."""
    return tuple(f"{spine}.{state.code}" for spine, states in SPINES.items() for state in states if state.open and state.owed_en in owed)


MINE, ALL = "mine", "all"
TABS = (
    Tab(MINE),
    Tab("intake", _owing("awaiting intake")),
    Tab("verification", _owing("awaiting verification")),
    Tab("filing", _owing("awaiting filing")),
    Tab("dispatch", _owing("awaiting dispatch", "awaiting assignment")),
    Tab("acceptance", _owing("awaiting acceptance")),
    Tab("handling", _owing("being handled")),
    Tab("check", _owing("awaiting check")),
    Tab("call_back", _owing("awaiting call-back")),
    Tab("closing", _owing("awaiting closing", "awaiting completion")),
    Tab("emergency", tuple(f"emergency.{state.code}" for state in SPINES["emergency"] if state.open)),
    Tab("approval", flag="proposed"),
    Tab("near_due", flag="near_due"),
    Tab("overdue", flag="overdue"),
    Tab("contradicted", flag="contradicted"),
    Tab("supervised", flag="supervised"),
    Tab(ALL),
    Tab("ended", open=False),
)
BREAKS = frozenset({"intake", "approval", ALL})
"""Tabs before which the rail leaves a gap: mine, the steps, what presses, everything."""
BY_NAME = {tab.name: tab for tab in TABS}
STILL_OPEN = frozenset(f"{spine}.{state.code}" for spine, states in SPINES.items() for state in states if state.open)
WARNS = frozenset({"overdue", "near_due", "contradicted"})


ASIDE = frozenset({"return", "reassign", "decline", "decline_filing", "rework", "redo", "stand_down"})
"""Deeds that lead off the way: nobody owes them."""


def steps_of(actor: Actor) -> tuple[str, ...]:
    """The steps that somebody of these roles takes further: what is owed by them."""
    ahead = [(spine, one) for spine, deeds in OF_SPINE.items() for one in deeds if one.to is not None and one.deed not in ASIDE]
    owing = {f"{spine}.{state}" for spine, one in ahead if one.roles & actor.roles for state in one.start}
    return tuple(sorted(owing & STILL_OPEN))


def tab_of(name: Any, actor: Actor) -> Tab:
    """The tab of that name as `actor` has it; all for an unknown one."""
    tab = BY_NAME.get(name if isinstance(name, str) else "", BY_NAME[ALL])
    return tab._replace(steps=steps_of(actor)) if tab.name == MINE else tab


def holds(tab: Tab, one: Mapping[str, Any], now: int) -> bool:
    """Whether an open incident of the live picture belongs on the tab; the SQL of incident_lists.py says the same.

    `contradicted` is what the picture can't say of an incident: it is said to be done, and an alarm of it is still active.
    """
    if tab.open is False or (tab.steps and f"{one['spine']}.{one['state']}" not in tab.steps):
        return False
    return FLAGS[tab.flag](one, now) if tab.flag else bool(tab.steps) or tab.name != MINE


def counts(found: Iterable[Mapping[str, Any]], actor: Actor, now: int) -> dict[str, int]:
    """Tab -> how many open incidents are on it."""
    tabs = [tab_of(tab.name, actor) for tab in TABS]
    held = dict.fromkeys((tab.name for tab in tabs), 0)
    for one in found:
        for tab in tabs:
            held[tab.name] += holds(tab, one, now)
    return held


def _running(one: Mapping[str, Any]) -> bool:
    return not one["paused"] and one["due_at"] is not None


FLAGS: dict[str, Callable[[Mapping[str, Any], int], bool]] = {
    "proposed": lambda one, now: bool(one["proposals"]),
    "near_due": lambda one, now: _running(one) and one["near_at"] is not None and one["near_at"] <= now <= one["due_at"],
    "overdue": lambda one, now: _running(one) and one["due_at"] < now,
    "supervised": lambda one, now: bool(one["supervised"]),
    "contradicted": lambda one, now: bool(one.get("contradicted")),
}
