"""Review 总结评估 of an incident that is over or dealt with: what each clock allowed and used, who was told, what was late."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from domain.clocks import Standing
from domain.incident_life import Event, Incident
from domain.reports import Report, phoned_at

MISSED = frozenset({"missed", "overdue"})


class Target(NamedTuple):
    """One clock against its target; times are epoch ms, spans ms of the clock's own time (`unit`). `used_ms` is None where the
    calendar could not count it."""

    name: str
    unit: str
    allowed_ms: int
    used_ms: int | None
    started_at: int
    ended_at: int | None
    state: str


class UnitTime(NamedTuple):
    """What a unit did when."""

    unit_id: str
    status: str
    at: int


class Told(NamedTuple):
    """A notice about the incident: to whom, of what, over which channel, when it left and when it was read."""

    username: str
    template: str
    channel: str
    created_at: int
    sent_at: int | None
    read_at: int | None
    state: str
    exercise: bool


class Opened(NamedTuple):
    """A camera, sensor or feed that a person opened from the incident, and when they first did."""

    source: str
    username: str
    at: int


class Review(NamedTuple):
    """Everything that a review weighs; `late` are (what, name) of what was late: a clock, a report, a notice that did not arrive."""

    targets: Sequence[Target]
    units: Sequence[UnitTime]
    told: Sequence[Told]
    late: Sequence[tuple[str, str]]
    summary: str
    lessons: str
    responses: Sequence[Event]
    opened: Sequence[Opened] = ()


def review(
    incident: Incident,
    events: Sequence[Event],
    standings: Mapping[str, Standing],
    reports: Sequence[Report],
    told: Sequence[Told],
    now: int,
    phone_due: int | None = None,
) -> Review:
    """The incident weighed at `now` (epoch ms). `standings`: how each of its clocks stands then; `phone_due`: by when its first report was
    owed by phone, None for never."""
    targets = [_target(incident, name, one) for name, one in standings.items()]
    units = [UnitTime(str(event.data["unit_id"]), str(event.data["status"]), event.at) for event in events if event.deed == "unit"]
    late = [("clock", target.name) for target in targets if target.state in MISSED]
    late += [
        ("report", one.kind) for one in reports if one.due_at is not None and (now if one.issued_at is None else one.issued_at) > one.due_at
    ]
    called_at = phoned_at(incident)
    late += [("phone", "first")] if phone_due is not None and (now if called_at is None else called_at) > phone_due else []
    late += [("notice", name) for name in dict.fromkeys(one.username for one in told if one.state in ("failed", "unsure"))]
    responses = [event for event in events if event.deed in ("start_response", "adjust_response", "end_response")]
    opened = [Opened(str(event.data["source"]), event.actor, event.at) for event in events if event.deed == "open_source"]
    return Review(targets, units, told, late, _last(events, "summary"), _last(events, "lessons"), responses, opened)


def _target(incident: Incident, name: str, standing: Standing) -> Target:
    clock = incident.clocks[name]
    used = None if standing.left_ms is None else clock.allowed_ms - standing.left_ms
    return Target(name, clock.unit, clock.allowed_ms, used, clock.started_at, clock.ended_at, standing.state)


def _last(events: Iterable[Event], name: str) -> str:
    """What was said last under this field of a review; empty where nobody has said it."""
    said: list[Any] = [event.data[name] for event in events if event.deed == "review" and event.data.get(name)]
    return str(said[-1]) if said else ""


def ready(incident: Incident) -> bool:
    """Whether there is something to weigh: a case that is over, or an emergency, whose review is a step of its own."""
    return incident.spine == "emergency" or not incident.open
