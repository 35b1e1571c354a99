"""What takes a wall over by rule: an alarm that nobody has taken, an incident of a high grade; and what comes first of several.

A thing gives the wall back when it is handled: acknowledged or cleared, silenced, no longer open, or past the states of its rule.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

KINDS = ("alarm", "incident")


class Rule(NamedTuple):
    """`values`: severities of alarms, grades of incidents. `scene` is shown. `until`: states in which an incident needs the wall no more.
    `over_hold`: even where somebody has told the wall to stay. `seconds`: of several, each stays so long."""

    name: str
    kind: str
    values: frozenset[str]
    scene: str
    seconds: int
    over_hold: bool
    exercises: bool
    until: frozenset[str] = frozenset()


class Taking(NamedTuple):
    """One thing that has the wall: by which rule, and where the map goes (None: nobody has said)."""

    key: str
    rule: Rule
    id: str
    since: int
    device_id: str = ""
    lon: float | None = None
    lat: float | None = None


def takings(rules: Sequence[Rule], alarms: Iterable[Mapping[str, Any]], incidents: Iterable[Mapping[str, Any]]) -> list[Taking]:
    """What has the wall now: by the order of the rules, then the newest first. Each is shown for its rule's seconds, in turn.

    Alarms and incidents are those of the live picture. An alarm whose incident has the wall doesn't take it once more.
    """
    ranked = {rule.name: number for number, rule in enumerate(rules)}
    alarms, incidents = list(alarms), list(incidents)
    found = [taking for rule in rules for taking in _of(rule, alarms, incidents)]
    with_incident = {alarm for one in incidents for alarm in one.get("alarms", ()) if any(held.id == one["incident_id"] for held in found)}
    kept = {one.key: one for one in reversed(found) if one.id not in with_incident}
    return sorted(kept.values(), key=lambda one: (ranked[one.rule.name], -one.since, one.id))


def _of(rule: Rule, alarms: Iterable[Mapping[str, Any]], incidents: Iterable[Mapping[str, Any]]) -> list[Taking]:
    if rule.kind == "alarm":
        return [
            Taking(f"alarm:{one['alarm_id']}", rule, one["alarm_id"], one["raised_at"], one["device_id"])
            for one in alarms
            if _owed(rule, one)
        ]
    return [
        Taking(f"incident:{one['incident_id']}", rule, one["incident_id"], one["reported_at"], "", one.get("lon"), one.get("lat"))
        for one in incidents
        if _grave(rule, one)
    ]


def _owed(rule: Rule, alarm: Mapping[str, Any]) -> bool:
    waiting = alarm["state"] == "active" and alarm["acknowledged_at"] is None and not alarm.get("silence_id")
    return waiting and alarm["severity"] in rule.values


def _grave(rule: Rule, incident: Mapping[str, Any]) -> bool:
    shown = rule.exercises or not incident.get("exercise")
    return bool(shown and incident.get("grade") in rule.values and incident["state"] not in rule.until)
