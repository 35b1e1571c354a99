"""What people do with incidents: report, act, look. Each call parses nothing and decides nothing itself: domain/incidents.py decides,
the store keeps, and whoever must hear is told."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from domain.access import Actor, Forbidden
from domain.clocks import Standing, near_at, standing
from domain.duties import Duty
from domain.identity import printed_number, uuid7
from domain.incident_decisions import Move, decide, open_moves
from domain.incident_fields import checked
from domain.incident_fold import apply
from domain.incident_guards import Facts
from domain.incident_life import Event, Incident
from domain.incidents import ANYBODY, BY_SERVICES, TRANSITIONS, WITH_A_FILE, Refused, Transition
from services.incident_followers import first_step, followers
from services.incident_matrix import BY_MATRIX
from services.incident_ports import Attachment, Changed, Handbook, IncidentStore, Said, Step, Told
from services.incident_scope import sees_incident
from services.unit_ports import UnitStep

LETTER = {"case": "C", "order": "W", "emergency": "E"}
"""The letter of the printed number: case 案件, work order 工单, emergency 突发事件."""
REPORT = Transition("report", frozenset(), None, ANYBODY, ("title", "source", "place"))
"""The form of a report: few fields, so that a call can be taken down while it lasts."""


class Seen(NamedTuple):
    """An incident as one person sees it. `standings`: how each of its clocks stands."""

    incident: Incident
    events: Sequence[Event]
    moves: Sequence[Move]
    standings: Mapping[str, Standing]
    attachments: Sequence[Attachment]


ATTEMPTS = 6
"""How often a deed that overwrites nothing is decided again when somebody else was faster."""


def _overwrites_nothing(spine: str, deed: str) -> bool:
    one = TRANSITIONS.get((spine, deed))
    return one is not None and one.to is None and not one.clocks and not one.approval and one.kind in ADDING


GOES_BY = frozenset({"unit", "task", "open_source"})
"""What crews and departments report of their steps, which at a large emergency never stops, and who looked at a camera, refuses
nobody's deed."""
ADDING = frozenset({"message", "call", "attachment", "unit", "figure", "link", "report", "task"})


class IncidentDesk:
    """Report, act and look, for a named actor within their scope."""

    def __init__(
        self,
        store: IncidentStore,
        handbook: Handbook,
        origin_center: Callable[[], str],
        world_quiet: Callable[[Sequence[str], int], bool | None],
        told: Told,
    ) -> None:
        """`world_quiet(alarms, now)`: whether the sensors behind these alarms have been normal for the set time; None without alarms."""
        self.store, self._handbook, self._origin_center = store, handbook, origin_center
        self._world_quiet, self._told = world_quiet, told

    def report(self, actor: Actor, said: Said, now: int, at: int | None = None, request_id: str | None = None) -> Incident:
        """A new incident. `said`: title, source and place, and what domain/incident_fields.py lets a report say. Raises Forbidden, Refused.

        The same `request_id` of the same actor again (a tablet that did not hear the answer) gives the incident made before.
        """
        if not actor.may("report_incident"):
            raise Forbidden("report_incident")
        if request_id and (again := self._again(actor, request_id)):
            return again
        data = self._placed({**said})
        if not self._covers(actor, data.get("region", "")):
            raise Refused("outside_your_scope", {"region": data.get("region", "")})
        step = self._first(actor, data, min(at or now, now), now, request_id)
        return self._write(actor, [step], request_id)

    def _covers(self, actor: Actor, region: str) -> bool:
        return not actor.regions or not region or actor.sees(region, next(iter(actor.departments), ""), dict(self._handbook.regions()))

    def _placed(self, said: dict[str, Any]) -> dict[str, Any]:
        """The report with what its place tells: the device's point, the point's region, the class's spine."""
        data = checked(REPORT, said)
        where = dict(data["place"])
        known = self._handbook.device_place(where["device_id"]) if where.get("device_id") else None
        if where.get("device_id") and known is None:
            raise Refused("unknown_device", {"device_id": where["device_id"]})
        if known and where.get("lon") is None:
            where |= {"lon": known["lon"], "lat": known["lat"]}
        region = data.get("region") or (known or {}).get("region") or ""
        if not region and where.get("lon") is not None:
            region = self._handbook.region_at(where["lon"], where["lat"])
        if region and region not in self._handbook.regions():
            raise Refused("unknown_region", {"region": region})
        if data.get("class_code") and not self._handbook.group(data["class_code"]):
            raise Refused("unknown_class", {"class_code": data["class_code"]})
        spine = data.get("spine") or self._handbook.spine(data.get("class_code", ""))
        urgency = data.get("urgency") or self._handbook.urgency(data.get("class_code", ""))
        return {**data, "place": where, "region": region, "spine": spine, "urgency": urgency}

    def _first(self, actor: Actor, data: Mapping[str, Any], at: int, now: int, request_id: str | None) -> Step:
        incident_id = str(uuid7(now))
        return first_step(incident_id, self.printed(data["spine"]), actor, data, at, now)._replace(request_id=request_id)

    def act(
        self,
        actor: Actor,
        incident_id: str,
        deed: str,
        said: Said,
        version: int | None,
        now: int,
        at: int | None = None,
        request_id: str | None = None,
    ) -> Incident:
        """Do a deed with an incident as the actor saw it at `version`; returns it as it then is.

        None as version: for deeds that overwrite nothing (a message, a call, a unit's time …). Raises LookupError (none of that id in
        the actor's scope), Changed (somebody acted meanwhile, other than units and tasks: nothing was overwritten), Refused (why, and
        the moves that are open), Forbidden.
        """
        if not actor.may("act_on_incident"):
            raise Forbidden("act_on_incident")
        if deed in BY_SERVICES | WITH_A_FILE:
            raise Refused("unknown_deed", {"deed": deed})
        if request_id and (again := self._again(actor, request_id)):
            return again
        for attempt in range(ATTEMPTS):
            incident = self.mine(actor, incident_id)
            if version is None and not _overwrites_nothing(incident.spine, deed):
                raise Refused("missing", {"fields": ["version"], "deed": deed})
            if version is not None and incident.version != version:
                self._refuse_what_was_not_seen(incident, version)
            steps = self._decided(actor, incident, deed, said, now, at, request_id)
            try:
                return self._write(actor, steps, request_id)
            except Changed:
                if attempt == ATTEMPTS - 1:
                    raise
        raise AssertionError("unreachable")

    def _refuse_what_was_not_seen(self, incident: Incident, version: int) -> None:
        since = [event for event in self.store.events(incident.incident_id) if event.version > version]
        if any(event.deed not in GOES_BY for event in since) or version > incident.version:
            raise Changed(incident, since)

    def _decided(
        self, actor: Actor, incident: Incident, deed: str, said: Said, now: int, at: int | None, request_id: str | None
    ) -> list[Step]:
        data, facts = self._prepared(incident, deed, said), self._facts(incident, now)
        if deed in BY_MATRIX:
            duty = self._handbook.duty(data.get("class_code") or incident.class_code, incident.region, incident.owner)
            data, facts = BY_MATRIX[deed](duty, incident, data, facts)
        event = decide(incident, deed, actor, data, at or now, now, facts)
        step = self._step(incident, event, request_id)
        return [step, *followers(self, actor, step, now)]

    def attach(self, actor: Actor, attachment: Attachment, now: int, request_id: str | None = None) -> Attachment:
        """Write an attachment with its event; what was sent before under this `request_id` is given back. Raises LookupError, Refused."""
        said = {"attachment_id": attachment.attachment_id}
        for _ in range(ATTEMPTS):
            if request_id and self._again(actor, request_id):
                known = self.store.attachments(attachment.incident_id)
                return next((one for one in known if one.sha256 == attachment.sha256 and one.added_by == actor.username), attachment)
            step = self._decided(actor, self.mine(actor, attachment.incident_id), "attach", said, now, None, request_id)[0]
            try:
                self.store.attach(attachment, step)
            except Changed:
                continue
            self._told([step])
            return attachment
        raise Refused("too_busy")

    def unit_events(
        self,
        actor: Actor,
        incident_id: str,
        orders: Sequence[tuple[Said, UnitStep]],
        now: int,
        at: int | None = None,
        request_id: str | None = None,
    ) -> Incident:
        """Units' orders and times: the incident's events and the units' steps in one transaction.

        Raises LookupError, Refused, UnitTaken.
        """
        if request_id and (again := self._again(actor, request_id)):
            return again
        if not actor.may("act_on_incident"):
            raise Forbidden("act_on_incident")
        for _ in range(ATTEMPTS):
            incident, steps = self.mine(actor, incident_id), list[Step]()
            for data, unit in orders:
                event = decide(incident, "unit", actor, data, at or now, now, self._facts(incident, now))
                steps.append(self._step(incident, event, None if steps else request_id)._replace(unit=unit))
                incident = steps[-1].incident
            with suppress(Changed):
                self._write(actor, steps, request_id)
                return incident
        raise Refused("too_busy")

    def _prepared(self, incident: Incident, deed: str, said: Said) -> dict[str, Any]:
        """What the system adds to a deed before it is decided: nobody but we can say these."""
        if deed == "hand_over" and "incident_id" not in said:
            return {**said, "incident_id": str(uuid7(incident.changed_at))}
        if deed == "instruct":
            return {**said, "instruction": str(uuid7(incident.changed_at))}
        return dict(said)

    def _facts(self, incident: Incident, now: int) -> Facts:
        group, quiet = self._handbook.group(incident.class_code), self._world_quiet(incident.alarms, now)
        return Facts(self._handbook.working, self._handbook.allowances(incident), self._handbook.limits.deciding, group, quiet)

    def _step(self, incident: Incident, event: Event, request_id: str | None = None) -> Step:
        after = apply(incident, event)
        clock = after.pressing[1]
        return Step(after, event, near_at(clock, self._handbook.working) if clock else None, request_id)

    def next_step(self, incident: Incident, deed: str, actor: Actor, said: Said, now: int) -> Step:
        """The step that a deed makes in an incident. Raises Refused."""
        return self._step(incident, decide(incident, deed, actor, said, now, now, self._facts(incident, now)))

    def printed(self, spine: str) -> str:
        """A new number as it is printed."""
        return printed_number(LETTER[spine], self._origin_center(), self.store.number())

    def _write(self, actor: Actor, steps: list[Step], request_id: str | None) -> Incident:
        try:
            self.store.append(steps)
        except (Changed, Refused):
            if request_id and (again := self._again(actor, request_id)):
                return again
            raise
        self._told(steps)
        return steps[0].incident

    def _again(self, actor: Actor, request_id: str) -> Incident | None:
        return self.store.find_by_request(actor.username, request_id)

    def duty_of(self, incident: Incident) -> Duty | None:
        """The entry of the responsibility matrix that a dispatch of this incident would follow."""
        return self._handbook.duty(incident.class_code, incident.region, incident.owner)

    def mine(self, actor: Actor, incident_id: str, at: int | None = None) -> Incident:
        """Raises LookupError outside the scope alike as for an unknown one."""
        return self._story(actor, incident_id, at)[0]

    def _story(self, actor: Actor, incident_id: str, at: int | None) -> tuple[Incident, Sequence[Event]]:
        found = self.store.story(incident_id, at)
        if found is None or not sees_incident(actor, found[0], self._handbook.regions()):
            raise LookupError(incident_id)
        return found

    def one(self, actor: Actor, incident_id: str, now: int, at: int | None = None) -> Seen:
        """An incident with its events, as known at `at` (None: now); moves only for now. Raises LookupError."""
        incident, events = self._story(actor, incident_id, at)
        working, moment = self._handbook.working, now if at is None else at
        standings = {name: standing(clock, moment, working) for name, clock in incident.clocks.items()}
        moves = open_moves(incident, actor, now, self._facts(incident, now)) if at is None else []
        attachments = [one for one in self.store.attachments(incident_id) if one.added_at <= moment]
        return Seen(incident, events, moves, standings, attachments)
