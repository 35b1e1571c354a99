"""Between an incident and its row in `incidents`: the row holds what lists filter, sort and show."""

from typing import Any

from domain.event_time import to_datetime, to_ms
from domain.incident_life import Incident
from services.incident_ports import Row

ROW = """incident_id::text, number, version, spine, state, open, source, class_code, title, urgency, grade, response_level, region,
    lon, lat, address, device_id, lead, departments, reported_at, changed_at, clock, due_at, near_at, paused, supervised, carried,
    proposals, alarms::text[], exercise"""
TIMES = frozenset({"reported_at", "changed_at", "due_at", "near_at"})
TUPLES = frozenset({"departments", "proposals", "alarms"})


def row_of(incident: Incident, near_at: int | None, origin_center: str, recorded_at: int) -> dict[str, Any]:
    """The columns of `incidents`; its clock is the running one that is due first."""
    name, clock = incident.pressing
    due = clock.due_at if clock else None
    place = incident.place
    return {
        **{one: getattr(incident, one) for one in AS_THEY_ARE},
        "origin_center": origin_center,
        "lon": place.get("lon"),
        "lat": place.get("lat"),
        "address": place.get("address") or "",
        "device_id": place.get("device_id") or "",
        "departments": sorted(incident.involved),
        "reported_at": to_datetime(incident.reported_at),
        "changed_at": to_datetime(incident.changed_at),
        "ended_at": None if incident.open else to_datetime(incident.changed_at),
        "clock": name,
        "due_at": None if due is None else to_datetime(due),
        "near_at": None if near_at is None else to_datetime(near_at),
        "paused": clock is not None and clock.running_since is None,
        "deferred_until": None if incident.deferred_until is None else to_datetime(incident.deferred_until),
        "proposals": sorted(incident.proposals),
        "alarms": list(incident.alarms),
        "handled_by": sorted(incident.handled_by),
        "returns": len(incident.returns),
        "recorded_at": to_datetime(recorded_at),
    }


AS_THEY_ARE = (
    "incident_id", "number", "version", "spine", "state", "open", "source", "class_code", "title", "description", "urgency", "grade",
    "response_level", "region", "owner", "lead", "reported_by", "supervised", "carried", "exercise",
)  # fmt: skip


def read_row(found: Any) -> Row:
    """A list's row from the columns of ROW."""
    plain = dict(zip(Row._fields, found, strict=True))
    for name in TIMES:
        plain[name] = None if plain[name] is None else to_ms(plain[name])
    for name in TUPLES:
        plain[name] = tuple(plain[name])
    return Row(**plain)
