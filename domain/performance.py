"""Case performance 考评指标: how handling units, towns and posts did, from the incidents' own events (DOMAIN, Clocks).

Exercises and what was approved to be carried 挂账 don't count. A share without a case to divide by is None, never 0 or 100 %.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from domain.incident_life import Incident
from domain.incident_limits import Scoring

CLOSED = frozenset({"closed", "evaluated", "completed", "archived", "reviewed"})
POSTS = {
    "verify": "operator",
    "file": "duty_officer",
    "dispatch": "dispatcher",
    "handle": "handler",
    "check": "operator",
    "call_back": "operator",
}
"""Clock -> the role whose step it counts 岗位: filing waits for the shift leader, checking and calling back are the watch's."""


class Compared(NamedTuple):
    """`rows`, the most incidents first; `tiers`: the keys of those with a figure, the best tier first."""

    rows: list["Performance"]
    tiers: list[list[str]]


class Performance(NamedTuple):
    """One unit's figures; shares are 0 to 1. `per_10k`: incidents per ten thousand inhabitants, None where nobody has counted them."""

    key: str
    incidents: int
    closed: int
    on_time: float | None
    closing: float | None
    rework: float | None
    returned: float | None
    signed: float | None
    satisfied: float | None
    redone: float | None
    per_10k: float | None = None


def performance(
    incidents: Iterable[Incident], key: Callable[[Incident], Iterable[str]], scoring: Scoring, people: Mapping[str, float] | None = None
) -> Compared:
    """Per key (lead unit, town …). `people`: key -> inhabitants in units of ten thousand."""
    groups = _groups(incidents, key)
    rows = [_row(name, members, scoring.satisfied, (people or {}).get(name)) for name, members in groups.items()]
    return Compared(sorted(rows, key=lambda row: (-row.incidents, row.key)), _tiers(rows, scoring.tiers))


def by_post(incidents: Iterable[Incident]) -> Compared:
    """Per post (a role of POSTS): how many incidents had a step of it, and the share of its steps that ended in time. Posts do different
    work, so they stand in no tiers."""
    groups = _groups(incidents, lambda one: dict.fromkeys(POSTS[clock] for clock in one.clocks if clock in POSTS))
    rows = [_post_row(post, members) for post, members in groups.items()]
    return Compared(sorted(rows, key=lambda row: (-row.incidents, row.key)), [])


def _groups(incidents: Iterable[Incident], key: Callable[[Incident], Iterable[str]]) -> dict[str, list[Incident]]:
    groups: dict[str, list[Incident]] = {}
    for incident in incidents:
        if not incident.exercise and not incident.carried:
            for name in key(incident):
                groups.setdefault(name, []).append(incident)
    return groups


def _post_row(post: str, members: Sequence[Incident]) -> Performance:
    ended = [clock for one in members for name, clock in one.clocks.items() if POSTS.get(name) == post and clock.ended_at is not None]
    nothing: dict[str, None] = dict.fromkeys(("closing", "rework", "returned", "signed", "satisfied", "redone"))
    closed = sum(one.state in CLOSED for one in members)
    return Performance(post, len(members), closed, _share(sum(one.used_ms <= one.allowed_ms for one in ended), len(ended)), **nothing)


def _row(name: str, members: Sequence[Incident], satisfied: int, people: float | None) -> Performance:
    given = [one for one in members if one.lead or one.returns]
    handled = [one.clocks["handle"] for one in members if "handle" in one.clocks and one.clocks["handle"].ended_at is not None]
    closed = [one for one in members if one.state in CLOSED]
    cases, orders = [one for one in closed if one.spine == "case"], [one for one in members if one.spine == "order"]
    scored = [one for one in members if one.score is not None]
    return Performance(
        name,
        len(members),
        len(closed),
        _share(sum(clock.used_ms <= clock.allowed_ms for clock in handled), len(handled)),
        _share(len(closed), len(members)),
        _share(sum(one.reworks > 0 for one in cases), len(cases)),
        _share(sum(bool(one.returns) for one in given), len(given)),
        _share(sum(bool(one.handled_by) for one in given), len(given)),
        _share(sum((one.score or 0) >= satisfied for one in scored), len(scored)),
        _share(sum(one.reworks > 0 for one in orders), len(orders)),
        None if not people else round(len(members) / people, 3),
    )


def _share(part: int, whole: int) -> float | None:
    return None if not whole else round(part / whole, 4)


def _tiers(rows: Sequence[Performance], many: int) -> list[list[str]]:
    """By what was done in time, in tiers of about the same size: places are compared in bands, not by a rank that chance makes."""
    known = sorted((row for row in rows if row.on_time is not None), key=lambda row: (-(row.on_time or 0.0), row.key))
    size, rest = divmod(len(known), many)
    found, start = [], 0
    for number in range(many):
        end = start + size + (number < rest)
        found.append([row.key for row in known[start:end]])
        start = end
    return found
