"""Duty brief 值班要情 and situation brief 情况简报: what came in, what is open, what is major, over a period; without exercises."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from domain.duty import Shift
from domain.incident_life import Incident
from domain.performance import CLOSED

PARTS = {
    "duty": ("totals", "major", "by_class", "by_town", "alarms", "feeds", "on_duty"),
    "situation": ("totals", "major", "by_class", "by_town", "alarms"),
}
"""Kind -> what it says, in this order."""


class Major(NamedTuple):
    """A major incident: how it stands, who is in charge, and what is due next (epoch ms, None: nothing)."""

    incident_id: str
    number: str
    title: str
    spine: str
    state: str
    lead: str
    clock: str
    due_at: int | None
    overdue: bool


class Brief(NamedTuple):
    """`by_class` and `by_town`: code -> received; `alarms`: severity -> active; `feeds`: names of those that are late."""

    since: int
    until: int
    totals: Mapping[str, int]
    major: Sequence[Major]
    by_class: Mapping[str, int]
    by_town: Mapping[str, int]
    alarms: Mapping[str, int]
    feeds: Sequence[str]
    on_duty: Sequence[Shift]


def brief(
    received: Iterable[Incident],
    standing: Iterable[Incident],
    town: Callable[[str], str],
    alarms: Iterable[Mapping[str, Any]],
    feeds: Mapping[str, Mapping[str, Any]],
    on_duty: Sequence[Shift],
    span: tuple[int, int],
    grades: Collection[str],
) -> Brief:
    """`received` in the span (from, to: epoch ms), `standing`: open at its end; `town` of a region's code; `feeds`: name -> health;

    `grades`: those that make an incident major.
    """
    since, until = span
    came, open_then = [one for one in received if not one.exercise], [one for one in standing if not one.exercise]
    totals = {
        "received": len(came),
        "closed": sum(one.state in CLOSED for one in came),
        "open": len(open_then),
        "overdue": sum(_overdue(one, until) for one in open_then),
    }
    by_class, by_town = Counter(one.class_code for one in came), Counter(town(one.region) for one in came)
    major = [_major(one, until) for one in open_then if is_major(one, grades)]
    major.sort(key=lambda one: (one.due_at is None, one.due_at or 0))
    lit = Counter(str(one["severity"]) for one in alarms if one.get("state") == "active")
    late = sorted(name for name, health in feeds.items() if _late(health, until))
    return Brief(since, until, totals, major, dict(by_class.most_common()), dict(by_town.most_common()), dict(lit), late, on_duty)


def is_major(one: Incident, grades: Collection[str]) -> bool:
    """An emergency of one of these grades or answered at a level, and anything critical."""
    return one.grade in grades or bool(one.response_level) or one.urgency == "critical"


def _overdue(one: Incident, now: int) -> bool:
    clock = one.pressing[1]
    return clock is not None and clock.due_at is not None and clock.due_at < now


def _major(one: Incident, now: int) -> Major:
    name, clock = one.pressing
    due = clock.due_at if clock else None
    return Major(one.incident_id, one.number, one.title, one.spine, one.state, one.lead, name or "", due, _overdue(one, now))


def _late(health: Mapping[str, Any], now: int) -> bool:
    """Its newest message is older than the longest that it is expected to be silent."""
    last, interval_s = health.get("last_message_at"), health.get("interval_s")
    return last is None or (interval_s is not None and now - last > interval_s * 1000)
