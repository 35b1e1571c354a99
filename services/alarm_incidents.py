"""What the clock does with incidents: alarms become some by rule, deferred ones go on; and reports that no device saw (blind spots)."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple, Protocol

from domain.access import Actor
from domain.alarm_incidents import Becomes
from domain.distance import metres_between
from domain.incident_limits import Unseen
from domain.incidents import Refused
from services.incident_desk import IncidentDesk
from services.incident_ports import Changed, Query, Scoped

RULE_ACTOR = Actor("rule:alarm", frozenset({"operator"}))
DEFER_ACTOR = Actor("rule:deferred", frozenset({"dispatcher"}))
EVERYWHERE = Scoped(None, None)


class StandingAlarm(NamedTuple):
    """An active alarm that no incident has. `name` is its device's."""

    alarm_id: str
    rule_id: str
    device_id: str
    name: str
    region: str
    lon: float | None
    lat: float | None
    raised_at: int


class BlindSpot(NamedTuple):
    """Something that people reported and no device saw: the incident, and how many devices that could have seen it are near."""

    incident_id: str
    number: str
    title: str
    class_code: str
    region: str
    lon: float
    lat: float
    reported_at: int
    devices_near: int


class AlarmFacts(Protocol):
    """What PostgreSQL knows of alarms and devices (data_adapters/sql/alarm_facts.py)."""

    def standing(self, rule_ids: Sequence[str], before: int) -> list[StandingAlarm]:
        """Active alarms of these rules raised before then that belong to no incident."""

    def reported(self, since: int) -> list[BlindSpot]:
        """Incidents that people reported since then, with a place and without an alarm; `devices_near` is 0."""

    def watching(self, kinds: Sequence[str], lon: float, lat: float, metres: float) -> list[str]:
        """The devices of these kinds within so many metres."""

    def alarmed(self, device_ids: Sequence[str], since: int, until: int) -> bool:
        """Whether one of these devices had an alarm, not withdrawn, within this span."""


class AlarmIncidents:
    """Run by jobs.py."""

    def __init__(self, facts: AlarmFacts, desk: IncidentDesk, rules: Mapping[str, Becomes], titles: Callable[[str], str]) -> None:
        """`titles(rule_id)`: what the rule is called."""
        self._facts, self._desk, self._rules, self._titles = facts, desk, rules, titles

    def work(self, now: int) -> int:
        """Report an incident for each alarm that is due, or add it to the open one beside it; returns how many alarms were taken."""
        taken = 0
        for alarm in self._facts.standing(list(self._rules), now):
            becomes = self._rules[alarm.rule_id]
            if now - alarm.raised_at >= becomes.after_s * 1000:
                taken += self._take(alarm, becomes, now)
        return taken

    def _take(self, alarm: StandingAlarm, becomes: Becomes, now: int) -> int:
        beside = self._beside(alarm, becomes, now)
        try:
            if beside:
                self._desk.act(RULE_ACTOR, beside, "link_alarm", {"alarm_id": alarm.alarm_id}, None, now, request_id=alarm.alarm_id)
            else:
                self._desk.report(RULE_ACTOR, self._report(alarm, becomes), now, alarm.raised_at, request_id=alarm.alarm_id)
        except (Refused, Changed, LookupError):
            return 0
        return 1

    def _beside(self, alarm: StandingAlarm, becomes: Becomes, now: int) -> str | None:
        if alarm.lon is None or alarm.lat is None:
            return None
        rows, _ = self._desk.store.search(EVERYWHERE, Query(open=True, classes=(becomes.class_code,), limit=1000), now)
        near = [
            (metres_between(alarm.lon, alarm.lat, row.lon, row.lat), row.incident_id)
            for row in rows
            if row.lon is not None and row.lat is not None and not row.exercise
        ]
        distance, incident_id = min(near, default=(float("inf"), None))
        return incident_id if distance <= becomes.within_m else None

    def _report(self, alarm: StandingAlarm, becomes: Becomes) -> dict[str, object]:
        title = f"{alarm.name} {self._titles(alarm.rule_id)}".strip()
        place = {"device_id": alarm.device_id}
        said = {"title": title, "source": "sensor_alarm", "class_code": becomes.class_code, "place": place, "alarms": [alarm.alarm_id]}
        return {**said, **({"region": alarm.region} if alarm.region else {}), "occurred_at": alarm.raised_at}


def resume_deferred(desk: IncidentDesk, now: int) -> int:
    """Let incidents whose day has come go on; returns how many did."""
    done = 0
    for incident_id, until in desk.store.deferred(now):
        with suppress(Refused, Changed, LookupError):
            incident = desk.mine(DEFER_ACTOR, incident_id)
            desk.act(DEFER_ACTOR, incident_id, "resume", {"note": "缓办到期"}, incident.version, now, max(until, incident.changed_at))
            done += 1
    return done


def blind_spots(facts: AlarmFacts, kinds: Callable[[str], Sequence[str]], limits: Unseen, since: int) -> list[BlindSpot]:
    """Reports of the time since then that a device could have seen and none did, the newest first.

    `kinds(class_code)`: the device kinds that could have seen such a thing; a class that no device can see is no blind spot.
    """
    found = []
    for report in facts.reported(since):
        able = kinds(report.class_code)
        if not able:
            continue
        near = facts.watching(able, report.lon, report.lat, limits.place_m)
        if not facts.alarmed(near, report.reported_at - limits.time_ms, report.reported_at + limits.time_ms):
            found.append(report._replace(devices_near=len(near)))
    return sorted(found, key=lambda one: -one.reported_at)
